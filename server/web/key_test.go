package web

import (
	"strings"
	"testing"
)

func TestKeysAreOfOneLinkOfOneBoard(t *testing.T) {
	k := KeysOf(strings.Repeat("s", 32))
	links := []string{"l1", "l2", "l3"}
	key := k.Key("b1", "l2")
	if len(key) != 22 || strings.Trim(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("key %q must be 22 characters of base64url", key)
	}
	if got := k.Link("b1", key, links); got != "l2" {
		t.Errorf("the key's own link: got %q, want l2", got)
	}
	flipped := []byte(key)
	flipped[3] ^= 1
	for name, wrong := range map[string]string{
		"another board's":                        k.Key("b2", "l2"),
		"one bit off":                            string(flipped),
		"upper case":                             strings.ToUpper(key),
		"padded":                                 key + "=",
		"longer":                                 key + "A",
		"10 kB":                                  strings.Repeat("A", 10_000),
		"empty":                                  "",
		"with NUL":                               key[:21] + "\x00",
		"of other secrets":                       KeysOf(strings.Repeat("t", 32)).Key("b1", "l2"),
		"of a link that the board does not have": k.Key("b1", "l4"),
	} {
		if got := k.Link("b1", wrong, links); got != "" {
			t.Errorf("a key %s opened link %s", name, got)
		}
	}
	if k.Key("b1l", "2") == key {
		t.Error("board and link must not run together")
	}
}

func TestAParticipantIsTheSameEverywhere(t *testing.T) {
	a, b := KeysOf(strings.Repeat("s", 32)), KeysOf(strings.Repeat("s", 32))
	id := a.Participant("b1", "me")
	if got := b.Participant("b1", "me"); got != id {
		t.Errorf("on another instance: got %s, want %s", got, id)
	}
	if len(id) != 13 || id[0] != 'p' || id != strings.ToLower(id) {
		t.Errorf("id %q must be p and 12 characters", id)
	}
	for name, other := range map[string]string{
		"another browser": a.Participant("b1", "you"),
		"another board":   a.Participant("b2", "me"),
		"a seat":          a.Seat("b1", "me"),
	} {
		if other == id {
			t.Errorf("%s has the same id %s", name, id)
		}
	}
}
