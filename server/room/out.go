package room

import (
	"sync"

	"jana/protocol"
)

// frame is one or more messages on their way to browsers: JSON text, shared by
// all who get it.
type frame struct {
	text []byte // [facts,presence]
	// facts is how many bytes of it tell what happened. The rest tells who does
	// what at the moment, and may be dropped.
	facts    int
	messages int
}

// newFrame joins messages that are separated by commas already.
func newFrame(facts, presence []byte, messages int) frame {
	text := make([]byte, 0, len(facts)+len(presence)+3)
	text = append(append(text, '['), facts...)
	if len(facts) > 0 && len(presence) > 0 {
		text = append(text, ',')
	}
	text = append(append(text, presence...), ']')
	return frame{text, len(facts), messages}
}

// single is a frame of one message.
func single(m protocol.ServerMessage) frame {
	text := append(m.Append([]byte{'['}), ']')
	return frame{text, len(text) - 2, 1}
}

// body is the messages without the brackets.
func (f frame) body() []byte { return f.text[1 : len(f.text)-1] }

// withoutPresence is what must not be dropped of it.
func (f frame) withoutPresence() frame {
	if f.facts == len(f.text)-2 {
		return f
	}
	return newFrame(f.text[1:1+f.facts], nil, f.messages-1)
}

// lagFrames may wait for a reader before presence is left out for it.
const lagFrames = 8

// queue is what waits to be written to one browser. Nobody waits for it: a
// goroutine writes while there is something to write, and none exists for a
// connection at which nothing happens. What does not fit is dropped, and the
// reader then owed a fresh welcome.
type queue struct {
	conn    Conn
	writers *sync.WaitGroup
	// drained is told when everything has been written to a reader that is owed
	// something, on the goroutine that wrote.
	drained               func()
	maxMessages, maxBytes int

	mu       sync.Mutex
	frames   []frame
	messages int
	bytes    int
	writing  bool // a goroutine is at it
	// behind: frames were dropped, and a welcome is owed. missed: presence was.
	behind, missed bool
	last           bool // nothing more is taken; after what waits comes Close(code)
	code           protocol.ByeCode
	left           bool // nothing is written any more, and Close is not called
}

// reach is what became of a frame put into a queue.
type reach int

const (
	onItsWay   reach = iota
	busy             // the one before is not written yet
	overflowed       // it did not fit, and what had waited was dropped with it
	dropped          // the reader is owed a welcome, or gone
)

// put queues a frame that a welcome would make up for.
func (q *queue) put(f frame) reach {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left || q.last || q.behind {
		return dropped
	}
	if len(q.frames) >= lagFrames {
		q.missed = true
		if f = f.withoutPresence(); f.messages == 0 {
			return busy
		}
	}
	// One frame may be larger than all that may wait: its bytes are everybody's.
	if len(q.frames) > 0 && (q.messages+f.messages > q.maxMessages || q.bytes+len(f.text) > q.maxBytes) {
		q.clear()
		q.behind = true
		return overflowed
	}
	wasWriting := q.writing
	q.add(f)
	if wasWriting {
		return busy
	}
	return onItsWay
}

// keep queues a frame that nothing would make up for. Who lets too many of them
// wait is sent away: then it reports false.
func (q *queue) keep(f frame) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left || q.last {
		return true
	}
	if q.messages+f.messages <= 2*q.maxMessages {
		q.add(f)
		return true
	}
	q.clear()
	q.end(protocol.TooSlow, single(protocol.Bye{Code: protocol.TooSlow}))
	return false
}

// welcome queues what makes up for everything dropped before. However large it
// is, it leaves the room that others have.
func (q *queue) welcome(f frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left || q.last {
		return
	}
	q.behind, q.missed = false, false
	q.add(f)
	q.bytes -= len(f.text)
	q.messages -= f.messages
}

// catchUp queues the presence that was left out.
func (q *queue) catchUp(f frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.left && !q.last && q.missed {
		q.missed = false
		q.add(f)
	}
}

// owed tells what the reader has missed.
func (q *queue) owed() (behind, missed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.behind, q.missed
}

// finish queues the last frames, after which the connection is closed.
func (q *queue) finish(code protocol.ByeCode, frames ...frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.left && !q.last {
		q.end(code, frames...)
	}
}

// leave drops everything: the reader has gone by itself.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.left = true
	q.clear()
}

// fail drops everything: the reader cannot be reached.
func (q *queue) fail() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.clear()
	q.last, q.code = true, ""
}

// What follows is for who holds mu.

func (q *queue) add(f frame) {
	q.frames = append(q.frames, f)
	q.messages += f.messages
	q.bytes += len(f.text)
	q.start()
}

func (q *queue) end(code protocol.ByeCode, frames ...frame) {
	for _, f := range frames {
		q.add(f)
	}
	q.last, q.code = true, code
	q.start()
}

func (q *queue) clear() { q.frames, q.messages, q.bytes = nil, 0, 0 }

func (q *queue) start() {
	if !q.writing {
		q.writing = true
		q.writers.Go(q.write)
	}
}

// write runs until nothing waits.
func (q *queue) write() {
	for {
		text, pause := q.take()
		switch {
		case text != nil:
			if q.conn.Write(text) != nil {
				q.fail()
			}
			continue
		case pause == ended:
			q.conn.Close(q.code)
		case pause == owing:
			q.drained()
		}
		return
	}
}

type pause int

const (
	idle  pause = iota
	owing       // the reader has missed something
	ended       // that was all
)

// take gives what waits as one message of the websocket, or ends the writing.
func (q *queue) take() ([]byte, pause) {
	q.mu.Lock()
	defer q.mu.Unlock()
	frames := q.frames
	q.clear()
	if len(frames) > 0 {
		return joined(frames), idle
	}
	q.writing = false
	switch {
	case q.left:
		return nil, idle
	case q.last:
		q.left = true // from here on
		return nil, ended
	case q.behind, q.missed:
		return nil, owing
	}
	return nil, idle
}

// joined is the frames as one.
func joined(frames []frame) []byte {
	if len(frames) == 1 {
		return frames[0].text
	}
	size := 1
	for _, f := range frames {
		size += len(f.text) - 1
	}
	text := append(make([]byte, 0, size), '[')
	for i, f := range frames {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, f.body()...)
	}
	return append(text, ']')
}
