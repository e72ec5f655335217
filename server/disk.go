package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/room"
	"jana/server/web"
	"jana/store"
)

// disk is the store as rooms want it: they know the same things by their own names.
type disk struct{ *store.Store }

// Load implements room.Store.
func (d disk) Load(ctx context.Context, id string) (room.Loaded, error) {
	loaded, err := d.Store.Load(ctx, id)
	return room.Loaded(loaded), inRoomsWords(err)
}

// Append implements room.Store.
func (d disk) Append(ctx context.Context, id string, b room.Batch, done func(error)) error {
	return d.Store.Append(ctx, id, store.Batch(b), done)
}

// Renew implements room.Store.
func (d disk) Renew(ctx context.Context, id string, r board.Renewal) error {
	return inRoomsWords(d.Store.Renew(ctx, id, r))
}

// Delete implements room.Store.
func (d disk) Delete(ctx context.Context, id string) error {
	return forget(ctx, d.Store, id)
}

// forget deletes a board. One that is deleted already is not asked to be there.
func forget(ctx context.Context, boards *store.Store, id string) error {
	if err := boards.Delete(ctx, id); !errors.Is(err, store.ErrDeleted) {
		return inRoomsWords(err)
	}
	return nil
}

// History implements room.Store.
func (d disk) History(ctx context.Context, id string, from, to int64, limit int) ([]*board.Entry, error) {
	entries, err := d.Store.History(ctx, id, from, to, limit)
	return entries, inRoomsWords(err)
}

// Milestone implements room.Store.
func (d disk) Milestone(ctx context.Context, id string, milestone board.ID) (*board.State, error) {
	state, err := d.Store.Milestone(ctx, id, milestone)
	return state, inRoomsWords(err)
}

// Milestones implements room.Store.
func (d disk) Milestones(ctx context.Context, id string) ([]board.ID, error) {
	ids, err := d.Store.Milestones(ctx, id)
	return ids, inRoomsWords(err)
}

func inRoomsWords(err error) error {
	switch {
	case errors.Is(err, store.ErrDeleted):
		// Not as one that is not here: then others would be asked for it, who may have an old copy.
		return fmt.Errorf("%w: %v", protocol.Bye{Code: protocol.Deleted}, err)
	case errors.Is(err, store.ErrCorrupt):
		return fmt.Errorf("%w: %w", web.ErrUnreadable, err)
	case errors.Is(err, fs.ErrInvalid):
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err) // an id that no board has
	}
	return err
}
