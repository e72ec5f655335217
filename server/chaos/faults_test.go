package chaos

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// fault is something that goes wrong, and is well again when play returns.
type fault struct {
	name string
	// needs is the least that a world must consist of.
	needs setup
	// forgets: Redis may come back with less than it had, so that what had its place can lose it and get another.
	forgets bool
	play    func(context.Context, *world) error
}

var (
	alone   = setup{instances: 1}
	several = setup{instances: 2, redis: true}
	three   = setup{instances: 3, redis: true}
	onFile  = setup{instances: 2, redis: true, aof: true}
)

// faults is all that is tried, in the order of what it takes.
var faults = []fault{
	{"none", alone, false, nothing},
	{"instance-killed", alone, false, instanceKilled},
	{"instance-stopped", alone, false, instanceStopped(2500 * time.Millisecond)},
	{"instance-stopped-long", alone, false, instanceStopped(10 * time.Second)},
	{"instance-drained", alone, false, instanceDrained},
	{"clients-cut", alone, false, clientsCut},
	{"clients-held", alone, false, clientsHeld},
	{"clients-unanswered", alone, false, clientsUnanswered},
	{"instance-emptied", several, false, instanceEmptied},
	{"all-killed", several, true, allKilled},
	{"redis-flushed", several, true, redisFlushed},
	{"redis-killed-empty", several, true, redisKilledEmpty},
	{"redis-killed", onFile, true, redisKilled},
	{"redis-tail-cut", onFile, true, redisTailCut},
	{"redis-tail-cut-behind", onFile, true, redisTailCutBehind},
	{"redis-paused", several, false, redisPaused},
	{"redis-stopped", several, false, redisStopped},
	{"pubsub-killed", several, false, pubsubKilled},
	{"instance-cut-from-redis", several, false, cutFromRedis},
	{"replies-lost", several, false, repliesLost},
	{"scripts-flushed", several, false, scriptsFlushed},
	{"scripts-flushed-and-restarted", onFile, true, scriptsFlushedAndRestarted},
	{"failover", setup{instances: 2, redis: true, replica: true}, true, failover},
	{"failover-one-by-one", setup{instances: 3, redis: true, replica: true}, true, failoverOneByOne},
	{"failover-and-back", setup{instances: 2, redis: true, replica: true}, true, failoverAndBack},
	{"sentinel-failover", setup{instances: 2, redis: true, sentinel: true}, true, sentinelFailover},
	{"instance-stopped-and-flushed", several, true, stoppedAndFlushed},
	{"sole-holder-stopped-and-flushed", three, true, soleHolderStopped},
	{"lock-lost", three, true, lockLost},
}

// mix is one after the other of those that a world offers, at random.
func mix(has setup) fault {
	return fault{"mix", alone, has.redis, func(ctx context.Context, w *world) error {
		var could []fault
		for _, f := range faults {
			// Those that take long would be all there is.
			if has.offers(f.needs) && f.name != "instance-stopped-long" {
				could = append(could, f)
			}
		}
		return could[w.dice.IntN(len(could))].play(ctx, w)
	}}
}

// offers says whether a world of this setup has what another one needs.
func (s setup) offers(needs setup) bool {
	return s.instances >= needs.instances && (s.redis || !needs.redis) && (s.aof || !needs.aof) &&
		(s.replica || !needs.replica) && (s.sentinel || !needs.sentinel)
}

// any is some instance.
func (w *world) any() *instance { return w.instances[w.dice.IntN(len(w.instances))] }

