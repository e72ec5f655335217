package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
)

const (
	// farewell is how long a browser may take to hear that the socket ends.
	farewell = time.Second
	// pingsPerMinute and pingBurst are far more than a browser asks.
	pingsPerMinute = 120
	pingBurst      = 60
	// fullRetry is when to come back to a board that holds as many people as it may.
	fullRetry = 30 * time.Second
)

// socket is one browser's websocket. One goroutine reads it, serve; the room writes it when there is something to write.
type socket struct {
	server *Server
	board  string
	from   netip.Addr
	ws     *websocket.Conn
	wire   *wire // beneath ws
	// cancel ends what the reader waits for.
	cancel context.CancelFunc
	ending sync.Once

	// Only serve touches what follows.
	member   *room.Member
	pings    float64 // left in the bucket
	pinged   int64   // when the last one was taken out
	flooding bool    // there was one too many

	// What follows is for the watch; clock readings are of sockets.now.
	opened  int64
	quiet   int64        // silence after which it is asked whether it is there
	heard   atomic.Int64 // when bytes last came
	asked   atomic.Int64 // when it was asked, 0 if it has answered
	reading atomic.Int64 // since when a message is coming in, 0 if none is
	writing atomic.Int64 // since when a frame is going out, 0 if none is
	busy    atomic.Bool  // what came last is being done, nothing is read
	greeted atomic.Bool  // hello has come
}

// socket upgrades a request and lets go of it: the goroutine and the buffers that HTTP needed are not needed any more.
func (s *Server) socket(c echo.Context) error {
	r := c.Request()
	switch {
	case s.draining.Load():
		return problem("draining").after(time.Second)
	case !strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		return problem("upgrade_required")
	}
	k := &socket{server: s, board: c.Param("id"), from: s.edge.address(r), pings: pingBurst}
	over := &takeover{ResponseWriter: c.Response(), heard: func() { k.heard.Store(s.sockets.now()) }}
	if !s.sockets.add(k, s.limits) {
		return problem("full").after(fullRetry)
	}
	ws, err := websocket.Accept(over, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // ownOrigin has looked
		CompressionMode:    websocket.CompressionDisabled,
		OnPingReceived:     func(context.Context, []byte) bool { return k.ping() },
		OnPongReceived:     func(context.Context, []byte) { _ = k.ping() },
	})
	if err != nil {
		s.sockets.remove(k)
		return nil // it has been answered
	}
	ws.SetReadLimit(-1) // read has its own
	k.ws, k.wire = ws, over.wire
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel = cancel
	s.sockets.opened(k)
	go k.serve(ctx)
	return nil
}

// serve reads until either side has had enough.
func (k *socket) serve(ctx context.Context) {
	defer k.server.sockets.remove(k)
	defer k.cancel()
	err := k.read(ctx)
	if k.member != nil {
		k.member.Leave()
	}
	if err == nil || gone(err) {
		k.ending.Do(k.drop)
		return
	}
	k.end(int(websocket.StatusProtocolError)) // it was against the rules of websockets
}

// gone reports whether reading ended because there is nobody to read from any more.
func gone(err error) bool {
	var network *net.OpError
	return websocket.CloseStatus(err) != -1 || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &network)
}

var readBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// read takes message after message. Its error is why none can be read; nil, that the socket has been ended.
func (k *socket) read(ctx context.Context) error {
	for {
		kind, r, err := k.ws.Reader(context.Background())
		if err != nil {
			return err
		}
		k.reading.Store(k.server.sockets.now())
		frame := readBuffers.Get().(*bytes.Buffer)
		frame.Reset()
		n, err := frame.ReadFrom(io.LimitReader(r, k.server.limits.Frame+1))
		k.reading.Store(0)
		if err != nil {
			return err
		}
		if n > k.server.limits.Frame {
			k.bye(protocol.Bye{Code: protocol.TooLarge})
			return nil
		}
		if kind != websocket.MessageText {
			k.end(int(websocket.StatusUnsupportedData))
			return nil
		}
		messages, bad := protocol.Decode(frame.Bytes())
		readBuffers.Put(frame)
		if bad != nil {
			k.refuse(bad)
			return nil
		}
		k.busy.Store(true)
		for _, m := range messages {
			if !k.take(ctx, m) {
				return nil
			}
		}
		k.busy.Store(false)
	}
}

// refuse ends the socket for a frame that nothing can be made of.
func (k *socket) refuse(bad *protocol.BadFrame) {
	k.server.log.Debug("bad frame", "board", k.board, "why", bad.Why)
	if bad.Code == "" {
		k.end(bad.Status)
		return
	}
	if !k.greeted.Load() && bad.Code == protocol.BadMessage {
		bad.Code = protocol.NoHello
	}
	k.bye(protocol.Bye{Code: bad.Code})
}

