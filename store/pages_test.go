package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jana/protocol/board"
)

func TestPagesThatContradictEachOtherAreFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jana.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := newTable(t, s, "koe")
	for range 120 {
		b.push(board.Move{Moves: []board.Place{{ID: "n1", X: b.n, Y: 1}}})
		b.settle()
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := readMeta(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	page := func(raw []byte, id uint64) []byte { return raw[id*uint64(m.pageSize):][:m.pageSize] }
	free := page(whole, m.freelist)
	if countOf(free) < 2 {
		t.Fatal("the test needs free pages")
	}
	isFree := map[uint64]bool{}
	for i := range int(countOf(free)) {
		isFree[native.Uint64(free[pageHeadBytes+8*i:])] = true
	}
	var branch, leaf uint64
	for id := uint64(2); id < m.high; id++ {
		switch p := page(whole, id); {
		case isFree[id] || native.Uint64(p) != id:
		case kindOf(p) == branchPage && countOf(p) >= 2:
			branch = id
		case kindOf(p) == leafPage && countOf(p) >= 4:
			leaf = id
		}
	}
	if branch == 0 || leaf == 0 {
		t.Fatal("the test needs a branch")
	}
	// element is the head of a page's i-th element.
	element := func(raw []byte, id uint64, i int) []byte {
		return page(raw, id)[pageHeadBytes+i*elementBytes:][:elementBytes]
	}
	for name, c := range map[string]struct {
		change func([]byte)
		says   string
	}{
		"nothing": {func([]byte) {}, ""},
		"a page with two parents": {func(raw []byte) {
			copy(element(raw, branch, 1)[8:], element(raw, branch, 0)[8:])
		}, "is used twice"},
		"a page that is its own parent": {func(raw []byte) {
			native.PutUint64(element(raw, branch, 0)[8:], branch)
		}, "is used twice"},
		"a page outside the file": {func(raw []byte) {
			native.PutUint64(element(raw, branch, 0)[8:], m.high)
		}, "is outside the file"},
		"a page that is free": {func(raw []byte) {
			copy(element(raw, branch, 0)[8:], page(raw, m.freelist)[pageHeadBytes:][:8])
		}, ""}, // which of two faults is met first depends on the page
		"a page free twice": {func(raw []byte) {
			copy(page(raw, m.freelist)[pageHeadBytes+8:][:8], page(raw, m.freelist)[pageHeadBytes:])
		}, "cannot be free"},
		"a page in use that is free": {func(raw []byte) {
			native.PutUint64(page(raw, m.freelist)[pageHeadBytes:], leaf)
		}, "is used and free"},
		"a freelist longer than itself": {func(raw []byte) {
			native.PutUint16(page(raw, m.freelist)[10:], 0xFFFE)
		}, "more free pages than it can hold"},
		"keys out of order": {func(raw []byte) {
			var first [elementBytes]byte
			copy(first[:], element(raw, leaf, 0))
			// An element says where its key is relative to itself.
			native.PutUint32(first[4:], native.Uint32(first[4:])-2*elementBytes)
			copy(element(raw, leaf, 2), first[:])
		}, "out of order"},
		"an element that ends outside": {func(raw []byte) {
			native.PutUint32(element(raw, leaf, 3)[12:], 1<<31)
		}, "ends outside of it"},
		"an element without a key": {func(raw []byte) { clear(element(raw, leaf, 1)[8:12]) }, "without a key"},
		"too many elements": {func(raw []byte) {
			native.PutUint16(page(raw, leaf)[10:], 0xFFFF)
		}, "more elements than it can hold"},
		"a page that goes on outside the file": {func(raw []byte) {
			native.PutUint32(page(raw, leaf)[12:], 1<<30)
		}, "goes on outside the file"},
		"a page of no kind":           {func(raw []byte) { native.PutUint16(page(raw, leaf)[8:], 0x40) }, "is of kind"},
		"a branch to nothing":         {func(raw []byte) { native.PutUint16(page(raw, branch)[10:], 0) }, "to nothing"},
		"a page under another number": {func(raw []byte) { native.PutUint64(page(raw, leaf), 2) }, "says that it is 2"},
	} {
		t.Run(name, func(t *testing.T) {
			raw := bytes.Clone(whole)
			c.change(raw)
			lost, err := verifyPages(bytes.NewReader(raw), m)
			switch {
			case name == "nothing":
				if err != nil || lost != 0 {
					t.Errorf("got %d pages lost and %v, want all well", lost, err)
				}
			case !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), c.says):
				t.Errorf("got %v, want ErrDamaged with %q", err, c.says)
			}
		})
	}
}
