package document

import (
	"slices"
	"testing"
)

func TestColumnsHaveRoomForTheirLongestWords(t *testing.T) {
	long := "Aluehallintovirasto"
	table := Block{
		Head: []string{"Tavoite", "Keinot", "Tavoittavuus"},
		Rows: [][]string{{"Asiakas saa ensimmäisen vastauksen asiaansa saman päivän aikana", "Matalan kynnyksen neuvontapiste, " + long, "100 %"}},
	}
	const width, letters = 10_000, 100
	got := shares(table, width, letters)
	if sum := got[0] + got[1] + got[2]; sum != width {
		t.Errorf("got %v, %d in all, want %d", got, sum, width)
	}
	for i, word := range []string{"ensimmäisen", long, "Tavoittavuus"} {
		if want := (len([]rune(word)) + beside) * width / letters; got[i] < want {
			t.Errorf("column %d: got %d, want %d for %s", i, got[i], want, word)
		}
	}
	if got[0] <= got[2] {
		t.Errorf("got %v, want more for long texts than for a figure", got)
	}

	// Where there is no room for words either, every column keeps some.
	for range 30 {
		table.Head, table.Rows[0] = append(table.Head, long), append(table.Rows[0], long)
	}
	if narrow := shares(table, width, letters); slices.Min(narrow) < width/100 {
		t.Errorf("got %v, want room for each", narrow)
	}
}

func TestNamesOnTheAxisDoNotMeet(t *testing.T) {
	bars := []Bar{
		{Name: "Rinnallakulkua tarvitsevat", Place: 10, Spread: &Spread{Least: 1, Most: 18, Outliers: []float64{38}}},
		{Name: "Solmujen avaajat", Place: 30, Spread: &Spread{Least: 21, Most: 39}},
		{Name: "Vauhtia hakevat", Place: 51, Spread: &Spread{Least: 43, Most: 60}},
		{Name: "Samassa kohdassa", Place: 51},
		{Name: "Omin siivin etenevät", Place: 91, Spread: &Spread{Least: 83, Most: 99}},
	}
	InRows(bars)
	var rows []int
	for _, b := range bars {
		rows = append(rows, b.Row)
	}
	// The second lies under a stray of the first; the fourth has the place of the third, and its name would meet the second's.
	if want := []int{0, 1, 0, 2, 0}; !slices.Equal(rows, want) {
		t.Errorf("got rows %v, want %v", rows, want)
	}
}
