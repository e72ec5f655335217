// Package store keeps boards on disk: one bbolt file, one goroutine that
// writes to it, and one transaction for whatever waits, begun as soon as the
// fsync of the last one is done.
//
// What it calls saved has been fsynced: a kill at any moment loses none of it
// and doubles none of it. It knows entries and snapshots of protocol/board; it
// knows nothing of rooms, sockets or epochs. Nothing is kept in memory for a
// board that nobody works on.
//
// # The file
//
//	meta        schema, created, erased
//	boards      id → {"created": ms}
//	deleted     id → {"deleted": ms}: a tombstone, never a board again
//	snapshots   id/seq → snapshot; the first is the board's birth, the last is the newest
//	log         id/seq of its last entry → the entries of one flush
//	milestones  id/milestone → snapshot
//	blanked     id/seq → the items whose texts the entry of that seq erased
//
// A seq in a key is 8 bytes, big endian, so that keys are in the order of the
// board. Every value of snapshots, milestones and log carries its own checksum
// over key and content, since bbolt has none; none of them depends on the
// content of another, so that blank can rewrite any of them.
//
// The log is kept whole: it is the board's history. Loading reads the newest
// snapshot and what follows it.
//
// # Caveats
//
// bbolt leaves the content of freed pages in the file: a deleted board or an
// erased text can be found there until [Store.Compact] has run;
// [Stats.Erased] tells since when that is due. A file does not shrink either.
package store
