package main

import (
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

func TestConnectionsNoticeAPeerThatVanished(t *testing.T) {
	l, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	peer, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var timeout, buffer int
	var timeoutErr, bufferErr error
	if err := raw.Control(func(fd uintptr) {
		timeout, timeoutErr = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
		buffer, bufferErr = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF)
	}); err != nil || timeoutErr != nil || bufferErr != nil {
		t.Fatal(err, timeoutErr, bufferErr)
	}
	if timeout != userTimeout {
		t.Errorf("got a user timeout of %d ms, want %d", timeout, userTimeout)
	}
	if buffer != 2*sendBuffer { // the kernel doubles it for its own use
		t.Errorf("got a send buffer of %d, want %d", buffer, 2*sendBuffer)
	}
}
