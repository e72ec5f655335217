package chaos

import (
	"context"
	"fmt"
	"net"
	"time"
)

// promote makes the replica, which is behind, the master.
func promote(w *world) (old *redisServer, err error) {
	w.behind.goes(cut) // what was on its way is lost
	if _, err := w.replica.do("REPLICAOF", "NO", "ONE"); err != nil {
		return nil, err
	}
	old, w.redis, w.replica = w.redis, w.replica, nil
	return old, nil
}

// failover: the master is gone, and the replica behind it takes its place.
func failover(ctx context.Context, w *world) error {
	w.pause(ctx, 200*ms, 800*ms)
	w.redis.kill()
	if _, err := promote(w); err != nil {
		return err
	}
	for _, in := range w.instances {
		in.back.leads(w.redis.address)
	}
	return w.follow(ctx)
}

// failoverOneByOne: the instances learn one after the other who the master is, and until then go on with the old one.
func failoverOneByOne(ctx context.Context, w *world) error {
	w.pause(ctx, 200*ms, 800*ms)
	old, err := promote(w)
	if err != nil {
		return err
	}
	for _, in := range w.instances {
		in.back.leads(w.redis.address)
		w.pause(ctx, 100*ms, 700*ms)
	}
	old.kill()
	return w.follow(ctx)
}

// failoverAndBack: all go to the replica for a while, and then back to the old master, which nobody has told of it.
func failoverAndBack(ctx context.Context, w *world) error {
	w.pause(ctx, 200*ms, 800*ms)
	old, err := promote(w)
	if err != nil {
		return err
	}
	for _, to := range []*redisServer{w.redis, old} {
		for _, in := range w.instances {
			in.back.leads(to.address)
		}
		w.pause(ctx, 300*ms, 1500*ms)
	}
	w.redis.kill()
	w.redis = old
	return w.follow(ctx)
}

// sentinelFailover: a Sentinel finds out that the master is gone, and promotes the replica. The way to Redis follows it,
// as a proxy in front of it does.
func sentinelFailover(ctx context.Context, w *world) error {
	w.redis.kill()
	old := w.redis.address
	err := within(ctx, 30*time.Second, "the Sentinel has promoted the replica", func() bool {
		master, known := w.master()
		return known && master != old
	})
	if err != nil {
		return err
	}
	w.followMaster()
	// The old master comes back, and is made a replica; or the Sentinel changes its mind.
	if err := w.replica.start(ctx); err != nil {
		return err
	}
	return within(ctx, 40*time.Second, "one is the master and the other one its replica", func() bool {
		w.followMaster()
		return w.replica.inStep()
	})
}

// master is who that is, as the Sentinel says.
func (w *world) master() (address string, known bool) {
	reply, err := w.sentinel.do("SENTINEL", "get-master-addr-by-name", "board")
	at, _ := reply.([]any)
	if err != nil || len(at) != 2 {
		return "", false
	}
	return net.JoinHostPort(fmt.Sprint(at[0]), fmt.Sprint(at[1])), true
}

// followMaster has the way of all instances lead to the master.
func (w *world) followMaster() {
	if master, known := w.master(); known && master != w.redis.address {
		w.redis, w.replica = w.replica, w.redis
		for _, in := range w.instances {
			in.back.leads(master)
		}
	}
}
