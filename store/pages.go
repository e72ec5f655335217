package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// The pages of a bbolt file, read without bbolt: it trusts what stands in them
// and follows it out of the map, which kills the process.
//
// Numbers are in the byte order of the machine. A page begins with its number
// (8 bytes), kind (2), count of elements (2) and how many more pages belong to
// it (4).
const (
	pageHeadBytes = 16
	elementBytes  = 16
	metaBytes     = 64
	metaMagic     = 0xED0CDAED
	metaVersion   = 2

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	bucketLeaf   = 0x01

	// manyFree in a freelist's count says that the first number is the count.
	manyFree   = 0xFFFF
	noFreelist = 1<<64 - 1

	maxDepth = 64
)

var native = binary.NativeEndian

// metaPage is what the head of the file says of the rest.
type metaPage struct {
	pageSize             uint32
	root, freelist, high uint64 // pages; high is the first that is not used
	tx                   uint64
}

func (m metaPage) bytes() int64 { return int64(m.high) * int64(m.pageSize) }

// readMeta finds the newer of the two heads that is whole, and refuses a file
// that is shorter than it says.
func readMeta(f io.ReaderAt, size int64) (metaPage, error) {
	var newest metaPage
	found := false
	// The first is on page 0. The second is on page 1, wherever that begins.
	offsets := []int64{0}
	for at := int64(1024); at <= 64<<10; at *= 2 {
		offsets = append(offsets, at)
	}
	for _, at := range offsets {
		buf := make([]byte, pageHeadBytes+metaBytes)
		if _, err := f.ReadAt(buf, at); err != nil {
			if errors.Is(err, io.EOF) {
				continue
			}
			return metaPage{}, err
		}
		m, ok := parseMeta(buf[pageHeadBytes:])
		if ok && (at == 0 || at == int64(m.pageSize)) && (!found || m.tx > newest.tx) {
			newest, found = m, true
		}
	}
	if !found {
		return metaPage{}, ErrForeign
	}
	if newest.bytes() > size {
		return metaPage{}, fmt.Errorf("%w: it has %d bytes of %d", ErrTruncated, size, newest.bytes())
	}
	return newest, nil
}

func parseMeta(b []byte) (metaPage, bool) {
	sum := fnv.New64a()
	sum.Write(b[:56])
	m := metaPage{
		pageSize: native.Uint32(b[8:]), root: native.Uint64(b[16:]), freelist: native.Uint64(b[32:]),
		high: native.Uint64(b[40:]), tx: native.Uint64(b[48:]),
	}
	ok := native.Uint32(b) == metaMagic && native.Uint32(b[4:]) == metaVersion && native.Uint64(b[56:]) == sum.Sum64() &&
		m.pageSize >= 1024 && m.pageSize <= 64<<10 && m.high >= 4 && m.high < 1<<48
	return m, ok
}

// pages is the walk through all pages that can be reached from a head.
type pages struct {
	f    io.ReaderAt
	m    metaPage
	used []bool // by page: it belongs to a bucket or to the freelist
	free []bool // by page: the freelist has it
}

// verifyPages holds every page that can be reached against the others, and
// returns how many can be reached by nobody: lost space, but no danger.
func verifyPages(f io.ReaderAt, m metaPage) (lost int, err error) {
	p := &pages{f: f, m: m, used: make([]bool, m.high), free: make([]bool, m.high)}
	if err := p.freelist(); err != nil {
		return 0, err
	}
	if err := p.tree(m.root, nil, nil, 0); err != nil {
		return 0, err
	}
	for id := uint64(2); id < m.high; id++ {
		if !p.used[id] && !p.free[id] {
			lost++
		}
	}
	return lost, nil
}

func damaged(page uint64, format string, args ...any) error {
	return fmt.Errorf("%w: page %d %s", ErrDamaged, page, fmt.Sprintf(format, args...))
}

// read returns a page with all that belongs to it, and notes that it is used.
func (p *pages) read(id uint64) ([]byte, error) {
	if id < 2 || id >= p.m.high {
		return nil, damaged(id, "is outside the file")
	}
	head := make([]byte, pageHeadBytes)
	at := int64(id) * int64(p.m.pageSize)
	if _, err := p.f.ReadAt(head, at); err != nil {
		return nil, err
	}
	if native.Uint64(head) != id {
		return nil, damaged(id, "says that it is %d", native.Uint64(head))
	}
	end := id + uint64(native.Uint32(head[12:])) + 1
	if end > p.m.high {
		return nil, damaged(id, "goes on outside the file")
	}
	for i := id; i < end; i++ {
		if p.used[i] {
			return nil, damaged(i, "is used twice")
		}
		if p.free[i] {
			return nil, damaged(i, "is used and free")
		}
		p.used[i] = true
	}
	page := make([]byte, (end-id)*uint64(p.m.pageSize))
	_, err := p.f.ReadAt(page, at)
	return page, err
}

