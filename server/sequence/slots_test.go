package sequence

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"jana/protocol/board"
	"jana/server/redistest"
)

func TestABoardGoesOnWhileItsSlotMovesToAnotherNode(t *testing.T) {
	one, two := redistest.Cluster(t)
	d, empty := newDisk(), newDisk()
	a, b := instanceWith(t, one.URL()+"?cluster=true", d, Options{}), instanceWith(t, two.URL()+"?cluster=true", empty, Options{})
	d.keep("k", 3, 1000)
	copies := []*copyOf{follow(t, a, d, "k"), follow(t, b, empty, "k")}
	push(t, a, "k", "a", 1)
	agree(t, map[string]int64{"a": 1}, copies...)

	// Both go on writing meanwhile, and send again what may not have got its place.
	stop := make(chan struct{})
	var writing sync.WaitGroup
	var wrote [2]int64
	for i, q := range []*Shared{a, b} {
		writing.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				e := &board.Entry{By: "p1", Role: board.Participant, Client: strconv.Itoa(i), N: wrote[i] + 1}
				if q.Append(t.Context(), "k", e) == nil {
					wrote[i]++
				}
			}
		})
	}
	slot := one.Do("CLUSTER", "KEYSLOT", a.bus.Key("k", "m"))
	from, to := one, two
	if n, err := strconv.Atoi(slot); err != nil {
		t.Fatal(err)
	} else if n >= 8192 {
		from, to = two, one
	}
	fromID, toID := from.Do("CLUSTER", "MYID"), to.Do("CLUSTER", "MYID")
	host, port, _ := strings.Cut(to.Addr(), ":")
	to.Do("CLUSTER", "SETSLOT", slot, "IMPORTING", fromID)
	from.Do("CLUSTER", "SETSLOT", slot, "MIGRATING", toID)
	for {
		keys := strings.Fields(from.Do("CLUSTER", "GETKEYSINSLOT", slot, "100"))
		if len(keys) == 0 {
			break
		}
		for _, key := range keys {
			from.Do("MIGRATE", host, port, key, "0", "5000")
		}
	}
	to.Do("CLUSTER", "SETSLOT", slot, "NODE", toID)
	from.Do("CLUSTER", "SETSLOT", slot, "NODE", toID)
	close(stop)
	writing.Wait()
	push(t, a, "k", "a", 2)
	push(t, b, "k", "b", 1)
	agree(t, map[string]int64{"a": 2, "b": 1, "0": wrote[0], "1": wrote[1]}, copies...)
	if to.Do("EXISTS", a.bus.Key("k", "m")) != "1" {
		t.Error("the board is not where its slot is")
	}
}
