package method_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"jana/protocol/board"
	"jana/protocol/method"
)

func read(t testing.TB, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func imported(t testing.TB, raw []byte) *board.State {
	t.Helper()
	s, problems := board.Import(raw, 1)
	if len(problems) > 0 {
		t.Fatalf("import: %v", problems)
	}
	return s
}

// asJSON is a value as another program reads it.
func asJSON(t testing.TB, v any) any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// differences are where two values differ, numbers by more than the tolerance of the expected files.
func differences(path string, got, want any) []string {
	switch want := want.(type) {
	case map[string]any:
		m, is := got.(map[string]any)
		if !is {
			break
		}
		var all []string
		for name := range m {
			if _, is := want[name]; !is {
				all = append(all, fmt.Sprintf("%s/%s: got %v, want nothing", path, name, m[name]))
			}
		}
		for name, value := range want {
			all = append(all, differences(path+"/"+name, m[name], value)...)
		}
		slices.Sort(all)
		return all
	case []any:
		l, is := got.([]any)
		if !is || len(l) != len(want) {
			break
		}
		var all []string
		for i := range want {
			all = append(all, differences(fmt.Sprintf("%s/%d", path, i), l[i], want[i])...)
		}
		return all
	case float64:
		if n, is := got.(float64); is && math.Abs(n-want) <= 0.0001+1e-9 {
			return nil
		}
	default:
		if got == want {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s: got %v, want %v", path, got, want)}
}

func same(t *testing.T, name string, got, want any) {
	t.Helper()
	for _, d := range differences(name, asJSON(t, got), asJSON(t, want)) {
		t.Error(d)
	}
}

func TestFixturesAreAnalysedAsExpected(t *testing.T) {
	for _, name := range []string{"keski-uusimaa"} {
		s := imported(t, read(t, "../board/fixture/"+name+".json"))
		var want map[string]any
		if err := json.Unmarshal(read(t, "../board/fixture/"+name+".expected.json"), &want); err != nil {
			t.Fatal(err)
		}
		delete(want, "fixture")
		same(t, name, method.Analyse(s), want)
	}
}
