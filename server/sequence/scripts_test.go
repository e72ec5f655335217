package sequence

import (
	"net"
	"strconv"
	"strings"
	"testing"

	"jana/protocol/board"
	"jana/server/redistest"
)

// bare is a board that Redis alone has: nobody has it open or on disk, so nobody
// puts right what becomes of it there. It asks the scripts themselves.
type bare struct {
	t     *testing.T
	redis *redistest.Server
	q     *Shared
	epoch string // in which it was born
}

func newBare(t *testing.T) *bare {
	t.Helper()
	return newBareOn(t, redistest.Start(t))
}

func newBareOn(t *testing.T, r *redistest.Server) *bare {
	t.Helper()
	b := &bare{t: t, redis: r, q: instance(t, r, newDisk())}
	if err := b.q.Create(t.Context(), "k", board.New()); err != nil {
		t.Fatal(err)
	}
	b.epoch = b.meta("e")
	return b
}

func (b *bare) key(suffix string) string { return b.q.bus.Key("k", suffix) }

func (b *bare) meta(field string) string { return b.redis.Do("HGET", b.key("m"), field) }

// said is what a script answers, and may answer after Redis has been away: its
// word, and why it does nothing.
func said(r reply, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	if r.word == "FENCE" {
		return r.word + " " + r.text(0)
	}
	return r.word
}

func (b *bare) commit(epoch string, have int64) string {
	b.t.Helper()
	raw, err := encodeEntry(&board.Entry{By: "p1", Role: board.Participant, Client: "c", N: have + 1})
	if err != nil {
		b.t.Fatal(err)
	}
	payload := append(append([]byte{'['}, raw...), ']')
	return said(b.q.run(b.t.Context(), b.q.scripts.commit, b.q.keys("k", "m", "s", "p"), epoch, have, "a", 1, payload, mostBehind))
}

func (b *bare) load(epoch string, have int64) string {
	return said(b.q.run(b.t.Context(), b.q.scripts.load, b.q.keys("k", "m", "s", "n"), epoch, have, pageEntries, ""))
}

func (b *bare) snap(epoch string, seq int64) string {
	return said(b.q.run(b.t.Context(), b.q.scripts.snap, b.q.keys("k", "m", "s", "n"), epoch, seq, "a snapshot", keptBehind))
}

// longWindow is longer than any test: no window ends by the clock.
const longWindow = 3_600_000

func (b *bare) bid(instance, epoch string, seq int64, others string) string {
	return said(b.q.run(b.t.Context(), b.q.scripts.bid, b.q.keys("k", "m", "r", "p"), instance, epoch, seq, longWindow, others))
}

func (b *bare) open(instance, epoch string, seq int64, anew string) string {
	return said(b.q.run(b.t.Context(), b.q.scripts.open, b.q.keys("k", "m", "s", "n", "r", "p"), instance, epoch, seq, anew, "[]", "a snapshot", 0, longWindow))
}

