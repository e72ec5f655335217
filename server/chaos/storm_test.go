package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// storm lets everybody in: participants who write, a facilitator who arranges, and one who locks and unlocks.
func (w *world) storm(ctx context.Context, examples []example, participants int) {
	ctx, w.stop = context.WithCancel(ctx)
	busy, calm := context.WithCancel(ctx)
	w.calm = calm
	for i := range participants + 1 {
		role, name := "participant", fmt.Sprintf("p%d", i)
		if i == participants {
			role, name = "facilitator", "organiser"
		}
		c := w.comes(ctx, role, name)
		d := newDeck(examples, role, name, c.dice)
		calm := false
		c.next = func(items map[string]object) ([]object, bool) {
			if c.dice.IntN(3) > 0 || role == "facilitator" && c.dice.IntN(8) > 0 {
				return nil, false
			}
			if calm = !calm && role == "facilitator"; !calm && role == "facilitator" {
				// Or soon nobody could do anything.
				return []object{op("unfreeze", "segments", []string{}), op("phase", "to", "free")}, false
			}
			return d.draw(items)
		}
	}
	w.locker = w.comes(ctx, "facilitator", "locker")
	locking, wandering := rand.New(rand.NewPCG(w.dice.Uint64(), 1)), rand.New(rand.NewPCG(w.dice.Uint64(), 2))
	w.bot = &bot{w: w, dice: rand.New(rand.NewPCG(w.dice.Uint64(), 3))}
	w.busy.Go(func() { w.bot.run(busy, ctx) })
	w.busy.Go(func() { w.lockAndUnlock(busy, locking) })
	w.busy.Go(func() { w.wander(busy, wandering) })
}

// meet lets people in who do only what they are told: each has a note of its own.
func (w *world) meet(ctx context.Context, participants int) {
	ctx, w.stop = context.WithCancel(ctx)
	w.calm = func() {}
	for i := range participants {
		c := w.comes(ctx, "participant", fmt.Sprintf("p%d", i))
		c.say(false, op("create", "item", object{"type": "note", "id": c.me, "x": i, "y": i, "text": c.me}))
	}
	w.locker = w.comes(ctx, "facilitator", "locker")
}

// round is one race: everybody moves a note around the moment at which the board is locked, once more when that holds,
// and a last time when it is open again. It tells how long it took until the lock was told as held.
func (w *world) round(ctx context.Context, f fault) (held time.Duration, err error) {
	quiet := func(what string) error {
		return within(ctx, 60*time.Second, what, func() bool {
			return !slices.ContainsFunc(w.clients, func(c *client) bool { return !c.empty() })
		})
	}
	if err := quiet("everybody is ready"); err != nil {
		return 0, err
	}
	move := func(c *client) { c.say(false, op("move", "moves", []any{[]any{c.me, rand.IntN(10_000), 1}})) }
	var moving sync.WaitGroup
	failed := make(chan error, 1)
	moving.Go(func() { failed <- f.play(ctx, w) })
	for _, c := range w.clients {
		if c != w.locker {
			early := time.Duration(rand.Int64N(int64(6 * time.Millisecond)))
			moving.Go(func() { wait(ctx, early); move(c) })
		}
	}
	wait(ctx, 3*time.Millisecond)
	began := w.now()
	if err := w.locker.hold(ctx, "closed"); err != nil {
		return 0, err
	}
	held = w.now() - began
	for _, c := range w.clients {
		if c != w.locker {
			move(c)
		}
	}
	moving.Wait()
	if err := errors.Join(<-failed, quiet("everybody knows what became of it"), w.locker.hold(ctx, "open")); err != nil {
		return 0, err
	}
	for _, c := range w.clients {
		if c != w.locker {
			move(c)
		}
	}
	return held, quiet("everybody has moved")
}

func (w *world) comes(ctx context.Context, role, name string) *client {
	c := newClient(w, role, name, w.dice.Uint64())
	w.clients = append(w.clients, c)
	w.running.Go(func() { c.run(ctx) })
	return c
}

// lockAndUnlock never stops doing so.
func (w *world) lockAndUnlock(ctx context.Context, dice *rand.Rand) {
	for ctx.Err() == nil {
		for _, turn := range []struct {
			level string
			rest  time.Duration
		}{{"closed", 20 * time.Millisecond}, {"open", 200 * time.Millisecond}} {
			if w.locker.hold(ctx, turn.level) != nil {
				return
			}
			wait(ctx, turn.rest+time.Duration(dice.IntN(300))*time.Millisecond)
		}
	}
}

// hold sets the lock, and waits until that is told as held. The error is that of ctx.
func (c *client) hold(ctx context.Context, level string) error {
	p := c.say(false, op("lock", "level", level))
	for !c.ask(func() bool { return p.Held > 0 }) {
		select {
		case <-time.After(2 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// wander has clients go elsewhere, and close their tabs.
func (w *world) wander(ctx context.Context, dice *rand.Rand) {
	for {
		select {
		case <-time.After(time.Duration(100+dice.IntN(500)) * time.Millisecond):
		case <-ctx.Done():
			return
		}
		c := w.clients[dice.IntN(len(w.clients))]
		if dice.IntN(4) == 0 && c != w.locker {
			c.reload()
		} else {
			c.hop()
		}
	}
}
