package template

// words of the templates, by language.
var words = map[string]struct {
	axis, minLabel, maxLabel string
	perspectives             [6]string
	headings                 [4]string
	// Of a museum's board: why customers come, who they are, and what there is for them.
	visits, customers, categories []string
}{
	"fi": {
		"Ohjauksen jana", "Tarvitsee paljon ohjausta", "Tarvitsee vähän ohjausta",
		[6]string{"Itsenäisyys", "Minäkuva", "Perhesuhteet", "Arjen sujuvuus", "Talous ja asuminen", "Työ ja osaaminen"},
		[4]string{"Motivaatio", "Läheissuhteet", "Toimijuus", "Tuen tarve"},
		[]string{"Miksi tulee museoon", "Kenen kanssa", "Mikä estää"},
		[]string{"Lapsiperheet", "Koulut ja päiväkodit", "Matkailijat", "Ikäihmiset", "Nuoret aikuiset", "Yritykset ja yhteisöt"},
		[]string{"Näyttelyt", "Opastukset", "Yleisötyö ja työpajat", "Tapahtumat", "Verkkopalvelut", "Jalkautuvat palvelut", "Kahvila ja kauppa", "Yrityspalvelut"},
	},
	"sv": {
		"Handledningsaxeln", "Behöver mycket handledning", "Behöver lite handledning",
		[6]string{"Självständighet", "Självbild", "Familjerelationer", "En fungerande vardag", "Ekonomi och boende", "Arbete och kunnande"},
		[4]string{"Motivation", "Nära relationer", "Aktörskap", "Stödbehov"},
		[]string{"Varför man kommer", "Med vem", "Vad som hindrar"},
		[]string{"Barnfamiljer", "Skolor och daghem", "Turister", "Äldre", "Unga vuxna", "Företag och föreningar"},
		[]string{"Utställningar", "Guidningar", "Publikarbete och verkstäder", "Evenemang", "Webbtjänster", "Uppsökande tjänster", "Kafé och butik", "Företagstjänster"},
	},
	"en": {
		"Guidance axis", "Needs much guidance", "Needs little guidance",
		[6]string{"Independence", "Self-image", "Family relations", "Smoothness of everyday life", "Money and housing", "Work and skills"},
		[4]string{"Motivation", "Close relationships", "Agency", "Need of support"},
		[]string{"Why they come", "With whom", "What stands in the way"},
		[]string{"Families with children", "Schools and day care", "Tourists", "Older people", "Young adults", "Companies and associations"},
		[]string{"Exhibitions", "Guided tours", "Audience work and workshops", "Events", "Online services", "Outreach", "Café and shop", "Services for companies"},
	},
}
