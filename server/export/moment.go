package export

import (
	"strconv"
	"strings"
	"time"
)

// Times are those that a document tells besides what the board says, in the zone of its readers.
type Times struct {
	// Made is when the document is made.
	Made time.Time
	// Used is when somebody was last at work on the board.
	Used time.Time
}

// day is a date as a language writes it.
func day(at time.Time, language string) string {
	if language == "en" {
		return at.Format("2 January 2006")
	}
	return at.Format("2.1.2006")
}

// moment is a time of a board, in the zone of the report.
func (r *report) moment(ms int64) string {
	at := time.UnixMilli(ms).In(r.at.Made.Location())
	clock := at.Format("15.04")
	if r.language == "en" {
		clock = at.Format("15:04")
	}
	return day(at, r.language) + " " + r.words["clock"] + " " + clock
}

// figure is a number with all its decimals.
func figure(v float64, language string) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if language != "en" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}
