package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"strings"

	"jana/protocol/board"
)

// Keys makes and recognises the keys of links. A key can be made again from the secret whenever it is to be shown, so no
// board holds one.
type Keys struct{ secret []byte }

// KeysOf makes the keys of an installation. All its instances must have the same secret.
func KeysOf(secret string) *Keys { return &Keys{[]byte(secret)} }

const (
	keyLength         = 22
	participantLength = 12
)

// Key is the key of a link: 22 characters that go into an address as they are.
func (k *Keys) Key(boardID, link board.ID) string {
	return base64.RawURLEncoding.EncodeToString(k.sum("key", boardID, link))[:keyLength]
}

// Link finds the link that a key is of, "" if of none. What it costs depends on how many links there are, not on the key.
func (k *Keys) Link(boardID board.ID, key string, links []board.ID) board.ID {
	found := ""
	for _, link := range links {
		if subtle.ConstantTimeCompare([]byte(k.Key(boardID, link)), []byte(key)) == 1 {
			found = link
		}
	}
	return found
}

// Participant is who a browser is on a board: the same on every instance, after a reload and in every tab. me is the
// browser's secret.
func (k *Keys) Participant(boardID board.ID, me string) board.ID { return k.person("me", boardID, me) }

// Seat is who comes by a link that stands for a certain participant, such as a table's tablet.
func (k *Keys) Seat(boardID board.ID, as string) board.ID { return k.person("as", boardID, as) }

func (k *Keys) person(kind string, boardID board.ID, of string) board.ID {
	sum := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(k.sum(kind, boardID, of))
	return "p" + strings.ToLower(sum[:participantLength])
}

// Admin is the token of the admin address when none is configured.
func (k *Keys) Admin() string { return base64.RawURLEncoding.EncodeToString(k.sum("admin", "", "")) }

// Fingerprint tells whether two instances have the same secret, and nothing else of it.
func (k *Keys) Fingerprint() string {
	return base64.RawURLEncoding.EncodeToString(k.sum("fingerprint", "", ""))
}

// sum ends each part, so that no two lists of parts read alike.
func (k *Keys) sum(parts ...string) []byte {
	h := hmac.New(sha256.New, k.secret)
	for _, part := range parts {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return h.Sum(nil)
}
