//go:build !unix

package store

import (
	"os"
	"time"
)

// lock leaves it to bbolt, which locks the file by means of its own.
func lock(*os.File, bool, time.Duration) error { return nil }

func isReadOnlyFS(error) bool { return false }
