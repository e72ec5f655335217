package store

import (
	"errors"
	"io/fs"
)

// Why a file is not opened. The file is left as it was in every case, and each
// comes wrapped with the path and the particulars, fit to be shown as one line.
// A missing file is fs.ErrNotExist, with [Options].MustExist.
var (
	// ErrNotRegular: the path is a directory, a device, a pipe.
	ErrNotRegular = errors.New("not a regular file")
	// ErrEmpty: the file has no content. A new one would be made only where
	// there is none, since an empty file may be what is left of a full one.
	ErrEmpty = errors.New("the file is empty")
	// ErrNotWritable: the file may not be written.
	ErrNotWritable = errors.New("the file is not writable")
	// ErrLocked: another process has the file open.
	ErrLocked = errors.New("the file is in use by another process")
	// ErrForeign: the file is not one of Jana's, or nothing in its head says so any more.
	ErrForeign = errors.New("not a jana file")
	// ErrTruncated: the file is shorter than it says it is.
	ErrTruncated = errors.New("the file is truncated")
	// ErrDamaged: the file contradicts itself.
	ErrDamaged = errors.New("the file is damaged")
	// ErrNewer: a newer jana has written the file.
	ErrNewer = errors.New("the file was written by a newer version of jana")
)

// What a caller decides upon. An unknown board is fs.ErrNotExist, an id that
// is taken fs.ErrExist.
var (
	// ErrClosed: the store is closed, or closing.
	ErrClosed = errors.New("the store is closed")
	// ErrDeleted: the board was deleted, and its id is used up. It is an
	// fs.ErrNotExist as well.
	ErrDeleted error = deleted{}
	// ErrGap: the entries do not follow what is saved of the board.
	ErrGap = errors.New("the entries do not follow the log")
	// ErrCorrupt: what is stored of the board cannot be trusted. A copy was put
	// aside; other boards are not affected.
	ErrCorrupt = errors.New("the board is corrupt")
)

type deleted struct{}

func (deleted) Error() string { return "the board was deleted" }

func (deleted) Is(target error) bool { return target == fs.ErrNotExist }
