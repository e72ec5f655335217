package chaos

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"
)

// verdict is a line of the file of results.
type verdict struct {
	Fault     string  `json:"fault"`
	Seed      uint64  `json:"seed"`
	Seconds   float64 `json:"seconds"`
	Instances int     `json:"instances"`
	Redis     bool    `json:"redis"`
	// Result is passed, failed, or not run: what a run does not offer has not passed.
	Result string `json:"result"`
	Why    string `json:"why,omitempty"`
	// Played is how often it went wrong, or how many rounds there were.
	Played int     `json:"played,omitempty"`
	Took   float64 `json:"took,omitempty"` // seconds
	findings
}

func (v verdict) same(other verdict) bool {
	return v.Fault == other.Fault && v.Seed == other.Seed && v.Seconds == other.Seconds && v.Instances == other.Instances && v.Redis == other.Redis
}

// readVerdicts reads what has passed.
func readVerdicts(t *testing.T, file string) []verdict {
	t.Helper()
	if file == "" {
		return nil
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var passed []verdict
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v verdict
		if err := json.Unmarshal(lines.Bytes(), &v); err == nil && v.Result == "passed" { // a run that was cut short may have left half a line
			passed = append(passed, v)
		}
	}
	return passed
}

// conclude tells what was found and appends it to the results.
func conclude(t *testing.T, file string, v verdict) {
	t.Helper()
	v.Result = "passed"
	if len(v.Wrong) > 0 {
		v.Result = "failed"
	}
	for _, wrong := range v.Wrong {
		t.Errorf("seed %d: %s", v.Seed, wrong)
	}
	t.Logf("%s, %d times in %.1f s: %v", v.Fault, v.Played, v.Took, v.Counts)
	write(t, file, v)
}

func write(t *testing.T, file string, v verdict) {
	t.Helper()
	if file == "" {
		return
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(append(raw, '\n'))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}
