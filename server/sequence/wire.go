package sequence

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"jana/protocol/board"
)

// What instances tell each other through Redis is validated like what a browser
// sends: it may have been written by anybody.

var (
	// errForeign: something in Redis is not what an instance has written.
	errForeign = errors.New("redis holds something that no instance has written")
	// errNewer: it is more than this version can read. Whoever left it out would
	// come to have another board than the others.
	errNewer = errors.New("redis holds what only a newer version can read; this instance wants an upgrade")
)

const (
	// maxEntries and maxBytes of one batch; a single entry may be larger.
	maxEntries = 256
	maxBytes   = 64 << 10
	// maxLoneBytes of an entry that is alone in its batch: a rewind carries what
	// it changes.
	maxLoneBytes = 9 << 20
	// maxStateBytes of a snapshot that was unpacked.
	maxStateBytes = 256 << 20
)

// batch is entries that were ordered together.
type batch struct {
	first, last, time int64
	entries           []*board.Entry
}

// encodeEntry writes an entry that has no place yet.
func encodeEntry(e *board.Entry) ([]byte, error) {
	bare := board.Entry{By: e.By, Role: e.Role, Link: e.Link, Client: e.Client, N: e.N, Ops: e.Ops, Whole: e.Whole, Rescued: e.Rescued, Told: e.Told}
	return json.Marshal(&bare)
}

// decodeBatch reads the entries that end at a seq.
func decodeBatch(last, n, time int64, payload []byte) (batch, error) {
	b := batch{first: last - n + 1, last: last, time: time}
	if len(payload) > maxLoneBytes+2 {
		return batch{}, fmt.Errorf("%w: %d bytes of entries up to %d", errForeign, len(payload), last)
	}
	var all []json.RawMessage
	if err := json.Unmarshal(payload, &all); err != nil {
		return batch{}, fmt.Errorf("%w: entries up to %d: %w", errForeign, last, err)
	}
	if int64(len(all)) != n || n == 0 || b.first < 1 {
		return batch{}, fmt.Errorf("%w: %d entries up to %d, where %d should be", errForeign, len(all), last, n)
	}
	for i, raw := range all {
		e, err := decodeEntry(raw)
		if err != nil {
			return batch{}, fmt.Errorf("entry %d: %w", b.first+int64(i), err)
		}
		e.Seq, e.Time = b.first+int64(i), time
		b.entries = append(b.entries, e)
	}
	return b, nil
}

// decodeEntry reads an entry that has no place yet. It has to come back as it
// was written: an op or a member that is not known here would be lost in silence.
// A version by which an op comes to mean something else has to write it otherwise.
func decodeEntry(raw []byte) (*board.Entry, error) {
	if raw[0] != '{' {
		return nil, fmt.Errorf("%w: %.20s", errForeign, raw)
	}
	e := new(board.Entry)
	if err := json.Unmarshal(raw, e); err != nil {
		return nil, fmt.Errorf("%w: %w", errNewer, err)
	}
	again, err := encodeEntry(e)
	if err == nil && !bytes.Equal(again, raw) && !within(again, raw) {
		err = errNewer
	}
	return e, err
}

// within says whether an object has all members that another has, with the same
// values, in whatever order.
func within(object, part []byte) bool {
	var all, some map[string]any
	if json.Unmarshal(object, &all) != nil || json.Unmarshal(part, &some) != nil {
		return false
	}
	for name, value := range some {
		if !reflect.DeepEqual(all[name], value) {
			return false
		}
	}
	return true
}

// decodePublished reads what the commit script publishes. A notice, which only
// says that there is something to look at, has no batch.
func decodePublished(message []byte) (epoch string, b batch, err error) {
	head, payload, found := bytes.Cut(message, []byte{'\n'})
	if !found {
		return "", batch{}, nil
	}
	var first, last, time int64
	if n, err := fmt.Sscanf(string(head), "%s %d %d %d", &epoch, &first, &last, &time); n != 4 || err != nil {
		return "", batch{}, fmt.Errorf("%w: a message that begins with %q", errForeign, head)
	}
	b, err = decodeBatch(last, last-first+1, time, payload)
	return epoch, b, err
}

// decodeStream reads entries of a board's stream.
func decodeStream(list []any) ([]batch, error) {
	var all []batch
	for _, raw := range list {
		entry, _ := raw.([]any)
		if len(entry) != 2 {
			return nil, fmt.Errorf("%w: %v in a stream", errForeign, raw)
		}
		id, _ := entry[0].(string)
		pairs, _ := entry[1].([]any)
		fields := map[string]string{}
		for i := 0; i+1 < len(pairs); i += 2 {
			name, _ := pairs[i].(string)
			fields[name], _ = pairs[i+1].(string)
		}
		seq, _, _ := strings.Cut(id, "-")
		last, errLast := strconv.ParseInt(seq, 10, 64)
		n, errN := strconv.ParseInt(fields["n"], 10, 64)
		time, errTime := strconv.ParseInt(fields["t"], 10, 64)
		if err := errors.Join(errLast, errN, errTime); err != nil {
			return nil, fmt.Errorf("%w: %w", errForeign, err)
		}
		b, err := decodeBatch(last, n, time, []byte(fields["b"]))
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// stateHead says what a snapshot in Redis is.
type stateHead struct {
	Seq int64  `json:"seq"`
	Sum string `json:"sum"` // SHA-256 of what follows, before it was packed
}

// encodeState packs a snapshot.
func encodeState(s *board.Snapshot) ([]byte, error) {
	raw := s.Encode()
	sum := sha256.Sum256(raw)
	head, err := json.Marshal(stateHead{s.Seq(), hex.EncodeToString(sum[:])})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Write(append(head, '\n'))
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// decodeState unpacks a snapshot and makes sure that it is whole.
func decodeState(packed string) (*board.State, error) {
	line, body, _ := strings.Cut(packed, "\n")
	var head stateHead
	if err := json.Unmarshal([]byte(line), &head); err != nil {
		return nil, fmt.Errorf("%w: a snapshot: %w", errForeign, err)
	}
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(body)), maxStateBytes))
	if err != nil {
		return nil, fmt.Errorf("%w: the snapshot at %d: %w", errForeign, head.Seq, err)
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != head.Sum {
		return nil, fmt.Errorf("%w: the checksum of the snapshot at %d is wrong", errForeign, head.Seq)
	}
	s, err := board.Load(raw)
	if err != nil {
		return nil, fmt.Errorf("the snapshot at %d: %w: %w", head.Seq, errNewer, err)
	}
	if s.Seq() != head.Seq {
		return nil, fmt.Errorf("%w: the snapshot at %d is one of %d", errForeign, head.Seq, s.Seq())
	}
	if !bytes.Equal(s.Snapshot().Encode(), raw) {
		return nil, fmt.Errorf("the snapshot at %d: %w", head.Seq, errNewer)
	}
	return s, nil
}
