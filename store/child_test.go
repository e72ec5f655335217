package store

import (
	"fmt"
	"os"
)

// childEnv is the path of a store: the test program then is not one, but works
// on that store until it is killed.
const childEnv = "JANA_STORE_CHILD"

func child(path string) {
	_, err := Open(path, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
