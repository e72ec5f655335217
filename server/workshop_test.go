package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jana/protocol/board/fixture"
)

// Workshops as people hold them, over HTTP and sockets: what the method's own documents ask for, each with its figures.

// imported is a board made of a file.
func (in *instance) imported(file []byte) made {
	in.t.Helper()
	return in.madeOf(in.call("POST", "/api/boards/import", file))
}

// steer does something as a facilitator's program; nothing of it may be refused.
func (m made) steer(n int64, ops ...any) {
	m.t.Helper()
	a := m.do("facilitator", "POST", "/ops", message{"me": "program", "client": "program", "n": n, "ops": ops})
	if refused, _ := a.json(m.t, "refused").([]any); a.status != 200 || len(refused) > 0 {
		m.t.Fatalf("got %s", a)
	}
}

// itemsOf are the items of a type as a role is shown them, by id.
func (m made) itemsOf(role, kind string) map[string]message {
	m.t.Helper()
	all := map[string]message{}
	items, _ := m.do(role, "GET", "", nil).json(m.t, "items").([]any)
	for _, it := range items {
		if it, _ := it.(map[string]any); it["type"] == kind {
			all[fmt.Sprint(it["id"])] = it
		}
	}
	return all
}

// heard is everything that a tab was sent.
func (tb *tab) heard() string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	raw, err := json.Marshal(tb.came)
	if err != nil {
		tb.t.Fatal(err)
	}
	return string(raw)
}

// lookUp follows a path of names, of indexes and of name=value, which picks the one of a list with that member; # counts.
func lookUp(v any, path string) any {
	for _, step := range strings.Split(path, ".") {
		list, _ := v.([]any)
		name, value, picks := strings.Cut(step, "=")
		switch {
		case step == "#":
			v = float64(len(list))
		case picks:
			i := slices.IndexFunc(list, func(one any) bool { m, _ := one.(map[string]any); return fmt.Sprint(m[name]) == value })
			if i < 0 {
				return nil
			}
			v = list[i]
		default:
			m, _ := v.(map[string]any)
			v = m[step]
		}
	}
	return v
}

func TestAWorkshopHasTheFiguresThatItsMethodNames(t *testing.T) {
	in := start(t)
	for name, c := range map[string]struct {
		file []byte
		want map[string]any
	}{
		"keski-uusimaa": {fixture.KeskiUusimaa, map[string]any{
			// Gaps, overlaps, timeliness and targeting, each by its name.
			"overlaps.#": 7.0, "needGaps.#": 4.0, "weakCells.timeliness.#": 12.0, "weakCells.resources.#": 16.0,
			"services.serviceId=svc03.targetStatus": "mistargeted", "services.serviceId=svc06.targetStatus": "mistargeted",
			"services.serviceId=svc06.precision": 0.0, "services.serviceId=svc06.recall": 0.0,
			// What is unfinished.
			"descriptionCompleteness.filled": 19.0, "descriptionCompleteness.total": 20.0,
			"cells.#": 70.0, "cellStates.served": 48.0, "cellStates.not_served": 18.0, "cellStates.unassessed": 4.0,
			// Notes by perspective and zone.
			"noteCounts.byPerspective": map[string]any{"p1": 25.0, "p2": 23.0, "p3": 18.0, "p4": 26.0, "p5": 21.0, "p6": 27.0},
			"zoneGrid.p3":              []any{4.0, 6.0, 4.0, 3.0, 0.0},
			// Groups and where they lie.
			"groups.groupId=g1.median": 10.0, "groups.groupId=g1.iqr": 7.5, "groups.groupId=g6.iqr": 37.75,
			"groups.groupId=g6.failedChecks":           []any{"unnamed", "too_few_perspectives", "too_wide"},
			"segmentPositions.segmentId=seg1.position": 10.0, "segmentPositions.segmentId=seg2.position": 30.0,
			"segmentPositions.segmentId=seg3.position": 51.0, "segmentPositions.segmentId=seg4.position": 71.0,
			"segmentPositions.segmentId=seg5.position": 91.0,
			// Enough, or piling up.
			"segments.segmentId=seg1.status": "thin", "segments.segmentId=seg1.balanceRatio": 0.346,
			"segments.segmentId=seg4.status": "pileup", "segments.segmentId=seg4.balanceRatio": 1.6632,
			"segments.segmentId=seg2.status": "balanced", "segments.segmentId=seg3.status": "balanced", "segments.segmentId=seg5.status": "balanced",
			// What is to be talked over.
			"placementConsensus.noteId=n074.discuss": true, "placementConsensus.noteId=n014.discuss": false, "placementConsensus.noteId=n039.discuss": false,
			// Goals and what people said.
			"impactGoals.goalId=goal1.reach": 1.0, "impactGoals.goalId=goal2.reach": 0.0, "impactGoals.goalId=goal3.reach": 1.0, "servicesWithoutGoal.#": 6.0,
			"feedback.byKind":                 map[string]any{"plus": 4.0, "minus": 3.0, "idea": 3.0, "question": 2.0},
			"feedback.byTarget.service:svc06": map[string]any{"plus": 0.0, "minus": 1.0, "idea": 1.0, "question": 0.0},
		}},
		"museum": {fixture.Museum, map[string]any{
			"impactGoals.goalId=mg3.withoutMeans": true, "impactGoals.goalId=mg3.reach": 0.0, "impactGoals.goalId=mg1.withoutMeans": false,
			"cellStates.served": 33.0, "cellStates.not_served": 26.0, "cellStates.unassessed": 1.0, "descriptionCompleteness.filled": 17.0,
			"segments.segmentId=cg5.status": "gap", "services.serviceId=ms10.targetStatus": "mistargeted", "servicesWithoutGoal.#": 7.0,
			"feedback.byKind": map[string]any{"plus": 6.0, "minus": 5.0, "idea": 4.0, "question": 3.0},
		}},
	} {
		analysis := in.imported(c.file).do("viewer", "GET", "/analysis", nil).json(t)
		for path, want := range c.want {
			if got := lookUp(analysis, path); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s: got %v, want %v", name, path, got, want)
			}
		}
		if name != "keski-uusimaa" {
			continue
		}
		var disputed []string
		for _, one := range lookUp(analysis, "ratingConsensus").([]any) {
			if m, _ := one.(map[string]any); m["discuss"] == true {
				disputed = append(disputed, fmt.Sprint(m["serviceId"], " ", m["segmentId"], " ", m["criterion"]))
			}
		}
		if want := []string{"svc09 seg1 resources", "svc14 seg2 timeliness"}; !slices.Equal(disputed, want) {
			t.Errorf("to be talked over: got %v, want %v", disputed, want)
		}
	}
}

