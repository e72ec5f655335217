package sequence

import (
	"context"
	"fmt"
	"io/fs"

	"jana/protocol/board"
)

// request is somebody who wants an entry ordered.
type request struct {
	entry *board.Entry
	raw   []byte
	reply chan error
}

// append hands an entry over and waits until it has its place or has none.
func (b *following) append(ctx context.Context, e *board.Entry) error {
	raw, err := encodeEntry(e)
	if err != nil {
		return err
	}
	if len(raw) > maxLoneBytes {
		return fmt.Errorf("an entry of %d bytes: %w", len(raw), fs.ErrInvalid)
	}
	r := request{e, raw, make(chan error, 1)}
	select {
	case b.requests <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-b.ctx.Done():
		return fs.ErrClosed
	}
	select {
	case err := <-r.reply:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-b.over:
		select {
		case err := <-r.reply:
			return err
		default:
			return fs.ErrClosed
		}
	}
}

// gather takes what waits to be ordered together with a request.
func (b *following) gather(first request) []request {
	all, size := []request{first}, len(first.raw)
	for len(all) < maxEntries && size < maxBytes {
		select {
		case r := <-b.requests:
			all, size = append(all, r), size+len(r.raw)
		default:
			return all
		}
	}
	return all
}

// order gives requests their places, all or none of them at a time. With false
// nothing can be ordered now.
func (b *following) order(all []request) bool {
	if b.hushed {
		answer(all, down())
		return false
	}
	for len(all) > 0 {
		n, size := 0, 0
		for n < len(all) && (n == 0 || size+len(all[n].raw) < maxBytes) {
			size += len(all[n].raw) + 1
			n++
		}
		if !b.commit(all[:n]) {
			answer(all, down())
			return false
		}
		all = all[n:]
	}
	return true
}

func answer(all []request, err error) {
	for _, r := range all {
		r.reply <- err
	}
}

// commit orders requests as one batch. With false they may or may not have their
// places: whoever sends them again gets the fate of the first.
func (b *following) commit(all []request) bool {
	payload := []byte{'['}
	for i, r := range all {
		if i > 0 {
			payload = append(payload, ',')
		}
		payload = append(payload, r.raw...)
	}
	payload = append(payload, ']')
	for range maxTries {
		r, err := b.q.run(b.ctx, b.q.scripts.commit, b.q.keys(b.id, "m", "s", "p"), b.epochs.Name(), b.seq, b.q.bus.Instance(), len(all), payload, mostBehind)
		if b.mend(b.ctx, err) {
			continue
		}
		if err != nil {
			b.log("nothing is ordered", err)
			return false
		}
		switch r.word {
		case "OK":
			return b.placed(all, batch{first: r.number(0), last: r.number(1), time: parseTime(r.text(2))})
		case "FULL":
			if !b.snapNow() {
				return false
			}
		default: // the order has begun anew, or has to
			if !b.sync() {
				return false
			}
		}
		if b.ctx.Err() != nil {
			return false
		}
	}
	return false
}

// maxTries of a step that others may come in between.
const maxTries = 5

// placed hands over entries that have just got their places, after those of
// others in between.
func (b *following) placed(all []request, at batch) bool {
	for i, r := range all {
		r.entry.Seq, r.entry.Time = at.first+int64(i), at.time
		at.entries = append(at.entries, r.entry)
	}
	placed := b.deliver
	if at.first != b.seq+1 {
		placed = func(batch) bool { return b.sync() } // which brings ours as well
	}
	if !placed(at) {
		return false
	}
	answer(all, nil)
	return true
}
