package method

import "jana/protocol/board"

// Unweighted are the items of a board without the weights of services and the need factors of segments, which are judgements:
// what an analysis says then, shows what they do to it.
func Unweighted(items []*board.Item) []*board.Item {
	plain := make([]*board.Item, len(items))
	for i, it := range items {
		plain[i] = it
		for _, field := range []string{"weight", "needFactor"} {
			if it.Get(field) != nil {
				plain[i] = plain[i].With([]board.Field{{Name: field}})
			}
		}
	}
	return plain
}
