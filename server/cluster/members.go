package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// Every instance beats so often, by the clock of Redis, and counts as alive
	// for aliveFor after that.
	beatEvery = time.Second
	aliveFor  = 5 * time.Second
	// While Redis does not answer it is asked more often.
	askEvery = 250 * time.Millisecond
	// sameFor is how long another process of the same id must not have beaten
	// to count as ended.
	sameFor = 2500 * time.Millisecond
	// clockSlack is by how much this machine's clock may differ from that of
	// Redis before it is worth a word.
	clockSlack = 2 * time.Second
)

// errTwin: the data directory was copied together with the id in it.
var errTwin = errors.New("another running process has the id of this instance; a copied data folder needs an id of its own")

// beating is what is known of Redis and of this instance's place there.
type beating struct {
	doubts chan struct{} // Redis may be gone: look at once

	mu       sync.Mutex
	down     error         // why Redis is of no use, nil if it is
	clock    time.Duration // by which this machine is ahead of Redis
	clockOff bool
}

func newBeating() beating { return beating{doubts: make(chan struct{}, 1)} }

// doubt has Redis asked soon. It never waits.
func (b *beating) doubt() {
	select {
	case b.doubts <- struct{}{}:
	default:
	}
}

// Up says why Redis is of no use to this instance at the moment; nil if it has
// answered lately.
func (c *Client) Up() error {
	c.beating.mu.Lock()
	defer c.beating.mu.Unlock()
	return c.beating.down
}

var beatScript = NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local boot = redis.call('HGET', KEYS[2], ARGV[1])
local last = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or 0)
if boot and boot ~= ARGV[2] and now - last < tonumber(ARGV[3]) and last ~= tonumber(ARGV[4]) then
  return {now, last}
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - 86400000))) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
end
return {now, 0}
`)

var leaveScript = NewScript(`
if redis.call('HGET', KEYS[2], ARGV[1]) == ARGV[2] then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
end
return 1
`)

var membersScript = NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], string.format('%.0f', now - tonumber(ARGV[1])), '+inf')
`)

func (c *Client) memberKeys() []string { return []string{c.Shared("members"), c.Shared("boots")} }

// Members are the instances alive, this one included, in no particular order.
func (c *Client) Members(ctx context.Context) ([]string, error) {
	answer, err := c.Run(ctx, membersScript, c.memberKeys()[:1], aliveFor.Milliseconds())
	if err != nil {
		return nil, fmt.Errorf("redis: members: %w", err)
	}
	list, _ := answer.([]any)
	members := make([]string, 0, len(list))
	for _, id := range list {
		if id, ok := id.(string); ok {
			members = append(members, id)
		}
	}
	return members, nil
}

// enter joins the members. A process that has ended without leaving cannot be
// told from one that is about to beat but by waiting.
func (c *Client) enter(ctx context.Context) error {
	began := time.Now()
	seen, replace := int64(0), int64(-1)
	for {
		last, err := c.beatOnce(ctx, replace)
		switch {
		case !errors.Is(err, errTwin):
			return err
		case seen != 0 && last != seen:
			return err
		case time.Since(began) > sameFor:
			replace = last
		}
		seen = last
		select {
		case <-time.After(askEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// leave takes this instance off the members, if Redis is there to be told.
func (c *Client) leave(ctx context.Context) {
	if _, err := c.Run(ctx, leaveScript, c.memberKeys(), c.o.Instance, c.o.Boot); err != nil {
		c.log.Debug("the members were not told that this instance ends", "error", err)
	}
}

// beatOnce says that this instance lives. errTwin if another process has its
// id, which beat at last, unless that is the beat to be replaced.
func (c *Client) beatOnce(ctx context.Context, replace int64) (last int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, beatEvery)
	defer cancel()
	sent := c.o.Now()
	answer, err := c.Run(ctx, beatScript, c.memberKeys(), c.o.Instance, c.o.Boot, aliveFor.Milliseconds(), replace)
	if err != nil {
		return 0, err
	}
	now, last, ok := twoNumbers(answer)
	if !ok {
		return 0, fmt.Errorf("a beat was answered with %v", answer)
	}
	got := c.o.Now()
	c.compareClocks(sent, got, time.UnixMilli(now))
	if last != 0 {
		return last, errTwin
	}
	return 0, nil
}

var reachScript = NewScript(`return redis.call('EXISTS', KEYS[1])`)

// reachAll makes sure that every partition answers, if they are not all in one
// server.
func (c *Client) reachAll(ctx context.Context) error {
	if !c.spread {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, beatEvery)
	defer cancel()
	calls := make([]Call, partitions)
	for i := range calls {
		calls[i].Keys = []string{fmt.Sprintf("%s:{%d}:probe", c.o.Prefix, i)}
	}
	for i, r := range c.RunAll(ctx, reachScript, calls) {
		if r.Err != nil {
			return fmt.Errorf("partition %d: %w", i, r.Err)
		}
	}
	return nil
}

func twoNumbers(answer any) (a, b int64, ok bool) {
	list, _ := answer.([]any)
	if len(list) != 2 {
		return 0, 0, false
	}
	a, okA := list[0].(int64)
	b, okB := list[1].(int64)
	return a, b, okA && okB
}

// beat keeps this instance among the members until ctx ends.
func (c *Client) beat(ctx context.Context) {
	next := time.NewTimer(beatEvery)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		case <-c.beating.doubts:
		}
		_, err := c.beatOnce(ctx, -1)
		if err == nil {
			err = c.reachAll(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		c.found(err)
		if err == nil {
			next.Reset(beatEvery)
			continue
		}
		// Doubts raised by what failed meanwhile must not make this a loop.
		select {
		case <-ctx.Done():
			return
		case <-time.After(askEvery):
		}
		next.Reset(0)
	}
}

// found notes whether Redis was of use.
func (c *Client) found(err error) {
	c.beating.mu.Lock()
	was := c.beating.down
	c.beating.down = err
	c.beating.mu.Unlock()
	switch {
	case err != nil && was == nil:
		c.log.Error("redis is of no use: nothing is ordered", "error", err)
	case err == nil && was != nil:
		c.log.Info("redis is of use again")
	}
}

// Clock is by how much this machine's clock was ahead of that of Redis when they
// were last compared, at the least; negative if it was behind.
func (c *Client) Clock() time.Duration {
	c.beating.mu.Lock()
	defer c.beating.mu.Unlock()
	return c.beating.clock
}

// compareClocks says so, once, when this machine's clock is off.
func (c *Client) compareClocks(sent, got, redis time.Time) {
	// The answer was made somewhere between the two.
	ahead := max(0, sent.Sub(redis)) - max(0, redis.Sub(got))
	off := ahead.Abs() > clockSlack
	c.beating.mu.Lock()
	was := c.beating.clockOff
	c.beating.clock, c.beating.clockOff = ahead, off
	c.beating.mu.Unlock()
	if off && !was {
		c.log.Warn("this machine's clock differs from that of Redis", "ahead", ahead.Round(time.Second))
	}
}
