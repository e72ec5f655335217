package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// What a run is asked for, by variables of the environment:
//
//	JANA_CHAOS_FAULT      the faults, with commas, or all; without it the short form is run
//	JANA_CHAOS_SEED       a number, or a range such as 1-3
//	JANA_CHAOS_SECONDS    how long each storm lasts
//	JANA_CHAOS_ROUNDS     of the race for the lock
//	JANA_CHAOS_FILE       gets a line for each run; what has passed in it is not run again
//	JANA_CHAOS_LOGS       a folder for the logs of runs that failed
//	JANA_CHAOS_INSTANCES  how many there are: 3, or 1 if the program has no --redis
//	JANA_CHAOS_PROGRAM    a built program; JANA_CHAOS_FLAGS what it is started with besides

func TestMain(m *testing.M) {
	var err error
	if buildDir, err = os.MkdirTemp("", "jana-chaos"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		os.RemoveAll(buildDir)
		os.Exit(code)
	}))
}

// Who takes part: those who write in a storm, and those in a race for the lock.
const (
	participants = 5
	raceClients  = 50
)

// terms are what a run of these tests was asked for.
type terms struct {
	program   program
	has       setup // at most
	faults    []string
	seeds     []uint64
	seconds   float64
	file      string
	brief     bool
	instances int
}

// shortForm are the faults of every `make test`, which may take three minutes with everything else here.
var shortForm = []string{"instance-killed", "clients-unanswered", "redis-flushed", "redis-killed", "instance-cut-from-redis"}

func readTerms(t *testing.T) terms {
	t.Helper()
	p, err := jana()
	if err != nil {
		t.Fatal(err)
	}
	redis := p.knows("redis")
	asked := terms{program: p, faults: shortForm, seconds: 2, file: os.Getenv("JANA_CHAOS_FILE"), brief: os.Getenv("JANA_CHAOS_FAULT") == "", instances: 1}
	if redis {
		asked.instances = 3
	}
	asked.instances = int(number(t, "JANA_CHAOS_INSTANCES", float64(asked.instances)))
	if asked.instances > 1 && !redis {
		t.Fatal("the program has no --redis, so its instances cannot meet")
	}
	asked.has = setup{instances: asked.instances, redis: redis && asked.instances > 1, aof: true, replica: true, sentinel: true}
	if !asked.brief {
		asked.seconds = 10
		asked.faults = strings.Split(os.Getenv("JANA_CHAOS_FAULT"), ",")
		if asked.faults[0] == "all" {
			asked.faults = nil
			for _, f := range faults {
				asked.faults = append(asked.faults, f.name)
			}
			asked.faults = append(asked.faults, "mix")
		}
	}
	asked.seconds = number(t, "JANA_CHAOS_SECONDS", asked.seconds)
	asked.seeds = []uint64{rand.Uint64() >> 11} // what a JSON number holds exactly
	if given := os.Getenv("JANA_CHAOS_SEED"); given != "" {
		first, last, isRange := strings.Cut(given, "-")
		from, err := strconv.ParseUint(first, 10, 53)
		to := from
		if err == nil && isRange {
			to, err = strconv.ParseUint(last, 10, 53)
		}
		if err != nil || to < from {
			t.Fatalf("JANA_CHAOS_SEED must be a number or a range, not %q", given)
		}
		asked.seeds = nil
		for seed := from; seed <= to; seed++ {
			asked.seeds = append(asked.seeds, seed)
		}
	}
	return asked
}

// world is the setup that a fault is played in.
func (asked *terms) world(f fault) setup {
	s := f.needs
	s.instances, s.redis = asked.instances, asked.has.redis
	if f.name == "mix" {
		s.aof, s.replica = s.redis, s.redis
	}
	return s
}

func number(t *testing.T, variable string, otherwise float64) float64 {
	t.Helper()
	given := os.Getenv(variable)
	if given == "" {
		return otherwise
	}
	n, err := strconv.ParseFloat(given, 64)
	if err != nil {
		t.Fatalf("%s must be a number, not %q", variable, given)
	}
	return n
}

func faultOf(t *testing.T, name string, has setup) fault {
	t.Helper()
	if name == "mix" {
		return mix(has)
	}
	at := slices.IndexFunc(faults, func(f fault) bool { return f.name == name })
	if at < 0 {
		t.Fatalf("there is no fault %q", name)
	}
	return faults[at]
}

func TestNothingIsLostWhateverFails(t *testing.T) {
	asked := readTerms(t)
	examples, err := readExamples()
	if err != nil {
		t.Fatal(err)
	}
	passed := readVerdicts(t, asked.file)
	for _, name := range asked.faults {
		f := faultOf(t, name, asked.has)
		for _, seed := range asked.seeds {
			t.Run(fmt.Sprintf("%s/%d", f.name, seed), func(t *testing.T) {
				v := verdict{Fault: f.name, Seed: seed, Seconds: asked.seconds, Instances: asked.instances, Redis: asked.has.redis}
				mayRun(t, asked, f, v, passed)
				v.findings, v.Played, v.Took = play(t, asked, f, examples, seed)
				conclude(t, asked.file, v)
			})
		}
	}
}

