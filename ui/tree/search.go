package tree

import (
	"cmp"
	"context"
	"regexp"
	"strings"
	"time"

	"patchbay/patchdev"
)

// Query is a parsed filter. Words must all match; a word looks at the key (and the
// account's name beside it) or at the value, one with a slash also at the path.
// `key:`, `value:` and `path:` before a word narrow where it looks. A URL of a key
// means its path.
type Query struct{ words []word }

type word struct{ field, text string }

// ParseQuery reads a filter's text. Any text is a query; an empty one matches all.
func ParseQuery(s string) Query {
	var q Query
	for _, w := range strings.Fields(strings.ToLower(s)) {
		field := ""
		if m := asked.FindStringSubmatch(w); m != nil { // a URL, as it is copied
			field, w = "path", strings.Trim(m[1], "/")
		}
		for _, f := range []string{"key", "value", "path"} {
			if rest, ok := strings.CutPrefix(w, f+":"); ok {
				field, w = f, rest
				break
			}
		}
		if w != "" {
			q.words = append(q.words, word{field, w})
		}
	}
	return q
}

// asked matches what a node is asked for a key with.
var asked = regexp.MustCompile(`~process@1\.0/[^/?]+/([^?]+)`)

// Empty says that nothing is filtered.
func (q Query) Empty() bool { return len(q.words) == 0 }

// match says whether a key with its path, alias and value is meant. named is the
// path with the accounts' names in place of their addresses, as the tree shows it.
func (q Query) match(path, named []string, alias string, v patchdev.Value) bool {
	key := strings.ToLower(path[len(path)-1])
	at := func(w string) bool {
		return strings.Contains(strings.ToLower(strings.Join(path, "/")), w) || strings.Contains(strings.ToLower(strings.Join(named, "/")), w)
	}
	value := ""
	if _, is := branch(v); !is {
		value = strings.ToLower(Text(v))
	}
	for _, w := range q.words {
		var ok bool
		switch w.field {
		case "key":
			ok = strings.Contains(key, w.text) || alias != "" && strings.Contains(alias, w.text)
		case "value":
			ok = strings.Contains(value, w.text)
		case "path":
			ok = at(w.text)
		default:
			ok = strings.Contains(key, w.text) || strings.Contains(value, w.text) ||
				alias != "" && strings.Contains(alias, w.text) ||
				strings.Contains(w.text, "/") && at(w.text)
		}
		if !ok {
			return false
		}
	}
	return true
}

// Hit is a row of a filtered tree: a match, or a branch above one.
type Hit struct {
	Path  []string
	Match bool
}

// MaxHits is how many matches are shown; more are counted only.
const MaxHits = 5000

// Search finds what a query means below a root, with the branches above each
// match, in the order of the keys, the residue of patch messages last. total counts all matches. It may run on any
// goroutine; alias (nil: none) must allow that too. A cancelled ctx ends it early.
func Search(ctx context.Context, root *patchdev.Table, q Query, alias func(string) string) (hits []Hit, total int) {
	seen := 0
	var path, named []string
	emitted := 0 // how many of path's ancestors are among hits already
	var visit func(v patchdev.Value) bool
	visit = func(v patchdev.Value) bool {
		n, ok := branch(v)
		if !ok {
			return true
		}
		each := func(key string, c patchdev.Value) bool {
			if seen++; seen&1023 == 0 && ctx.Err() != nil {
				return false
			}
			path = append(path, key)
			emitted = min(emitted, len(path)-1)
			name := ""
			if alias != nil {
				name = strings.ToLower(alias(key))
			}
			named = append(named, cmp.Or(name, key))
			if q.match(path, named, name, c) {
				total++
				if total <= MaxHits {
					for ; emitted < len(path)-1; emitted++ {
						hits = append(hits, Hit{Path: append([]string(nil), path[:emitted+1]...)})
					}
					hits = append(hits, Hit{Path: append([]string(nil), path...), Match: true})
					emitted = len(path)
				}
			}
			more := visit(c)
			path, named = path[:len(path)-1], named[:len(path)-1]
			emitted = min(emitted, len(path))
			return more
		}
		if t, is := v.(*patchdev.Table); is {
			if v == patchdev.Value(root) {
				return inRootOrder(t, each)
			}
			for k, c := range t.All() {
				if !each(k, c) {
					return false
				}
			}
			return true
		}
		for i := range n {
			k, c := childAt(v, i)
			if !each(k, c) {
				return false
			}
		}
		return true
	}
	visit(root)
	return hits, total
}

// SetHits shows the rows of a filter in place of the tree; nil shows the tree again.
func (m *Model) SetHits(hits []Hit) {
	m.hits, m.hitAt = hits, nil
	if hits != nil {
		m.hitAt = make(map[string]int, len(hits))
		for i := range hits {
			m.hitAt[join(hits[i].Path)] = i
		}
	}
}

// Filtered says whether the rows are those of a filter.
func (m *Model) Filtered() bool { return m.hits != nil }

func (m *Model) hitRow(i int, now time.Time) Row {
	h := m.hits[i]
	v, _ := Lookup(m.Root(), h.Path)
	r := Row{Path: h.Path, Key: h.Path[len(h.Path)-1], Depth: len(h.Path) - 1, Value: v}
	if i+1 < len(m.hits) {
		r.Open = len(m.hits[i+1].Path) > len(h.Path)
	}
	m.fill(&r, now)
	return r
}
