package export

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed words.json
var wordsFile []byte

// words of the documents are by language, then by what they name.
var words = sync.OnceValue(func() map[string]map[string]string {
	var all map[string]map[string]string
	if err := json.Unmarshal(wordsFile, &all); err != nil {
		panic(fmt.Sprintf("words.json: %v", err))
	}
	return all
})