// TestNoEditHappensUnderALockThatWasHeld has everybody move a note at the very moment at which the board is locked, and
// once more when the lock has been told as held, round after round, in peace and while something fails.
func TestNoEditHappensUnderALockThatWasHeld(t *testing.T) {
	asked := readTerms(t)
	rounds, clients := 4, 12
	if !asked.brief {
		rounds, clients = 200, raceClients
	}
	rounds = int(number(t, "JANA_CHAOS_ROUNDS", float64(rounds)))
	passed := readVerdicts(t, asked.file)
	names := asked.faults
	if asked.brief || len(names) > len(faults) {
		names = []string{"none", "mix"} // each by itself would take days
	}
	if asked.brief {
		names = []string{"none", "redis-flushed"}
	}
	for _, name := range names {
		f := faultOf(t, name, asked.has)
		for _, seed := range asked.seeds {
			t.Run(fmt.Sprintf("%s/%d", f.name, seed), func(t *testing.T) {
				v := verdict{Fault: "lock race, " + f.name, Seed: seed, Seconds: float64(rounds), Instances: asked.instances, Redis: asked.has.redis}
				mayRun(t, asked, f, v, passed)
				v.findings, v.Played, v.Took = race(t, asked, f, seed, rounds, clients)
				conclude(t, asked.file, v)
			})
		}
	}
}

// mayRun skips what has passed, and what cannot be run, which has not passed.
func mayRun(t *testing.T, asked terms, f fault, v verdict, passed []verdict) {
	t.Helper()
	if !asked.has.offers(f.needs) {
		v.Result, v.Why = "not run", "it takes several instances"
		write(t, asked.file, v)
		t.Skip(v.Why)
	}
	if slices.ContainsFunc(passed, v.same) {
		t.Skip("it has passed")
	}
}

func race(t *testing.T, asked terms, f fault, seed uint64, rounds, clients int) (found findings, ran int, seconds float64) {
	t.Helper()
	ctx := t.Context()
	w, err := build(ctx, asked.world(f), t.TempDir(), asked.program, seed)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	if f.name == "mix" {
		f = mix(w.setup)
	}
	w.meet(ctx, clients)
	var wrong []string
	var took []time.Duration
	for round := range rounds {
		held, err := w.round(ctx, f)
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("round %d: %v", round, err))
			break
		}
		took = append(took, held)
	}
	found = w.end(ctx, f, wrong)
	if slices.Sort(took); len(took) > 0 {
		t.Logf("%d rounds; a lock was told as held after %v (median), %v (99 of 100)",
			len(took), took[len(took)/2].Round(100*time.Microsecond), took[len(took)*99/100].Round(100*time.Microsecond))
	}
	if len(found.Wrong) > 0 {
		keepLogs(t, w)
	}
	return found, len(took), w.now().Seconds()
}

// play is one run: a storm over a fault, and what is found afterwards.
func play(t *testing.T, asked terms, f fault, examples []example, seed uint64) (found findings, played int, seconds float64) {
	t.Helper()
	ctx := t.Context()
	w, err := build(ctx, asked.world(f), t.TempDir(), asked.program, seed)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	if f.name == "mix" {
		f = mix(w.setup)
	}
	w.storm(ctx, examples, participants)
	end := w.now() + time.Duration(asked.seconds*float64(time.Second))
	w.pause(ctx, 300*ms, 600*ms)
	var wrong []string
	for ; w.now() < end || played == 0; played++ {
		if err := f.play(ctx, w); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", f.name, err))
			break
		}
		w.pause(ctx, 200*ms, 900*ms)
	}
	found = w.end(ctx, f, wrong)
	if len(found.Wrong) > 0 {
		keepLogs(t, w)
	}
	return found, played, w.now().Seconds()
}

// end lets a storm pass and checks what it has left behind.
func (w *world) end(ctx context.Context, f fault, wrong []string) findings {
	began := w.now()
	wrong = append(wrong, w.rest(ctx)...)
	rested := w.now() - began
	r := w.gather(ctx, wrong)
	r.Rested = rested
	r.Wrong = append(r.Wrong, w.again(ctx)...)
	r.Wrong = append(r.Wrong, w.logs()...)
	r.Steady = !f.forgets
	return check(r)
}

// keepLogs copies the logs of the processes of a run that failed to where the next one does not remove them, if there is
// such a place.
func keepLogs(t *testing.T, w *world) {
	into := os.Getenv("JANA_CHAOS_LOGS")
	if into == "" {
		return
	}
	into = filepath.Join(into, strings.ReplaceAll(t.Name(), "/", "_"))
	files, err := filepath.Glob(filepath.Join(w.dir, "*.log"))
	if err == nil {
		err = os.MkdirAll(into, 0o700)
	}
	for _, file := range files {
		raw, readErr := os.ReadFile(file)
		err = errors.Join(err, readErr, os.WriteFile(filepath.Join(into, filepath.Base(file)), raw, 0o600))
	}
	if err != nil {
		t.Log(err)
	}
}
