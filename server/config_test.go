package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestBadConfigurationIsOneLineAndExit2(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		env  map[string]string
		says string
	}{
		{"unknown flag", []string{"--colour", "red"}, nil, "colour"},
		{"unknown command", []string{"fly"}, nil, `no command "fly"`},
		{"too few arguments", []string{"link", "b1"}, nil, "jana link BOARD ROLE"},
		{"too many arguments", []string{"boards", "b1"}, nil, "jana boards"},
		{"unknown role", []string{"link", "b1", "king", "--data", t.TempDir()}, nil, "king"},
		{"base-url without a scheme", []string{"--base-url", "jana.example.fi"}, nil, "base-url"},
		{"base-url with a path", []string{"--base-url", "https://jana.example.fi/x"}, nil, "base-url"},
		{"a proxy that is no network", []string{"--trusted-proxies", "10.0.0.0/8,nginx"}, nil, "nginx"},
		{"a short secret", []string{"--secret", "short"}, nil, "secret"},
		{"a short token", nil, map[string]string{"JANA_ADMIN_TOKEN": "short"}, "admin-token"},
		{"alone and with others", []string{"--force-standalone", "--redis", "redis://x", "--secret", secretOfTests}, nil, "force-standalone"},
		{"half a certificate", []string{"--tls-cert", "x.pem"}, nil, "tls-key"},
		{"a limit of nothing", []string{"--max-sockets", "0"}, nil, "max-sockets"},
		{"a number that is none", nil, map[string]string{"JANA_PUSH_BURST": "many"}, "JANA_PUSH_BURST"},
		{"an unknown level", []string{"--log-level", "loud"}, nil, "loud"},
		{"an unknown form of log", []string{"--log-format", "xml"}, nil, "xml"},
		{"no data folder", []string{"--data", ""}, nil, "data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := func(name string) (string, bool) { v, ok := c.env[name]; return v, ok }
			var out, stderr bytes.Buffer
			err := run(t.Context(), c.args, env, &out, &out, pagesOfTests)
			if status := report(err, &stderr); status != 2 {
				t.Errorf("got exit %d (%v), want 2", status, err)
			}
			if got := stderr.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, c.says) {
				t.Errorf("got %q, want one line that says %q", got, c.says)
			}
		})
	}
}

func TestAFlagWinsOverTheEnvironment(t *testing.T) {
	env := func(name string) (string, bool) {
		v, ok := map[string]string{
			"JANA_LISTEN": ":1", "JANA_DATA": "/from/env", "JANA_BASE_URL": "", "JANA_ADMIN_LISTEN": "", "JANA_MAX_SOCKETS": "7",
			"JANA_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1",
		}[name]
		return v, ok
	}
	c, rest, err := readConfig([]string{"backup", "--listen", ":2", "a file"}, env, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.listen != ":2" || c.data != "/from/env" || c.limits.Sockets != 7 {
		t.Errorf("got listen %s, data %s, max-sockets %d", c.listen, c.data, c.limits.Sockets)
	}
	if c.adminListen != "" {
		t.Errorf("an empty JANA_ADMIN_LISTEN means none, got %s", c.adminListen)
	}
	if len(c.trustedProxies) != 2 || c.trustedProxies[1].Bits() != 32 {
		t.Errorf("got proxies %v", c.trustedProxies)
	}
	if strings.Join(rest, "|") != "backup|a file" {
		t.Errorf("got arguments %q", rest)
	}
}

func TestHelpNamesEveryFlagWithItsVariable(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"--help"}, noEnvironment, &out, &out, pagesOfTests); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--admin-token", "JANA_ADMIN_TOKEN", "--base-url", "jana backup FILE", "--log-level"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the help does not name %s:\n%s", want, out.String())
		}
	}
}

func TestErrorsAreOneLineWhateverIsInThem(t *testing.T) {
	var out bytes.Buffer
	if got := report(errors.New("open x\nINFO all well\x1b[31m"), &out); got != 1 {
		t.Errorf("got exit %d, want 1", got)
	}
	if strings.Count(out.String(), "\n") != 1 || strings.Contains(out.String(), "\x1b") {
		t.Errorf("got %q", out.String())
	}
}
