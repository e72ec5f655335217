package board

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

func fixtureFile(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("fixture/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func importFixture(t *testing.T, name string) *State {
	t.Helper()
	s, problems := Import(fixtureFile(t, name), 1)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", name, problems)
	}
	consistent(t, s)
	return s
}

func TestFixturesImportWhole(t *testing.T) {
	tests := []struct {
		file string
		want map[Type]int
	}{
		{"keski-uusimaa.json", map[Type]int{
			TypeNote: 140, TypeGroup: 6, TypeSegment: 5, TypeService: 14, TypeAssessment: 66, TypeGoal: 3,
			TypeFeedback: 12, TypeExperiment: 2, TypeVote: 1, TypeBallot: 11, TypePerspective: 6, TypeParticipant: 20,
			TypeHeading: 4, TypeCategory: 8, TypeAxis: 1, TypeBoard: 1,
		}},
		{"museum.json", map[Type]int{
			TypeSegment: 6, TypeService: 10, TypeAssessment: 59, TypeGoal: 3, TypeFeedback: 18, TypeExperiment: 1, TypeHeading: 3, TypeBoard: 1,
		}},
	}
	for _, tt := range tests {
		s := importFixture(t, tt.file)
		for typ, want := range tt.want {
			if got := s.count[typ]; got != want {
				t.Errorf("%s: %s items: got %d, want %d", tt.file, typ, got, want)
			}
		}
		back, problems := Import(s.Export(), 1)
		if len(problems) > 0 {
			t.Fatalf("%s: its export does not import: %v", tt.file, problems)
		}
		if got, want := back.Content(), s.Content(); got != want {
			t.Errorf("%s: content after export and import: got %s, want %s", tt.file, got, want)
		}
	}
	s := importFixture(t, "keski-uusimaa.json")
	if n := s.Item("b.vote1.poyta-6a"); n == nil || !n.Flag("rejected") {
		t.Errorf("the ballot over its limit: got %v, want it kept as rejected", n)
	}
	if n := s.Item("b.vote1.poyta-1a"); n == nil || n.Flag("rejected") {
		t.Errorf("a ballot within its limits: got %v, want it counted", n)
	}
	unserved := 0
	for _, cell := range s.ofType(TypeAssessment) {
		if cell.Get("serves") == false {
			unserved++
		}
	}
	if unserved != 18 {
		t.Errorf("cells that do not serve: got %d, want 18", unserved)
	}
	if got := s.Item("n001").Int("z"); got != 1 {
		t.Errorf("z of the first note: got %d, want 1", got)
	}
}

func TestStatisticsAreThoseExpected(t *testing.T) {
	s := importFixture(t, "keski-uusimaa.json")
	var expected struct {
		Groups []struct {
			ID           ID       `json:"groupId"`
			Min          float64  `json:"min"`
			Q1           float64  `json:"q1"`
			Median       float64  `json:"median"`
			Q3           float64  `json:"q3"`
			Max          float64  `json:"max"`
			IQR          float64  `json:"iqr"`
			Mean         float64  `json:"mean"`
			Outliers     []ID     `json:"outlierNoteIds"`
			Missing      []ID     `json:"missingPerspectives"`
			FailedChecks []string `json:"failedChecks"`
		} `json:"groups"`
	}
	if err := json.Unmarshal(fixtureFile(t, "keski-uusimaa.expected.json"), &expected); err != nil {
		t.Fatal(err)
	}
	if len(expected.Groups) != 6 {
		t.Fatalf("expected groups: got %d, want 6", len(expected.Groups))
	}
	for _, want := range expected.Groups {
		got := s.Statistics(want.ID)
		for name, pair := range map[string][2]float64{
			"min": {got.Min, want.Min}, "q1": {got.Q1, want.Q1}, "median": {got.Median, want.Median}, "q3": {got.Q3, want.Q3},
			"max": {got.Max, want.Max}, "iqr": {got.IQR, want.IQR}, "mean": {got.Mean, want.Mean},
		} {
			if math.Abs(pair[0]-pair[1]) > 0.0001 {
				t.Errorf("%s %s: got %v, want %v", want.ID, name, pair[0], pair[1])
			}
		}
		if fmt.Sprint(got.Outliers) != fmt.Sprint(want.Outliers) {
			t.Errorf("%s outliers: got %v, want %v", want.ID, got.Outliers, want.Outliers)
		}
		if fmt.Sprint(got.MissingFrom) != fmt.Sprint(want.Missing) {
			t.Errorf("%s missing perspectives: got %v, want %v", want.ID, got.MissingFrom, want.Missing)
		}
		if fmt.Sprint(got.FailedChecks) != fmt.Sprint(want.FailedChecks) {
			t.Errorf("%s failed checks: got %v, want %v", want.ID, got.FailedChecks, want.FailedChecks)
		}
	}
}

