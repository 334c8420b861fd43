package node

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"patchbay/patchdev"
)

// TestRecordedOrder holds patchdev.MapOrder against all recorded JSON objects of
// more than 32 keys: a node writes their keys as it walks the map.
func TestRecordedOrder(t *testing.T) {
	objects := 0
	for _, gen := range []string{"2025-05", "2025-06", "2025-09"} {
		for _, g := range readGolden(t, gen) {
			if g.Response.Body == nil || strings.Contains(g.Case, "preloaded") && g.Response.Omitted != "" {
				continue
			}
			for _, keys := range objectKeys(*g.Response.Body) {
				if len(keys) <= 32 {
					continue
				}
				objects++
				want := slices.Clone(keys)
				patchdev.MapOrder(keys)
				if !slices.Equal(keys, want) {
					t.Errorf("%s %s: %d keys are in another order", gen, g.Case, len(keys))
				}
			}
		}
	}
	if objects < 8 {
		t.Errorf("only %d objects", objects)
	}
}

// objectKeys are the keys of every object in a JSON text, as they are written;
// nil when it is none.
func objectKeys(text string) [][]string {
	d := json.NewDecoder(strings.NewReader(text))
	var out [][]string
	var value func() bool
	value = func() bool {
		tok, err := d.Token()
		if err != nil {
			return false
		}
		switch tok {
		case json.Delim('{'):
			var keys []string
			for d.More() {
				k, err := d.Token()
				if err != nil || !value() {
					return false
				}
				keys = append(keys, k.(string))
			}
			out = append(out, keys)
			_, err = d.Token()
			return err == nil
		case json.Delim('['):
			for d.More() {
				if !value() {
					return false
				}
			}
			_, err = d.Token()
			return err == nil
		}
		return true
	}
	if len(text) == 0 || text[0] != '{' || !value() {
		return nil
	}
	return out
}
