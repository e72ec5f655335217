package sequence

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"time"

	"jana/protocol"
	"jana/protocol/board"
	"jana/server/cluster"
)

// Shelf is the boards on this instance's disk, open or not.
type Shelf interface {
	// Load gives a board as it is saved: fs.ErrNotExist if it is not here, a
	// [protocol.Bye] if it was deleted.
	Load(ctx context.Context, id string) (*board.State, board.Epochs, error)
	// Standings tells where every board is that is or was here: by id.
	Standings(ctx context.Context) (map[string]Standing, error)
	// Milestone gives the state that was kept under a name; fs.ErrNotExist if
	// there is none.
	Milestone(ctx context.Context, id string, milestone board.ID) (*board.State, error)
	// Delete forgets a board that was deleted elsewhere.
	Delete(ctx context.Context, id string) error
}

// Standing is where a board on disk is.
type Standing struct {
	Epochs board.Epochs
	Seq    int64
	// Orphans: entries have lost their places and wait for new ones.
	Orphans bool
	// Deleted: that it was there is all that is known.
	Deleted bool
}

// Options of a shared order. The zero value of a field is its default.
type Options struct {
	Log *slog.Logger // slog.Default()
	// Wake opens a board's room, so that it catches up with the others; nil: nobody.
	Wake func(ctx context.Context, id string) error
	// Probe is how often it is seen whether a message was missed: 500 ms.
	Probe time.Duration
	// Window is how long a new order waits for instances that may have more: 3 s.
	Window time.Duration
	// Fresh is how long after Redis was empty instances may yet come that have
	// boards on disk: 10 s. Until then no board is called unknown.
	Fresh time.Duration
}

const (
	// membersFor is how far back before an outage an instance must have been
	// seen to be waited for.
	membersFor = 10 * time.Second
	// callTimeout of one step with Redis.
	callTimeout = 2 * time.Second
	// goneDays is how long Redis remembers that a board was deleted.
	goneDays = 90
)

// Shared orders boards together with other instances, through Redis. Redis may
// forget everything at any time: what an instance has saved comes back.
type Shared struct {
	bus     *cluster.Client
	shelf   Shelf
	o       Options
	scripts scripts

	ctx     context.Context
	end     context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex
	boards  map[string]*following
	tending map[string]bool      // boards that are not open and whose order begins anew
	asked   map[string]*question // by board
	sought  map[string]*question // milestones, by where the answer is to be
	seen    map[string]time.Time // instance → when it was last known to live
	looked  time.Time            // when members were last told
	holds   []*hold
	mended  map[string]time.Time // boards that were taken out of Redis, and when

	// Only watch touches what follows, once it runs.
	incarnation string // of Redis, when it was last asked
}

// NewShared joins the instances, until End.
func NewShared(ctx context.Context, bus *cluster.Client, shelf Shelf, o Options) (*Shared, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Probe == 0 {
		o.Probe = 500 * time.Millisecond
	}
	if o.Window == 0 {
		o.Window = 3 * time.Second
	}
	if o.Fresh == 0 {
		o.Fresh = 10 * time.Second
	}
	q := &Shared{
		bus: bus, shelf: shelf, o: o, scripts: newScripts(prelude),
		boards: map[string]*following{}, tending: map[string]bool{}, asked: map[string]*question{}, sought: map[string]*question{}, seen: map[string]time.Time{},
		mended: map[string]time.Time{},
	}
	q.ctx, q.end = context.WithCancel(context.WithoutCancel(ctx))
	stop, err := bus.Subscribe(ctx, bus.Shared("ctl"), q.hear)
	if err != nil {
		q.end()
		return nil, fmt.Errorf("join the other instances: %w", err)
	}
	q.lookForMembers()
	q.lookForLoss() // or what is lost before it is looked for the first time would not be missed
	q.running.Go(func() {
		defer stop()
		q.watch()
	})
	q.running.Go(q.scan)
	return q, nil
}

// End ends everything that is under way. Boards are closed before.
func (q *Shared) End() {
	q.end()
	q.running.Wait()
}

// down is what somebody is told who wants something ordered while nothing can be.
func down() error {
	retry := int64(1000)
	return protocol.Bye{Code: protocol.Elsewhere, Retry: &retry}
}

// run runs a script on a board's keys.
func (q *Shared) run(ctx context.Context, s *cluster.Script, keys []string, args ...any) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := q.bus.Run(ctx, s, keys, args...)
	if err != nil {
		return reply{}, err
	}
	return replyOf(answer)
}