func TestAnAxisHasItsLabelsAtItsEndsAndValuesBetween(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	for _, axis := range b.itemsOf("viewer", "axis") {
		if axis.text("minLabel") != "Tarvitsee paljon ohjausta" || axis.text("maxLabel") != "Tarvitsee vähän ohjausta" {
			t.Errorf("got the ends %q and %q", axis.text("minLabel"), axis.text("maxLabel"))
		}
		b.steer(1, note("left", int(axis.number("x0")), 1000, "x"), note("right", int(axis.number("x1")), 1000, "x"), note("beyond", int(axis.number("x0"))-500, 1000, "x"))
	}
	values := map[string]string{}
	for _, row := range spreadsheet(t, b.do("viewer", "GET", "/export/notes.csv", nil))[1:] {
		values[row[0]] = row[3]
	}
	if want := (map[string]string{"left": "0", "right": "100", "beyond": "0"}); fmt.Sprint(values) != fmt.Sprint(want) {
		t.Errorf("got values %v, want %v", values, want)
	}
	picture := string(b.do("viewer", "GET", "/export/axis.svg", nil).body)
	left, right := strings.Index(picture, "Tarvitsee paljon ohjausta"), strings.Index(picture, "Tarvitsee vähän ohjausta")
	if left < 0 || right < 0 {
		t.Errorf("the picture of the axis lacks one of its ends: at %d and %d", left, right)
	}
}

