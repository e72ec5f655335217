package cluster

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"

	"github.com/redis/go-redis/v9"
)

// Script runs in Redis whole or not at all, with nobody between its steps.
type Script struct{ source, sum string }

// NewScript takes its Lua text.
func NewScript(source string) *Script {
	// It is by this sum that Redis knows a script.
	sum := sha1.Sum([]byte(source))
	return &Script{source, hex.EncodeToString(sum[:])}
}

// Call is one run of a script.
type Call struct {
	Keys []string
	Args []any
}

// Result of a call: int64, string, nil or []any of these.
type Result struct {
	Value any
	Err   error
}

// maxPipeline calls are sent before their answers are read.
const maxPipeline = 500

// Run runs a script. It is not tried again: an error for which [IsReply] is
// false leaves open whether it ran.
func (c *Client) Run(ctx context.Context, s *Script, keys []string, args ...any) (any, error) {
	var value any
	err := c.call(ctx, func() (err error) {
		value, err = c.redis.EvalSha(ctx, s.sum, keys, args...).Result()
		if unknownScript(err) {
			value, err = c.redis.Eval(ctx, s.source, keys, args...).Result()
		}
		return notNil(err)
	})
	return value, err
}

// RunAll runs a script once for each call, sent together; the results are in
// their order, the runs need not be. Like [Client.Run] it tries nothing again.
func (c *Client) RunAll(ctx context.Context, s *Script, calls []Call) []Result {
	results := make([]Result, len(calls))
	for from := 0; from < len(calls); from += maxPipeline {
		to := min(from+maxPipeline, len(calls))
		c.runSome(ctx, s, calls[from:to], results[from:to])
	}
	return results
}

func (c *Client) runSome(ctx context.Context, s *Script, calls []Call, results []Result) {
	var unknown []int
	ran := false
	err := c.call(ctx, func() error {
		ran = true
		sent, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, call := range calls {
				p.EvalSha(ctx, s.sum, call.Keys, call.Args...)
			}
			return nil
		})
		for i := range results {
			if results[i] = resultOf(sent, i, err); unknownScript(results[i].Err) {
				unknown = append(unknown, i)
			}
		}
		if len(unknown) == 0 {
			return err
		}
		sent, err = c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, i := range unknown {
				p.Eval(ctx, s.source, calls[i].Keys, calls[i].Args...)
			}
			return nil
		})
		for n, i := range unknown {
			results[i] = resultOf(sent, n, err)
		}
		return err
	})
	if !ran {
		for i := range results {
			results[i].Err = err
		}
	}
}

// resultOf the i-th of what was sent; err is that of all of it.
func resultOf(sent []redis.Cmder, i int, err error) Result {
	if i >= len(sent) {
		return Result{Err: err}
	}
	cmd, ok := sent[i].(*redis.Cmd)
	if !ok {
		return Result{Err: err}
	}
	return Result{cmd.Val(), notNil(cmd.Err())}
}

func unknownScript(err error) bool { return redis.HasErrorPrefix(err, "NOSCRIPT") }

// notNil takes away what go-redis calls an error: that the answer is nil.
func notNil(err error) error {
	if errors.Is(err, redis.Nil) {
		return nil
	}
	return err
}