func (b *bare) want(what, got, want string) {
	b.t.Helper()
	if got != want {
		b.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// follows has a server take over the data of another, as its replica.
func follows(t *testing.T, replica, master *redistest.Server) {
	t.Helper()
	host, port, err := net.SplitHostPort(master.Addr())
	if err != nil {
		t.Fatal(err)
	}
	replica.Do("REPLICAOF", host, port)
	eventually(t, "the replica has the data", func() bool {
		return strings.Contains(replica.Do("INFO", "replication"), "master_link_status:up")
	})
}

func TestNothingIsDoneWithDataThatMayHaveLostTheirTail(t *testing.T) {
	ofOneProcess := func(t *testing.T, r *redistest.Server, more func()) {
		eventually(t, "the data are in a file", func() bool { return r.Do("SAVE") == "OK" })
		more()
		r.Restart()
	}
	// Afterwards the process is the same as before, and has other data.
	thereAndBack := func(t *testing.T, r *redistest.Server, more func()) {
		other := redistest.Start(t, "--repl-diskless-sync-delay", "0")
		follows(t, other, r)
		other.Do("REPLICAOF", "NO", "ONE")
		more()
		follows(t, r, other)
		r.Do("REPLICAOF", "NO", "ONE")
	}
	for name, lose := range map[string]func(t *testing.T, r *redistest.Server, more func()){
		"started again with an older file":                  ofOneProcess,
		"a failover to a replica that was behind, and back": thereAndBack,
	} {
		t.Run(name, func(t *testing.T) {
			r := redistest.Start(t, "--repl-diskless-sync-delay", "0")
			// The first replica of all gives a server another name for its data.
			follows(t, redistest.Start(t), r)
			b := newBareOn(t, r)
			b.want("the first entry", b.commit(b.epoch, 0), "OK")
			lose(t, r, func() {
				b.want("what will be lost", b.commit(b.epoch, 1), "OK")
				b.want("what will be lost", b.commit(b.epoch, 2), "OK")
			})
			if seq := b.meta("s"); seq != "1" {
				t.Fatalf("Redis has entries up to %s, want the loss of those behind 1", seq)
			}
			eventually(t, "Redis answers again", func() bool { return !strings.HasPrefix(b.load("", 0), "error: ") })
			// An instance that was not further than that sees nothing strange in the numbers.
			b.want("ordering", b.commit(b.epoch, 1), "FENCE inc")
			b.want("loading the tail", b.load(b.epoch, 1), "FENCE inc")
			b.want("loading all", b.load("", 0), "FENCE inc")
			b.want("a snapshot", b.snap(b.epoch, 1), "NO")
			b.want("beginning anew without telling what one has", b.open("a", b.epoch, 1, "9.x"), "OVER")
			b.want("telling it", b.bid("a", b.epoch, 1, ""), "REC")
			b.want("beginning anew", b.open("a", b.epoch, 1, b.epoch+"later"), "OK")
			b.want("ordering in the new epoch", b.commit(b.epoch+"later", 1), "OK")
		})
	}
}

func TestWhoHasMoreThanRedisOrdersNothing(t *testing.T) {
	b := newBare(t)
	b.want("the first entry", b.commit(b.epoch, 0), "OK")
	b.want("ordering", b.commit(b.epoch, 5), "FENCE regr")
	b.want("loading", b.load(b.epoch, 5), "FENCE regr")
}

func TestOnlyWhoHasMostBeginsAnOrderAnew(t *testing.T) {
	b := newBare(t)
	b.redis.Do("FLUSHALL")
	b.want("who has 5, and knows of b", b.bid("a", "1.x", 5, "b"), "REC")
	b.want("before b has told what it has", b.open("a", "1.x", 5, "2.a"), "WAIT")
	b.want("b has 7", b.bid("b", "1.x", 7, ""), "REC")
	b.want("who has less", b.open("a", "1.x", 5, "2.a"), "BETTER")
	b.want("c has a later epoch", b.bid("c", "2.y", 1, ""), "REC")
	b.want("who has more of an earlier epoch", b.open("b", "1.x", 7, "3.b"), "BETTER")
	b.want("d has as much", b.bid("d", "2.y", 1, ""), "REC")
	b.want("the second of two who have as much", b.open("d", "2.y", 1, "3.d"), "BETTER")
	b.want("the first of them, with more than it told", b.open("c", "2.y", 2, "3.c"), "OVER")
	b.want("the first of them", b.open("c", "2.y", 1, "3.c"), "OK")
	b.want("everybody else", b.open("d", "2.y", 1, "3.d"), "OVER")
	b.want("who comes late with less", b.bid("a", "1.x", 5, ""), "OPEN")
	if epoch := b.meta("e"); epoch != "3.c" {
		t.Errorf("got epoch %s, want 3.c", epoch)
	}
	// Who comes late with more has it begin anew once more.
	b.want("who comes late with more", b.bid("e", "4.z", 1, ""), "REC")
	b.want("that", b.open("e", "4.z", 1, "5.e"), "OK")
}

func TestWhatWasToldToAnotherRedisBeginsNoOrder(t *testing.T) {
	b := newBare(t)
	b.redis.Do("FLUSHALL")
	b.want("who has 5", b.bid("a", "1.x", 5, ""), "REC")
	b.redis.Do("HSET", b.key("m"), "inc", "another/process")
	b.want("that, after a failover", b.open("a", "1.x", 5, "2.a"), "OVER")
	b.want("who has 5, told again", b.bid("a", "1.x", 5, ""), "REC")
	b.want("that", b.open("a", "1.x", 5, "2.a"), "OK")
}

func TestWhatRedisStillHasTakesPart(t *testing.T) {
	b := newBare(t)
	b.want("an entry", b.commit(b.epoch, 0), "OK")
	b.redis.Do("HSET", b.key("m"), "inc", "another/process")
	b.want("who has less than Redis", b.bid("a", b.epoch, 0, ""), "BEHIND")
	b.want("that", b.open("a", b.epoch, 0, "9.a"), "OVER")
	b.want("who has as much", b.bid("a", b.epoch, 1, ""), "REC")
	b.want("that", b.open("a", b.epoch, 1, "9.a"), "OK")
}

func TestNothingIsOrderedWhileAnOrderBeginsAnew(t *testing.T) {
	b := newBare(t)
	b.want("an entry", b.commit(b.epoch, 0), "OK")
	b.want("somebody has more", b.bid("a", b.epoch, 5, ""), "REC")
	b.want("ordering", b.commit(b.epoch, 1), "FENCE rec")
	b.want("loading", b.load(b.epoch, 1), "FENCE rec")
	b.want("a snapshot", b.snap(b.epoch, 1), "NO")
}

func TestACommitThatFailsTakesNoNumber(t *testing.T) {
	for name, spoil := range map[string]func(b *bare){
		"the stream is none":        func(b *bare) { b.redis.Do("SET", b.key("s"), "x") },
		"the stream is further on":  func(b *bare) { b.redis.Do("XADD", b.key("s"), "9-0", "n", "1") },
		"the stream is one of junk": func(b *bare) { b.redis.Do("RPUSH", b.key("s"), "x") },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBare(t)
			spoil(b)
			if got := b.commit(b.epoch, 0); !strings.HasPrefix(got, "error: ") {
				t.Errorf("got %q, want an error", got)
			}
			b.want("the last entry", b.meta("s"), "0")
			b.redis.Do("DEL", b.key("s"))
			b.want("the next", b.commit(b.epoch, 0), "OK")
			b.want("its number", b.meta("s"), "1")
		})
	}
}