// keys of a board by their suffixes: meta, stream, snapshot, bids, published.
func (q *Shared) keys(id string, suffixes ...string) []string {
	keys := make([]string, len(suffixes))
	for i, suffix := range suffixes {
		keys[i] = q.bus.Key(id, suffix)
	}
	return keys
}

// Create tells of a new board that is on disk here.
func (q *Shared) Create(ctx context.Context, id string, birth *board.State) error {
	snapshot := birth.Snapshot()
	packed, err := encodeState(snapshot)
	if err != nil {
		return fmt.Errorf("create board %s: %w", id, err)
	}
	epochs := board.Epochs{}.Then(newEpoch(0), snapshot.Seq())
	told, err := json.Marshal(epochs)
	if err != nil {
		return fmt.Errorf("create board %s: %w", id, err)
	}
	r, err := q.run(ctx, q.scripts.create, q.keys(id, "m", "n"), epochs.Name(), snapshot.Seq(), told, packed, birth.Time())
	switch {
	case err != nil:
		q.o.Log.Error("a new board is on disk here alone", "board", id, "error", err)
		return down()
	case r.word == "EXISTS":
		return fmt.Errorf("create board %s: %w", id, fs.ErrExist)
	}
	return nil
}

// Delete tells all instances that a board is gone for good.
func (q *Shared) Delete(ctx context.Context, id string) error {
	if _, err := q.run(ctx, q.scripts.erase, q.keys(id, "m", "s", "n", "r", "p"), goneDays); err != nil {
		q.o.Log.Error("a board is not deleted", "board", id, "error", err)
		return down()
	}
	q.tell(ctx, notice{Type: noticeGone, Board: id})
	return nil
}

// Open joins the order of a board. While Redis cannot be reached a board that is
// here opens all the same, and its follower is told that nothing is ordered.
func (q *Shared) Open(ctx context.Context, id string, epochs board.Epochs, seq, time int64, f protocol.Follower) (board.Renewal, error) {
	b := newFollowing(q, id, f, epochs, seq)
	q.mu.Lock()
	if q.boards[id] != nil {
		q.mu.Unlock()
		return board.Renewal{}, fmt.Errorf("order of board %s: %w", id, fs.ErrExist)
	}
	q.boards[id] = b
	q.mu.Unlock()
	joined, err := b.join(ctx)
	if err != nil {
		q.close(b)
		return board.Renewal{}, fmt.Errorf("order of board %s: %w", id, err)
	}
	b.start()
	return joined, nil
}

func (q *Shared) following(id string) *following {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.boards[id]
}

// Append has an entry ordered by whoever's turn it is in Redis.
func (q *Shared) Append(ctx context.Context, id string, e *board.Entry) error {
	b := q.following(id)
	if b == nil {
		return fmt.Errorf("order of board %s: %w", id, fs.ErrClosed)
	}
	if err := b.append(ctx, e); err != nil {
		return fmt.Errorf("order of board %s: %w", id, err)
	}
	return nil
}

// Close ends the deliveries of a board. What was ordered and is not saved here
// the others have, or Redis.
func (q *Shared) Close(id string, _ bool) {
	if b := q.following(id); b != nil {
		q.close(b)
	}
}

func (q *Shared) close(b *following) {
	q.mu.Lock()
	if q.boards[b.id] == b {
		delete(q.boards, b.id)
	}
	q.holds = slices.DeleteFunc(q.holds, func(h *hold) bool { return h.board == b.id })
	q.mu.Unlock()
	b.stop()
}

// watch looks after all open boards until the end.
func (q *Shared) watch() {
	probe := time.NewTicker(q.o.Probe)
	defer probe.Stop()
	for {
		select {
		case <-q.ctx.Done():
			return
		case <-probe.C:
		}
		q.lookForMembers()
		q.probe()
		q.lookForLoss()
		q.askToHold()
	}
}

// lookForMembers notes who lives.
func (q *Shared) lookForMembers() {
	ctx, cancel := context.WithTimeout(q.ctx, callTimeout)
	defer cancel()
	members, err := q.bus.Members(ctx)
	if err != nil {
		return
	}
	at := time.Now()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.looked = at
	for _, id := range members {
		q.seen[id] = at
	}
	for id, last := range q.seen {
		if at.Sub(last) > membersFor {
			delete(q.seen, id)
		}
	}
}

// Others are the instances that live besides this one, as far as is known.
func (q *Shared) Others() []string { return q.others(aliveFor) }

// others are the instances that lived lately besides this one: as of the last
// time that Redis could tell.
func (q *Shared) others(within time.Duration) []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	var ids []string
	for id, last := range q.seen {
		if id != q.bus.Instance() && q.looked.Sub(last) <= within {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
