package main

import (
	"strconv"
	"strings"
	"testing"
)

// metric reads one, named with its labels; there says whether there is one.
func (in *instance) metric(name string) (value float64, there bool) {
	in.t.Helper()
	for line := range strings.Lines(string(callAt(in.t, "GET", in.admin+"/metrics", nil, as(tokenOfTests())...).body)) {
		if text, found := strings.CutPrefix(line, "jana_"+name+" "); found {
			value, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if err != nil {
				in.t.Fatal(err)
			}
			return value, true
		}
	}
	return 0, false
}

// grows waits until a metric is above what it was.
func (in *instance) grows(name string, was float64) {
	in.t.Helper()
	until2(in.t, func() string { return name + " grows" }, func() bool { now, _ := in.metric(name); return now > was })
}

func TestMetricsTellHowInstancesReachEachOther(t *testing.T) {
	alone := start(t)
	for _, name := range []string{"redis_up", "redis_clock_seconds", "relay_sent_total"} {
		if _, there := alone.metric(name); there {
			t.Errorf("an instance that is alone tells its %s", name)
		}
	}
	r, all := together(t, 2)
	b := all[0].board("blank")
	one, other := b.join("facilitator", "a", "ta"), b.at(all[1]).join("facilitator", "b", "tb")
	if up, _ := all[0].metric("redis_up"); up != 1 {
		t.Errorf("redis_up: got %v, want 1", up)
	}
	if off, there := all[0].metric("redis_clock_seconds"); !there || off < -1 || off > 1 {
		t.Errorf("redis_clock_seconds: got %v, %v, want about 0: it is the same machine", off, there)
	}
	sent, _ := all[0].metric("relay_sent_total")
	received, _ := all[1].metric("relay_received_total")
	until(t, "a cursor comes to the other instance", func() bool {
		one.send(message{"type": "presence", "cursor": []int{5, 6}})
		_, err := other.find(func(m message) bool { return m.text("type") == "presence" })
		return err == nil
	})
	all[0].grows("relay_sent_total", sent)
	all[1].grows("relay_received_total", received)

	renewed, _ := all[0].metric("renewed_total")
	r.Do("FLUSHALL")
	b.writeUntil(1, "n1")
	all[0].grows("renewed_total", renewed)

	dropped, _ := all[0].metric("relay_dropped_total")
	r.Stop()
	until(t, "it is told that Redis is away", func() bool { up, _ := all[0].metric("redis_up"); return up == 0 })
	until(t, "presence is dropped", func() bool {
		one.send(message{"type": "presence", "cursor": []int{7, 8}})
		now, _ := all[0].metric("relay_dropped_total")
		return now > dropped
	})
	r.Restart()
	until(t, "it is told that Redis is back", func() bool { up, _ := all[0].metric("redis_up"); return up == 1 })
}
