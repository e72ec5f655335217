package web

import (
	"fmt"
	"time"

	"jana/protocol"
)

// Limits bound what one browser, one address and all of them together may ask of this instance.
type Limits struct {
	// Sockets at a time, of all boards.
	Sockets int
	// Frame is how long a message from a browser may be, in bytes.
	Frame int64
	// Import is how long a file to import may be, in bytes.
	Import int64

	// PushesPerSecond a participant may send, PushBurst of them at once.
	PushesPerSecond, PushBurst int
	// PresencePerSecond a socket may send; more are merged.
	PresencePerSecond int

	// BoardsPerMinute an address may make, BoardBurst of them at once.
	BoardsPerMinute, BoardBurst int
	// WrongKeysPerMinute an address may try.
	WrongKeysPerMinute int

	// Hello is how long a websocket may be open before it says who it is, Message how long a message may take once it
	// was begun, Write how long a browser may take to accept a frame.
	Hello, Message, Write time.Duration
	// Quiet is the silence after which a browser is asked whether it is there, Answer how long it may take to answer.
	Quiet, Answer time.Duration
}

// DefaultLimits are the limits of the contract.
func DefaultLimits() Limits {
	return Limits{
		Sockets:            5000,
		Frame:              protocol.MaxFrameBytes,
		Import:             5 << 20,
		PushesPerSecond:    60,
		PushBurst:          300,
		PresencePerSecond:  40,
		BoardsPerMinute:    30,
		BoardBurst:         60,
		WrongKeysPerMinute: 20,
		Hello:              10 * time.Second,
		Message:            10 * time.Second,
		Write:              10 * time.Second,
		Quiet:              15 * time.Second,
		Answer:             5 * time.Second,
	}
}

// Check names the first limit that makes no sense.
func (l Limits) Check() error {
	for _, n := range []struct {
		name  string
		value int64
	}{
		{"max-sockets", int64(l.Sockets)},
		{"max-frame", l.Frame},
		{"pushes-per-second", int64(l.PushesPerSecond)},
		{"push-burst", int64(l.PushBurst)},
		{"presence-per-second", int64(l.PresencePerSecond)},
		{"boards-per-minute", int64(l.BoardsPerMinute)},
		{"board-burst", int64(l.BoardBurst)},
		{"wrong-keys-per-minute", int64(l.WrongKeysPerMinute)},
		{"hello-timeout", int64(l.Hello)},
		{"message-timeout", int64(l.Message)},
		{"write-timeout", int64(l.Write)},
		{"quiet", int64(l.Quiet)},
		{"answer-timeout", int64(l.Answer)},
	} {
		if n.value < 1 {
			return fmt.Errorf("%s must be more than zero", n.name)
		}
	}
	if l.Frame > protocol.MaxFrameBytes {
		return fmt.Errorf("max-frame must not be more than %d", protocol.MaxFrameBytes)
	}
	return nil
}
