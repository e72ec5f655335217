package document

import (
	"testing"
	"time"
)

func TestAFileIsNamedByItsBoardAndDay(t *testing.T) {
	day := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for title, want := range map[string]string{
		"Taulu":                  `attachment; filename="Taulu-2026-11-21-report.md"`,
		"Työikäiset, Keski":      `attachment; filename="Tyoikaiset,-Keski-2026-11-21-report.md"; filename*=UTF-8''Ty%C3%B6ik%C3%A4iset%2C-Keski-2026-11-21-report.md`,
		"a/b\\c:\"d\"\r\n..\x00": `attachment; filename="a-b-c-d-2026-11-21-report.md"`,
		"čđŋ":                    `attachment; filename="c__-2026-11-21-report.md"; filename*=UTF-8''%C4%8D%C4%91%C5%8B-2026-11-21-report.md`,
		"  ..  ":                 `attachment; filename="jana-2026-11-21-report.md"`,
		"👍":                      `attachment; filename="_-2026-11-21-report.md"; filename*=UTF-8''%F0%9F%91%8D-2026-11-21-report.md`,
		"..":                     `attachment; filename="jana-2026-11-21-report.md"`,
	} {
		if got := FileName(title, "report.md", day).Attachment(); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", title, got, want)
		}
	}
}
