package sequence

import (
	_ "embed"
	"fmt"

	"jana/server/cluster"
)

// The scripts are what instances agree upon. Each decides by the state that it
// finds and changes it in the same step; each begins by making sure that this
// Redis has the data it was told about.
var (
	//go:embed lua/prelude.lua
	prelude string
	//go:embed lua/commit.lua
	commitLua string
	//go:embed lua/load.lua
	loadLua string
	//go:embed lua/probe.lua
	probeLua string
	//go:embed lua/bid.lua
	bidLua string
	//go:embed lua/open.lua
	openLua string
	//go:embed lua/create.lua
	createLua string
	//go:embed lua/snap.lua
	snapLua string
	//go:embed lua/erase.lua
	eraseLua string
	//go:embed lua/forget.lua
	forgetLua string
	//go:embed lua/age.lua
	ageLua string
	//go:embed lua/give.lua
	giveLua string
	//go:embed lua/take.lua
	takeLua string
)

// scripts as Redis knows them.
type scripts struct{ commit, load, probe, bid, open, create, snap, erase, forget, age, give, take *cluster.Script }

func newScripts(prelude string) scripts {
	script := func(lua string) *cluster.Script { return cluster.NewScript(prelude + lua) }
	return scripts{
		commit: script(commitLua), load: script(loadLua), probe: script(probeLua), bid: script(bidLua),
		open: script(openLua), create: script(createLua), snap: script(snapLua), erase: script(eraseLua),
		forget: script(forgetLua), age: script(ageLua),
		give: script(giveLua), take: script(takeLua),
	}
}

// reply is what a script answers: a word, and what belongs to it.
type reply struct {
	word string
	rest []any
}

func replyOf(answer any) (reply, error) {
	list, _ := answer.([]any)
	if len(list) == 0 {
		return reply{}, fmt.Errorf("redis answered %v", answer)
	}
	word, _ := list[0].(string)
	return reply{word, list[1:]}, nil
}

func (r reply) number(i int) int64 {
	if i >= len(r.rest) {
		return -1
	}
	n, ok := r.rest[i].(int64)
	if !ok {
		return -1
	}
	return n
}

func (r reply) text(i int) string {
	if i >= len(r.rest) {
		return ""
	}
	s, _ := r.rest[i].(string)
	return s
}

func (r reply) list(i int) []any {
	if i >= len(r.rest) {
		return nil
	}
	l, _ := r.rest[i].([]any)
	return l
}
