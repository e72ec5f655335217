# make run      builds what is missing and serves on :8080 with ./data (JANA_LISTEN and JANA_DATA say otherwise)
# make test     installs what the tests need (as root on Debian), then runs every check; its parts are
#               lint test-go test-client test-e2e
# make bench    the measurements of BENCHMARKS.md       make chaos   breaks it, for hours; see chaos below
# make guards   takes each guard against loss out of a copy and sees its test fail, in 10 minutes; GUARD='part of a name'
#               takes fewer
# make fuzz     every fuzz target for FUZZTIME          make format  gofumpt and prettier, in place
#
# Minutes that `make test` may take on two cores, from a clean checkout with all caches empty, 15 in sum:
#   test-tools 1   lint 2   test-go 5   build 1   test-client 1   test-e2e 5

FUZZTIME ?= 30s
KILL_ROUNDS ?= 50
FAULT ?= all
SEED ?= 1-3
SECONDS ?= 10
ROUNDS ?= 200
FILE ?= chaos.jsonl
TOOL = go tool -modfile=tools.mod
GO_FILES = $$(find client/embed.go protocol server store -name '*.go')

# npm writes it at the end of an install.
MODULES = client/node_modules/.package-lock.json
CLIENT_SOURCES = $(shell find client/src client/build client/public client/index.html client/vite.config.ts \
	client/svelte.config.js client/tsconfig.json -type f; find protocol -name '*.ts' -o -name sentences.json)

# A build that stopped after index.html was written is done again.
.DELETE_ON_ERROR:

.PHONY: run build test test-tools lint test-go test-client test-e2e bench chaos guards fuzz format docker-check

run: build
	JANA_LISTEN="$${JANA_LISTEN:-:8080}" JANA_DATA="$${JANA_DATA:-./data}" exec bin/jana

build: client/dist/index.html
	CGO_ENABLED=0 go build -trimpath -o bin/jana ./server

# go.sum, since the notice names the Go modules too.
client/dist/index.html: $(MODULES) $(CLIENT_SOURCES) go.sum scripts/go-notice.sh
	cd client && npm run build
	sh scripts/go-notice.sh >> client/dist/NOTICE.txt

$(MODULES): client/package.json client/package-lock.json client/.npmrc
	cd client && npm ci --ignore-scripts
	touch $@

test: test-tools lint test-go test-client test-e2e

test-tools:
	sh scripts/test-tools.sh

lint: $(MODULES)
	$(TOOL) gofumpt -l -d $(GO_FILES)
	go vet ./...
	$(TOOL) staticcheck ./...
	cd client && npm run lint && npm run format:check && npm run check

test-go:
	go test -race ./...

# One of its tests runs the server, which wants the built client.
test-client: build
	cd client && npm test

test-e2e: build
	cd client && npm run e2e

bench: build
	go test -run '^$$' -bench . -benchmem -timeout 60m ./...

# FAULT names faults of server/chaos/faults_test.go, with commas; SEED is a number or a range, SECONDS how long each storm
# lasts, ROUNDS how many there are of the race for the lock. Each run appends a line to FILE, and what has passed there is
# not run again: what was stopped goes on where it was, and another version wants another FILE.
chaos:
ifeq ($(FAULT),all)
	JANA_KILL_ROUNDS=$(KILL_ROUNDS) go test -race -count 1 -timeout 60m -run Kill -v ./...
endif
	JANA_CHAOS_FAULT=$(FAULT) JANA_CHAOS_SEED=$(SEED) JANA_CHAOS_SECONDS=$(SECONDS) JANA_CHAOS_ROUNDS=$(ROUNDS) \
		JANA_CHAOS_FILE=$(abspath $(FILE)) go test -count 1 -timeout 24h -v ./server/chaos

guards:
	node scripts/guards.mjs $(if $(GUARD),'$(GUARD)')

# go test fuzzes one target of one package at a time.
fuzz:
	for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

format: $(MODULES)
	$(TOOL) gofumpt -w $(GO_FILES)
	cd client && npm run format

# Node has a WebSocket from 22 on; 20 has to be asked for it.
docker-check: build
	node --experimental-websocket scripts/compose-check.mjs
	node scripts/docker-check.mjs
