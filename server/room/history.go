package room

import (
	"context"

	"jana/protocol/board"
)

// History gives saved entries of a board from one seq to another, both
// included, at most limit of them: a seq may be missing here that another
// instance has. fs.ErrNotExist if there is no such board. What their changes'
// audiences do not include is for the caller to leave out.
func (h *Hub) History(ctx context.Context, id string, from, to int64, limit int) ([]*board.Entry, error) {
	var entries []*board.Entry
	err := h.with(ctx, id, func(r *room) (err error) {
		entries, err = h.store.History(ctx, r.id, from, to, limit)
		return err
	})
	return entries, err
}
