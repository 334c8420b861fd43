package tree

import (
	"strings"
	"time"
)

// maxRecent is how many keys of a branch stand first in the order of last change.
const maxRecent = 150

// touches are the keys of one branch in the order in which they changed, so that
// the newest can be had without looking at all of them.
type touches struct {
	list []touch
	last map[string]int // place of a key's newest entry in list
}

type touch struct {
	key  string
	slot int64
	at   time.Time
}

// touch notes that something at or below a key of a branch changed.
func (k *marks) touch(parent, key string, slot int64, at time.Time) {
	t := k.recent[parent]
	if t == nil {
		t = &touches{last: map[string]int{}}
		k.recent[parent] = t
	}
	k.stale[parent] = true
	if i, ok := t.last[key]; ok && t.list[i].slot == slot && t.list[i].at.Equal(at) {
		return
	}
	if len(t.list) > 2*len(t.last)+1000 {
		t.compact()
	}
	t.last[key] = len(t.list)
	t.list = append(t.list, touch{key, slot, at})
}

// compact drops the entries of keys that changed again later.
func (t *touches) compact() {
	kept := t.list[:0]
	for i, x := range t.list {
		if t.last[x.key] == i {
			t.last[x.key] = len(kept)
			kept = append(kept, x)
		}
	}
	t.list = kept
}

// newest lists at most n keys, the last changed first.
func (t *touches) newest(n int) []touch {
	if t == nil {
		return nil
	}
	var out []touch
	for i := len(t.list) - 1; i >= 0 && len(out) < n; i-- {
		if x := t.list[i]; t.last[x.key] == i {
			out = append(out, x)
		}
	}
	return out
}

// settle puts the branches whose keys changed into their new order. It is called
// when rows are looked at, so that many changes cost one ordering.
func (m *Model) settle() {
	if m.sort != ByChanged || len(m.marks.stale) == 0 {
		return
	}
	stale := m.marks.stale
	m.marks.stale = map[string]bool{}
	if len(stale) > 200 {
		m.resort()
		return
	}
	for id := range stale {
		var path []string
		if id != "" {
			path = strings.Split(id, "\x00")
		}
		if nd := m.find(path); nd != nil && nd.value != nil {
			nd.order = m.ordering(nd)
			m.relayout(path)
		}
	}
}
