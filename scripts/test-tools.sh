#!/bin/sh
# Installs what the tests run, where it is missing: Chromium for the browser tests, Redis for the sequencer's, a C
# compiler for the race detector. Needs root on Debian or Ubuntu; elsewhere it names what to install.
set -eu

missing=
command -v "${JANA_CHROMIUM:-/usr/bin/chromium}" >/dev/null || missing="$missing chromium"
command -v redis-server >/dev/null || missing="$missing redis-server"
command -v "$(go env CC)" >/dev/null || missing="$missing gcc libc6-dev"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
	echo "make test needs$missing; as root on Debian it installs them itself. JANA_CHROMIUM may name another Chromium." >&2
	exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list of packages
apt-get install -q -y --no-install-recommends $missing