func TestTheStreamHasAllThatNoSnapshotHas(t *testing.T) {
	b := newBare(t)
	const entries = keptBehind + 500
	for have := range int64(entries) {
		if got := b.commit(b.epoch, have); got != "OK" {
			t.Fatalf("entry %d: got %q", have+1, got)
		}
	}
	length := func() string { return b.redis.Do("XLEN", b.key("s")) }
	b.want("without a snapshot, the stream", length(), strconv.Itoa(entries))
	b.want("a snapshot of what is yet to come", b.snap(b.epoch, entries+1), "OLD")
	b.want("a snapshot", b.snap(b.epoch, entries-100), "OK")
	b.want("the stream", length(), strconv.Itoa(keptBehind+101)) // with the entry at its beginning
	b.want("an older snapshot", b.snap(b.epoch, 10), "OK")
	b.want("the seq of the newest", b.meta("ss"), strconv.Itoa(entries-100))
	b.want("the stream", length(), strconv.Itoa(keptBehind+101))
}

func TestABoardThatRedisDoesNotHaveIsNotAnEmptyOne(t *testing.T) {
	b := newBare(t)
	b.redis.Do("FLUSHALL")
	b.want("ordering", b.commit(b.epoch, 0), "FENCE none")
	b.want("loading", b.load("", 0), "FENCE none")
	b.want("a snapshot", b.snap(b.epoch, 1), "NO")
	b.want("keys", b.redis.Do("EXISTS", b.key("m"), b.key("s"), b.key("n")), "0")
}

// A backup that was restored has a counter which others have gone on from.
func TestEpochsOfOneCounterAreTwo(t *testing.T) {
	b := newBare(t)
	b.want("an entry", b.commit(b.epoch, 0), "OK")
	twin := strconv.FormatInt(board.EpochCounter(b.epoch), 10) + ".ANOTHER"
	b.want("ordering", b.commit(twin, 1), "EPOCH")
	b.want("loading", b.load(twin, 1), "WHOLE")
	b.want("a snapshot", b.snap(twin, 1), "NO")
}
