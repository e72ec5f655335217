package document

import (
	"net/url"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Name is what a file is saved as.
type Name string

// maxNameRunes of a board's title are in the name of a file, so that paths with it stay within what systems allow.
const maxNameRunes = 60

// FileName is the name of a file out of a board: board, date, and what it is.
func FileName(title, file string, at time.Time) Name {
	title = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		if unicode.IsGraphic(r) {
			return r
		}
		return -1
	}, norm.NFC.String(title))
	runes := []rune(strings.Join(strings.FieldsFunc(title, func(r rune) bool { return r == '-' }), "-"))
	board := strings.Trim(string(runes[:min(len(runes), maxNameRunes)]), ".-")
	if board == "" {
		board = "jana"
	}
	return Name(board + "-" + at.Format("2006-01-02") + "-" + file)
}

// Attachment is the name as a Content-Disposition of RFC 6266: in plain letters for old programs, and as it is (RFC 5987).
func (n Name) Attachment() string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r > unicode.MaxASCII || r == '%':
			return '_'
		}
		return r
	}, norm.NFD.String(string(n)))
	disposition := `attachment; filename="` + plain + `"`
	if plain != string(n) {
		disposition += `; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(string(n)), "+", "%20")
	}
	return disposition
}
