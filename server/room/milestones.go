package room

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"jana/protocol/board"
)

// milestones are the ids under which an entry has the board kept.
func milestones(e *board.Entry) []board.ID {
	var ids []board.ID
	for _, c := range e.Changes {
		if c.Set != board.BoardID {
			continue
		}
		for _, f := range c.Fields {
			if id, is := strings.CutPrefix(f.Name, "milestones/"); is && f.Value != nil {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// Milestone gives the items of a board as they were kept under a name, without
// the texts that were erased for good since then; fs.ErrNotExist if the board does
// not know the name, or no instance that lives has it.
func (h *Hub) Milestone(ctx context.Context, id string, milestone board.ID) (items []*board.Item, err error) {
	err = h.with(ctx, id, func(r *room) error {
		then, at, err := r.milestone(ctx, milestone)
		if err != nil {
			return err
		}
		if then == nil {
			return fs.ErrNotExist
		}
		var blanked map[board.ID]int64
		if err := r.ask(ctx, func(r *room) { blanked = r.state.Blanked() }); err != nil {
			return err
		}
		items = then.ItemsWithout(blanked, at)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("milestone %s of board %s: %w", milestone, id, err)
	}
	return items, nil
}

// milestone gives the board as it was kept under a name, here or by another
// instance, and the seq up to which what was erased for good is erased in it; nil
// for one that the board does not know.
func (r *room) milestone(ctx context.Context, id board.ID) (then *board.State, at int64, err error) {
	known := false
	err = r.ask(ctx, func(r *room) {
		at = r.keeping.saved
		known = r.state.Item(board.BoardID).Get("milestones/"+id) != nil
	})
	if err != nil || !known {
		return nil, 0, err
	}
	then, err = r.hub.store.Milestone(ctx, r.id, id)
	if errors.Is(err, fs.ErrNotExist) {
		return r.hub.sequencer.Milestone(ctx, r.id, id)
	}
	return then, at, err
}

// missing are the ids of milestones that the board has and the disk has not.
func (r *room) missing(ctx context.Context) ([]board.ID, error) {
	var ids []board.ID
	err := r.ask(ctx, func(r *room) {
		for id := range r.state.Item(board.BoardID).Map("milestones") {
			ids = append(ids, id)
		}
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	kept, err := r.hub.store.Milestones(ctx, r.id)
	slices.Sort(ids)
	return slices.DeleteFunc(ids, func(id board.ID) bool { return slices.Contains(kept, id) }), err
}

// fetchMilestones has the disk keep the milestones that it lacks and another
// instance has. Until they are here, a rewind asks for them itself.
func (r *room) fetchMilestones() {
	r.inBackground(func(ctx context.Context) error {
		missing, err := r.missing(ctx)
		for _, id := range missing {
			epoch, err := r.epochNow(ctx)
			if err != nil {
				return err
			}
			then, _, err := r.hub.sequencer.Milestone(ctx, r.id, id)
			if errors.Is(err, fs.ErrNotExist) {
				continue // none that lives has it
			}
			if err != nil {
				return err
			}
			for kept := false; !kept; {
				if err := r.ask(ctx, func(r *room) { kept = r.epochs.Name() != epoch || r.keep(id, then) }); err != nil {
					return err
				}
				if !kept && !r.pause(handAgain) {
					return errStopped
				}
			}
		}
		return err
	}, "milestones that another instance has are not here")
}

// keep has the store keep a milestone, unless it takes nothing just now. It
// leaves out what was erased since then.
func (r *room) keep(id board.ID, then *board.State) bool {
	batch := Batch{Milestones: map[board.ID]*board.Snapshot{id: then.Snapshot()}}
	err := r.hub.store.Append(r.hub.noWait, r.id, batch, func(err error) {
		if err != nil {
			r.log.Warn("a milestone is not kept", "milestone", id, "error", err)
		}
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		r.log.Warn("a milestone is not kept", "milestone", id, "error", err)
		return true
	}
	return err == nil
}