func (p *pages) freelist() error {
	if p.m.freelist == noFreelist {
		return fmt.Errorf("%w: it has no list of free pages", ErrForeign)
	}
	page, err := p.read(p.m.freelist)
	if err != nil {
		return err
	}
	if kindOf(page) != freelistPage {
		return damaged(p.m.freelist, "is no list of free pages")
	}
	numbers := page[pageHeadBytes:]
	count := uint64(countOf(page))
	if count == manyFree {
		count = native.Uint64(numbers)
		numbers = numbers[8:]
	}
	if count > uint64(len(numbers))/8 {
		return damaged(p.m.freelist, "lists more free pages than it can hold")
	}
	for i := range count {
		id := native.Uint64(numbers[8*i:])
		if id < 2 || id >= p.m.high || p.used[id] || p.free[id] {
			return damaged(id, "cannot be free")
		}
		p.free[id] = true
	}
	return nil
}

func kindOf(page []byte) uint16  { return native.Uint16(page[8:]) }
func countOf(page []byte) uint16 { return native.Uint16(page[10:]) }

// tree checks a page of a bucket and what is below it. Its keys lie from low on
// and, unless that is nil, below high.
func (p *pages) tree(id uint64, low, high []byte, depth int) error {
	if depth > maxDepth {
		return damaged(id, "is too deep")
	}
	page, err := p.read(id)
	if err != nil {
		return err
	}
	switch kindOf(page) {
	case leafPage:
		return p.leaf(id, page, low, high, depth)
	case branchPage:
	default:
		return damaged(id, "is of kind %#x", kindOf(page))
	}
	children, err := elements(id, page, 0, 4, low, high)
	if err != nil {
		return err
	}
	if len(children) == 0 {
		return damaged(id, "is a branch to nothing")
	}
	for i, child := range children {
		next := high
		if i+1 < len(children) {
			next = children[i+1].key
		}
		if err := p.tree(native.Uint64(child.head[8:]), child.key, next, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (p *pages) leaf(id uint64, page, low, high []byte, depth int) error {
	items, err := elements(id, page, 4, 8, low, high)
	if err != nil {
		return err
	}
	for _, item := range items {
		if native.Uint32(item.head)&bucketLeaf == 0 {
			continue
		}
		if len(item.value) < 16 {
			return damaged(id, "has a bucket that is too short")
		}
		if root := native.Uint64(item.value); root != 0 {
			if err := p.tree(root, nil, nil, depth+1); err != nil {
				return err
			}
			continue
		}
		// A small bucket lies in its parent's page, as a leaf of its own.
		inline := item.value[16:]
		if len(inline) < pageHeadBytes || kindOf(inline) != leafPage {
			return damaged(id, "has a bucket that is none")
		}
		if depth > maxDepth {
			return damaged(id, "is too deep")
		}
		if err := p.leaf(id, inline, nil, nil, depth+1); err != nil {
			return err
		}
	}
	return nil
}

type element struct{ head, key, value []byte }

// elements reads the keys of a page, and in a leaf the values: where they begin
// and how long the key is stands at the two offsets of an element's head, and
// in a leaf the value's length after them.
func elements(id uint64, page []byte, posAt, keyLenAt int, low, high []byte) ([]element, error) {
	count := int(countOf(page))
	if pageHeadBytes+count*elementBytes > len(page) {
		return nil, damaged(id, "has more elements than it can hold")
	}
	all := make([]element, count)
	var before []byte
	for i := range all {
		at := pageHeadBytes + i*elementBytes
		head := page[at : at+elementBytes]
		begin := uint64(at) + uint64(native.Uint32(head[posAt:]))
		keyEnd := begin + uint64(native.Uint32(head[keyLenAt:]))
		end := keyEnd
		if kindOf(page) == leafPage {
			end += uint64(native.Uint32(head[12:]))
		}
		if end > uint64(len(page)) {
			return nil, damaged(id, "has an element that ends outside of it")
		}
		e := element{head, page[begin:keyEnd:keyEnd], page[keyEnd:end:end]}
		switch {
		case len(e.key) == 0 && (i > 0 || kindOf(page) == leafPage):
			return nil, damaged(id, "has an element without a key")
		case i > 0 && bytes.Compare(before, e.key) >= 0, i == 0 && bytes.Compare(e.key, low) < 0,
			high != nil && bytes.Compare(e.key, high) >= 0:
			return nil, damaged(id, "has its keys out of order")
		}
		before, all[i] = e.key, e
	}
	return all, nil
}
