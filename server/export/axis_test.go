package export

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"jana/protocol/board/fixture"
)

// svgTexts reads a picture, which must be well-formed and without anything that runs.
func svgTexts(t testing.TB, file []byte) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(file)))
	text := ""
	for {
		token, err := d.Token()
		if err == io.EOF {
			return text
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if name := token.Name.Local; name == "script" || name == "foreignObject" || name == "a" || name == "image" {
				t.Errorf("a picture with <%s>", name)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("a picture that does something: %s", a.Name.Local)
				}
			}
		case xml.CharData:
			text += string(token) + "|"
		}
	}
}

func TestTheAxisIsDrawnWithItsGroupsAndNotes(t *testing.T) {
	items := workshop(t, fixture.KeskiUusimaa)
	text := svgTexts(t, bytesOf(t, func(w io.Writer) error { return Axis(w, items, "fi") }))
	for _, want := range []string{"|Tarvitsee paljon ohjausta|", "|Tarvitsee vähän ohjausta|", "|Rinnallakulkua tarvitsevat · 10|", "|Omin siivin etenevät · 91|", "|I Itsenäisyys|"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in it: %.400s", want, text)
		}
	}
	if got := strings.Count(text, "|I|") + strings.Count(text, "|M|"); got < 40 {
		t.Errorf("got %d notes of two perspectives, want their 48", got)
	}
}

func TestAHostileAxisIsAPictureStill(t *testing.T) {
	for name, file := range map[string][]byte{"hostile": bytesOf(t, func(w io.Writer) error { return Axis(w, hostile(9_000), "fi") }), "without an axis": bytesOf(t, func(w io.Writer) error {
		return Axis(w, workshop(t, fixture.Museum), "en")
	})} {
		if text := svgTexts(t, file); strings.Contains(text, "SALAINEN") || text == "" {
			t.Errorf("%s: got %.200q", name, text)
		}
	}
}
