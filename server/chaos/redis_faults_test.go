package chaos

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// TestTheFaultsOfRedisDoWhatTheySay looks at each from where an instance stands: at a number that grows all the time.
func TestTheFaultsOfRedisDoWhatTheySay(t *testing.T) {
	type rest int
	const (
		nothing rest = iota
		some
		all
	)
	brief := readTerms(t).brief
	for _, c := range []struct {
		name  string
		has   setup
		keeps rest
	}{
		{"redis-flushed", setup{}, nothing},
		{"redis-killed-empty", setup{}, nothing},
		{"redis-killed", setup{aof: true}, all},
		{"redis-tail-cut", setup{aof: true}, some},
		{"failover", setup{replica: true}, some},
		{"sentinel-failover", setup{sentinel: true}, all},
		{"instance-cut-from-redis", setup{}, all},
		{"replies-lost", setup{}, all},
	} {
		if c.has.sentinel && brief {
			continue // it takes its time
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			c.has.redis = true
			w := &world{setup: c.has, dir: t.TempDir(), dice: rand.New(rand.NewPCG(1, 1))}
			defer w.close()
			if err := w.buildRedis(ctx); err != nil {
				t.Fatal(err)
			}
			in := &instance{name: "instance"}
			w.instances = []*instance{in}
			var err error
			if in.back, err = newProxy(w.redis.address); err != nil {
				t.Fatal(err)
			}
			seen := &redisServer{address: in.back.address()}
			last := 0
			count := func() {
				if n, err := seen.do("INCR", "number"); err == nil {
					last, _ = n.(int)
				}
			}
			for range 100 {
				count()
			}
			wait(ctx, 1200*time.Millisecond) // what came so far is on disk, and at the replica
			playing, stop := context.WithCancel(ctx)
			counted, master := make(chan struct{}), w.redis.process
			go func() {
				defer close(counted)
				for c.has.replica && playing.Err() == nil && master.running() {
					count()
				}
			}()
			err = faultOf(t, c.name, setup{}).play(ctx, w)
			stop()
			<-counted
			if err != nil {
				t.Fatal(err)
			}
			reply, err := seen.do("GET", "number")
			if err != nil {
				t.Fatal(err)
			}
			text, _ := reply.(string)
			n, _ := strconv.Atoi(text)
			if c.keeps == nothing && n != 0 || c.keeps == all && n != last || c.keeps == some && (n < 50 || n >= last) {
				t.Errorf("the number was %d and is %d", last, n)
			}
		})
	}
}
