// Package cluster is where instances meet: one Redis. It knows how to reach it,
// who else is there, how to run a script whole, and how to hear what others
// publish without missing that something was missed. It knows nothing of boards
// but their ids.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Options of a client.
type Options struct {
	// URL of Redis: redis:// or rediss://, user and password in it. Several
	// hosts of a cluster and Sentinels are told by query parameters:
	// ?addr=host:port for each further one, ?cluster=true, ?sentinel=NAME.
	URL string
	// Prefix of all keys and channels. One Redis may serve several installations
	// that have different ones.
	Prefix string
	// Instance is this instance's id, kept on its disk; Boot is random, new at
	// every start of the process.
	Instance, Boot string
	// Fingerprint of the secret that links are made of. It is compared with that
	// of the other instances, and must not let the secret be found; empty: it is
	// not compared.
	Fingerprint string
	Log         *slog.Logger
	// Now is this machine's clock: time.Now.
	Now func() time.Time
}

const (
	dialTimeout = time.Second
	// callTimeout is how long a call waits for its answer, and a write for the
	// network, if its context does not end before.
	callTimeout = 2 * time.Second
	// maxCalls are under way at a time, each on its connection; more wait.
	maxCalls = 64
	// partitions are the hash tags of keys: a board's keys lie together, in one
	// node of a cluster.
	partitions = 16
)

// Client is an instance's way to the others. Its methods may be called from any
// goroutine.
type Client struct {
	redis redis.UniversalClient
	// spread: the partitions lie on several servers.
	spread bool
	o      Options
	log    *slog.Logger
	// calls holds a token for each one under way.
	calls chan struct{}

	ending  context.CancelFunc
	running sync.WaitGroup

	beating beating
	hearing hearing
}

// Dial connects to Redis, makes sure that instances can rely on it, and joins
// its members. Whatever is wrong with it, with its settings or with this
// instance is an error of one line that says what to do.
func Dial(ctx context.Context, o Options) (*Client, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Prefix == "" || o.Instance == "" || o.Boot == "" {
		return nil, errors.New("redis: prefix, instance and boot must be given")
	}
	settings, err := parse(o.URL)
	if err != nil {
		return nil, err
	}
	settings.Protocol = 2
	settings.DisableIdentity = true
	settings.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	settings.ContextTimeoutEnabled = true
	settings.DialTimeout, settings.DialerRetries = dialTimeout, 1
	settings.ReadTimeout, settings.WriteTimeout = callTimeout, callTimeout
	// What Redis may have done already is not done again behind its caller's back.
	settings.MaxRetries, settings.MaxRedirects = -1, -1
	// After as many failed dials as its size the pool would pause for a second
	// each; calls are bounded here instead.
	settings.PoolSize, settings.MaxConcurrentDials, settings.MaxIdleConns = 1<<14, maxCalls, maxCalls
	settings.PipelinePoolSize = -1
	logging.Disable() // what it has to say comes back as errors

	running, end := context.WithCancel(context.Background())
	client := redis.NewUniversalClient(settings)
	_, spread := client.(*redis.ClusterClient)
	c := &Client{
		redis: client, spread: spread, o: o, log: o.Log, calls: make(chan struct{}, maxCalls), ending: end,
		beating: newBeating(), hearing: newHearing(),
	}
	err = c.check(ctx, settings)
	if err == nil {
		err = c.enter(ctx)
	}
	if err != nil {
		end()
		_ = c.redis.Close() // there is a better reason
		return nil, fmt.Errorf("redis at %s: %w", strings.Join(settings.Addrs, ", "), err)
	}
	c.running.Go(func() { c.beat(running) })
	c.running.Go(func() { c.listen(running) })
	return c, nil
}

// Close leaves the members and ends all subscriptions. Nobody may be hearing
// something that never returns.
func (c *Client) Close() error {
	c.ending()
	c.hearing.close()
	c.running.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	c.leave(ctx)
	return c.redis.Close()
}

// Instance is this instance's id.
func (c *Client) Instance() string { return c.o.Instance }

// Key of a board, or a channel of it. All of a board's are in one partition.
func (c *Client) Key(board, suffix string) string {
	tag := strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(board))%partitions), 10)
	return c.o.Prefix + ":{" + tag + "}:b:" + board + ":" + suffix
}

// Shared is a key or a channel of all instances.
func (c *Client) Shared(suffix string) string { return c.o.Prefix + ":{0}:" + suffix }

// Publish sends data to whoever has subscribed to a channel, this instance too.
func (c *Client) Publish(ctx context.Context, channel string, data []byte) error {
	return c.call(ctx, func() error { return c.redis.Publish(ctx, channel, data).Err() })
}

// Publication is data on its way to a channel.
type Publication struct {
	Channel string
	Data    []byte
}

// PublishAll publishes all of them, sent together and, in a channel, in their
// order. With an error some may not have been.
func (c *Client) PublishAll(ctx context.Context, all []Publication) error {
	return c.call(ctx, func() error {
		_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, one := range all {
				p.Publish(ctx, one.Channel, one.Data)
			}
			return nil
		})
		return err
	})
}

// IsReply says that Redis answered with an error: the call has had no effect
// but for what a script did before it failed. Any other error leaves open what
// has happened.
func IsReply(err error) bool {
	var reply redis.Error
	return errors.As(err, &reply)
}

// call does something with Redis when it is its turn, and doubts that Redis is
// there when it does not answer.
func (c *Client) call(ctx context.Context, do func() error) error {
	select {
	case c.calls <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.calls }()
	err := do()
	if err != nil && !IsReply(err) && ctx.Err() == nil {
		c.beating.doubt()
	}
	if errors.Is(err, redis.ErrClosed) {
		return fmt.Errorf("redis: %w", fs.ErrClosed)
	}
	return err
}
