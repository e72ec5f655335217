package main

import (
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"jana/server/redistest"
)

// scene is a board on instances that share a Redis, with somebody at it on each of them.
type scene struct {
	made
	redis *redistest.Server
	all   []*instance
	there []*tab
}

func newScene(t *testing.T, n int) *scene {
	t.Helper()
	r := redistest.Start(t)
	s := &scene{redis: r}
	for range n {
		s.all = append(s.all, start(t, "--redis", r.URL(), "--board-burst", "1000", "--wrong-keys-per-minute", "1000", "--pushes-per-second", "100000", "--push-burst", "100000"))
	}
	s.made = s.all[0].board("segmentation")
	for i, in := range s.all {
		s.there = append(s.there, s.at(in).join("facilitator", fmt.Sprintf("bystander %d", i), "bystander"))
	}
	return s
}

// in is the scene in the eyes of a part of its test.
func (s *scene) in(t *testing.T) *scene {
	of := *s
	of.all = nil
	for _, in := range s.all {
		of.all = append(of.all, s.seenBy(t, in))
	}
	of.instance = of.all[0]
	return &of
}

func (s *scene) seenBy(t *testing.T, in *instance) *instance {
	seen := *in
	seen.t = t
	return &seen
}

// digests waits until all instances have the same and says what.
func (s *scene) digests() string {
	s.t.Helper()
	return s.agreed(s.all)
}

// agreed waits until instances have the same of a board, and gives its epoch, seq and hash.
func (m made) agreed(all []*instance) string {
	m.t.Helper()
	digests := make([]string, len(all))
	until2(m.t, func() string { return fmt.Sprintf("all have the same: %q", digests) }, func() bool {
		for i, in := range all {
			a := m.at(in).do("viewer", "GET", "/digest", nil)
			if a.status != http.StatusOK {
				digests[i] = a.String()
				return false
			}
			digests[i] = fmt.Sprint(a.json(m.t, "epoch"), " ", a.json(m.t, "seq"), " ", a.json(m.t, "hash"))
		}
		for _, d := range digests {
			if d != digests[0] {
				return false
			}
		}
		return true
	})
	return digests[0]
}

// undisturbed has something refused, and makes sure that nobody else noticed: the board and its order are as they were on
// all instances, whoever is at it is answered and was not given the board anew, and no key is in a log.
func (s *scene) undisturbed(refused func()) {
	s.t.Helper()
	before := s.digests()
	refused()
	if after := s.digests(); after != before {
		s.t.Errorf("the board went from %s to %s", before, after)
	}
	for i, tb := range s.there {
		if err := tb.say(message{"type": "ping"}); err != nil {
			s.t.Errorf("who is at instance %d was cut off: %v", i, err)
			continue
		}
		tb.mu.Lock()
		welcomes := 0
		for _, m := range tb.came {
			if m.text("type") == "welcome" {
				welcomes++
			}
		}
		tb.mu.Unlock()
		tb.await("the pong", ofType("pong"))
		if welcomes != 1 {
			s.t.Errorf("who is at instance %d was given the board %d times", i, welcomes)
		}
	}
	for i, in := range s.all {
		for role, key := range s.keys {
			if strings.Contains(in.log.String(), key) {
				s.t.Errorf("the log of instance %d has the key of the %s", i, role)
			}
		}
	}
}

// counted makes sure that an instance counts what it refuses.
func (in *instance) counted(metric string, refused func()) {
	in.t.Helper()
	was, _ := in.metric(metric)
	refused()
	in.grows(metric, was)
}

// greet says hello with something else in it.
func (m made) greet(change message) *tab {
	m.t.Helper()
	tb := m.dial()
	hello := message{"type": "hello", "version": 1, "key": m.keys["facilitator"], "me": "bystander 0", "client": "other", "name": "bystander 0"}
	for k, v := range change {
		hello[k] = v
	}
	tb.send(hello)
	return tb
}