func TestASnapshotBringsBackNotesAndGroupsAndTheLogKeepsWhatCameLater(t *testing.T) {
	in := start(t)
	b := in.imported(fixture.KeskiUusimaa)
	then := map[string]string{}
	for _, kind := range []string{"note", "group", "segment", "service"} {
		then[kind] = fmt.Sprint(b.itemsOf("viewer", kind))
	}
	b.steer(1, op("milestone", "name", "Ennen ryhmittelyä"))
	var snapshot string
	for id := range b.itemsOf("viewer", "board")["board"].members("milestones") {
		snapshot = id
	}
	b.steer(2, op("ungroup", "notes", []string{"n001", "n002"}), op("edit", "id", "g1", "fields", message{"name": "Toinen nimi"}), op("delete", "ids", []string{"g2"}))
	b.steer(3, note("later", 1000, 900, "Myöhempi lappu"), op("group", "notes", []string{"later", "n003"}, "group", "gNew"))
	b.steer(4, op("rewind", "milestone", snapshot))
	for kind, want := range then {
		if got := fmt.Sprint(b.itemsOf("viewer", kind)); got != want {
			t.Errorf("the %ss are not as they were", kind)
		}
	}
	entries, _ := b.history()
	if log := fmt.Sprint(entries); !strings.Contains(log, "Myöhempi lappu") || !strings.Contains(log, "Toinen nimi") {
		t.Error("what was done after the snapshot is not in the log any more")
	}
}

func TestABoardKnowsWhenItWasMadeAndLastWorkedOn(t *testing.T) {
	before := time.Now().UnixMilli()
	in := start(t)
	b := in.board("segmentation")
	times := func() (created, used int64) {
		shown := message(b.do("viewer", "GET", "", nil).json(t).(map[string]any))
		return b.itemsOf("viewer", "board")["board"].number("created"), shown.number("used")
	}
	created, used := times()
	if created < before || used < created || used > time.Now().UnixMilli() {
		t.Errorf("got made at %d, used at %d, want both after %d", created, used, before)
	}
	b.steer(1, note("n1", 1000, 900, "x"))
	entries, _ := b.history()
	if madeAt, usedAt := times(); madeAt != created || usedAt != entries[len(entries)-1].number("time") {
		t.Errorf("after a note: got made at %d, used at %d, want %d and the time of the note", madeAt, usedAt, created)
	}
	copied := in.madeOf(b.do("facilitator", "POST", "/copies", message{"title": "Toinen kierros"}))
	if madeAt := copied.itemsOf("viewer", "board")["board"].number("created"); madeAt < used {
		t.Errorf("a copy is as old as its board: %d", madeAt)
	}
	b.push("facilitator", "other", 1, op("board", "fields", message{"created": 1}))
	if madeAt, _ := times(); madeAt != created {
		t.Errorf("somebody has made the board older: %d", madeAt)
	}
}

func TestANextStepBeginsWithTheGroupsAndGoalsOfAnEarlierOne(t *testing.T) {
	in := start(t)
	earlier := in.imported(fixture.Museum)
	next := in.madeOf(earlier.do("facilitator", "POST", "/copies", message{"title": "Testaaminen ja arviointi", "keep": []string{"segment", "goal"}}))
	for kind, fields := range map[string][]string{"segment": {"name", "needs", "descriptions", "order"}, "goal": {"text", "indicator", "segmentIds", "order"}} {
		was, is := earlier.itemsOf("viewer", kind), next.itemsOf("viewer", kind)
		if len(is) == 0 || len(is) != len(was) {
			t.Errorf("got %d of type %s, want %d", len(is), kind, len(was))
		}
		for id, it := range was {
			for _, field := range fields {
				if fmt.Sprint(is[id][field]) != fmt.Sprint(it[field]) {
					t.Errorf("%s of %s: got %v, want %v", field, id, is[id][field], it[field])
				}
			}
		}
	}
	if services := next.itemsOf("viewer", "service"); len(services) > 0 {
		t.Errorf("the services came along unasked: %d", len(services))
	}
}

func TestATableOfTwoTabletsIsOneAuthor(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	link := b.do("facilitator", "POST", "/links", message{"role": "participant", "as": "Pöytä 3 / pari B"})
	for i, tablet := range []string{"first", "second"} {
		tb := b.dial()
		tb.hello(link.text(t, "key"), tablet+" tablet", tablet)
		tb.await("the welcome", ofType("welcome"))
		tb.push(1, note(tablet, 1000+i, 900, "Soittaa itse"))
		if seq, codes := tb.fate(1); seq == 0 || codes != nil {
			t.Errorf("the %s tablet's note: got seq %d, refused %v", tablet, seq, codes)
		}
	}
	b.steer(1, note("other", 1000, 900, "x"))
	for _, row := range spreadsheet(t, b.do("facilitator", "GET", "/export/notes.csv", nil))[1:] {
		if pair := row[7] == "Pöytä 3 / pari B"; pair != (row[0] != "other") {
			t.Errorf("%s: got author %q", row[0], row[7])
		}
	}
}

