package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"jana/protocol/board"
	"jana/server/web"
	"jana/store"
)

// What the one who hosts it does with the file of boards, most of it also while the server runs.

// restore puts the boards of a backup into a data folder that has none.
func (p *program) restore(ctx context.Context, args []string) error {
	if err := store.Restore(ctx, p.storePath(), args[0]); err != nil {
		return err
	}
	_, made, err := p.keys()
	if err != nil {
		return err
	}
	if !made {
		fmt.Fprintf(p.stdout, "restored to %s; links made with the same secret open the boards as before\n", p.storePath())
		return nil
	}
	fmt.Fprintf(p.stdout, "restored to %s\nthere was no secret, so a new one was made (%s) and all links are new:\n", p.storePath(), p.secretPath())
	return p.reading(ctx, func(boards *store.Store) error {
		all, err := boards.Boards()
		if err != nil {
			return err
		}
		for _, info := range all {
			loaded, err := boards.Load(ctx, info.ID)
			if err != nil {
				fmt.Fprintf(p.stderr, "%s: %s\n", info.ID, oneLine(err.Error()))
				continue
			}
			fmt.Fprintf(p.stdout, "\n%s  %s\n", info.ID, oneLine(title(loaded.State)))
			if err := p.printLinks(info.ID, loaded.State); err != nil {
				return err
			}
		}
		return nil
	})
}

// check verifies every board and says what is wrong.
func (p *program) check(ctx context.Context, args []string) error {
	verify := func(boards *store.Store) error {
		all, err := boards.Boards()
		if err != nil {
			return err
		}
		problems, err := boards.Check(ctx)
		for _, problem := range problems {
			fmt.Fprintln(p.stdout, oneLine(problem.Error()))
		}
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return fmt.Errorf("check: %d problems in %d boards", len(problems), len(all))
		}
		fmt.Fprintf(p.stdout, "%d boards, all well\n", len(all))
		return nil
	}
	if len(args) == 1 {
		return opened(args[0], verify)
	}
	return p.reading(ctx, verify)
}

// listBoards prints a line for each board.
func (p *program) listBoards(ctx context.Context, _ []string) error {
	return p.reading(ctx, func(boards *store.Store) error {
		all, err := boards.Boards()
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		for _, info := range all {
			name := "(unreadable)"
			items := "-"
			if loaded, err := boards.Load(ctx, info.ID); err == nil {
				name, items = title(loaded.State), fmt.Sprint(loaded.State.Len())
			}
			fmt.Fprintf(table, "%s\t%s\t%s items\t%s\n", info.ID, info.Created.UTC().Format(time.DateTime), items, oneLine(name))
		}
		return table.Flush()
	})
}

func title(state *board.State) string {
	if b := state.Item(board.BoardID); b != nil {
		return b.Text("title")
	}
	return ""
}

// printLink prints a link of a board that gives a role.
func (p *program) printLink(ctx context.Context, args []string) error {
	id, role := args[0], board.Role(args[1])
	switch role {
	case board.Facilitator, board.Participant, board.Viewer, board.Visitor:
	default:
		return fmt.Errorf("%w: a role is facilitator, participant, viewer or visitor, not %q", errUsage, args[1])
	}
	keys, _, err := p.keys()
	if err != nil {
		return err
	}
	return p.reading(ctx, func(boards *store.Store) error {
		loaded, err := boards.Load(ctx, id)
		if err != nil {
			return err
		}
		var best *board.Item
		for _, it := range loaded.State.Items() {
			if it.Type == board.TypeLink && it.Text("role") == string(role) && it.Get("revoked") == nil && (best == nil || it.Flag("owner")) {
				best = it
			}
		}
		if best == nil {
			return fmt.Errorf("link: board %s has no open link for a %s", id, role)
		}
		fmt.Fprintln(p.stdout, web.LinkAddress(p.publicAddress(), id, board.Role(best.Text("role")), keys.Key(id, best.ID)))
		return nil
	})
}

// printLinks prints all open links of a board.
func (p *program) printLinks(id string, state *board.State) error {
	keys, _, err := p.keys()
	if err != nil {
		return err
	}
	for _, it := range state.Items() {
		if it.Type == board.TypeLink && it.Get("revoked") == nil {
			fmt.Fprintf(p.stdout, "  %-12s %s  %s\n", it.Text("role"), web.LinkAddress(p.publicAddress(), id, board.Role(it.Text("role")), keys.Key(id, it.ID)), oneLine(it.Text("name")+it.Text("as")))
		}
	}
	return nil
}

// exportBoard writes a board to a new file, or prints it.
func (p *program) exportBoard(ctx context.Context, args []string) error {
	return p.reading(ctx, func(boards *store.Store) error {
		loaded, err := boards.Load(ctx, args[0])
		if err != nil {
			return err
		}
		if len(args) == 1 {
			_, err := p.stdout.Write(loaded.State.Export())
			return err
		}
		f, err := os.OpenFile(args[1], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		_, err = f.Write(loaded.State.Export())
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		return nil
	})
}

// importBoard makes a board of a file and prints its links.
func (p *program) importBoard(ctx context.Context, args []string) error {
	raw, err := os.ReadFile(args[0])
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	now := time.Now().UnixMilli()
	state, problems := board.Import(raw, now)
	for _, problem := range problems {
		fmt.Fprintln(p.stdout, oneLine(fmt.Sprintf("%s: %s %s", problem.Path, problem.Code, problem.Detail)))
	}
	if len(problems) > 0 {
		return fmt.Errorf("import: %s is not a board that can be imported", args[0])
	}
	if _, err := web.AddFirstLinks(state, now); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return opened(p.storePath(), func(boards *store.Store) error {
		id := web.NewID()
		if err := boards.Create(ctx, id, state.Snapshot()); err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "%s  %s\n", id, oneLine(title(state)))
		return p.printLinks(id, state)
	})
}

// compact writes the file anew without what was deleted.
func (p *program) compact(ctx context.Context, _ []string) error {
	return opened(p.storePath(), func(boards *store.Store) error {
		before := boards.Stats().FileBytes
		if err := boards.Compact(ctx); err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "%d bytes, were %d\n", boards.Stats().FileBytes, before)
		return nil
	})
}

// opened does something with a file of boards that is there.
func opened(path string, do func(*store.Store) error) error {
	boards, err := store.Open(path, store.Options{MustExist: true})
	if err != nil {
		return err
	}
	closing, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return errors.Join(do(boards), boards.Close(closing))
}

// reading reads the boards: from their file, or, while a server has it open, from a copy that the server makes.
func (p *program) reading(ctx context.Context, read func(*store.Store) error) error {
	err := opened(p.storePath(), read)
	if !errors.Is(err, store.ErrLocked) {
		return err
	}
	folder, tempErr := os.MkdirTemp("", "jana-*")
	if tempErr != nil {
		return errors.Join(err, tempErr)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, filepath.Base(p.storePath()))
	copied, createErr := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if createErr != nil {
		return errors.Join(err, createErr)
	}
	_, fetchErr := p.fetchBackup(ctx, copied)
	if fetchErr = errors.Join(fetchErr, copied.Close()); fetchErr != nil {
		return errors.Join(err, fetchErr)
	}
	return opened(path, read)
}

// publicAddress is the address of the pages as far as the settings tell it.
func (p *program) publicAddress() string { return p.pagesAddress(address(p.listen)) }

// address is a listener's setting as an address.
type address string

// Network implements net.Addr.
func (address) Network() string { return "tcp" }

// String implements net.Addr.
func (a address) String() string { return string(a) }
