package web

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestJSONThatReadersDifferAboutIsRefused(t *testing.T) {
	for body, says := range map[string]string{
		`{}`: "", ` {"a":[1,"}",{"b":"\"]"}],"c":{"b":1}}` + "\n": "",
		`{"a":"x\\","b":1}`:         "",
		`{"a":1,"a":2}`:             "twice",
		`{"a":1,"\u0061":2}`:        "twice",
		`{"a":{"b":1,"c":2,"b":3}}`: "twice",
		`{"a":[{"b":1},{"b":1}]}`:   "",
		`{"a":{"a":{"a":1}}}`:       "",
		`{"__proto__":1}`:           "__proto__",
		`{"a":"__proto__"}`:         "",
		"{\"a\":\"\xff\"}":          "UTF-8",
		`[]`:                        "not an object",
		`"a"`:                       "not an object",
		``:                          "not an object",
		`{"a":1}x`:                  "broken",
		`{"a":1`:                    "broken",
		`{"a":` + strings.Repeat("[", 15) + strings.Repeat("]", 15) + `}`:   "",
		`{"a":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + `}`:   "deeper",
		`{"a":[` + strings.Repeat("[],", maxContainers) + `[]]}`:            "can hold",
		`{"a":[` + strings.Repeat("0,", maxTokens) + `0]}`:                  "can hold",
		`{"a":[` + strings.Repeat(`{"b":"c"},`, maxContainers/2) + `null]}`: "",
	} {
		err := checkJSON([]byte(body))
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%.60s: got %v, want %q", body, err, says)
		}
	}
}

func FuzzCheckJSON(f *testing.F) {
	for _, body := range []string{`{}`, `{"a":[1,{"b":"\"}"}]}`, `{"a":1,"a":2}`, "{\"\xff\":1}", `{"\u0061":{"\\":[]}}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if checkJSON(body) != nil {
			return
		}
		var v map[string]any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Errorf("accepted %q: %v", body, err)
		}
	})
}