func TestGroupsWithMediansLessThanFiveApartAreClose(t *testing.T) {
	s := importFixture(t, "keski-uusimaa.json")
	for group, want := range map[ID]string{"g1": "[]", "g2": "[]", "g3": "[g6]", "g4": "[]", "g5": "[]", "g6": "[g3]"} {
		if got := fmt.Sprint(s.CloseTo(group)); got != want {
			t.Errorf("close to %s: got %s, want %s", group, got, want)
		}
	}
	// 7.1 and 2.1 are less than 5 apart as floats only.
	for x, want := range map[int64]string{710: "[]", 704: "[h2]", 210: "[h2]"} {
		s := stateOf(t, vectorItems{Items: rawItems(
			`{"id":"ax","type":"axis","x0":0,"x1":10000,"bandTop":0,"bandBottom":6000}`,
			`{"id":"h1","type":"group","order":1}`, `{"id":"h2","type":"group","order":2}`, `{"id":"h3","type":"group","order":3}`,
			fmt.Sprintf(`{"id":"n1","type":"note","x":%d,"y":1,"z":1,"groupId":"h1"}`, x),
			`{"id":"n2","type":"note","x":210,"y":1,"z":1,"groupId":"h2"}`,
			`{"id":"n3","type":"note","x":210,"y":9000,"z":1,"groupId":"h3"}`,
		)})
		if got := fmt.Sprint(s.CloseTo("h1")); got != want {
			t.Errorf("at %d: got %s, want %s", x, got, want)
		}
		if got := s.CloseTo("h3"); got != nil {
			t.Errorf("a group without a median is close to %v", got)
		}
	}
}

func TestBrokenFilesSayWhatIsWrongAndWhere(t *testing.T) {
	whole := string(fixtureFile(t, "keski-uusimaa.json"))
	museum := string(fixtureFile(t, "museum.json"))
	tests := []struct {
		name, file string
		path       string
		code       Code
	}{
		{"not JSON", "<html>", "", Invalid},
		{"a list", "[]", "", Invalid},
		{"another schema", `{"schema":"miro/9"}`, "schema", Invalid},
		{"no board", `{"schema":"jana-board/1","items":[]}`, "board", Invalid},
		{"a title that is a number", strings.Replace(whole, `"title": "Työikäisten`, `"title": 5, "was": "Työikäisten`, 1), "board.title", Invalid},
		{"x as a string", strings.Replace(whole, `"x": 600`, `"x": "600"`, 1), "notes[0].x", Invalid},
		{"x far away", strings.Replace(whole, `"x": 600`, `"x": 1e308`, 1), "notes[0].x", Invalid},
		{"an id twice", strings.Replace(whole, `"id": "n002"`, `"id": "n001"`, 1), "notes[1].id", Exists},
		{"a bad id", strings.Replace(whole, `"id": "n002"`, `"id": "n 2"`, 1), "notes[1].id", Invalid},
		{"an id that a browser has", strings.Replace(whole, `"id": "n002"`, `"id": "__proto__"`, 1), "notes[1].id", Invalid},
		{"a vote by what is no id", `{"schema":"jana-board/1","board":{"id":"board","type":"board","title":"x"},"items":[{"id":"n","type":"note","x":1,"y":1,"placements":{"__proto__":3}}]}`, "items[0].placements/__proto__", Invalid},
		{"a group that is not there", strings.Replace(whole, `"groupId": "g1"`, `"groupId": "g77"`, 1), "notes[0].groupId", Gone},
		{"a perspective of another type", strings.Replace(whole, `"perspectiveId": "p1"`, `"perspectiveId": "g1"`, 1), "notes[0].perspectiveId", Invalid},
		{"a value that its place denies", strings.Replace(whole, `"value": 4,`, `"value": 44,`, 1), "notes[0].value", Invalid},
		{"a text too long", strings.Replace(whole, `"text": "Ei lähde`, `"text": "`+strings.Repeat("ä", 1001)+`Ei lähde`, 1), "notes[0].text", TooLong},
		{"a narrow axis", strings.Replace(whole, `"x1": 10200`, `"x1": 300`, 1), "axis.x1", Invalid},
		{"a rating of 7", strings.Replace(museum, `"availability": 3`, `"availability": 7`, 1), "assessments[0].ratings/availability", Invalid},
		{"weight 0", strings.Replace(museum, `"weight": 1`, `"weight": 0`, 1), "services[0].weight", Invalid},
		{"an unknown item type", `{"schema":"jana-board/1","board":{"id":"board","type":"board","title":"x"},"items":[{"id":"a","type":"link"}]}`, "items[0].type", Invalid},
		{"a cell with another id", `{"schema":"jana-board/1","board":{"id":"board","type":"board","title":"x"},"items":[{"id":"v","type":"service","name":"x"},{"id":"s","type":"segment"},{"id":"c","type":"assessment","serviceId":"v","segmentId":"s"}]}`, "items[2].id", Invalid},
		{"a lock of no level", `{"schema":"jana-board/1","board":{"id":"board","type":"board","title":"x","lock":{"by":"a","time":1,"level":"half"}},"items":[]}`, "board.lock", Invalid},
	}
	for _, tt := range tests {
		s, problems := Import([]byte(tt.file), 1)
		if s != nil {
			t.Errorf("%s: a board was made", tt.name)
		}
		found := false
		for _, p := range problems {
			found = found || p.Path == tt.path && p.Code == tt.code
		}
		if !found {
			t.Errorf("%s: got %v, want %s at %q", tt.name, problems, tt.code, tt.path)
		}
	}
	twice := strings.Replace(museum, `"assessments": [`, `"assessments": [{"serviceId": "ms01", "segmentId": "cg1", "serves": true},`, 1)
	if s, problems := Import([]byte(twice), 1); s != nil || len(problems) == 0 || problems[0].Code != Exists {
		t.Errorf("two cells of one pair: got %v, want %s", problems, Exists)
	}
}

func TestAPlaceByTheMedianIsRoundedHalfUp(t *testing.T) {
	for low := int64(0); low <= 1000; low++ {
		for high := low; high <= 1000; high++ {
			g := Statistics{Median: quantile([]float64{float64(low) / 10, float64(high) / 10}, 0.5)}
			if got, want := g.Position(), (low+high+1)/2; got != want {
				t.Fatalf("median of %d and %d tenths: got %d, want %d", low, high, got, want)
			}
		}
	}
}
