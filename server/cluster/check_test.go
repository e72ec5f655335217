package cluster

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"jana/server/redistest"
)

// refused dials and wants one line that contains all the words.
func refused(t *testing.T, o Options, words ...string) {
	t.Helper()
	c, err := Dial(t.Context(), o)
	if err == nil {
		_ = c.Close()
		t.Fatalf("it was taken, want %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("got %q, want %q in it", err, word)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("got more than a line: %q", err)
	}
	if u, parseErr := url.Parse(o.URL); parseErr == nil {
		if password, _ := u.User.Password(); password != "" && strings.Contains(err.Error(), password) {
			t.Errorf("the password is told: %q", err)
		}
	}
}

func TestDialRefusesAnAddressThatIsNone(t *testing.T) {
	for _, raw := range []string{
		"", "localhost:6379", "http://localhost", "redis://", "redis://h:6379/x", "redis://h/1?cluster=true", "redis://h?cluster=perhaps",
		"redis://h?sentinel=m&cluster=true", "redis://h?tls=true", "redis://h:1/1?addr=g:2", "redis://:hunter2@h:not-a-port", "ftp://:hunter2@h",
	} {
		_, err := parse(raw)
		if err == nil {
			t.Errorf("%q was taken", raw)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the password is told: %v", raw, err)
		}
	}
}

func TestAnAddressSaysHowRedisIsReached(t *testing.T) {
	for raw, want := range map[string]string{
		"redis://localhost":                              "[localhost:6379]    0 false false",
		"redis://u:p@[::1]:7000/3":                       "[[::1]:7000] u p  3 false false",
		"rediss://:p@h":                                  "[h:6379]  p  0 true false",
		"redis://h?addr=g:7001&addr=f":                   "[h:6379 g:7001 f:6379]    0 false false",
		"redis://h?cluster=true":                         "[h:6379]    0 false true",
		"redis://s1?addr=s2&sentinel=main":               "[s1:26379 s2:26379]   main 0 false false",
		"rediss://:p%2Fq@s1:5000?sentinel=main":          "[s1:5000]  p/q main 0 true false",
		"redis://s1/2?sentinel=main&sentinel-password=x": "[s1:26379]   main 2 false false",
	} {
		o, err := parse(raw)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		got := fmt.Sprint(o.Addrs, " ", o.Username, " ", o.Password, " ", o.MasterName, " ", o.DB, " ", o.TLSConfig != nil, " ", o.IsClusterMode)
		if got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
}

func TestDialRefusesAServerThatLosesBoards(t *testing.T) {
	good := map[string]string{"redis_version": "6.2.0", "maxmemory_policy": "noeviction", "role": "master", "run_id": "r", "master_replid": "m"}
	if err := judge(good); err != nil {
		t.Errorf("a good one: got %v", err)
	}
	for _, c := range []struct{ field, is, want string }{
		{"redis_version", "5.0.14", "5.0.14"},
		{"redis_version", "6.0.16", "6.2 or later"},
		{"redis_version", "", "version"},
		{"maxmemory_policy", "allkeys-lru", "noeviction"},
		{"role", "slave", "replica"},
		{"run_id", "", "run_id"},
		{"master_replid", "", "master_replid"},
	} {
		info := readInfo("# Server\r\n")
		for name, value := range good {
			info[name] = value
		}
		info[c.field] = c.is
		if err := judge(info); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s is %q: got %v, want %q in it", c.field, c.is, err, c.want)
		}
	}
}

func TestDialRefusesARedisThatEvicts(t *testing.T) {
	s := redistest.Start(t, "--maxmemory-policy", "allkeys-lru")
	refused(t, optionsOf(s, "a"), "allkeys-lru", "noeviction")
}

func TestDialRefusesAReplica(t *testing.T) {
	master := redistest.Start(t)
	host, port, _ := strings.Cut(master.Addr(), ":")
	replica := redistest.Start(t, "--replicaof", host+" "+port)
	refused(t, optionsOf(replica, "a"), "replica")
}

func TestDialRefusesAWrongPassword(t *testing.T) {
	s := redistest.Start(t, "--requirepass", "correct-horse")
	o := optionsOf(s, "a")
	o.URL = "redis://:battery-staple@" + s.Addr()
	refused(t, o, "wrong user or password")
	o.URL = "redis://nobody:battery-staple@" + s.Addr()
	refused(t, o, "wrong user or password")
	o.URL = "redis://" + s.Addr()
	refused(t, o, "asks for a password")
	o.URL = s.URL()
	c, err := Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
}

func TestDialNeedsTheRightsItSaysAndNoOthers(t *testing.T) {
	s := redistest.Start(t)
	all := strings.Fields(fmt.Sprintf(rights, "jana"))
	user := func(rights ...string) Options {
		s.Do("ACL", "DELUSER", "jana")
		if got := s.Do(append([]string{"ACL", "SETUSER", "jana", "on", ">pass"}, rights...)...); got != "OK" {
			t.Fatalf("ACL: %s", got)
		}
		o := optionsOf(s, "a")
		o.URL = "redis://jana:pass@" + s.Addr()
		return o
	}
	c, err := Dial(t.Context(), user(all...))
	if err != nil {
		t.Fatal(err)
	}
	subscribe(t, c, c.Key("b", "p"))
	publish(t, c, c.Key("b", "p"), "x")
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	for _, without := range []string{"~jana:*", "&jana:*", "+@write", "+@read", "+@scripting", "+@pubsub", "+info"} {
		var rest []string
		for _, right := range all {
			if right != without {
				rest = append(rest, right)
			}
		}
		if without == "+info" {
			rest = append(rest, "-info")
		}
		t.Run(without, func(t *testing.T) { refused(t, user(rest...), "lacks a right", "+info") })
	}
}

func TestDialRefusesWhereNobodyAnswers(t *testing.T) {
	s := redistest.Start(t)
	s.Pause()
	since := time.Now()
	refused(t, optionsOf(s, "a"), s.Addr())
	if took := time.Since(since); took > 3*callTimeout {
		t.Errorf("it took %v", took)
	}
	s.Resume()
	s.Stop()
	refused(t, optionsOf(s, "a"), s.Addr(), "refused")
	o := optionsOf(s, "a")
	o.URL += "?sentinel=main"
	refused(t, o, s.Addr(), "sentinel")
}

func TestDialRefusesAnotherSecret(t *testing.T) {
	s := redistest.Start(t)
	dial(t, s, "a")
	o := optionsOf(s, "b")
	o.Fingerprint = "another"
	refused(t, o, "JANA_SECRET")
	dial(t, s, "b")
}

func TestDialRefusesACopiedDataFolder(t *testing.T) {
	s := redistest.Start(t)
	first := dial(t, s, "a")
	o := optionsOf(s, "a")
	o.Boot = "a-2"
	refused(t, o, "copied data folder")
	until(t, "the first has beaten again", func() bool {
		_, err := first.beatOnce(t.Context(), -1)
		return err == nil && first.Up() == nil
	})
}

func TestAKilledInstanceComesBackUnderItsId(t *testing.T) {
	s := redistest.Start(t)
	first := dial(t, s, "a")
	// As after a kill: its last beat stays, and nobody beats.
	first.ending()
	first.running.Wait()
	if _, err := first.beatOnce(t.Context(), -1); err != nil {
		t.Fatal(err)
	}
	o := optionsOf(s, "a")
	o.Boot = "a-2"
	since := time.Now()
	second, err := Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(since); took > 2*sameFor {
		t.Errorf("it took %v to come back", took)
	}
	// Should the first live after all, it learns that it is no more.
	if _, err := first.beatOnce(t.Context(), -1); err == nil {
		t.Error("two processes beat under one id")
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}

func TestAClusterThatLacksANodeIsOfNoUse(t *testing.T) {
	one, two := redistest.Cluster(t)
	o := optionsOf(one, "a")
	o.URL += "?cluster=true"
	c, err := Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	// The members are with one, but not all boards are.
	for _, s := range []*redistest.Server{two, one} {
		s.Stop()
		until(t, "it is noticed", func() bool { return c.Up() != nil })
		refused(t, o, "redis at ")
		s.Restart()
		until(t, "all is well", func() bool { return c.Up() == nil })
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestAClusterServesAllBoards(t *testing.T) {
	one, two := redistest.Cluster(t)
	for _, end := range []string{"?cluster=true", "?addr=" + two.Addr()} {
		o := optionsOf(one, "a")
		o.URL += end
		c, err := Dial(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		var calls []Call
		for i := range 3 * partitions {
			calls = append(calls, Call{[]string{c.Key(fmt.Sprint(i), "m"), c.Key(fmt.Sprint(i), "s")}, []any{1}})
			if _, err := c.Run(t.Context(), add, calls[i].Keys, 1); err != nil {
				t.Errorf("board %d: %v", i, err)
			}
			e := subscribe(t, c, c.Key(fmt.Sprint(i), "p"))
			publish(t, c, c.Key(fmt.Sprint(i), "p"), "x")
			until(t, "it is heard", func() bool { return e.heard("x") })
		}
		for i, r := range c.RunAll(t.Context(), add, calls) {
			if r.Err != nil {
				t.Errorf("board %d: %v", i, r.Err)
			}
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestForeignThingsUnderOurNamesAreNoCrash(t *testing.T) {
	s := redistest.Start(t)
	s.Do("SET", "jana:{0}:members", "junk")
	refused(t, optionsOf(s, "a"), "WRONGTYPE")
}

func TestDialWarnsOfAClockThatIsOff(t *testing.T) {
	s := redistest.Start(t)
	for off, want := range map[time.Duration]bool{time.Hour: true, -time.Hour: true, 3 * time.Second: true, 0: false, time.Second: false} {
		lines := &log{}
		o := optionsOf(s, "a")
		o.Log = slog.New(slog.NewTextHandler(lines, nil))
		o.Now = func() time.Time { return time.Now().Add(off) }
		c, err := Dial(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.beatOnce(t.Context(), -1); err != nil {
			t.Error(err)
		}
		if apart := c.Clock() - off; apart < -time.Second || apart > time.Second {
			t.Errorf("%v off: the clock is said to be %v ahead", off, c.Clock())
		}
		if got := strings.Count(lines.String(), "clock"); got != map[bool]int{true: 1}[want] {
			t.Errorf("%v off: got %d warnings, want one: %v\n%s", off, got, want, lines)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestLoopback(t *testing.T) {
	for addr, want := range map[string]bool{"localhost:6379": true, "127.0.0.1:1": true, "[::1]:1": true, "redis:6379": false, "10.0.0.1:6379": false} {
		if got := isLoopback([]string{addr}); got != want {
			t.Errorf("%s: got %v, want %v", addr, got, want)
		}
	}
}
