// Package board is the contract of Jana as pure functions: what a board is
// made of (items), what somebody may want (ops), what became of it (changes or
// refusals), and the one function that decides it, [State.Apply].
//
// It has no clock, no randomness, no I/O and no goroutine. The time of an
// entry, its place in the order, and who sent it come from outside; two
// processes that apply the same entries to the same state hold equal states,
// which [State.Hash] shows.
package board
