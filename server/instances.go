package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"jana/protocol/board"
	"jana/server/cluster"
	"jana/server/relay"
	"jana/server/room"
	"jana/server/sequence"
	"jana/server/web"
	"jana/store"
)

// prefix of all that Jana has in Redis.
const prefix = "jana"

// order is what this instance has its boards ordered by, and how that ends.
type order struct {
	sequencer room.Sequencer
	// relay to the other instances, nil without any.
	relay room.Relay
	// others tells how they can be reached, nil without any.
	others func() web.Others
	end    func()
}

// order joins the other instances, or orders alone. wake opens a board's room.
func (p *program) order(ctx context.Context, boards *store.Store, keys *web.Keys, wake func(context.Context, string) error, log *slog.Logger) (*order, error) {
	others := p.others(log)
	if p.redis == "" {
		if err := others.part(p.forceStandalone); err != nil {
			return nil, err
		}
		return &order{sequencer: sequence.NewLocal(), end: func() {}}, nil
	}
	instance, err := p.instanceID()
	if err != nil {
		return nil, err
	}
	bus, err := reach(ctx, cluster.Options{
		URL: p.redis, Prefix: prefix, Instance: instance, Boot: rand.Text(), Fingerprint: keys.Fingerprint(), Log: log,
	})
	if err != nil {
		return nil, err
	}
	shared, err := sequence.NewShared(ctx, bus, shelf{boards}, sequence.Options{Log: log, Wake: wake})
	if err != nil {
		return nil, errors.Join(err, bus.Close())
	}
	presence := relay.New(bus, log)
	noting, stopNoting := context.WithCancel(context.WithoutCancel(ctx))
	var noted sync.WaitGroup
	noted.Go(func() { others.note(noting, shared.Others) })
	reached := func() web.Others {
		n := presence.Counters()
		return web.Others{Err: bus.Up(), Clock: bus.Clock(), Sent: n.Sent.Load(), Received: n.Received.Load(), Dropped: n.Dropped.Load()}
	}
	return &order{shared, presence, reached, func() {
		stopNoting()
		noted.Wait()
		presence.Stop()
		shared.End()
		if err := bus.Close(); err != nil {
			log.Warn("leaving the other instances", "error", err)
		}
	}}, nil
}

// reachPatience is how long a Redis that does not answer may yet come up.
const reachPatience = 10 * time.Second

// reach tries again while nobody answers: what is started together comes up together.
func reach(ctx context.Context, o cluster.Options) (*cluster.Client, error) {
	var network net.Error
	for end := time.Now().Add(reachPatience); ; {
		bus, err := cluster.Dial(ctx, o)
		if err == nil || !errors.As(err, &network) || time.Now().After(end) {
			return bus, err
		}
		o.Log.Warn("redis does not answer yet", "error", err)
		select {
		case <-time.After(500 * time.Millisecond):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// instanceID is kept in the data folder: by it the others know what is on this disk.
func (p *program) instanceID() (string, error) {
	path := filepath.Join(p.data, "instance")
	raw, err := os.ReadFile(path)
	if id := strings.TrimSpace(string(raw)); err == nil && id != "" {
		return id, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("instance: %w", err)
	}
	id := strings.ToLower(rand.Text()[:16])
	if err := os.WriteFile(path, []byte(id+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("instance: %w", err)
	}
	return id, syncFolder(p.data)
}

// shelf is the store as the sequencer wants it.
type shelf struct{ *store.Store }

// Load implements sequence.Shelf.
func (s shelf) Load(ctx context.Context, id string) (*board.State, board.Epochs, error) {
	loaded, err := s.Store.Load(ctx, id)
	return loaded.State, loaded.Epochs, inRoomsWords(err)
}

// Standings implements sequence.Shelf.
func (s shelf) Standings(context.Context) (map[string]sequence.Standing, error) {
	all, err := s.Store.Boards()
	if err != nil {
		return nil, err
	}
	standings := make(map[string]sequence.Standing, len(all))
	for _, info := range all {
		standings[info.ID] = sequence.Standing{Epochs: info.Epochs, Seq: info.Seq, Orphans: info.Orphans}
	}
	deleted, err := s.Store.Deleted()
	if err != nil {
		return nil, err
	}
	for _, id := range deleted {
		standings[id] = sequence.Standing{Deleted: true}
	}
	return standings, nil
}

// Delete implements sequence.Shelf.
func (s shelf) Delete(ctx context.Context, id string) error {
	return forget(ctx, s.Store, id)
}

// Milestone implements sequence.Shelf.
func (s shelf) Milestone(ctx context.Context, id string, milestone board.ID) (*board.State, error) {
	state, err := s.Store.Milestone(ctx, id, milestone)
	return state, inRoomsWords(err)
}
