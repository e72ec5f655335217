#!/bin/sh
# Prints the licence texts of Go and of every Go module in the server, for the end of client/dist/NOTICE.txt. Stops at a
# module that ships without one.
set -eu

section() {
	printf '\n==== %s ====\n\n' "$1"
	cat "$2"
}

goroot=$(go env GOROOT)
if [ -f "$goroot/LICENSE" ]; then
	section "Go $(go env GOVERSION)" "$goroot/LICENSE"
else
	# Some distributions keep it elsewhere.
	printf '\n==== Go %s ====\n\nhttps://go.dev/LICENSE\n' "$(go env GOVERSION)"
fi

go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./server | sort -u |
	while read -r path version dir; do
		text=$(find "$dir" -maxdepth 1 -type f -iname 'licen[cs]e*' | sort | head -n 1)
		if [ -z "$text" ]; then
			echo "$path ships without the text of its licence" >&2
			exit 1
		fi
		section "$path $version" "$text"
	done
