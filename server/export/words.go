package export

import "jana/protocol/method"

// words of the documents, in one language.
type words struct {
	category, service              string
	covering, supply, need, status string
	statuses                       map[method.Status]string
}

var wordsOf = map[string]words{
	"fi": {
		category: "palveluluokka", service: "palvelu",
		covering: "kattavia palveluja", supply: "osuus tarjonnasta, %", need: "osuus tarpeesta, %", status: "tila",
		statuses: map[method.Status]string{
			method.Gap: "Aukko", method.Thin: "Ohut tarjonta", method.Balanced: "Tasapainossa", method.PileUp: "Kasautuma", method.Unknown: "Ei tiedetä",
		},
	},
	"sv": {
		category: "tjänstekategori", service: "tjänst",
		covering: "täckande tjänster", supply: "andel av utbudet, %", need: "andel av behovet, %", status: "läge",
		statuses: map[method.Status]string{
			method.Gap: "Lucka", method.Thin: "Tunt utbud", method.Balanced: "I balans", method.PileUp: "Anhopning", method.Unknown: "Okänt",
		},
	},
	"en": {
		category: "service category", service: "service",
		covering: "covering services", supply: "share of supply, %", need: "share of need, %", status: "status",
		statuses: map[method.Status]string{
			method.Gap: "Gap", method.Thin: "Thin supply", method.Balanced: "In balance", method.PileUp: "Pile-up", method.Unknown: "Not known",
		},
	},
}
