package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"jana/store"
)

// upkeep is what the file of boards needs besides being written to.
type upkeep struct {
	boards *store.Store
	log    *slog.Logger
	// every is how often it looks, after how long what was erased is taken out of the file: both together are less than
	// the day that people are told.
	every, after time.Duration
	// patience is how long the boards may be verified for at the start.
	patience time.Duration
	now      func() time.Time
}

func newUpkeep(boards *store.Store, log *slog.Logger) *upkeep {
	return &upkeep{boards, log, time.Hour, 20 * time.Hour, 10 * time.Minute, time.Now}
}

// start does it until ctx ends; wait returns when nothing of it runs any more.
func (u *upkeep) start(ctx context.Context) (wait func()) {
	var running sync.WaitGroup
	running.Go(func() { u.verify(ctx) })
	running.Go(func() { u.compactInTime(ctx) })
	return running.Wait
}

// verify tells which boards are not what was saved, before somebody comes to need them.
func (u *upkeep) verify(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, u.patience)
	defer cancel()
	problems, err := u.boards.CheckBoards(limited)
	for _, problem := range problems {
		u.log.Error("check", "board", problem.Board, "error", problem.Err)
	}
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, context.DeadlineExceeded):
		u.log.Warn("not all boards could be checked in time; jana check does", "patience", u.patience)
	case err != nil:
		u.log.Error("check", "error", err)
	}
}

// compactInTime takes what was deleted or erased out of the file's free pages.
func (u *upkeep) compactInTime(ctx context.Context) {
	tick := time.NewTicker(u.every)
	defer tick.Stop()
	for {
		if erased := u.boards.Stats().Erased; !erased.IsZero() && u.now().Sub(erased) >= u.after {
			if err := u.boards.Compact(ctx); err == nil {
				u.log.Info("what was erased is out of the file", "since", erased)
			} else if ctx.Err() == nil {
				u.log.Error("what was erased is still in the file", "since", erased, "error", err)
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
