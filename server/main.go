// Jana is a whiteboard for workshops in which a group describes its customers along an axis. This program serves the
// boards, and does with their file what the one who hosts it needs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"jana/client"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr, client.Dist())
	stop()
	os.Exit(report(err, os.Stderr))
}

// report tells why the program ends, in one line, and with which status: 2 for a mistake in how it was started.
func report(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "jana:", oneLine(err.Error()))
	if errors.Is(err, errUsage) {
		return 2
	}
	return 1
}

// oneLine keeps what somebody named a file from looking like more of our words.
func oneLine(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			out[i] = ' '
		}
	}
	return string(out)
}

// run is the program. It ends when what was asked for is done; a server when ctx ends and everything is saved. pages are
// the files of the browser's side.
func run(ctx context.Context, args []string, env func(string) (string, bool), stdout, stderr io.Writer, pages fs.FS) error {
	c, rest, err := readConfig(args, env, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	p := &program{config: c, stdout: stdout, stderr: stderr, pages: pages}
	if len(rest) == 0 {
		return p.serve(ctx)
	}
	return p.command(ctx, rest[0], rest[1:])
}

// program is one run of it.
type program struct {
	*config
	stdout, stderr io.Writer
	pages          fs.FS
}
