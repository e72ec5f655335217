package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"jana/server/web"
)

// config is what the one who hosts Jana can choose. Every setting is a flag and a variable of the environment: --base-url
// is JANA_BASE_URL. A flag wins.
type config struct {
	listen      string
	data        string
	baseURL     *url.URL
	adminListen string
	adminToken  string
	secret      string
	redis       string
	// forceStandalone: boards that were shared with other instances are served apart from them.
	forceStandalone bool
	trustedProxies  []netip.Prefix
	tlsCert         string
	tlsKey          string
	limits          web.Limits
	// spread is over how long browsers come back after a stop.
	spread    time.Duration
	logLevel  slog.Level
	logFormat string
}

const (
	// minSecretLength keeps people from secrets that can be guessed, in characters.
	minSecretLength = 32
	// minTokenLength likewise.
	minTokenLength = 32
)

// errUsage marks a mistake of whoever started the program: exit 2.
var errUsage = errors.New("usage")

// readConfig reads flags wherever they stand among the arguments, then the environment for what was not given. It returns
// the other arguments in their order. Its errors are errUsage, or flag.ErrHelp once help was asked for.
func readConfig(args []string, env func(string) (string, bool), usage io.Writer) (*config, []string, error) {
	c := &config{limits: web.DefaultLimits()}
	var baseURL, proxies, level string
	flags := flag.NewFlagSet("jana", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.listen, "listen", ":8080", "address of the pages and of the API")
	flags.StringVar(&c.data, "data", "./data", "folder of the boards")
	flags.StringVar(&baseURL, "base-url", "", "public address, such as https://jana.example.fi; without it links name the host that the page was opened with")
	flags.StringVar(&c.adminListen, "admin-listen", "127.0.0.1:8081", "address of /metrics, /backup and /debug/pprof; empty: none")
	flags.StringVar(&c.adminToken, "admin-token", "", "bearer token of the admin address, at least 32 characters; without it one is derived from the secret")
	flags.StringVar(&c.secret, "secret", "", "what every link's key is made of, at least 32 characters; without it one is made and kept in the data folder")
	flags.StringVar(&c.redis, "redis", "", "where instances that share boards meet, such as redis://10.0.0.5:6379; without it this one is alone")
	flags.BoolVar(&c.forceStandalone, "force-standalone", false, "serve without redis what was shared with other instances within a day, apart from them")
	flags.StringVar(&proxies, "trusted-proxies", "", "networks whose X-Forwarded-For and X-Forwarded-Proto are believed, such as 10.0.0.0/8,127.0.0.1/32")
	flags.StringVar(&c.tlsCert, "tls-cert", "", "PEM file of the certificate; with tls-key the server speaks https itself")
	flags.StringVar(&c.tlsKey, "tls-key", "", "PEM file of the certificate's key")
	flags.DurationVar(&c.spread, "spread", 3*time.Second, "when the server stops, browsers come back at random times within this")
	flags.StringVar(&level, "log-level", "info", "debug, info, warn or error")
	flags.StringVar(&c.logFormat, "log-format", "text", "text or json")
	limitFlags(flags, &c.limits)

	rest, err := parseAnywhere(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		printUsage(usage, flags)
		return nil, nil, flag.ErrHelp
	}
	if err == nil {
		err = readEnvironment(flags, env)
	}
	if err == nil {
		err = c.check(baseURL, proxies, level)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errUsage, err)
	}
	return c, rest, nil
}

