package board

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// sum adds the SHA-256 of records modulo 2²⁵⁶, so that a record can be taken
// out again and the order of records does not matter.
type sum [4]uint64 // least significant first

func digest(kind string, record []byte) [4]uint64 {
	b := make([]byte, 0, 512)
	b = append(b, kind...)
	b = append(b, 0)
	b = append(b, record...)
	h := sha256.Sum256(b)
	var d [4]uint64
	for i := range d {
		d[3-i] = binary.BigEndian.Uint64(h[8*i:])
	}
	return d
}

// add puts a record in; an empty record counts for nothing.
func (s *sum) add(kind string, record []byte) {
	if len(record) == 0 {
		return
	}
	d := digest(kind, record)
	var carry uint64
	for i := range s {
		s[i], carry = bits.Add64(s[i], d[i], carry)
	}
}

// remove takes a record out.
func (s *sum) remove(kind string, record []byte) {
	if len(record) == 0 {
		return
	}
	d := digest(kind, record)
	var borrow uint64
	for i := range s {
		s[i], borrow = bits.Sub64(s[i], d[i], borrow)
	}
}

// String is the sum in 64 hexadecimal digits.
func (s *sum) String() string {
	var b [32]byte
	for i, limb := range s {
		binary.BigEndian.PutUint64(b[8*(3-i):], limb)
	}
	return hexOf(b[:])
}
