package main

import (
	"context"
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// userTimeout is how long sent bytes may stay unacknowledged, in ms: then a tablet that vanished is noticed.
	userTimeout = 20_000
	// sendBuffer keeps megabytes for a browser that does not read from hiding in the kernel, in bytes.
	sendBuffer = 128 << 10
)

// listen opens a listener whose connections notice a peer that vanished. Linux hands the listener's settings on to each
// connection.
func listen(ctx context.Context, address string) (net.Listener, error) {
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		var set error
		err := raw.Control(func(fd uintptr) {
			set = errors.Join(
				unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, userTimeout),
				unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF, sendBuffer),
			)
		})
		return errors.Join(err, set)
	}}
	return config.Listen(ctx, "tcp", address)
}
