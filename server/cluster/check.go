package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// checkTimeout is how long all checks of [Dial] may take.
const checkTimeout = 10 * time.Second

// The rights that a user of Redis needs, as ACL SETUSER takes them.
const rights = "~%[1]s:* &%[1]s:* +@read +@write +@scripting +@pubsub +info +time +wait +ping"

var infoScript = NewScript(`
return redis.call('INFO', 'server') .. redis.call('INFO', 'memory') .. redis.call('INFO', 'replication')
`)

// tryScript does once what later scripts do, so that what is not allowed is
// found before anybody works.
var tryScript = NewScript(`
redis.call('TIME')
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('XADD', KEYS[1], '1-0', 'b', 'x')
redis.call('XTRIM', KEYS[1], 'MINID', '2-0')
redis.call('XRANGE', KEYS[1], '-', '+')
redis.call('HSET', KEYS[2], 'b', 'x')
redis.call('HGETALL', KEYS[2])
redis.call('EXPIRE', KEYS[2], 60)
redis.call('SET', KEYS[3], 'x')
redis.call('GET', KEYS[3])
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('PUBLISH', KEYS[4], 'x')
return 1
`)

var secretScript = NewScript(`
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`)

// check makes sure that this Redis can be relied upon, and that it is ours.
func (c *Client) check(ctx context.Context, settings *redis.UniversalOptions) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if err := c.checkServer(ctx); err != nil {
		return c.explain(err)
	}
	if err := c.tryAll(ctx); err != nil {
		return c.explain(err)
	}
	if err := c.reachAll(ctx); err != nil {
		return c.explain(err)
	}
	if err := c.checkSecret(ctx); err != nil {
		return c.explain(err)
	}
	if settings.Password == "" && !isLoopback(settings.Addrs) {
		c.log.Warn("redis has no password: whoever reaches it can read and change every board")
	}
	return nil
}

func (c *Client) checkServer(ctx context.Context) error {
	answer, err := c.Run(ctx, infoScript, []string{c.Shared("probe")})
	if err != nil {
		return err
	}
	text, _ := answer.(string)
	info := readInfo(text)
	if info["maxmemory_policy"] == "" {
		// Then perhaps it may be asked; where both are hidden nobody can know.
		_ = c.call(ctx, func() error {
			found, err := c.redis.ConfigGet(ctx, "maxmemory-policy").Result()
			info["maxmemory_policy"] = found["maxmemory-policy"]
			return err
		})
		if info["maxmemory_policy"] == "" {
			c.log.Warn("redis does not show its maxmemory-policy; it must be noeviction")
		}
	}
	return judge(info)
}

// readInfo reads what INFO tells.
func readInfo(text string) map[string]string {
	info := map[string]string{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		if name, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), ":"); ok {
			info[name] = value
		}
	}
	return info
}

// judge says what is wrong with a server of which this is told.
func judge(info map[string]string) error {
	version := strings.SplitN(info["redis_version"], ".", 3)
	major, err := strconv.Atoi(version[0])
	minor := 0
	if err == nil && len(version) > 1 {
		minor, err = strconv.Atoi(version[1])
	}
	switch policy := info["maxmemory_policy"]; {
	case err != nil:
		return fmt.Errorf("it says that its version is %q; 6.2 or later is needed", info["redis_version"])
	case major < 6 || major == 6 && minor < 2:
		return fmt.Errorf("its version is %s; 6.2 or later is needed", info["redis_version"])
	case policy != "" && policy != "noeviction":
		return fmt.Errorf("its maxmemory-policy is %s, which loses boards; set it to noeviction", policy)
	case info["role"] != "" && info["role"] != "master":
		return errReplica
	case info["run_id"] == "" || info["master_replid"] == "":
		return errors.New("INFO does not tell run_id and master_replid, without which lost data would go unnoticed")
	}
	return nil
}

var errReplica = errors.New("it is a replica, which cannot be written to; name the master, or the Sentinels")

// tryAll does once what has to work later.
func (c *Client) tryAll(ctx context.Context) error {
	name := func(what string) string { return c.Shared("probe:" + c.o.Boot + ":" + what) }
	_, err := c.Run(ctx, tryScript, []string{name("s"), name("m"), name("n"), name("p")})
	if err != nil {
		return err
	}
	heard := c.redis.Subscribe(ctx, name("p"))
	defer func() { _ = heard.Close() }()
	if _, err := heard.Receive(ctx); err != nil {
		return err
	}
	return c.Publish(ctx, name("p"), nil)
}

func (c *Client) checkSecret(ctx context.Context) error {
	if c.o.Fingerprint == "" {
		return nil
	}
	key := c.Shared("secret")
	stored, err := c.Run(ctx, secretScript, []string{key}, c.o.Fingerprint)
	if err != nil {
		return err
	}
	if stored != c.o.Fingerprint {
		return fmt.Errorf("the other instances have another JANA_SECRET, so that no link would open on all of them; if it was changed on purpose, delete the key %s", key)
	}
	return nil
}

// explain says in words what Redis says in its own.
func (c *Client) explain(err error) error {
	if err == nil || !IsReply(err) {
		return err
	}
	text := err.Error()
	has := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(text, part) {
				return true
			}
		}
		return false
	}
	switch {
	case has("WRONGPASS", "invalid password", "AUTH <password> called without"):
		return fmt.Errorf("wrong user or password: %w", err)
	case has("NOAUTH"):
		return fmt.Errorf("it asks for a password: %w", err)
	case has("NOPERM", "ACL failure", "has no permissions", "user executing the script can't"):
		return fmt.Errorf("the user lacks a right, of these: "+rights+": %w", c.o.Prefix, err)
	case has("READONLY"):
		return errReplica
	case has("OOM"):
		return fmt.Errorf("it has no memory left: %w", err)
	}
	return err
}