func TestANameMendsThatCheckOfADraftAlone(t *testing.T) {
	in := start(t)
	b := in.imported(fixture.KeskiUusimaa)
	b.steer(1, op("edit", "id", "g6", "fields", message{"name": "Hajallaan olevat"}))
	got := lookUp(b.do("viewer", "GET", "/analysis", nil).json(t), "groups.groupId=g6.failedChecks")
	if fmt.Sprint(got) != "[too_few_perspectives too_wide]" {
		t.Errorf("got the checks %v, want too_few_perspectives and too_wide still", got)
	}
	b.steer(2, op("phase", "to", "group"), op("phase", "to", "segment"))
	if _, made := b.itemsOf("viewer", "segment")["s.g6"]; made {
		t.Error("a group that is not ready has become a segment")
	}
}

// What is not for everyone is in no frame of those it is not for: the sockets are read, not the screen.
func TestWhatIsNotForEveryoneIsInNoFrameOfTheOthers(t *testing.T) {
	in := start(t)
	b := in.imported(fixture.Museum)
	v, _ := b.visitors("Miten meni?", nil)
	boss, author, other, viewer := b.join("facilitator", "boss", "tb"), b.join("participant", "author", "ta"), b.join("participant", "other", "to"), b.join("viewer", "viewer", "tv")
	boss.push(1, op("phase", "to", "describe"), op("private", "on", true))
	boss.fate(1)
	author.push(1, note("own", 1000, 900, "YKSITYINEN"))
	author.fate(1)
	author.push(2, op("text", "id", "own", "field", "text", "from", "YKSITYINEN", "to", "YKSITYINEN jatkuu"))
	author.fate(2)
	v.feedback("phone", 1, "minus", "ODOTTAVA palaute")
	boss.await("the feedback, which is theirs to read", func(m message) bool { return strings.Contains(fmt.Sprint(m["changes"]), "ODOTTAVA") })
	late := b.join("participant", "late", "tl")
	boss.push(2, op("board", "fields", message{"place": "Aula"}))
	for _, tb := range []*tab{other, viewer, late, author} {
		tb.await("what all are told after it", func(m message) bool { return strings.Contains(fmt.Sprint(m["changes"]), "Aula") })
	}
	for tb, hidden := range map[*tab][]string{
		boss: {"YKSITYINEN"}, author: {"ODOTTAVA"}, other: {"YKSITYINEN", "ODOTTAVA"}, viewer: {"YKSITYINEN", "ODOTTAVA"}, late: {"YKSITYINEN", "ODOTTAVA"},
	} {
		for _, word := range hidden {
			if strings.Contains(tb.heard(), word) {
				t.Errorf("%s was sent %s", tb.client, word)
			}
		}
	}
	if !strings.Contains(author.heard(), "YKSITYINEN jatkuu") {
		t.Error("the author was not sent their own note")
	}
	boss.push(3, op("reveal"))
	for _, tb := range []*tab{boss, other, viewer, late} {
		tb.await("the note once it is revealed", func(m message) bool { return strings.Contains(fmt.Sprint(m["changes"]), "YKSITYINEN jatkuu") })
	}
}

func TestAFileBringsTheSameContentWhateverIsNotInIt(t *testing.T) {
	in := start(t)
	b := in.imported(fixture.KeskiUusimaa)
	content := func(m made) string { return m.do("viewer", "GET", "/digest", nil).text(t, "content") }
	before := content(b)
	v, _ := b.visitors("Miten meni?", nil)
	v.feedback("phone", 1, "plus", "Odottaa lukijaa")
	b.steer(1, op("private", "on", true))
	b.steer(2, note("own", 1000, 900, "Vain minulle"))
	b.steer(3, op("private", "on", false))
	if got := content(b); got != before {
		t.Errorf("what is not for everyone has changed the content from %s to %s", before, got)
	}
	b.steer(4, op("milestone", "name", "Sovittu"), op("board", "fields", message{"place": "Järvenpää", "tags": []string{"työllisyys"}, "stage": "inUse"}))
	if got := content(b); got == before {
		t.Error("the board's sheet is not in its content")
	}
	again := in.imported(b.do("facilitator", "GET", "/export/board.json", nil).body)
	if got, want := content(again), content(b); got != want {
		t.Errorf("after export and import: got %s, want %s", got, want)
	}
}

