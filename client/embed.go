// Package client carries the built browser side of Jana, so that the server is one file. It knows nothing of how the
// files are served.
package client

import (
	"embed"
	"io/fs"
)

// all: also takes .gitkeep, the one file that is there before the client is built.
//
//go:embed all:dist
var dist embed.FS

// Dist is what `vite build` made: index.html, sw.js and NOTICE.txt at its root, everything with a hash in its name below
// assets/. A text file of 1 kB or more has its compressed twins beside it, name.br and name.gz. Before the first build
// it has no index.html.
func Dist() fs.FS {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // only an invalid path is refused, and this one is written above
	}
	return root
}
