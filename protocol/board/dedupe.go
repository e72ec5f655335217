package board

import (
	"encoding/json"
	"slices"
)

// Sending twice is harmless: per (participant, client) the state knows which n
// it has seen, and the fate of the last pushes.

const (
	forgetSeqs  = 20_000
	forgetAfter = 30 * 24 * 3600 * 1000 // ms
	sweepEvery  = 1024                  // seqs

	// maxSpans are kept per client. A gap is left by a push that got no place, and
	// a client has few under way at a time: the lowest of so many gaps is nobody's
	// any more, and counts as seen.
	maxSpans = 64
)

type clientKey struct {
	by     ID
	client string
}

// clientLog is what one client of a participant has sent.
type clientLog struct {
	spans    []span // ascending, neither touching nor overlapping
	fates    []Fate // of the last pushes, oldest first
	lastSeq  int64
	lastTime int64
}

// span is the numbers from first to last.
type span struct{ first, last int64 }

// Fate tells what became of a push, if there was one with that id.
func (s *State) Fate(by ID, client string, n int64) (Fate, bool) {
	log := s.clients[clientKey{by, client}]
	if log == nil || !log.seen(n) {
		return Fate{}, false
	}
	for i := len(log.fates) - 1; i >= 0; i-- {
		if log.fates[i].N == n {
			return log.fates[i], true
		}
	}
	return Fate{N: n}, true
}

func (l *clientLog) seen(n int64) bool {
	at, found := slices.BinarySearchFunc(l.spans, n, func(s span, n int64) int {
		switch {
		case s.last < n:
			return -1
		case s.first > n:
			return 1
		}
		return 0
	})
	return found && at < len(l.spans)
}

func (l *clientLog) see(n int64) {
	at, _ := slices.BinarySearchFunc(l.spans, n, func(s span, n int64) int {
		if s.last < n {
			return -1
		}
		return 1
	})
	l.spans = slices.Insert(l.spans, at, span{n, n})
	if at+1 < len(l.spans) && l.spans[at+1].first == n+1 {
		l.spans[at].last = l.spans[at+1].last
		l.spans = slices.Delete(l.spans, at+1, at+2)
	}
	if at > 0 && l.spans[at-1].last == l.spans[at].first-1 {
		l.spans[at-1].last = l.spans[at].last
		l.spans = slices.Delete(l.spans, at, at+1)
	}
	if len(l.spans) > maxSpans {
		l.spans[1].first = l.spans[0].first
		l.spans = slices.Delete(l.spans, 0, 1)
	}
}

// record notes the fate of an applied entry.
func (s *State) record(e *Entry) {
	if e.N == 0 {
		return // made by the server, which does not send twice
	}
	key := clientKey{e.By, e.Client}
	log := s.clients[key]
	switch {
	case log == nil:
		log = &clientLog{}
		s.clients[key] = log
	case log.seen(e.N):
		return // its fate is that of the copy that overtook it
	default:
		s.sum.remove("client", log.record(key))
	}
	log.see(e.N)
	log.lastSeq, log.lastTime = e.Seq, e.Time
	fate := Fate{N: e.N, Seq: e.Seq, Refused: e.Refusals}
	log.fates = append(log.fates, fate)
	s.sum.add("fate", fate.record(key))
	if len(log.fates) > keptFates {
		s.sum.remove("fate", log.fates[0].record(key))
		log.fates = slices.Delete(log.fates, 0, 1)
	}
	s.sum.add("client", log.record(key))
}

// forget drops clients that have not been heard of for long.
func (s *State) forget() {
	if s.seq%sweepEvery != 0 {
		return
	}
	for key, log := range s.clients {
		if s.seq-log.lastSeq > forgetSeqs && s.time-log.lastTime > forgetAfter {
			s.sum.remove("client", log.record(key))
			for _, fate := range log.fates {
				s.sum.remove("fate", fate.record(key))
			}
			delete(s.clients, key)
		}
	}
}

func (l *clientLog) record(key clientKey) []byte {
	b := key.append(nil)
	for _, s := range l.spans {
		b = appendNumber(append(b, ' '), float64(s.first))
		b = appendNumber(append(b, '-'), float64(s.last))
	}
	b = appendNumber(append(b, ' '), float64(l.lastSeq))
	return appendNumber(append(b, ' '), float64(l.lastTime))
}

func (f Fate) record(key clientKey) []byte {
	b := key.append(nil)
	b = appendNumber(append(b, ' '), float64(f.N))
	b = appendNumber(append(b, ' '), float64(f.Seq))
	for _, r := range f.Refused {
		raw, err := json.Marshal(r)
		if err != nil {
			panic(err) // a refusal is made of strings and numbers
		}
		b = append(append(b, ' '), raw...)
	}
	return b
}

func (k clientKey) append(b []byte) []byte {
	return append(append(append(b, k.by...), '.'), k.client...)
}