// take does what a message says. It reports whether the socket goes on.
func (k *socket) take(ctx context.Context, m protocol.ClientMessage) bool {
	if hello, ok := m.(protocol.Hello); ok != (k.member == nil) {
		code := protocol.NoHello
		if ok {
			code = protocol.BadMessage // one is enough
		}
		k.bye(protocol.Bye{Code: code})
		return false
	} else if ok {
		k.greeted.Store(true)
		return k.join(ctx, hello)
	}
	switch m := m.(type) {
	case protocol.Push:
		return k.member.Push(ctx, m) == nil
	case *protocol.Presence:
		k.member.Presence(m)
	case protocol.Ping:
		if k.ping() {
			k.member.Send(protocol.Pong{Time: time.Now().UnixMilli()})
		}
	case protocol.Pong:
		k.ping()
	}
	return true
}

// ping counts a ping or pong of either kind and reports whether it is to be answered. One too many ends the socket, from
// another goroutine: the library may be in the middle of reading.
func (k *socket) ping() bool {
	now := k.server.sockets.now()
	k.pings = min(pingBurst, k.pings+time.Duration(now-k.pinged).Minutes()*pingsPerMinute)
	k.pinged = now
	if k.pings < 1 {
		if !k.flooding {
			k.flooding = true
			go k.bye(protocol.Bye{Code: protocol.BadMessage})
		}
		return false
	}
	k.pings--
	return true
}

// join brings who said hello to the board.
func (k *socket) join(ctx context.Context, hello protocol.Hello) bool {
	if hello.Version != protocol.Version {
		k.bye(protocol.Bye{Code: protocol.OldVersion})
		return false
	}
	links, err := k.server.hub.Links(ctx, k.board)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return k.turnAway(err)
	}
	link := k.server.keys.match(k.board, hello.Key, links)
	if link == nil || board.Role(link.Text("role")) == board.Visitor {
		// The answer is the same when there were too many: they cannot be told apart by it.
		_ = k.server.wrongKey(k.from)
		k.bye(protocol.Bye{Code: protocol.Unknown})
		return false
	}
	visit := k.server.visit(k.board, link, hello.Me, hello.Client, hello.Name)
	k.member, err = k.server.hub.Join(ctx, k.board, visit, hello, k)
	if err != nil {
		k.member = nil
		return k.turnAway(err)
	}
	return true
}

// turnAway words the error with which a join ended.
func (k *socket) turnAway(err error) bool {
	var bye protocol.Bye
	switch {
	case errors.As(err, &bye):
		if bye.Code == protocol.BoardFull && bye.Retry == nil {
			retry := fullRetry.Milliseconds()
			bye.Retry = &retry
		}
	case errors.Is(err, fs.ErrNotExist):
		bye.Code = protocol.Unknown
	default:
		k.server.log.Error("join", "board", k.board, "error", err)
		bye.Code = protocol.Elsewhere
	}
	k.bye(bye)
	return false
}

// Write implements room.Conn.
func (k *socket) Write(frame []byte) error {
	k.writing.Store(k.server.sockets.now())
	err := k.wire.send(frame)
	k.writing.Store(0)
	return err
}

// Close implements room.Conn.
func (k *socket) Close(code protocol.ByeCode) {
	if code == "" {
		go k.end(int(websocket.StatusNormalClosure))
		return
	}
	go k.end(code.Status())
}

// bye says why, and ends the socket.
func (k *socket) bye(bye protocol.Bye) {
	k.close(bye.Code.Status(), protocol.Frame(bye))
}

// end ends the socket with a status.
func (k *socket) end(status int) { k.close(status, nil) }

// close writes last words, tells the status, waits a moment for the browser to have read both, and ends the connection.
// Whoever comes second waits for the first.
func (k *socket) close(status int, last []byte) {
	k.ending.Do(func() {
		k.server.metrics.close(status)
		// A deadline in the past would be an error of a connection that is closed already, and then there is nobody to tell.
		if err := k.wire.SetDeadline(time.Now().Add(farewell)); err == nil {
			if last != nil {
				_ = k.wire.send(last)
			}
			k.wire.silence()
			_ = k.ws.Close(websocket.StatusCode(status), "")
		}
		k.drop()
	})
}

// drop ends the connection without a word.
func (k *socket) drop() {
	k.cancel()
	_ = k.wire.Close()
}
