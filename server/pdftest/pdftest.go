// Package pdftest reads what a PDF of ours says, for tests: its texts are packed, and written in the glyphs of its fonts.
package pdftest

import (
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	objectPart  = regexp.MustCompile(`(?s)(\d+) 0 obj\n(.*?)\nendobj\n`)
	fontNames   = regexp.MustCompile(`/F0 (\d+) 0 R /F1 (\d+) 0 R`)
	fontMeaning = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	meaningOf   = regexp.MustCompile(`<([0-9A-F]{4})> <([0-9A-F]{4})>\n`)
	piecePart   = regexp.MustCompile(`/F([01]) [0-9.]+ Tf <([0-9A-F]*)> Tj|( ET EMC)`)
	pageContent = regexp.MustCompile(`/Contents (\d+) 0 R`)
)

// Texts reads the lines of a PDF by what its fonts say that glyphs mean.
func Texts(t testing.TB, file []byte) []string {
	t.Helper()
	objects := map[string]string{}
	for _, o := range objectPart.FindAllSubmatch(file, -1) {
		objects[string(o[1])] = string(o[2])
	}
	stream := func(number string) string {
		_, packed, found := strings.Cut(objects[number], "stream\n")
		if !found {
			t.Fatalf("object %s is no stream", number)
		}
		z, err := zlib.NewReader(strings.NewReader(strings.TrimSuffix(packed, "\nendstream")))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	fonts := fontNames.FindSubmatch(file)
	var meanings [2]map[string]string
	for i := range meanings {
		meanings[i] = map[string]string{}
		for _, pair := range meaningOf.FindAllStringSubmatch(stream(fontMeaning.FindStringSubmatch(objects[string(fonts[i+1])])[1]), -1) {
			raw, err := hex.DecodeString(pair[2])
			if err != nil {
				t.Fatal(err)
			}
			meanings[i][pair[1]] = string(rune(raw[0])<<8 | rune(raw[1]))
		}
	}
	var all []string
	for _, page := range pageContent.FindAllSubmatch(file, -1) {
		text := ""
		for _, piece := range piecePart.FindAllStringSubmatch(stream(string(page[1])), -1) {
			if piece[3] != "" {
				all, text = append(all, text), ""
				continue
			}
			font, _ := strconv.Atoi(piece[1])
			for i := 0; i < len(piece[2]); i += 4 {
				meaning, known := meanings[font][piece[2][i:i+4]]
				if !known || piece[2][i:i+4] == "0000" {
					t.Fatalf("a glyph without a meaning in %q", text)
				}
				text += meaning
			}
		}
	}
	return all
}
