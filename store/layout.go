package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"

	"jana/protocol/board"
)

// Buckets.
var (
	metaBucket       = []byte("meta")
	boardsBucket     = []byte("boards")
	deletedBucket    = []byte("deleted")
	snapshotsBucket  = []byte("snapshots")
	logBucket        = []byte("log")
	milestonesBucket = []byte("milestones")
	blankedBucket    = []byte("blanked")
	orphansBucket    = []byte("orphans")

	allBuckets = [][]byte{
		metaBucket, boardsBucket, deletedBucket, snapshotsBucket, logBucket, milestonesBucket, blankedBucket, orphansBucket,
	}
	// ofABoard are the buckets whose keys begin with the id of a board.
	ofABoard = [][]byte{snapshotsBucket, logBucket, milestonesBucket, blankedBucket, orphansBucket}
)

// Keys of the meta bucket.
var (
	schemaKey  = []byte("schema")
	createdKey = []byte("created")
	erasedKey  = []byte("erased")
)

const maxIDBytes = 64

// validID says whether a board or milestone may have the id: the characters of
// the protocol's ids, so that it can be part of a key and of a file name.
func validID(id string) bool {
	if id == "" || len(id) > maxIDBytes {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

// prefixOf begins all keys of a board. The slash is in no id, so no board's
// prefix begins another's.
func prefixOf(id string) []byte { return append([]byte(id), '/') }

func seqKey(id string, seq int64) []byte {
	return binary.BigEndian.AppendUint64(prefixOf(id), uint64(seq))
}

func milestoneKey(id string, milestone board.ID) []byte {
	return append(prefixOf(id), milestone...)
}

// seqOf reads the seq of a key that [seqKey] made.
func seqOf(key []byte) int64 {
	if len(key) < 8 {
		return -1
	}
	return int64(binary.BigEndian.Uint64(key[len(key)-8:]))
}

// last finds the board's last key in a bucket that is ordered by seq; nil if
// the board has none there.
func last(b *bolt.Bucket, id string) (key, value []byte) {
	prefix := prefixOf(id)
	c := b.Cursor()
	after := append([]byte(id), '/'+1)
	if key, _ = c.Seek(after); key == nil {
		key, value = c.Last()
	} else {
		key, value = c.Prev()
	}
	if !bytes.HasPrefix(key, prefix) {
		return nil, nil
	}
	return key, value
}

// A log value is the magic, the format, the CRC-32C of key and content, and
// the content: a JSON array of entries with ascending seqs.
const (
	logMagic        = "JLG"
	logFormat       = 1
	logHeaderBytes  = 8
	snapshotMagic   = "JSN"
	snapshotFormat  = 1
	snapshotHeadLen = 4 + 8 + sha256.Size
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendLog writes the value for entries that are JSON already.
func appendLog(key []byte, entries [][]byte) []byte {
	size := logHeaderBytes + 2
	for _, e := range entries {
		size += len(e) + 1
	}
	v := make([]byte, logHeaderBytes, size)
	copy(v, logMagic)
	v[3] = logFormat
	v = append(v, '[')
	for i, e := range entries {
		if i > 0 {
			v = append(v, ',')
		}
		v = append(v, e...)
	}
	v = append(v, ']')
	binary.BigEndian.PutUint32(v[4:], logSum(key, v[logHeaderBytes:]))
	return v
}

func logSum(key, content []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, content)
}

// readLog returns the content of a log value.
func readLog(key, v []byte) ([]byte, error) {
	switch {
	case len(v) < logHeaderBytes+2 || string(v[:3]) != logMagic:
		return nil, fmt.Errorf("%w: no entries where they should be", ErrCorrupt)
	case v[3] != logFormat:
		return nil, fmt.Errorf("%w: entries of format %d", ErrCorrupt, v[3])
	case binary.BigEndian.Uint32(v[4:]) != logSum(key, v[logHeaderBytes:]):
		return nil, fmt.Errorf("%w: the checksum of the entries up to %d is wrong", ErrCorrupt, seqOf(key))
	}
	return v[logHeaderBytes:], nil
}

// readEntries decodes a log value. The entries share no memory with it.
func readEntries(key, v []byte) ([]*board.Entry, error) {
	content, err := readLog(key, v)
	if err != nil {
		return nil, err
	}
	var entries []*board.Entry
	if err := json.Unmarshal(content, &entries); err != nil {
		return nil, fmt.Errorf("%w: entries up to %d: %w", ErrCorrupt, seqOf(key), err)
	}
	if len(entries) == 0 || entries[len(entries)-1].Seq != seqOf(key) {
		return nil, fmt.Errorf("%w: the entries under %d are others", ErrCorrupt, seqOf(key))
	}
	return entries, nil
}

// A snapshot value is the magic, the format, the seq, the SHA-256 of key, seq
// and content, and the content as board.Snapshot.Encode wrote it.
func appendSnapshot(key []byte, seq int64, content []byte) []byte {
	v := make([]byte, 0, snapshotHeadLen+len(content))
	v = append(v, snapshotMagic...)
	v = append(v, snapshotFormat)
	v = binary.BigEndian.AppendUint64(v, uint64(seq))
	sum := snapshotSum(key, seq, content)
	v = append(v, sum[:]...)
	return append(v, content...)
}

func snapshotSum(key []byte, seq int64, content []byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write(key)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(seq)))
	h.Write(content)
	h.Sum(sum[:0])
	return sum
}

// readSnapshot returns the seq of a snapshot value and a copy of its content.
func readSnapshot(key, v []byte) (seq int64, content []byte, err error) {
	if len(v) < snapshotHeadLen || string(v[:3]) != snapshotMagic {
		return 0, nil, fmt.Errorf("%w: no snapshot where it should be", ErrCorrupt)
	}
	if v[3] != snapshotFormat {
		return 0, nil, fmt.Errorf("%w: a snapshot of format %d", ErrCorrupt, v[3])
	}
	seq = int64(binary.BigEndian.Uint64(v[4:]))
	content = v[snapshotHeadLen:]
	if sum := snapshotSum(key, seq, content); !bytes.Equal(sum[:], v[12:snapshotHeadLen]) {
		return 0, nil, fmt.Errorf("%w: the checksum of the snapshot at %d is wrong", ErrCorrupt, seq)
	}
	return seq, bytes.Clone(content), nil
}
