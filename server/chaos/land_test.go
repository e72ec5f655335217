package chaos

import (
	"fmt"
	"maps"
	"strings"
)

func itemsOf(list []any) map[string]object {
	items := make(map[string]object, len(list))
	for _, it := range list {
		items[asObject(it).text("id")] = asObject(it)
	}
	return items
}

// land applies a change, as anybody does who keeps a board.
func land(items map[string]object, change object) error {
	if put := change.object("put"); put != nil {
		items[put.text("id")] = put
		return nil
	}
	if set := change.object("set"); set != nil {
		id := set.text("id")
		if items[id] == nil {
			return fmt.Errorf("%s is set and is not there", id)
		}
		item := maps.Clone(items[id])
		for name, v := range set {
			setPath(item, strings.Split(name, "/"), v)
		}
		items[id] = item
		return nil
	}
	delete(items, change.text("remove"))
	return nil
}

func setPath(into map[string]any, path []string, v any) {
	if len(path) > 1 {
		inner, _ := into[path[0]].(map[string]any)
		if inner = maps.Clone(inner); inner == nil {
			inner = map[string]any{}
		}
		setPath(inner, path[1:], v)
		if v = inner; len(inner) == 0 {
			v = nil
		}
	}
	if v == nil {
		delete(into, path[0])
		return
	}
	into[path[0]] = v
}
