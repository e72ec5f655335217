package sequence

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"
)

// probe has boards look again whose order has gone on without them: the last
// message of all may have been lost, and no gap shows it.
func (q *Shared) probe() {
	q.mu.Lock()
	open := make([]*following, 0, len(q.boards))
	for _, b := range q.boards {
		open = append(open, b)
	}
	q.mu.Unlock()
	parts := map[string][]*following{}
	for _, b := range open {
		tag := partition(q.bus.Key(b.id, "m"))
		parts[tag] = append(parts[tag], b)
	}
	for _, boards := range parts {
		for part := range slices.Chunk(boards, 500) {
			if !q.probeSome(part) {
				for _, b := range part {
					b.lookAgain()
				}
			}
		}
	}
}

func (q *Shared) probeSome(boards []*following) bool {
	keys := make([]string, len(boards))
	for i, b := range boards {
		keys[i] = q.bus.Key(b.id, "m")
	}
	found, err := q.standings(keys)
	if err != nil {
		return false
	}
	for i, b := range boards {
		at := b.at.Load()
		if s := found[i]; !s.sound || s.epoch != at.Epoch || s.seq > at.Seq {
			b.lookAgain()
		}
	}
	return true
}

// lookForLoss has all boards looked after when Redis is another than before, or
// has been started again: what it lost concerns boards that are not open, too.
func (q *Shared) lookForLoss() {
	ctx, cancel := context.WithTimeout(q.ctx, callTimeout)
	defer cancel()
	answer, err := q.bus.Run(ctx, q.scripts.probe, []string{q.bus.Shared("probe")})
	if err != nil {
		return
	}
	r, err := replyOf(answer)
	if err != nil {
		return
	}
	if _, err := q.age(ctx); err != nil {
		return
	}
	if q.incarnation != "" && q.incarnation != r.word {
		q.running.Go(q.scan)
	}
	q.incarnation = r.word
}

// age is how long Redis has had what it has: since it was last empty.
func (q *Shared) age(ctx context.Context) (time.Duration, error) {
	r, err := q.run(ctx, q.scripts.age, []string{q.bus.Shared("since")})
	return time.Duration(parseTime(r.word)) * time.Millisecond, err
}

// redisStanding is where Redis has a board.
type redisStanding struct {
	epoch string
	seq   int64
	state string // "" for none, "open", "rec" or "del"
	sound bool   // open, and by this Redis
}

// standings of boards of one partition, by the keys of their metas.
func (q *Shared) standings(keys []string) ([]redisStanding, error) {
	ctx, cancel := context.WithTimeout(q.ctx, callTimeout)
	defer cancel()
	answer, err := q.bus.Run(ctx, q.scripts.probe, keys)
	if err != nil {
		return nil, err
	}
	r, err := replyOf(answer)
	if err != nil || len(r.rest) != len(keys) {
		return nil, errors.Join(errForeign, err)
	}
	found := make([]redisStanding, len(keys))
	for i := range keys {
		m := reply{rest: r.list(i)}
		seq, err := strconv.ParseInt(m.text(1), 10, 64)
		if err != nil {
			seq = -1
		}
		found[i] = redisStanding{m.text(0), seq, m.text(3), m.text(3) == "open" && m.text(2) == r.word && err == nil}
	}
	return found, nil
}

// partition is the hash tag of a key.
func partition(key string) string {
	from := slices.Index([]byte(key), '{')
	to := slices.Index([]byte(key), '}')
	if from < 0 || to < from {
		return ""
	}
	return key[from : to+1]
}
