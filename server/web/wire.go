package web

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
)

// wire is the connection beneath a websocket. The library reads it and writes what it has to say by itself (pongs,
// closes); messages are written here. A frame that hundreds get is written hundreds of times, and going through the
// library costs half as much again as the kernel does.
type wire struct {
	net.Conn
	// heard is called when bytes have come: any frame counts as life, and so does a part of one.
	heard func()

	mu     sync.Mutex
	silent bool // no more messages
}

var errSilent = errors.New("the websocket is being closed")

// Read implements net.Conn, for the library.
func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if n > 0 {
		w.heard()
	}
	return n, err
}

// Write implements net.Conn, for the library's control frames. Each is one call, since its buffer holds the largest.
func (w *wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Conn.Write(b)
}

const (
	// readBuffer is enough for what a browser usually says at a time, controlBuffer for any control frame, in bytes.
	readBuffer    = 1 << 10
	controlBuffer = 128
	// copied is up to which length a frame is copied behind its head, so that one write takes both. Longer ones are
	// handed to the kernel in two pieces.
	copied = 8 << 10

	finalText = 0x81 // the whole of a text message
)

var writeBuffers = sync.Pool{New: func() any { b := make([]byte, 0, copied+10); return &b }}

// send writes a text message as one frame.
func (w *wire) send(text []byte) error {
	buffer := writeBuffers.Get().(*[]byte)
	defer writeBuffers.Put(buffer)
	b := append((*buffer)[:0], finalText)
	switch n := len(text); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.silent {
		return errSilent
	}
	var err error
	if len(text) <= copied {
		_, err = w.Conn.Write(append(b, text...))
	} else {
		_, err = (&net.Buffers{b, text}).WriteTo(w.Conn)
	}
	return err
}

// silence lets no message follow: a close frame comes next.
func (w *wire) silence() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = true
}

// takeover hands the connection of a request to the library as a wire, with small buffers instead of those of HTTP.
type takeover struct {
	http.ResponseWriter
	heard func()
	wire  *wire
}

// Hijack implements http.Hijacker.
func (t *takeover) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	t.wire = &wire{Conn: conn, heard: t.heard}
	r, err := readingOn(buffers.Reader, t.wire)
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	return t.wire, bufio.NewReadWriter(r, bufio.NewWriterSize(t.wire, controlBuffer)), nil
}

// readingOn keeps what HTTP had read ahead.
func readingOn(old *bufio.Reader, conn net.Conn) (*bufio.Reader, error) {
	ahead, err := old.Peek(old.Buffered())
	if err != nil {
		return nil, err
	}
	if len(ahead) == 0 {
		return bufio.NewReaderSize(conn, readBuffer), nil
	}
	r := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(bytes.Clone(ahead)), conn), max(readBuffer, len(ahead)))
	_, err = r.Peek(len(ahead))
	return r, err
}
