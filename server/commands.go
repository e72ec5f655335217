package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// command is something that the program does besides serving.
type command struct {
	name, args, about string
	least, most       int // arguments
	run               func(*program, context.Context, []string) error
}

var commands = []command{
	{"backup", "FILE", "copy all boards of the running server to a new file", 1, 1, (*program).backup},
	{"restore", "FILE", "put the boards of a backup into a data folder without boards", 1, 1, (*program).restore},
	{"check", "[FILE]", "verify every board", 0, 1, (*program).check},
	{"boards", "", "list the boards", 0, 0, (*program).listBoards},
	{"link", "BOARD ROLE", "print a link for a facilitator, participant or viewer", 2, 2, (*program).printLink},
	{"export", "BOARD [FILE]", "write a board as a file that can be imported", 1, 2, (*program).exportBoard},
	{"import", "FILE", "make a board of an exported file (server stopped)", 1, 1, (*program).importBoard},
	{"compact", "", "shrink the file and erase what was deleted (server stopped)", 0, 0, (*program).compact},
	{"health", "", "ask the running server whether it is alive", 0, 0, (*program).health},
}

func (p *program) command(ctx context.Context, name string, args []string) error {
	at := slices.IndexFunc(commands, func(c command) bool { return c.name == name })
	if at < 0 {
		return fmt.Errorf("%w: there is no command %q; jana --help lists them", errUsage, name)
	}
	c := commands[at]
	if len(args) < c.least || len(args) > c.most {
		return fmt.Errorf("%w: jana %s", errUsage, strings.TrimSpace(c.name+" "+c.args))
	}
	return c.run(p, ctx, args)
}
