// Package room holds the boards that are being worked on in this instance.
//
// A room is a board with the people at it. One goroutine owns it: ordered
// entries come in, [board.State.Apply] decides them, one frame per tick goes to
// everybody, the entries go to the store, and once they are on disk everybody
// is told that they are saved. The [Hub] opens a room when somebody comes and
// closes it some time after the last one has left; nothing is kept in memory
// for a board that nobody is at.
//
// It knows neither sockets nor HTTP: what it says to a browser goes through a
// [Conn], what a browser says comes through a [Member]. What people at the same
// board do on other instances comes and goes through a [Relay].
package room