func TestASheetBeginsEveryReportAndTravelsWithTheBoard(t *testing.T) {
	in := start(t)
	b := in.imported(fixture.Museum)
	sheet := message{
		"title": "Kotiseutumuseo", "description": "Mitä museo tarjoaa", "targetGroup": "Perheet", "place": "Järvenpää", "region": "Keski-Uusimaa", "organiser": "Museovirasto",
		"tags": []any{"museo", "hyvinvointi"}, "stage": "inUse",
	}
	b.steer(1, op("board", "fields", sheet))
	again := in.imported(b.do("facilitator", "GET", "/export/board.json", nil).body)
	sheet["created"] = b.itemsOf("viewer", "board")["board"]["created"] // as old as it was
	for name, want := range sheet {
		if got := again.itemsOf("viewer", "board")["board"][name]; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s after export and import: got %v, want %v", name, got, want)
		}
	}
	for _, file := range []string{"report.docx", "report.pdf", "report.md"} {
		text := readable(t, file, again.do("viewer", "GET", "/export/"+file, nil).body)
		first, _, found := strings.Cut(text, "Näin luvut on laskettu")
		if !found {
			t.Errorf("%s: its second section is not there", file)
		}
		for _, want := range []string{
			"Kotiseutumuseo", "Mitä museo tarjoaa", "Perheet", "Järvenpää", "Keski-Uusimaa", "Museovirasto", "museo, hyvinvointi", "Käytössä",
		} {
			if !strings.Contains(first, want) {
				t.Errorf("%s: its first section lacks %q", file, want)
			}
		}
	}
}

