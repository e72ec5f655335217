package board

// ExportSchema names the format of [State.Export].
const ExportSchema = "jana-board/1"

// Export writes the board as a file that [Import] takes back: {schema, board,
// items}, items sorted by type and id. Links, what is not for everyone,
// milestones and what is needed only to go on are not in it.
func (s *State) Export() []byte {
	b := append([]byte(nil), `{"schema":"`+ExportSchema+`",`+"\n"+`"board":`...)
	if it := s.items[BoardID]; it != nil {
		b = append(b, it.exported().json...)
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,`+"\n"+`"items":[`...)
	first := true
	for _, it := range s.Items() {
		if it.Type == TypeBoard {
			continue
		}
		if it = it.exported(); it == nil {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(append(b, '\n'), it.json...)
	}
	return append(b, "\n]}\n"...)
}

// exported is the item as an export holds it, nil if it is not in it.
func (it *Item) exported() *Item {
	switch {
	case it.Type == TypeLink || len(it.To) > 0:
		return nil
	case it.Type == TypeBoard && it.Get("milestones") != nil:
		return it.With([]Field{{"milestones", nil}})
	case it.Type == TypeParticipant && (it.Get("link") != nil || it.Get("role") != nil):
		return it.With([]Field{{"link", nil}, {"role", nil}})
	}
	return it
}
