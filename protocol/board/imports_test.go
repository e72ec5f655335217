package board

import (
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What an entry comes to hangs on the board and on the entry alone, or two instances would have two boards.
func TestNothingHereKnowsTheTimeOrChance(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		read++
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains([]string{"time", "math/rand", "math/rand/v2", "crypto/rand", "os", "runtime", "sync"}, path) {
				t.Errorf("%s imports %s", f.Name(), path)
			}
		}
	}
	if read == 0 {
		t.Error("nothing was read")
	}
}
