package method

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"jana/protocol/board"
)

//go:embed sentences.json
var sentencesFile []byte

// sentences are by language and key. A key that ends in .one is for one of what is counted, in .other for any other number.
var sentences = sync.OnceValue(func() map[string]map[string]string {
	var all map[string]map[string]string
	if err := json.Unmarshal(sentencesFile, &all); err != nil {
		panic(fmt.Sprintf("sentences.json: %v", err))
	}
	return all
})

// Language is that in which a board's findings are told: the one wanted if it is known, else the board's own.
func Language(s *board.State, wanted string) string {
	for _, language := range []string{wanted, s.Item(board.BoardID).Text("language")} {
		if sentences()[language] != nil {
			return language
		}
	}
	return "fi"
}

// Sentence says a finding, in the names that things have on the board.
func (f Finding) Sentence(s *board.State, language string) string {
	words := sentences()[language]
	name := func(id board.ID) string {
		if n := s.Item(id).Text("name"); n != "" {
			return n
		}
		return words["unnamed"]
	}
	names := func(ids []board.ID) string {
		all := make([]string, len(ids))
		for i, id := range ids {
			all[i] = name(id)
		}
		if last := len(all) - 1; last > 0 {
			return strings.Join(all[:last], ", ") + words["and"] + all[last]
		}
		return strings.Join(all, "")
	}
	percent := func(figure string) string {
		whole := math.Floor(float64(f.Figures[figure])*100 + 0.5 + slack)
		return strings.Replace(words["percent"], "{n}", strconv.FormatFloat(whole, 'f', -1, 64), 1)
	}
	goal := strings.TrimSuffix(strings.TrimSpace(s.Item(f.GoalID).Text("text")), ".")
	if goal == "" {
		goal = words["unnamed"]
	}
	return strings.NewReplacer(
		"{segment}", name(f.SegmentID), "{category}", name(f.CategoryID), "{services}", names(f.ServiceIDs), "{goal}", goal,
		"{intended}", names(f.IntendedSegmentIDs), "{covered}", names(f.CoveredSegmentIDs), "{count}", strconv.Itoa(len(f.ServiceIDs)),
		"{supply}", percent("supplyShare"), "{need}", percent("needShare"),
	).Replace(f.template(words))
}

// template is the sentence of a finding before it is filled in.
func (f Finding) template(words map[string]string) string {
	key := string(f.Kind)
	if f.Severity != "" {
		key += "." + string(f.Severity)
	}
	number := ".other"
	if len(f.ServiceIDs) == 1 {
		number = ".one"
	}
	if sentence, is := words[key+number]; is {
		return sentence
	}
	return words[key]
}
