package method_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jana/protocol/board"
	"jana/protocol/method"
)

var update = flag.Bool("update", false, "write vectors/random-*.json anew, to be read before they are committed")

// randomBoards are committed with what this language says of them, so that the other one can be held to it.
const randomBoards = 6

func TestRandomBoardsAreAnalysedAsCommitted(t *testing.T) {
	for seed := range uint64(randomBoards) {
		file := fmt.Sprintf("vectors/random-%d.json", seed)
		if *update {
			writeVector(t, file, seed)
		}
		var v vector
		if err := json.Unmarshal(read(t, file), &v); err != nil {
			t.Fatal(err)
		}
		a := method.Analyse(v.board(t))
		same(t, file, a, v.Want)
	}
}

func writeVector(t *testing.T, file string, seed uint64) {
	t.Helper()
	items := randomItems(rand.New(rand.NewPCG(seed, 0)), 10*int(seed))
	a := method.Analyse(board.Gather(items))
	ids := []string{}
	for _, f := range a.Findings() {
		ids = append(ids, f.ID)
	}
	want, err := json.MarshalIndent(map[string]any{"want": a, "findings": ids}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("{\n  \"items\": [")
	for i, it := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    " + string(it.JSON()))
	}
	b.WriteString("\n  ]," + string(want[1:]) + "\n")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAnAnalysisDoesNotDependOnTheOrderOfItems(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 50 {
		items := randomItems(r, 60)
		want := asJSON(t, method.Analyse(board.Gather(items)))
		r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		same(t, "shuffled", method.Analyse(board.Gather(items)), want)
	}
}

// randomItems are a board with everything that an analysis looks at, small enough for ties and empty places.
func randomItems(r *rand.Rand, notes int) []*board.Item {
	var items []*board.Item
	add := func(t board.Type, id string, fields map[string]board.Value) {
		var all []board.Field
		for name, v := range fields {
			all = append(all, board.Field{Name: name, Value: v})
		}
		items = append(items, board.NewItem(t, id, all))
	}
	names := func(prefix string, most int) []string {
		all := make([]string, r.IntN(most+1))
		for i := range all {
			all[i] = fmt.Sprintf("%s%d", prefix, i)
		}
		return all
	}
	some := func(ids []string) board.Value {
		kept := slices.DeleteFunc(slices.Clone(ids), func(string) bool { return r.IntN(2) == 0 })
		if len(kept) == 0 {
			return nil
		}
		return kept
	}
	one := func(ids []string) board.Value {
		if len(ids) == 0 || r.IntN(8) == 0 {
			return nil
		}
		return ids[r.IntN(len(ids))]
	}
	maybe := func(of int, v board.Value) board.Value {
		if r.IntN(of) == 0 {
			return nil
		}
		return v
	}
	voters := func(most int64) board.Value {
		all := map[string]board.Value{}
		for i := range r.IntN(5) {
			all[fmt.Sprintf("x%d", i)] = r.Int64N(most + 1)
		}
		if len(all) == 0 {
			return nil
		}
		return all
	}
	add(board.TypeBoard, board.BoardID, map[string]board.Value{"title": "Satunnainen", "phase": "assess"})
	add(board.TypeAxis, "axis", map[string]board.Value{"x0": int64(-100), "x1": int64(3231), "bandTop": int64(0), "bandBottom": int64(900), "zones": maybe(2, int64(1+r.IntN(7)))})
	perspectives, groups, categories, headings := names("p", 4), names("g", 5), names("c", 4), names("h", 3)
	segments, services := append(names("s", 5), "s9"), append(names("v", 9), "v9")
	for i, id := range perspectives {
		add(board.TypePerspective, id, map[string]board.Value{"name": id, "order": int64(-i)})
	}
	for i, id := range groups {
		add(board.TypeGroup, id, map[string]board.Value{"name": maybe(3, fmt.Sprint("Ryhmä ", i/2)), "order": int64(i % 3)})
	}
	for i, id := range categories {
		add(board.TypeCategory, id, map[string]board.Value{"name": id, "order": int64(i % 2)})
	}
	for _, id := range headings {
		add(board.TypeHeading, id, map[string]board.Value{"name": id})
	}
	words := strings.Fields("asunto velka työpaikka päiväkoti lääkäri neuvonta jonottaa yksinäisyys koska kuntoutus")
	for i := range notes {
		var text []string
		for range r.IntN(6) {
			text = append(text, words[r.IntN(len(words))])
		}
		add(board.TypeNote, fmt.Sprintf("n%d", i), map[string]board.Value{
			"x": r.Int64N(3600) - 200, "y": r.Int64N(1000), "z": int64(i), "text": maybe(9, strings.Join(text, " ")),
			"perspectiveId": one(perspectives), "groupId": one(groups), "placements": maybe(2, voters(100)),
		})
	}
	customers := r.IntN(2)
	for i, id := range segments {
		add(board.TypeSegment, id, map[string]board.Value{
			"name": id, "order": int64(i % 3), "groupId": maybe(3, one(groups)), "needs": some(categories), "position": maybe(2, r.Int64N(1001)),
			"customers": maybe(1+9*customers, int64(1+r.IntN(500))), "needFactor": maybe(2, 0.5+float64(r.IntN(5))/4),
			"descriptions": maybe(2, map[string]board.Value{"h0": "teksti"}),
		})
	}
	for i, id := range services {
		add(board.TypeService, id, map[string]board.Value{
			"name": id, "order": int64(-i % 4), "categoryId": one(categories), "weight": maybe(3, []board.Value{0.5, int64(2), 1.3}[r.IntN(3)]),
			"intendedSegmentIds": some(segments),
		})
		for _, segment := range segments {
			if r.IntN(5) == 0 {
				continue
			}
			ratings, votes := map[string]board.Value{}, map[string]board.Value{}
			for _, criterion := range board.Criteria {
				if r.IntN(3) > 0 {
					ratings[criterion] = r.Int64N(5)
				}
				if v := maybe(3, voters(4)); v != nil {
					votes[criterion] = v
				}
			}
			add(board.TypeAssessment, board.CellID(id, segment), map[string]board.Value{
				"serviceId": id, "segmentId": segment, "serves": maybe(9, r.IntN(4) > 0), "ratings": maybe(4, ratings), "votes": maybe(2, votes),
			})
		}
	}
	for i := range r.IntN(4) {
		add(board.TypeGoal, fmt.Sprintf("t%d", i), map[string]board.Value{"text": "Tavoite", "serviceIds": some(services), "segmentIds": some(segments)})
	}
	for i := range r.IntN(9) {
		target := []board.Value{
			nil, map[string]board.Value{"type": "board", "id": "board"}, map[string]board.Value{"type": "service", "id": "v9"}, map[string]board.Value{"type": "segment", "id": "s9"},
		}[r.IntN(4)]
		add(board.TypeFeedback, fmt.Sprintf("f%d", i), map[string]board.Value{"kind": []string{"plus", "minus", "idea", "question"}[r.IntN(4)], "target": target})
	}
	add(board.TypeVote, "vote", map[string]board.Value{"itemIds": some(services), "dotsPerPerson": maybe(2, int64(5))})
	for i := range r.IntN(8) {
		dots := map[string]board.Value{}
		for _, id := range services {
			if r.IntN(4) == 0 {
				dots[id] = r.Int64N(3)
			}
		}
		voter := fmt.Sprintf("x%d", i)
		add(board.TypeBallot, board.BallotID("vote", voter), map[string]board.Value{"voteId": "vote", "voterId": voter, "dots": maybe(9, dots)})
	}
	return items
}