// limitFlags are the limits that DESIGN calls settings.
func limitFlags(flags *flag.FlagSet, l *web.Limits) {
	flags.IntVar(&l.Sockets, "max-sockets", l.Sockets, "websockets at a time")
	flags.Int64Var(&l.Frame, "max-frame", l.Frame, "bytes of a message from a browser")
	flags.IntVar(&l.PushesPerSecond, "pushes-per-second", l.PushesPerSecond, "pushes per second and participant")
	flags.IntVar(&l.PushBurst, "push-burst", l.PushBurst, "pushes that may come at once")
	flags.IntVar(&l.PresencePerSecond, "presence-per-second", l.PresencePerSecond, "presence messages per second and socket; more are merged")
	flags.IntVar(&l.BoardsPerMinute, "boards-per-minute", l.BoardsPerMinute, "boards made per minute and address")
	flags.IntVar(&l.BoardBurst, "board-burst", l.BoardBurst, "boards that may be made at once")
	flags.IntVar(&l.WrongKeysPerMinute, "wrong-keys-per-minute", l.WrongKeysPerMinute, "wrong keys per minute and address")
	flags.DurationVar(&l.Hello, "hello-timeout", l.Hello, "until the first message of a websocket must have come")
	flags.DurationVar(&l.Message, "message-timeout", l.Message, "until a message that was begun must have ended")
	flags.DurationVar(&l.Write, "write-timeout", l.Write, "until a browser must have taken a frame")
	flags.DurationVar(&l.Quiet, "quiet", l.Quiet, "silence after which a browser is asked whether it is there")
	flags.DurationVar(&l.Answer, "answer-timeout", l.Answer, "until it must have answered")
}

// parseAnywhere lets flags stand before, between and after the other arguments.
func parseAnywhere(flags *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

func variable(name string) string {
	return "JANA_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

func readEnvironment(flags *flag.FlagSet, env func(string) (string, bool)) error {
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	var failed error
	flags.VisitAll(func(f *flag.Flag) {
		v, set := env(variable(f.Name))
		// Compose files hand on empty variables for "not set"; only here is empty a choice of its own.
		if given[f.Name] || !set || v == "" && f.Name != "admin-listen" || failed != nil {
			return
		}
		if err := flags.Set(f.Name, v); err != nil {
			failed = fmt.Errorf("%s: %w", variable(f.Name), err)
		}
	})
	return failed
}

func (c *config) check(baseURL, proxies, level string) error {
	if baseURL != "" {
		u, err := url.Parse(baseURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return fmt.Errorf("base-url must look like https://jana.example.fi, not %q", baseURL)
		}
		u.Path = ""
		c.baseURL = u
	}
	for _, part := range strings.FieldsFunc(proxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			addr, addrErr := netip.ParseAddr(part)
			if addrErr != nil {
				return fmt.Errorf("trusted-proxies: %q is neither a network nor an address", part)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		c.trustedProxies = append(c.trustedProxies, prefix)
	}
	if err := c.logLevel.UnmarshalText([]byte(level)); err != nil {
		return fmt.Errorf("log-level must be debug, info, warn or error, not %q", level)
	}
	switch {
	case c.listen == "":
		return errors.New("listen must name an address, such as :8080")
	case c.data == "":
		return errors.New("data must name a folder")
	case c.logFormat != "text" && c.logFormat != "json":
		return fmt.Errorf("log-format must be text or json, not %q", c.logFormat)
	case c.secret != "" && len(c.secret) < minSecretLength:
		return fmt.Errorf("secret must have at least %d characters", minSecretLength)
	case c.adminToken != "" && len(c.adminToken) < minTokenLength:
		return fmt.Errorf("admin-token must have at least %d characters", minTokenLength)
	case c.redis != "" && c.secret == "":
		return errors.New("redis asks for a secret: the same on all instances, or each would make links of its own")
	case c.redis != "" && c.forceStandalone:
		return errors.New("force-standalone is for an instance without redis")
	case (c.tlsCert == "") != (c.tlsKey == ""):
		return errors.New("tls-cert and tls-key belong together")
	case c.spread < 0:
		return errors.New("spread must not be negative")
	}
	return c.limits.Check()
}

func printUsage(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprint(w, `Jana serves boards on which a group describes its customers along an axis.

  jana                    serve
`)
	for _, cmd := range commands {
		fmt.Fprintf(w, "  jana %-18s %s\n", strings.TrimSpace(cmd.name+" "+cmd.args), cmd.about)
	}
	fmt.Fprint(w, "\nSettings, each a flag or a variable of the environment:\n")
	flags.VisitAll(func(f *flag.Flag) {
		def := ""
		if f.DefValue != "" {
			def = " (" + f.DefValue + ")"
		}
		fmt.Fprintf(w, "  --%-22s %-28s %s%s\n", f.Name, variable(f.Name), f.Usage, def)
	})
}
