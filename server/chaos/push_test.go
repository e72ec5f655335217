package chaos

import "time"

// push is one that a client made, and all that it was told of it.
type push struct {
	By     string   `json:"by"`
	Client string   `json:"client"`
	N      int64    `json:"n"`
	Role   string   `json:"role"`
	Ops    []object `json:"ops"`
	Whole  bool     `json:"whole,omitempty"`

	// When, since the storm began; 0 for never. Called: it was made. Told: what became of it was told, the last time if that
	// was taken back. Held: it was told to be so.
	Called, Told, Held time.Duration
	// Saved: it was called so, as Seq of Epoch, and was kept no longer.
	Saved bool
	Seq   int64
	Epoch string
	// Vague: it is so old that the server knew no more than that it has a place.
	Vague bool
	// Refused ops with their codes.
	Refused map[int]string

	state state
	times int
}

type state int

const (
	waiting state = iota // to be sent
	sent                 // not answered yet
	ordered              // has its place, not saved yet
	done                 // saved, or refused without a place
)

// binds says whether others rely upon something in it that was not refused: it is kept until it is held.
func (p *push) binds() bool {
	if p.Whole && len(p.Refused) > 0 {
		return false
	}
	for i, o := range p.Ops {
		_, refused := p.Refused[i]
		switch o.text("do") {
		case "lock", "freeze", "unfreeze", "pin", "blank", "rewind":
		case "link":
			if o["revoke"] != true {
				continue
			}
		default:
			continue
		}
		if !refused {
			return true
		}
	}
	return false
}

func (p *push) id() pushID { return pushID{p.By, p.Client, p.N} }
