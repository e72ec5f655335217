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
	"slices"
	"strconv"
	"strings"

	"jana/protocol/board"
)

// What instances tell each other through Redis is validated like what a browser
// sends: it may have been written by anybody.

// errForeign: something in Redis is not what an instance has written.
var errForeign = errors.New("redis holds something that no instance has written")

// errNewer: an instance of a later version has ordered what this one does not
// understand. The board stays here as it is: who left something out would have
// another board from then on.
var errNewer = errors.New("an instance of a later version orders what this one does not know; this one has to be upgraded")

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
	if err := json.Unmarshal(payload, &b.entries); err != nil {
		return batch{}, fmt.Errorf("%w: entries up to %d: %w", errForeign, last, err)
	}
	if int64(len(b.entries)) != n || n == 0 || b.first < 1 {
		return batch{}, fmt.Errorf("%w: %d entries up to %d, where %d should be", errForeign, len(b.entries), last, n)
	}
	for i, e := range b.entries {
		if e == nil {
			return batch{}, fmt.Errorf("%w: no entry among those up to %d", errForeign, last)
		}
		if slices.ContainsFunc(e.Ops, undecoded) && !allKnown(payload) {
			return batch{}, fmt.Errorf("%w: entries up to %d", errNewer, last)
		}
		*e = board.Entry{
			Seq: b.first + int64(i), Time: time, By: e.By, Role: e.Role, Link: e.Link, Client: e.Client, N: e.N, Ops: e.Ops, Whole: e.Whole,
			Rescued: e.Rescued, Told: e.Told,
		}
	}
	return b, nil
}

func undecoded(op board.Op) bool {
	_, is := op.(board.Undecoded)
	return is
}

// allKnown says whether the ops that have no valid form had none where they were
// ordered either, and are not those of a later version.
func allKnown(payload []byte) bool {
	var entries []struct {
		Ops []json.RawMessage `json:"ops"`
	}
	if json.Unmarshal(payload, &entries) != nil {
		return false
	}
	for _, e := range entries {
		for _, raw := range e.Ops {
			var op struct {
				Do string `json:"do"`
			}
			if undecoded(board.DecodeOp(raw)) && (json.Unmarshal(raw, &op) != nil || op.Do != board.Undecoded{}.Do()) {
				return false
			}
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
	if err != nil || s.Seq() != head.Seq {
		return nil, fmt.Errorf("%w: the snapshot at %d: %w", errForeign, head.Seq, err)
	}
	return s, nil
}
