package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// bare is what Jana is measured against: the same library, and nothing but one merged frame per person and tick. It
// decodes, checks and keeps nothing.
type bare struct {
	mu    sync.Mutex
	rooms map[string]*bareRoom
}

type bareRoom struct {
	mu    sync.Mutex
	conns []*websocket.Conn
	next  [][]byte
}

const bareTick = 16 * time.Millisecond

// serveBare is a process of its own, as the program is in a measurement.
func serveBare() int {
	l, err := listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Printf("jana: http://localhost%s\nadmin: http://none\n", l.Addr().String()[len("127.0.0.1"):])
	s := &bare{rooms: map[string]*bareRoom{}}
	fmt.Fprintln(os.Stderr, (&http.Server{Handler: s, ReadHeaderTimeout: time.Second}).Serve(l))
	return 1
}

func (s *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return
	}
	s.mu.Lock()
	room := s.rooms[r.URL.Path]
	if room == nil {
		room = &bareRoom{}
		s.rooms[r.URL.Path] = room
		go room.tick()
	}
	s.mu.Unlock()
	room.mu.Lock()
	room.conns = append(room.conns, conn)
	room.mu.Unlock()
	for {
		_, message, err := conn.Read(context.Background())
		if err != nil {
			return
		}
		room.mu.Lock()
		room.next = append(room.next, bytes.Trim(message, "[]"))
		room.mu.Unlock()
	}
}

func (r *bareRoom) tick() {
	for range time.Tick(bareTick) {
		r.mu.Lock()
		next, conns := r.next, r.conns
		r.next = nil
		r.mu.Unlock()
		if len(next) == 0 {
			continue
		}
		frame := append(append([]byte("["), bytes.Join(next, []byte(","))...), ']')
		for _, conn := range conns {
			_ = conn.Write(context.Background(), websocket.MessageText, frame)
		}
	}
}
