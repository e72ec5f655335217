package export

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"jana/protocol/board"
	"jana/protocol/board/fixture"
	"jana/server/document"
)

var (
	noon   = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	atNoon = Times{Made: noon, Used: noon.Add(-time.Hour)}
)

func workshop(t testing.TB, file []byte) []*board.Item {
	t.Helper()
	state, problems := board.Import(file, noon.UnixMilli())
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return state.Items()
}

func markdownOf(t testing.TB, d *document.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := document.WriteMarkdown(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheReportTellsTheWorkshop(t *testing.T) {
	items := workshop(t, fixture.KeskiUusimaa)
	for language, wants := range map[string][]string{
		"fi": {
			"# Työikäisten asiakassegmentit, Keski-Uusimaa", "Työpajan raportti · 21.11.2026", "- **Kohderyhmä:** Työikäiset", "- **Paikka:** täydentyy",
			"- **Luotu:** 21.11.2026 klo 12.00", "- **Viimeksi käytetty:** 21.11.2026 klo 11.00",
			"20 osallistujaa", "140, joista janalla 138", "20,1\u00a0% tarjonnasta siirtyisi", "| Ohut tarjonta: tarjonta / tarve alle | 0,6667 |",
			"### Rinnallakulkua tarvitsevat", "- **Paikka janalla:** 10\n", "- **Hajonta (q1–q3):** 5,8–13,3\n", "- **Puuttuvat näkökulmat:** ei yhtään",
			"### Ohut tarjonta\n\n- Segmentin Rinnallakulkua tarvitsevat tarjonta on ohut: 2 kattavaa palvelua, 8 % tarjonnasta, 22 % tarpeesta.\n",
			"**140** lappuja · **6** näkökulmia · **5** segmenttejä · **14** palveluja · **20 %** tarjonnasta siirtyisi",
			"## Segmentit janalla\n\n- Rinnallakulkua tarvitsevat: 10 (Hajonta (q1–q3) 5,8–13,3)\n",
			"| Talous- ja velkaneuvonta | 11 |", "Hylättyjä lippuja: 1", "Arvioimattomia soluja: 4", "keskusteltava",
		},
		"sv": {"Workshopens rapport · 21.11.2026", "### Tunt utbud", "kompletteras", "7,5"},
		"en": {"Workshop report · 21 November 2026", "### Thin supply", "to be completed", "7.5%"},
	} {
		text := markdownOf(t, Report(items, language, atNoon))
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in the report", language, want)
			}
		}
		for _, name := range []string{"poyta-1a", "Pöytä 1"} {
			if strings.Contains(text, name) {
				t.Errorf("%s: the report names %s, who took part", language, name)
			}
		}
		if t.Failed() {
			t.Log(text)
		}
	}
}

func TestSegmentsAreToldBeforeThereAreServices(t *testing.T) {
	var items []*board.Item
	for _, it := range workshop(t, fixture.Museum) {
		if it.Type != board.TypeService && it.Type != board.TypeAssessment {
			items = append(items, it)
		}
	}
	for kind, d := range map[string]*document.Document{"report": Report(items, "fi", atNoon), "cards": SegmentCards(items, "fi", atNoon)} {
		text := markdownOf(t, d)
		for _, segment := range ordered(items, board.TypeSegment) {
			if name := segment.Text("name"); !strings.Contains(text, "# "+name+"\n") {
				t.Errorf("%s: %s is not in it", kind, name)
			}
		}
		if strings.Contains(text, "Kattavat palvelut") {
			t.Errorf("%s: services are told where there are none", kind)
		}
	}
}
