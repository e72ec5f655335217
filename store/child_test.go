package store

import (
	"fmt"
	"math/rand/v2"
	"os"

	"jana/protocol/board"
)

// childEnv is the path of a store: the test program then is not one, but works
// on that store until it is killed.
const childEnv = "JANA_STORE_CHILD"

// child goes on with all boards of a store at once and prints a line "board
// seq" for what has been called saved. It does everything that a server does:
// folds, milestones, blanks, now and then a new board, a deleted one and a
// compaction.
func child(path string) {
	s, err := Open(path, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for i := range 8 {
		go func() {
			if err := work(s, fmt.Sprintf("board-%d", i)); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}()
	}
	for n := 0; ; n++ {
		id := fmt.Sprintf("short-%d", rand.Uint32())
		state := board.New()
		if err := s.Create(ctx, id, state.Snapshot()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(id, 0)
		if n%2 == 0 {
			// Until it is gone for sure, nothing is said of it.
			fmt.Println(id, -1)
			if err := s.Delete(ctx, id); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			fmt.Println(id, -2)
		}
		if n%5 == 4 {
			if err := s.Compact(ctx); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
}

func work(s *Store, id string) error {
	loaded, err := s.Load(ctx, id)
	if err != nil {
		return err
	}
	b := &table{s: s, id: id, state: loaded.State, n: loaded.State.Seq(), notes: loaded.State.Len()}
	r := rand.New(rand.NewPCG(rand.Uint64(), 0))
	slots := make(chan struct{}, 20) // how far the disk may be behind
	for {
		batch := b.batch(r)
		last := b.state.Seq()
		slots <- struct{}{}
		if err := s.Append(ctx, id, batch, func(err error) {
			if err != nil {
				fmt.Fprintln(os.Stderr, id, err)
				os.Exit(1)
			}
			fmt.Println(id, last)
			<-slots
		}); err != nil {
			return err
		}
	}
}