func TestWhatInstancesRefuseConcernsNobodyElse(t *testing.T) {
	shared := newScene(t, 2)
	shared.writeUntil(1, "n1")
	elsewhere := shared.all[1].board("blank")
	elsewhereEpoch, _ := elsewhere.join("viewer", "v", "c").position()
	shared.digests()
	epoch, seq := shared.there[0].position()
	// anew is a position from which nobody can be continued.
	anew := func(at any) func(*scene) {
		return func(s *scene) {
			for _, in := range s.all {
				w := s.at(in).greet(message{"at": at}).await("the welcome", ofType("welcome"))
				if w.members("board") == nil || w.members("at").text("epoch") != epoch {
					s.t.Errorf("got %v, want the whole board in epoch %s", w["at"], epoch)
				}
			}
		}
	}
	// sentAway is a hello after which the socket ends.
	sentAway := func(change message, status int, bye string) func(*scene) {
		return func(s *scene) {
			for _, in := range s.all {
				in.counted(fmt.Sprintf(`sockets_closed_total{status="%d"}`, status), func() {
					if gotStatus, gotBye := s.at(in).greet(change).end(); gotStatus != status || gotBye != bye {
						s.t.Errorf("got %d %s, want %d %s", gotStatus, gotBye, status, bye)
					}
				})
			}
		}
	}
	// answered is a call that gets a status and a code.
	answered := func(role, method, rest string, body any, status int, code string) func(*scene) {
		return func(s *scene) {
			for _, in := range s.all {
				in.counted(fmt.Sprintf("http_refused_total{code=%q}", code), func() {
					if got := s.at(in).do(role, method, rest, body); got.status != status || got.code(s.t) != code {
						s.t.Errorf("got %s, want %d %s", got, status, code)
					}
				})
			}
		}
	}
	for _, c := range []struct {
		name string
		do   func(*scene)
	}{
		{"a position in the future", anew(message{"epoch": epoch, "seq": seq + 1000})},
		{"a position of another epoch", anew(message{"epoch": "1.x", "seq": seq})},
		{"a position of another board", anew(message{"epoch": elsewhereEpoch, "seq": 1})},
		{"a position that is junk", anew("junk")},
		{"a position before the board was born", anew(message{"epoch": epoch, "seq": -1})},
		{"version 0", sentAway(message{"version": 0}, 4010, "version")},
		{"version 999", sentAway(message{"version": 999}, 4010, "version")},
		{"the key of another board", sentAway(message{"key": elsewhere.keys["facilitator"]}, 4404, "unknown")},
		{"a push without ops", answered("participant", "POST", "/ops", message{"client": "c", "n": 9, "ops": []any{}}, 400, "invalid")},
		{"a push of somebody without a key", answered("nobody", "POST", "/ops", message{"client": "c", "n": 9, "ops": []any{op("reveal")}}, 401, "no_key")},
		{"a delete by a participant", answered("participant", "DELETE", "", nil, 403, "forbidden")},
		{"a second instance with a copied data folder", func(s *scene) {
			data := t.TempDir()
			if err := os.CopyFS(filepath.Join(data, "copy"), os.DirFS(s.all[0].data)); err != nil {
				s.t.Fatal(err)
			}
			s.startRefused("copied data folder", "--data", filepath.Join(data, "copy"), "--redis", s.redis.URL())
		}},
		{"an instance with another secret", func(s *scene) {
			s.startRefused("JANA_SECRET", "--data", t.TempDir(), "--redis", s.redis.URL(), "--secret", strings.Repeat("x", 32))
		}},
		{"names and headers that would write lines of their own", func(s *scene) {
			evil := "x\ntime=2026 level=ERROR msg=fire\r\x1b[31m\u2028"
			for _, in := range s.all {
				for _, level := range []string{"error", "debug"} {
					s.at(in).call("GET", "/api/boards/"+level+"%0aleveli%1b", nil, "User-Agent", "x\tlevel="+level, "X-Forwarded-For", "1.2.3.4 level=ERROR")
				}
				s.at(in).greet(message{"name": evil, "key": evil}).end()
				s.at(in).greet(message{"type": evil}).end()
				for _, line := range strings.SplitAfter(strings.TrimSuffix(in.log.String(), "\n"), "\n") {
					if !strings.HasPrefix(line, "time=") || strings.ContainsFunc(strings.TrimSuffix(line, "\n"), unicode.IsControl) {
						s.t.Errorf("the log has a line of somebody else's: %q", line)
					}
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := shared.in(t)
			s.undisturbed(func() { c.do(s) })
		})
	}
}

// startRefused starts the program, which has to end by itself with one line that says why.
func (in *instance) startRefused(why string, flags ...string) {
	in.t.Helper()
	startRefused(in.t, why, flags...)
}

func startRefused(t testing.TB, why string, flags ...string) {
	t.Helper()
	var out, log, said lines
	args := append([]string{"--listen", "127.0.0.1:0", "--admin-listen", "", "--secret", secretOfTests}, flags...)
	err := run(t.Context(), args, noEnvironment, &out, &log, pagesOfTests)
	if status := report(err, &said); status != 1 || strings.Count(said.String(), "\n") != 1 || !strings.Contains(said.String(), why) {
		t.Errorf("got exit %d, %q, want 1 and one line that says %q", status, &said, why)
	}
	if out.String() != "" {
		t.Errorf("it has served: %s", &out)
	}
}

func TestAnInstanceWhoseRedisIsOfNoUseDoesNotGoOnAlone(t *testing.T) {
	locked := redistest.Start(t, "--requirepass", "right")
	blind := redistest.Start(t)
	blind.Do("ACL", "SETUSER", "default", "-info")
	for name, c := range map[string]struct{ url, says string }{
		"a wrong password":         {"redis://:wrong@" + locked.Addr(), "password"},
		"no password":              {"redis://" + locked.Addr(), "password"},
		"no right to ask for INFO": {blind.URL(), "right"},
		"a Redis that evicts":      {redistest.Start(t, "--maxmemory-policy", "allkeys-lru").URL(), "noeviction"},
		"a replica":                {redistest.Start(t, "--replicaof", strings.Replace(locked.Addr(), ":", " ", 1)).URL(), "replica"},
	} {
		t.Run(name, func(t *testing.T) {
			startRefused(t, c.says, "--data", t.TempDir(), "--redis", c.url)
		})
	}
}

func TestAnInstanceWhoseRedisBecomesAReplicaIsNotReady(t *testing.T) {
	r, all := together(t, 1)
	b := all[0].board("blank")
	b.writeUntil(1, "a")
	r.Do("REPLICAOF", "127.0.0.1", "1")
	until(t, "the instance says why it is not ready", func() bool {
		a := all[0].call("GET", "/readyz", nil)
		return a.status == http.StatusServiceUnavailable && strings.Contains(a.String(), `"redis"`)
	})
	if a := b.write(2, "b"); a.status != http.StatusServiceUnavailable {
		t.Errorf("a push meanwhile: got %s, want 503", a)
	}
	r.Do("REPLICAOF", "NO", "ONE")
	b.writeUntil(2, "b")
	b.sameOn(all, "a", "b")
}

func TestAnOutboxOfADayMeetsALockedBoard(t *testing.T) {
	s := newScene(t, 2)
	away := s.join("participant", "away", "tab")
	away.push(1, note("n1", 1000, 900, "ennen"))
	away.fate(1)
	_ = away.conn.CloseNow()
	s.there[1].push(1, op("lock", "level", "closed"))
	s.there[1].fate(1)
	const outbox = 5000
	back := s.at(s.all[1]).dial()
	waiting := make([]int64, outbox)
	for i := range waiting {
		waiting[i] = int64(i + 2)
	}
	back.hello(s.keys["participant"], "away", "tab", "waiting", waiting)
	welcome := back.await("the welcome", ofType("welcome"))
	if fates := welcome.list("fate"); len(fates) != 0 {
		t.Errorf("got the fates %v of what was never sent", fates)
	}
	for _, n := range waiting {
		back.push(n, note(fmt.Sprintf("late%d", n), 1000, 900, "ilman verkkoa"))
	}
	for _, n := range []int64{2, outbox / 2, outbox + 1} {
		if seq, codes := back.fate(n); seq == 0 || len(codes) != 1 || codes[0] != "board_locked" {
			t.Fatalf("push %d: got seq %d, refused %v, want board_locked", n, seq, codes)
		}
	}
	refused := map[int64]int{}
	back.mu.Lock()
	for _, m := range back.came {
		if m.text("type") == "refused" {
			refused[m.number("n")]++
		}
	}
	back.mu.Unlock()
	for _, n := range waiting {
		if refused[n] != 1 {
			t.Fatalf("push %d was answered %d times, want once", n, refused[n])
		}
	}
	s.sameOn(s.all, "n1")
}

func TestALockWithoutRedisIsNeverToldAsDone(t *testing.T) {
	s := newScene(t, 2)
	locker := s.there[0]
	s.digests()
	s.redis.Stop()
	locker.push(1, op("lock", "level", "closed"))
	if a := s.do("facilitator", "POST", "/ops", message{"client": "c", "n": 1, "ops": []any{op("lock", "level", "closed")}}); a.status != http.StatusServiceUnavailable {
		t.Errorf("by HTTP: got %s, want 503", a)
	}
	locker.await("that nothing is saved", func(m message) bool { return m.text("type") == "disk" && m["ok"] == false })
	locker.mu.Lock()
	for _, m := range locker.came {
		if kind := m.text("type"); kind == "held" || kind == "fate" || kind == "changes" && m.number("n") == 1 && m.text("client") == "bystander" {
			t.Errorf("the lock was told as %v", m)
		}
	}
	locker.mu.Unlock()
	s.redis.Restart()
	s.writeUntil(1, "n1")
	s.at(s.all[1]).writeUntil(2, "n2")
	s.sameOn(s.all, "n1", "n2")
}

func TestALockOutlivesWhatRedisForgets(t *testing.T) {
	s := newScene(t, 2)
	s.there[0].push(1, op("lock", "level", "closed"))
	seq, _ := s.there[0].fate(1)
	s.there[0].await("that the lock is held", func(m message) bool { return m.text("type") == "held" && m.number("seq") >= seq })
	s.redis.Do("FLUSHALL")
	until(t, "a push is ordered", func() bool {
		late := s.at(s.all[1]).write(1, "late")
		if late.status == http.StatusOK && !strings.Contains(late.String(), "board_locked") {
			t.Fatalf("got %s, want it refused", late)
		}
		return late.status == http.StatusOK
	})
	s.sameOn(s.all)
}

func TestAClosedLinkReachesAnInstanceThatSlept(t *testing.T) {
	s := newScene(t, 2)
	link := s.do("facilitator", "POST", "/links", map[string]string{"role": "participant"})
	key := link.text(t, "key")
	p := startProcess(t, t.TempDir(), "127.0.0.1:0", "--redis", s.redis.URL())
	guest := s.at(p.instance).dial()
	guest.hello(key, "guest", "tab")
	guest.await("the welcome", ofType("welcome"))
	guest.push(1, note("before", 1000, 900, "x"))
	guest.fate(1)
	p.sleep()
	until(t, "the link is closed", func() bool {
		return s.do("facilitator", "DELETE", "/links/"+link.text(t, "id"), nil).status == http.StatusNoContent
	})
	guest.push(2, note("after", 1000, 900, "x"))
	p.signal(syscall.SIGCONT)
	if status, bye := guest.end(); status != 4403 || bye != "revoked" {
		t.Errorf("got %d %s, want 4403 revoked", status, bye)
	}
	s.sameOn(append([]*instance{p.instance}, s.all...), "before")
}

func TestADeletedBoardStaysDeletedWhateverComesBack(t *testing.T) {
	r := redistest.Start(t)
	data, copies := t.TempDir(), t.TempDir()
	old := startIn(t, data, "--redis", r.URL())
	b := old.board("blank")
	b.writeUntil(1, "a")
	old.end()
	// backup is the folder as it was then, on a disk of its own.
	backup := func(name string) string {
		t.Helper()
		path := filepath.Join(copies, name)
		if err := errors.Join(os.CopyFS(path, os.DirFS(data)), os.Remove(filepath.Join(path, "instance"))); err != nil {
			t.Fatal(err)
		}
		return path
	}
	early, late := backup("early"), backup("late")
	old = startIn(t, data, "--redis", r.URL())
	second := start(t, "--redis", r.URL())
	b.at(old).writeUntil(2, "b")
	tb := b.at(second).join("participant", "a", "tab")
	epoch, seq := tb.position()
	if a := b.at(old).do("facilitator", "DELETE", "", nil); a.status != http.StatusNoContent {
		t.Fatalf("delete: got %s", a)
	}
	if status, bye := tb.end(); status != 4410 || bye != "deleted" {
		t.Errorf("who was at it elsewhere: got %d %s, want 4410 deleted", status, bye)
	}
	gone := func(when string, all ...*instance) {
		t.Helper()
		for i, in := range all {
			until2(t, func() string { return fmt.Sprintf("it is gone from instance %d, %s", i, when) }, func() bool {
				return b.at(in).do("facilitator", "GET", "", nil).status == http.StatusGone
			})
			again := b.at(in).dial()
			again.hello(b.keys["participant"], "a", "tab", "at", message{"epoch": epoch, "seq": seq})
			if status, bye := again.end(); status != 4410 || bye != "deleted" {
				t.Errorf("%s, coming again to instance %d: got %d %s, want 4410 deleted", when, i, status, bye)
			}
		}
	}
	gone("once it is deleted", old, second)
	r.Do("FLUSHALL")
	gone("when Redis has forgotten it", old, second)
	r.Do("FLUSHALL")
	restored := startIn(t, early, "--redis", r.URL())
	gone("when an old copy was restored", old, second, restored)
	old.end()
	second.end()
	r.Do("FLUSHALL")
	gone("on the restored disk alone", restored)
	restored.end()
	r.Do("FLUSHALL")
	unaware := startIn(t, late, "--redis", r.URL())
	b.at(unaware).writeUntil(3, "c")
	gone("when somebody comes back who knows", startIn(t, data, "--redis", r.URL()), unaware)
}

// tag is the partition of Redis that a board is in.
func tag(board string) string { return fmt.Sprint(crc32.ChecksumIEEE([]byte(board)) % 16) }

// redisKey is where Redis has a part of the board.
func (m made) redisKey(suffix string) string {
	return "jana:{" + tag(m.id) + "}:b:" + m.id + ":" + suffix
}

func TestJunkInRedisHarmsNoBoard(t *testing.T) {
	s := newScene(t, 3)
	entry := func(do string) string {
		return `[{"seq":0,"time":0,"by":"p1","role":"participant","link":"l","client":"c","n":77,"ops":[` + do + `]}]`
	}
	big := "[" + strings.Repeat("1,", 5<<20) + "1]"
	for _, c := range []struct {
		name  string
		spoil func(r *redistest.Server, key func(string) string, seq int)
		// harmless: nothing is in the board's place.
		harmless bool
	}{
		{name: "a meta of another type", spoil: func(r *redistest.Server, key func(string) string, _ int) {
			r.Do("DEL", key("m"))
			r.Do("SET", key("m"), "x")
		}},
		{name: "a meta without its members", spoil: func(r *redistest.Server, key func(string) string, _ int) { r.Do("HDEL", key("m"), "s", "inc") }},
		{name: "a meta of nonsense", spoil: func(r *redistest.Server, key func(string) string, _ int) {
			r.Do("HSET", key("m"), "s", "many", "ss", "x", "h", "{")
		}},
		{name: "a stream of another type", spoil: func(r *redistest.Server, key func(string) string, _ int) {
			r.Do("DEL", key("s"))
			r.Do("SET", key("s"), "x")
		}},
		{name: "an entry that is no JSON", spoil: func(r *redistest.Server, key func(string) string, seq int) {
			r.Do("XADD", key("s"), fmt.Sprintf("%d-0", seq+1), "n", "1", "t", "0", "b", "nonsense")
			r.Do("HSET", key("m"), "s", strconv.Itoa(seq+1))
		}},
		{name: "an entry in the place of the next", spoil: func(r *redistest.Server, key func(string) string, seq int) {
			r.Do("XADD", key("s"), fmt.Sprintf("%d-0", seq+100), "n", "1", "t", "0", "b", "nonsense")
		}},
		{name: "an entry of 10 MB", spoil: func(r *redistest.Server, key func(string) string, seq int) {
			r.Do("XADD", key("s"), fmt.Sprintf("%d-0", seq+1), "n", "1", "t", "0", "b", big)
			r.Do("HSET", key("m"), "s", strconv.Itoa(seq+1))
			r.Do("PUBLISH", key("p"), "1.x 5 5 0\n"+big)
		}},
		{name: "a batch behind a gap", spoil: func(r *redistest.Server, key func(string) string, seq int) {
			r.Do("XADD", key("s"), fmt.Sprintf("%d-0", seq+5), "n", "1", "t", "0", "b", entry(`{"do":"reveal"}`))
			r.Do("HSET", key("m"), "s", strconv.Itoa(seq+5))
		}},
		{name: "a batch of fewer entries than it says", spoil: func(r *redistest.Server, key func(string) string, seq int) {
			r.Do("XADD", key("s"), fmt.Sprintf("%d-0", seq+2), "n", "2", "t", "0", "b", entry(`{"do":"reveal"}`))
			r.Do("HSET", key("m"), "s", strconv.Itoa(seq+2))
		}},
		{name: "a snapshot with a wrong hash", spoil: func(r *redistest.Server, key func(string) string, _ int) {
			r.Do("SET", key("n"), strings.Replace(r.Do("GET", key("n")), `"sum":"`, `"sum":"0`, 1))
		}},
		{name: "a snapshot of another type", spoil: func(r *redistest.Server, key func(string) string, _ int) {
			r.Do("DEL", key("n"))
			r.Do("HSET", key("n"), "a", "b")
		}},
		{name: "messages of anybody", spoil: func(r *redistest.Server, key func(string) string, seq int) {
			for _, channel := range []string{key("p"), key("q"), "jana:{0}:ctl"} {
				for _, junk := range []string{"", "\n", "x", "{}", `{"type":"gone"}`, "a\nb", fmt.Sprintf("1.x %d %d 0\n[null]", seq+1, seq+1)} {
					r.Do("PUBLISH", channel, junk)
				}
			}
		}, harmless: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := s.in(t)
			b := s.board("blank")
			b.writeUntil(1, "a")
			b.at(s.all[1]).writeUntil(2, "b")
			b.agreed(s.all[:2])
			neighbour := s.board("blank")
			for tag(neighbour.id) != tag(b.id) {
				neighbour = s.board("blank")
			}
			neighbour.writeUntil(1, "a")
			was := neighbour.agreed(s.all)
			seq, _ := b.digest()
			c.spoil(s.redis, b.redisKey, int(seq))
			// An instance that has nothing of it comes to have it as well.
			b.at(s.all[2]).writeUntil(3, "c")
			b.writeUntil(4, "d")
			b.sameOn(s.all, "a", "b", "c", "d")
			told := slices.ContainsFunc(s.all, func(in *instance) bool {
				return regexp.MustCompile(`level=ERROR .*brought back from disk.* board=` + b.id).MatchString(in.log.String())
			})
			if told == c.harmless {
				t.Errorf("that something else was in the board's place is told: %v", told)
			}
			if now := neighbour.agreed(s.all); now != was {
				t.Errorf("a board of the same partition went from %s to %s", was, now)
			}
			neighbour.writeUntil(2, "b")
		})
	}
}

func TestJunkInThePlaceOfABoardThatIsNotOpenIsNoneOfTheOthersBusiness(t *testing.T) {
	r := redistest.Start(t)
	data := t.TempDir()
	in := startIn(t, data, "--redis", r.URL())
	var boards []made
	for range 4 {
		b := in.board("blank")
		b.writeUntil(1, "a")
		boards = append(boards, b)
	}
	in.end()
	r.Do("FLUSHALL")
	for _, b := range boards[:2] {
		r.Do("SET", b.redisKey("m"), "x")
	}
	in = startIn(t, data, "--redis", r.URL())
	for _, b := range boards {
		until(t, "its order has begun anew, though nobody came", func() bool { return r.Do("HGET", b.redisKey("m"), "st") == "open" })
		b.at(in).writeUntil(2, "b")
		b.at(in).sameOn([]*instance{in}, "a", "b")
	}
}

func TestWhatANewerVersionOrdersIsNotLeftOut(t *testing.T) {
	for name, op := range map[string]string{
		"an op of a new kind":         `{"do":"fly","to":"moon"}`,
		"an op with a new member":     `{"do":"lock","level":"closed","until":5}`,
		"an op as no version ends it": `{"do":"move","moves":"all"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, 2)
			s.writeUntil(1, "n1")
			neighbour := s.board("blank")
			before := s.digests()
			seq, _ := s.digest()
			key := s.redisKey
			entry := `[{"seq":0,"time":0,"by":"pnew","role":"facilitator","link":"l","client":"new","n":1,"ops":[` + op + `]}]`
			s.redis.Do("XADD", key("s"), fmt.Sprintf("%d-0", int(seq)+1), "n", "1", "t", "1", "b", entry)
			s.redis.Do("HSET", key("m"), "s", strconv.Itoa(int(seq)+1))
			s.redis.Do("PUBLISH", key("p"), fmt.Sprintf("%s %d %d 1\n%s", s.redis.Do("HGET", key("m"), "e"), int(seq)+1, int(seq)+1, entry))
			for i, in := range s.all {
				s.there[i].await("that nothing is saved", func(m message) bool { return m.text("type") == "disk" && m["ok"] == false })
				if a := s.at(in).write(2, "n2"); a.status != http.StatusServiceUnavailable {
					t.Errorf("instance %d: a push got %s, want 503", i, a)
				}
				if !strings.Contains(in.log.String(), "wants an upgrade") {
					t.Errorf("instance %d does not say that it wants an upgrade", i)
				}
			}
			if after := s.digests(); after != before {
				t.Errorf("the board went from %s to %s", before, after)
			}
			if tail := s.redis.Do("XRANGE", key("s"), "-", "+"); !strings.Contains(tail, op) {
				t.Errorf("what the newer version has ordered is no more: %s", tail)
			}
			neighbour.writeUntil(1, "a")
		})
	}
}

var timesInStream = regexp.MustCompile(`(?m)^t\n(\d+)$`)

func TestTheTimeOfAnEntryIsThatOfRedis(t *testing.T) {
	s := newScene(t, 2)
	for n := range 5 {
		s.at(s.all[n%2]).writeUntil(n+1, fmt.Sprintf("n%d", n))
	}
	s.digests()
	var given []int64
	for _, at := range timesInStream.FindAllStringSubmatch(s.redis.Do("XRANGE", s.redisKey("s"), "-", "+"), -1) {
		ms, _ := strconv.ParseInt(at[1], 10, 64)
		given = append(given, ms)
	}
	for i, in := range s.all {
		entries, _ := s.at(in).history()
		var kept []int64
		for _, e := range entries[len(entries)-len(given):] {
			kept = append(kept, e.number("time"))
		}
		if len(given) < 5 || !slices.Equal(kept, given) {
			t.Errorf("instance %d keeps the times %v, want those of Redis: %v", i, kept, given)
		}
	}
}
