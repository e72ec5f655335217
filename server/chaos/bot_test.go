package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// bot is a program that writes by HTTP: one push at a time, sent again until it is called saved.
type bot struct {
	w    *world
	dice *rand.Rand
	id   string
	all  []*push
}

// botPatience is for how long the last push is sent again.
const botPatience = 30 * time.Second

// run makes pushes until busy ends, and waits for the last of them.
func (b *bot) run(busy, ctx context.Context) {
	for busy.Err() == nil {
		n := int64(len(b.all) + 1)
		p := &push{Client: "bot", N: n, Role: "participant", Called: b.w.now(), Refused: map[int]string{}, Ops: []object{
			op("create", "item", object{"type": "note", "id": fmt.Sprintf("bot-%d", n), "x": b.dice.IntN(10_000), "y": 1, "text": "botti"}),
		}}
		b.all = append(b.all, p)
		var late time.Duration // when to give up
		for p.state != done && ctx.Err() == nil && (late == 0 || b.w.now() < late) {
			if busy.Err() != nil && late == 0 {
				late = b.w.now() + botPatience
			}
			if !b.send(ctx, p) {
				wait(ctx, time.Duration(b.dice.IntN(200))*time.Millisecond)
			}
		}
		wait(busy, time.Duration(b.dice.IntN(100))*time.Millisecond)
	}
}

// send says whether the push is saved.
func (b *bot) send(ctx context.Context, p *push) bool {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	in := b.w.instances[b.dice.IntN(len(b.w.instances))]
	body := object{"me": "bot", "client": p.Client, "n": p.N, "ops": p.Ops}
	status, raw, err := call(ctx, "POST", "http://"+in.front.address()+b.w.path("/ops"), b.w.keys["participant"], body)
	var answer struct {
		Seq     int64    `json:"seq"`
		Changes []object `json:"changes"`
		Refused []object `json:"refused"`
	}
	if err != nil || status != http.StatusOK || json.Unmarshal(raw, &answer) != nil {
		return false
	}
	for _, no := range answer.Refused {
		p.Refused[int(no.number("op"))] = no.text("code")
	}
	for _, c := range answer.Changes {
		if author := c.object("put").text("authorId"); author != "" {
			b.id = author
		}
	}
	p.state, p.Saved, p.Seq, p.Told = done, true, answer.Seq, b.w.now()
	return true
}

// known are its pushes, once an answer has told who it is.
func (b *bot) known() []*push {
	if b.id == "" {
		return nil
	}
	for _, p := range b.all {
		p.By = b.id
	}
	return b.all
}

// person is who it would be in a browser.
func (b *bot) person() *client { return &client{w: b.w, role: "participant", me: "bot"} }
