package cluster

import (
	"strings"
	"testing"

	"jana/server/redistest"
)

func TestASentinelLeadsToTheMasterThatTookOver(t *testing.T) {
	master := redistest.Start(t)
	replica := redistest.Start(t, "--replicaof", strings.Replace(master.Addr(), ":", " ", 1))
	until(t, "the replica follows", func() bool { return strings.Contains(replica.Do("INFO", "replication"), "master_link_status:up") })
	sentinel := redistest.Sentinel(t, "main", master)
	o := optionsOf(master, "a")
	o.URL = "redis://" + sentinel.Addr() + "?sentinel=main"
	c, err := Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	e := subscribe(t, c, "jana:x")
	publish(t, c, "jana:x", "before")
	until(t, "it is heard", func() bool { return e.heard("before") })

	master.Stop()
	until(t, "it is noticed", func() bool { return c.Up() != nil })
	until(t, "the replica is the master", func() bool { return strings.Contains(replica.Do("ROLE"), "master") })
	until(t, "all is well", func() bool { return c.Up() == nil })
	key := c.Key("b", "m")
	if _, err := c.Run(t.Context(), add, []string{key, key}, 1); err != nil {
		t.Error(err)
	}
	if got := replica.Do("EXISTS", key); got != "1" {
		t.Errorf("what was written after it took over is not there: %s", got)
	}
	// What was subscribed to is heard on, and that something may be missing is known.
	until(t, "it is heard again", func() bool {
		_ = c.Publish(t.Context(), "jana:x", []byte("after")) // tried again
		return e.heard("after") && e.hasHole()
	})
}