// pause waits for a time between two.
func (w *world) pause(ctx context.Context, least, most time.Duration) {
	wait(ctx, least+time.Duration(w.dice.Int64N(int64(most-least)+1)))
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

const ms = time.Millisecond

// span is a time of a run.
type span struct{ from, to time.Duration }

// dark notes that nobody could order anything while something went on.
func (w *world) dark(while func()) {
	from := w.now()
	while()
	w.darkness = append(w.darkness, span{from, w.now()})
}

func nothing(ctx context.Context, w *world) error {
	w.pause(ctx, 200*ms, 500*ms)
	return nil
}

// instanceKilled: one is gone without a word, and comes back on its disk.
func instanceKilled(ctx context.Context, w *world) error {
	in := w.any()
	in.kill()
	w.pause(ctx, 0, 800*ms)
	return w.run(ctx, in)
}

// instanceStopped: one stands still, and goes on as if nothing had been.
func instanceStopped(d time.Duration) func(context.Context, *world) error {
	return func(ctx context.Context, w *world) error {
		in := w.any()
		in.signal(syscall.SIGSTOP)
		wait(ctx, d)
		in.signal(syscall.SIGCONT)
		return nil
	}
}

// instanceDrained: one is told to stop, and started again.
func instanceDrained(ctx context.Context, w *world) error {
	in := w.any()
	in.signal(syscall.SIGTERM)
	select {
	case <-in.ended:
	case <-time.After(12 * time.Second):
		return fmt.Errorf("%s was told to stop and did not within 12 s", in.name)
	}
	if code := in.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("%s was told to stop and ended with %d: %s", in.name, code, lastLine(in.data+".log"))
	}
	return w.run(ctx, in)
}

// instanceEmptied: one comes back on an empty disk.
func instanceEmptied(ctx context.Context, w *world) error {
	in := w.any()
	in.kill()
	if err := os.RemoveAll(in.data); err != nil {
		return err
	}
	return w.run(ctx, in)
}

// allKilled: everything is gone at once, and Redis comes back without anything. What was saved is on the disks.
func allKilled(ctx context.Context, w *world) error {
	w.redis.kill()
	for _, in := range w.instances {
		in.kill()
	}
	if err := errors.Join(w.redis.empty(), w.redis.start(ctx)); err != nil {
		return err
	}
	return w.runAll(ctx)
}

// clientsCut: all of one's clients lose their connections, and cannot come back for a while.
func clientsCut(ctx context.Context, w *world) error {
	in := w.any()
	in.front.goes(cut)
	w.pause(ctx, 0, 1500*ms)
	in.front.goes(pass)
	return nil
}

// clientsHeld: nothing of what they say to each other arrives until later.
func clientsHeld(ctx context.Context, w *world) error {
	in := w.any()
	in.front.goes(hold)
	w.pause(ctx, 100*ms, 2500*ms)
	in.front.goes(pass)
	return nil
}

// clientsUnanswered: what they say arrives, and no answer does.
func clientsUnanswered(ctx context.Context, w *world) error {
	in := w.any()
	in.front.goes(mute)
	w.pause(ctx, 50*ms, 1000*ms)
	in.front.goes(pass)
	return nil
}

// redisFlushed: Redis is as empty as on the first day, and does not know it.
func redisFlushed(_ context.Context, w *world) error {
	_, err := w.redis.do("FLUSHALL")
	return err
}

// redisKilledEmpty: Redis is killed, and comes back without anything.
func redisKilledEmpty(ctx context.Context, w *world) error {
	w.redis.kill()
	w.dark(func() { w.pause(ctx, 0, 1000*ms) })
	if err := w.redis.empty(); err != nil {
		return err
	}
	return w.redis.start(ctx)
}

// redisKilled: it comes back with what it had written down.
func redisKilled(ctx context.Context, w *world) error {
	w.redis.kill()
	w.dark(func() { w.pause(ctx, 0, 1000*ms) })
	return w.redis.start(ctx)
}

// redisTailCut: it comes back without the last of what it had written down.
func redisTailCut(ctx context.Context, w *world) error {
	w.redis.kill()
	if err := w.redis.cutTail(0.03); err != nil {
		return err
	}
	return w.redis.start(ctx)
}

// redisTailCutBehind: the same, and the first to come back is an instance that has not even what is left.
func redisTailCutBehind(ctx context.Context, w *world) error {
	last := w.any()
	last.back.goes(hold)
	w.pause(ctx, 600*ms, 1500*ms)
	w.redis.kill()
	others(w, last, hold)
	if err := w.redis.cutTail(0.01); err != nil {
		return err
	}
	if err := w.redis.start(ctx); err != nil {
		return err
	}
	last.back.goes(pass)
	w.pause(ctx, 200*ms, 600*ms)
	others(w, last, pass)
	return nil
}

