package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mayImport says which of our own packages each may import. The house has one direction: web → room → protocol, and only main
// knows all the parts.
var mayImport = map[string][]string{
	"jana/client":                 {},
	"jana/protocol":               {"jana/protocol/board"},
	"jana/protocol/board":         {},
	"jana/protocol/board/fixture": {},
	"jana/protocol/method":        {"jana/protocol/board"},
	"jana/store":                  {"jana/protocol/board"},
	"jana/server/cluster":         {},
	"jana/server/redistest":       {},
	"jana/server/pdftest":         {},
	"jana/server/sequence":        {"jana/server/cluster", "jana/protocol", "jana/protocol/board"},
	"jana/server/relay":           {"jana/server/cluster", "jana/protocol", "jana/protocol/board"},
	"jana/server/room":            {"jana/protocol", "jana/protocol/board"},
	"jana/server/document":        {},
	"jana/server/export":          {"jana/server/document", "jana/protocol/board", "jana/protocol/method"},
	"jana/server/chaos":           {},
	"jana/server/template":        {"jana/protocol/board", "jana/protocol/board/fixture"},
	"jana/server/web":             {"jana/server/room", "jana/server/export", "jana/server/document", "jana/server/template", "jana/protocol", "jana/protocol/board", "jana/protocol/method"},
	"jana/server": {
		"jana/client", "jana/store", "jana/server/web", "jana/server/room", "jana/server/sequence", "jana/server/cluster", "jana/server/relay",
		"jana/server/export", "jana/server/template", "jana/protocol", "jana/protocol/board",
	},
}

// metIn says in which package alone each dependency is met.
var metIn = map[string]string{
	"github.com/labstack/echo":   "jana/server/web",
	"github.com/coder/websocket": "jana/server/web",
	"github.com/prometheus/":     "jana/server/web",
	"go.etcd.io/bbolt":           "jana/store",
	"github.com/redis/":          "jana/server/cluster",
	"github.com/xuri/excelize":   "jana/server/export",
	"golang.org/x/image/":        "jana/server/document",
	"golang.org/x/text/":         "jana/server/document",
	"golang.org/x/sys":           "jana/server",
}

func TestGoImportsPointOneWay(t *testing.T) {
	for _, p := range goPackages(t) {
		allowed, known := mayImport[p.ImportPath]
		if !known {
			t.Errorf("%s has no line in mayImport: say what it may know", p.ImportPath)
		}
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, "jana/") {
				if !slices.Contains(allowed, imported) {
					t.Errorf("%s imports %s, which it may not know", p.ImportPath, imported)
				}
				continue
			}
			if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
				continue // the standard library
			}
			found := false
			for prefix, home := range metIn {
				if strings.HasPrefix(imported, prefix) {
					found = true
					if p.ImportPath != home {
						t.Errorf("%s imports %s, which is met in %s alone", p.ImportPath, imported, home)
					}
				}
			}
			if !found {
				t.Errorf("%s imports %s, which has no line in metIn", p.ImportPath, imported)
			}
		}
	}
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func goPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}

// walls says for each folder of the browser's side which others it may import, and which packages beyond it may not.
var walls = []struct {
	folder  string
	may     []string
	without *regexp.Regexp
}{
	{"protocol", nil, regexp.MustCompile(`.`)},
	{"client/src/sync", []string{"protocol"}, regexp.MustCompile(`^svelte`)},
	{"client/src/canvas", []string{"protocol"}, regexp.MustCompile(`^(svelte|idb)`)},
	{"client/src/state", []string{"protocol", "client/src/sync", "client/src/canvas"}, regexp.MustCompile(`^idb`)},
	{"client/src/ui", []string{"protocol", "client/src/sync", "client/src/canvas", "client/src/state"}, regexp.MustCompile(`^idb`)},
}

func TestTypeScriptImportsPointOneWay(t *testing.T) {
	for _, wall := range walls {
		files := 0
		err := filepath.WalkDir(filepath.Join("..", wall.folder), func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || entry.IsDir() || !isSource(path) {
				return err
			}
			files++
			for _, name := range importsOf(t, path) {
				target, own := resolve(path, name)
				switch {
				case !own && wall.without.MatchString(name):
					t.Errorf("%s imports %s", path, name)
				case own && !within(target, wall.folder) && !slices.ContainsFunc(wall.may, func(f string) bool { return within(target, f) }):
					t.Errorf("%s imports %s, which it may not know", path, name)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if files == 0 {
			t.Errorf("%s has no sources", wall.folder)
		}
	}
}

func isSource(path string) bool {
	return (strings.HasSuffix(path, ".ts") || strings.HasSuffix(path, ".svelte")) && !strings.HasSuffix(path, ".test.ts")
}

var importLine = regexp.MustCompile(`(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]`)

func importsOf(t *testing.T, path string) []string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var names []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "//") || strings.HasPrefix(line, "*") {
			continue
		}
		for _, m := range importLine.FindAllStringSubmatch(line, -1) {
			names = append(names, m[1])
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

// resolve gives the path of what is imported, from the repository's root, and whether it is ours.
func resolve(from, name string) (target string, own bool) {
	if rest, ok := strings.CutPrefix(name, "$protocol"); ok {
		return filepath.Join("protocol", rest), true
	}
	if !strings.HasPrefix(name, ".") {
		return "", false
	}
	path, err := filepath.Rel("..", filepath.Join(filepath.Dir(from), name))
	if err != nil {
		return name, true
	}
	return path, true
}

func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+string(filepath.Separator))
}
