package web

import (
	"net/netip"
	"testing"
	"time"
)

func TestRateAllowsABurstThenSoManyPerMinute(t *testing.T) {
	r := newRate(30, 60)
	from := netip.MustParseAddr("192.0.2.1")
	now := time.Unix(1000, 0)
	for i := range 60 {
		if ok, _ := r.take(from, now); !ok {
			t.Fatalf("deed %d of the burst was not allowed", i)
		}
	}
	ok, wait := r.take(from, now)
	if ok || wait != 2*time.Second {
		t.Errorf("after the burst: got %v, wait %v, want false, 2s", ok, wait)
	}
	if ok, _ := r.take(netip.MustParseAddr("192.0.2.2"), now); !ok {
		t.Error("another address must not pay for the first")
	}
	if ok, _ := r.take(from, now.Add(2*time.Second)); !ok {
		t.Error("one more is allowed after the wait that was told")
	}
}

func TestRateCountsAnIPv6HouseholdAsOne(t *testing.T) {
	r := newRate(1, 1)
	now := time.Unix(1000, 0)
	if ok, _ := r.take(netip.MustParseAddr("2001:db8::1"), now); !ok {
		t.Fatal("the first was not allowed")
	}
	if ok, _ := r.take(netip.MustParseAddr("2001:db8::ffff"), now); ok {
		t.Error("another address of the same /64 was allowed")
	}
	if ok, _ := r.take(netip.MustParseAddr("2001:db8:0:1::1"), now); !ok {
		t.Error("an address of another /64 was not allowed")
	}
}

func TestRateForgetsWhoIsBackAtTheFullBurst(t *testing.T) {
	r := newRate(60, 1)
	now := time.Unix(1000, 0)
	for i := range 1000 {
		r.take(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), now)
	}
	r.take(netip.MustParseAddr("192.0.2.1"), now.Add(time.Minute))
	if len(r.addresses) != 1 {
		t.Errorf("got %d addresses in memory, want 1", len(r.addresses))
	}
}