// redisPaused: it takes no commands for a while.
func redisPaused(ctx context.Context, w *world) error {
	_, err := w.redis.do("CLIENT", "PAUSE", "1500")
	wait(ctx, 1500*ms)
	return err
}

// redisStopped: the whole process stands still.
func redisStopped(ctx context.Context, w *world) error {
	w.redis.signal(syscall.SIGSTOP)
	w.dark(func() { wait(ctx, 3*time.Second) })
	w.redis.signal(syscall.SIGCONT)
	return nil
}

// pubsubKilled: whoever listens loses the connection, again and again.
func pubsubKilled(ctx context.Context, w *world) error {
	for range 30 {
		if _, err := w.redis.do("CLIENT", "KILL", "TYPE", "pubsub"); err != nil {
			return err
		}
		w.pause(ctx, 10*ms, 80*ms)
	}
	return nil
}

// cutFromRedis: one instance does not reach Redis.
func cutFromRedis(ctx context.Context, w *world) error {
	in := w.any()
	in.back.goes([]way{cut, hold}[w.dice.IntN(2)])
	w.pause(ctx, 1000*ms, 2500*ms)
	in.back.goes(pass)
	return nil
}

// repliesLost: what one instance asks of Redis is done, and it does not learn so.
func repliesLost(ctx context.Context, w *world) error {
	for range 12 {
		in := w.any()
		in.back.goes(mute)
		w.pause(ctx, 5*ms, 80*ms)
		in.back.goes(pass)
		w.pause(ctx, 5*ms, 80*ms)
	}
	return nil
}

// scriptsFlushed: Redis forgets the scripts, again and again.
func scriptsFlushed(ctx context.Context, w *world) error {
	for range 10 {
		if _, err := w.redis.do("SCRIPT", "FLUSH"); err != nil {
			return err
		}
		w.pause(ctx, 10*ms, 100*ms)
	}
	return nil
}

func scriptsFlushedAndRestarted(ctx context.Context, w *world) error {
	if err := scriptsFlushed(ctx, w); err != nil {
		return err
	}
	return redisKilled(ctx, w)
}

// stoppedAndFlushed: one stands still while Redis forgets everything, and comes back to another history.
func stoppedAndFlushed(ctx context.Context, w *world) error {
	in := w.any()
	in.signal(syscall.SIGSTOP)
	w.pause(ctx, 100*ms, 500*ms)
	_, err := w.redis.do("FLUSHALL")
	w.pause(ctx, 1500*ms, 3500*ms)
	in.signal(syscall.SIGCONT)
	return err
}

// soleHolderStopped: the last of what was saved is on one disk alone when Redis forgets it, and that instance stands still
// until the others have gone on.
func soleHolderStopped(ctx context.Context, w *world) error {
	holder := w.any()
	others(w, holder, hold)
	w.pause(ctx, 200*ms, 500*ms)
	holder.signal(syscall.SIGSTOP)
	_, err := w.redis.do("FLUSHALL")
	others(w, holder, pass)
	w.pause(ctx, 2500*ms, 4500*ms)
	holder.signal(syscall.SIGCONT)
	return err
}

// lockLost: the same, and what is on one disk alone is a lock.
func lockLost(ctx context.Context, w *world) error {
	holder := w.any()
	w.locker.goTo(holder)
	defer w.locker.goTo(nil)
	err := within(ctx, 5*time.Second, "the locker is there", func() bool {
		return w.locker.ask(func() bool { return w.locker.open && w.locker.host == holder })
	})
	if err != nil {
		return err
	}
	others(w, holder, cut)
	w.locker.say(false, op("lock", "level", "closed")) // whether it was told as held is for the check
	w.pause(ctx, 100*ms, 900*ms)
	holder.signal(syscall.SIGSTOP)
	_, err = w.redis.do("FLUSHALL")
	others(w, holder, pass)
	w.pause(ctx, 2500*ms, 4500*ms)
	holder.signal(syscall.SIGCONT)
	return err
}

// others sets the way to Redis of all instances but one.
func others(w *world, but *instance, way way) {
	for _, in := range w.instances {
		if in != but {
			in.back.goes(way)
		}
	}
}
