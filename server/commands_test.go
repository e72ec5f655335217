package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// jana runs a command to its end, and gives what it printed and its exit status.
func jana(t testing.TB, args ...string) (out string, status int) {
	t.Helper()
	var printed, errors lines
	status = report(run(t.Context(), args, noEnvironment, &printed, &errors, pagesOfTests), &errors)
	return printed.String() + errors.String(), status
}

// works runs a command that has to succeed.
func works(t testing.TB, args ...string) string {
	t.Helper()
	out, status := jana(t, args...)
	if status != 0 {
		t.Fatalf("jana %s: got exit %d: %s", strings.Join(args, " "), status, out)
	}
	return out
}

// of are the flags with which commands find a running server.
func (in *instance) of() []string {
	return []string{"--data", in.data, "--secret", secretOfTests, "--listen", strings.TrimPrefix(in.url, "http://"), "--admin-listen", strings.TrimPrefix(in.admin, "http://")}
}

var linkInText = regexp.MustCompile(`http://localhost:8080/b/([a-z2-7]{16})#([A-Za-z0-9_-]{22})`)

func TestABackupOfARunningServerIsRestored(t *testing.T) {
	in := start(t)
	b := in.board("demo")
	b.do("facilitator", "POST", "/ops", map[string]any{"client": "c", "n": 1, "ops": []any{note("late", 500, 900, "ennen varmuuskopiota")}})
	want := b.do("viewer", "GET", "/digest", nil).text(t, "hash")
	file := filepath.Join(t.TempDir(), "backup.db")
	out := works(t, append(in.of(), "backup", file)...)
	if !strings.Contains(out, "secret") {
		t.Errorf("nothing is said of the secret: %s", out)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got file %v, %v, want one for the owner alone", info, err)
	}
	before, _ := os.ReadFile(file)
	if out, status := jana(t, append(in.of(), "backup", file)...); status != 1 || !strings.Contains(out, "already") {
		t.Errorf("over a file that is there: got exit %d: %s", status, out)
	}
	if after, _ := os.ReadFile(file); !bytes.Equal(before, after) {
		t.Error("the file that was there is another one now")
	}
	works(t, "check", file)

	same := t.TempDir()
	if out := works(t, "--data", same, "--secret", secretOfTests, "restore", file); strings.Contains(out, "new") {
		t.Errorf("with the same secret: %s", out)
	}
	b.instance = startIn(t, same)
	if got := b.do("viewer", "GET", "/digest", nil).text(t, "hash"); got != want {
		t.Errorf("restored: got hash %s, want %s", got, want)
	}

	without := t.TempDir()
	out = works(t, "--data", without, "restore", file)
	links := linkInText.FindAllStringSubmatch(out, -1)
	if !strings.Contains(out, "all links are new") || len(links) != 3 {
		t.Fatalf("without the secret: %s", out)
	}
	secret, err := os.ReadFile(filepath.Join(without, "secret"))
	if info, statErr := os.Stat(filepath.Join(without, "secret")); err != nil || statErr != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the new secret: %v, %v", info, err)
	}
	again := startIn(t, without, "--secret", strings.TrimSpace(string(secret)))
	if got := again.call("GET", "/api/boards/"+links[0][1], nil, as(links[0][2])...); got.status != 200 {
		t.Errorf("by a printed link: got %s", got)
	}
	if got := again.call("GET", "/api/boards/"+b.id, nil, as(b.keys["facilitator"])...); got.status != 404 {
		t.Errorf("by an old link: got %s", got)
	}
	if out, status := jana(t, "--data", same, "restore", file); status != 1 || strings.Count(out, "\n") != 1 {
		t.Errorf("over boards that are there: got exit %d: %s", status, out)
	}
}

