package sequence

// snap puts a snapshot into Redis when much has happened since the last.
func (b *following) snap() {
	if b.snapping || b.seq-b.snapshot < snapBehind {
		return
	}
	b.snapping = true
	epoch := b.epochs.Name()
	b.q.running.Go(func() {
		seq, err := b.putSnapshot(epoch)
		if err != nil && b.ctx.Err() == nil {
			b.q.o.Log.Warn("a snapshot is not in Redis", "board", b.id, "error", err)
		}
		select {
		case b.snapped <- seq:
		case <-b.over:
		}
	})
}

func (b *following) snapNow() bool {
	seq, err := b.putSnapshot(b.epochs.Name())
	if err != nil {
		b.log("a snapshot is not in Redis", err)
		return false
	}
	b.snapshot = max(b.snapshot, seq)
	return true
}

// putSnapshot tells the seq of the snapshot that Redis has then.
func (b *following) putSnapshot(epoch string) (int64, error) {
	s, _, _, err := b.f.Look(b.ctx)
	if err != nil {
		return 0, err
	}
	packed, err := encodeState(s)
	if err != nil {
		return 0, err
	}
	r, err := b.q.run(b.ctx, b.q.scripts.snap, b.q.keys(b.id, "m", "s", "n"), epoch, s.Seq(), packed, keptBehind)
	if err != nil {
		return 0, err
	}
	return max(0, r.number(0)), nil
}