func TestAReportCountsTheSidesOfThoseWhoSaidThem(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	roles := func() any {
		for _, row := range lookUp(b.do("viewer", "GET", "/report?language=fi", nil).json(t), "sections.id=facts.blocks.type=facts.rows").([]any) {
			if fact, _ := row.([]any); fact[0] == "Roolit" {
				return fact[1]
			}
		}
		return nil
	}
	people := []*tab{b.join("participant", "one", "t1"), b.join("participant", "two", "t2"), b.join("participant", "three", "t3")}
	b.join("facilitator", "boss", "tb")
	customer := op("rename", "name", "Pari", "side", "customer")
	people[0].push(1, customer)
	if _, codes := people[0].fate(1); !slices.Equal(codes, []string{"invalid"}) || roles() != nil {
		t.Errorf("a board that does not ask: got refused %v, roles %v", codes, roles())
	}
	b.steer(1, op("board", "fields", message{"sides": true}))
	people[0].push(2, customer)
	people[1].push(1, op("rename", "name", "Pari", "side", "staff"))
	for i, n := range []int64{2, 1} {
		if _, codes := people[i].fate(n); codes != nil {
			t.Errorf("got refused %v", codes)
		}
	}
	if got, want := roles(), "henkilökunta 1, asiakas 1, kumppani 0, ei kertonut 1"; got != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestTheCustomersWordsStandApart(t *testing.T) {
	in := start(t)
	b := in.imported(fixture.KeskiUusimaa)
	b.steer(1, note("quote", 1200, 1000, "Kukaan ei ole kysynyt minulta"), op("edit", "id", "quote", "fields", message{"kind": "quote"}), op("group", "notes", []string{"quote"}, "group", "g1"))
	kinds := map[string]int{}
	for _, row := range spreadsheet(t, b.do("viewer", "GET", "/export/notes.csv", nil))[1:] {
		if kinds[row[5]]++; (row[5] == "asiakkaan sanoin") != (row[0] == "quote") {
			t.Errorf("%s: got kind %q", row[0], row[5])
		}
	}
	if kinds["kuvaus"] != 140 || kinds["asiakkaan sanoin"] != 1 {
		t.Errorf("got kinds %v, want 140 descriptions and the quote", kinds)
	}
	sheet, err := workbook(t, b.do("viewer", "GET", "/export/matrix.xlsx", nil)).GetRows("Laput")
	if err != nil || sheet[0][5] != "laji" || !slices.ContainsFunc(sheet, func(row []string) bool { return row[0] == "quote" && row[5] == "asiakkaan sanoin" }) {
		t.Errorf("the workbook does not tell the quote: %v", err)
	}
	cards := readable(t, "segments.docx", b.do("viewer", "GET", "/export/segments.docx", nil).body)
	if _, after, found := strings.Cut(cards, "Asiakkaan sanoin"); !found || !strings.Contains(after, "”Kukaan ei ole kysynyt minulta”") || strings.Count(cards, "Kukaan ei ole kysynyt") != 1 {
		t.Error("the quote does not stand apart on its segment's card")
	}
	again := in.imported(b.do("viewer", "GET", "/export/board.json", nil).body)
	if got := again.itemsOf("viewer", "note")["quote"].text("kind"); got != "quote" {
		t.Errorf("after export and import: got kind %q", got)
	}
}

func TestANoteIsCommentedOnByOthersAndErasedWithItsComment(t *testing.T) {
	in := start(t)
	b := in.board("segmentation")
	author, other := b.join("participant", "author", "ta"), b.join("participant", "other", "to")
	author.push(1, note("n1", 1000, 900, "Soittaa itse"))
	author.fate(1)
	other.push(1, op("text", "id", "n1", "field", "comment", "from", "", "to", "Kuka soittaa?"), op("text", "id", "n1", "field", "text", "from", "Soittaa itse", "to", "x"))
	if _, codes := other.fate(1); !slices.Equal(codes, []string{"not_yours"}) {
		t.Errorf("got refused %v, want the text alone", codes)
	}
	author.await("the comment", func(m message) bool { return strings.Contains(fmt.Sprint(m["changes"]), "Kuka soittaa?") })
	rows := spreadsheet(t, b.do("viewer", "GET", "/export/notes.csv", nil))
	if rows[0][6] != "kommentti" || rows[1][1] != "Soittaa itse" || rows[1][6] != "Kuka soittaa?" {
		t.Errorf("got %q", rows)
	}
	b.steer(1, op("blank", "id", "n1"))
	for _, path := range []string{"", "/export/board.json", "/export/notes.csv"} {
		if got := b.do("facilitator", "GET", path, nil); strings.Contains(string(got.body), "Kuka soittaa") {
			t.Errorf("%s tells a comment that was erased", path)
		}
	}
	if entries, _ := b.history(); strings.Contains(fmt.Sprint(entries), "Kuka soittaa") {
		t.Error("the log tells a comment that was erased")
	}
}

func TestAReportAnswersByWhichMeansEachGoalReachesWhom(t *testing.T) {
	in := start(t)
	for name, c := range map[string]struct {
		file []byte
		want [][]string
	}{
		"keski-uusimaa": {fixture.KeskiUusimaa, [][]string{{"100\u00a0%"}, {"0\u00a0%"}, {"100\u00a0%"}}},
		"museum":        {fixture.Museum, [][]string{{"100\u00a0%"}, {"100\u00a0%"}, {"tavoite ilman keinoa", "0\u00a0%"}}},
	} {
		report := in.imported(c.file).do("viewer", "GET", "/report?language=fi", nil).json(t)
		rows, _ := lookUp(report, "sections.id=goals.blocks.type=table.rows").([]any)
		if len(rows) != len(c.want) {
			t.Fatalf("%s: got %d rows of goals, want %d", name, len(rows), len(c.want))
		}
		for i, row := range rows {
			cells, _ := row.([]any)
			if len(cells) != 6 {
				t.Errorf("%s: got %v, want the goal, its indicator, means, whom it reaches, whom not, and how far", name, cells)
			}
			for _, want := range c.want[i] {
				if !slices.Contains(cells, any(want)) {
					t.Errorf("%s: goal %d: got %q, want %q in it", name, i+1, cells, want)
				}
			}
		}
	}
}

func TestAnExperimentThatIsDoneWithoutWhatWasLearntIsFlagged(t *testing.T) {
	in := start(t)
	at := bytes.Index(fixture.KeskiUusimaa, []byte(`"learnt": "Tapaamisia`))
	end := at + bytes.Index(fixture.KeskiUusimaa[at:], []byte("\n"))
	without := slices.Concat(fixture.KeskiUusimaa[:at], []byte(`"learnt": "",`), fixture.KeskiUusimaa[end:])
	for name, c := range map[string]struct {
		file []byte
		want string
	}{"whole": {fixture.KeskiUusimaa, "ei yhtään"}, "nothing learnt": {without, "ei ole kerrottu, mitä opittiin"}} {
		rows := spreadsheet(t, in.imported(c.file).do("viewer", "GET", "/export/experiments.csv", nil))
		lacks := slices.Index(rows[0], "Puuttuu")
		if lacks < 0 || rows[1][0] != "exp1" || rows[1][lacks] != c.want {
			t.Errorf("%s: got %q, want exp1 lacking %s", name, rows[1], c.want)
		}
	}
}