func TestWhoLostALinkGetsItWhileTheServerRuns(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	if out := works(t, append(in.of(), "boards")...); !strings.Contains(out, b.id) || !strings.Contains(out, "Taulu") {
		t.Errorf("the list: %s", out)
	}
	for role, key := range b.keys {
		out := works(t, append(in.of(), "link", b.id, role, "--base-url", "https://jana.example.fi")...)
		if want := "https://jana.example.fi/b/" + b.id + "#" + key + "\n"; out != want {
			t.Errorf("the %s's link: got %s, want %s", role, out, want)
		}
	}
	if out, status := jana(t, append(in.of(), "link", "nothere", "viewer")...); status != 1 || strings.Count(out, "\n") != 1 {
		t.Errorf("of an unknown board: got exit %d: %s", status, out)
	}
	works(t, append(in.of(), "check")...)
	works(t, append(in.of(), "health")...)
	in.end()
	works(t, append(in.of(), "check")...)
	if _, status := jana(t, append(in.of(), "health")...); status != 1 {
		t.Errorf("health of a stopped server: got exit %d, want 1", status)
	}
}

func TestABoardGoesOutAndInAsAFile(t *testing.T) {
	in := start(t)
	b := in.board("demo")
	want := b.do("viewer", "GET", "/digest", nil).text(t, "content")
	file := filepath.Join(t.TempDir(), "board.json")
	works(t, append(in.of(), "export", b.id, file)...)
	printed := works(t, append(in.of(), "export", b.id)...)
	if written, err := os.ReadFile(file); err != nil || string(written) != printed {
		t.Errorf("the file and what is printed differ: %v", err)
	}
	if _, status := jana(t, append(in.of(), "export", b.id, file)...); status != 1 {
		t.Errorf("over a file that is there: got exit %d, want 1", status)
	}
	if _, status := jana(t, append(in.of(), "import", file)...); status != 1 {
		t.Errorf("import beside a running server: got exit %d, want 1", status)
	}
	in.end()
	out := works(t, "--data", in.data, "--secret", secretOfTests, "import", file)
	link := linkInText.FindStringSubmatch(out)
	if link == nil {
		t.Fatalf("no link in %s", out)
	}
	works(t, "--data", in.data, "compact")
	again := startIn(t, in.data)
	if got := again.call("GET", "/api/boards/"+link[1]+"/digest", nil, as(link[2])...).text(t, "content"); got != want {
		t.Errorf("got content %s, want %s", got, want)
	}
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`{"schema":"workshop-fixture/1","board":{"title":7}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, status := jana(t, "--data", in.data, "import", broken); status != 1 || !strings.Contains(out, "title") {
		t.Errorf("a broken file: got exit %d: %s", status, out)
	}
}

func TestAFileThatCannotBeTrustedIsLeftAlone(t *testing.T) {
	good := t.TempDir()
	in := startIn(t, good)
	in.board("demo")
	in.end()
	whole, err := os.ReadFile(filepath.Join(good, "jana.db"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty": {}, "text": []byte(strings.Repeat("these are not boards\n", 1000)), "zeros": make([]byte, 64<<10), "cut": whole[:4*4096],
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			path := filepath.Join(data, "jana.db")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // or it would serve
			defer cancel()
			var printed, errors lines
			err := run(ctx, []string{"--data", data, "--listen", "127.0.0.1:0", "--admin-listen", ""}, noEnvironment, &printed, &errors, pagesOfTests)
			status := report(err, &errors)
			out := errors.String()
			if status != 1 || strings.Count(out, "\n") != 1 || !strings.Contains(out, "jana.db") {
				t.Errorf("got exit %d: %s, want 1 and one line that names the file", status, out)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, content) {
				t.Errorf("the file was changed (%v)", err)
			}
		})
	}
}

func TestTheSecretIsMadeOnceAndKept(t *testing.T) {
	p := &program{config: &config{data: t.TempDir()}}
	first, made, err := p.keys()
	if err != nil || !made {
		t.Fatalf("the first time: made %v, %v", made, err)
	}
	second, made, err := p.keys()
	if err != nil || made || first.Key("b", "l") != second.Key("b", "l") {
		t.Errorf("the second time: made %v, %v, or other keys", made, err)
	}
	if info, err := os.Stat(p.secretPath()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want a file for the owner alone", info, err)
	}
	if err := os.WriteFile(p.secretPath(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.keys(); err == nil || !strings.Contains(err.Error(), p.secretPath()) {
		t.Errorf("an empty file: got %v, want an error that names it", err)
	}
}
