package patchdev

import "sync"

// batch merges a patch that is much smaller than its table into it, one level of
// the tree at a time. A big table lies outside the processor's caches, and going
// down for one key after the other waits for memory at every node. Here the nodes
// of a level are fetched together: the loads do not depend on one another, so that
// the processor has many of them under way at once.
type batch struct {
	edits []edit
	below [][]stop // the nodes that edits go through, by level from the root
	later []edit   // keys that are new or go: they change the shape of the tree
	sum   uint64   // of what was only loaded to have it near
}

// edit is one entry of the patch.
type edit struct {
	key  string
	head uint64
	val  Value
	at   int32 // the entry's place in its leaf, by its head
}

// stop is a node with the edits below it, and where it hangs.
type stop struct {
	n      *node
	parent int32 // in the level above
	kid    int32 // of the parent
	lo, hi int32 // edits
}

var batches = sync.Pool{New: func() any { return new(batch) }}

// batch returns t with the entries of patch merged into it.
func (m *merger) batch(t, patch *Table, path []string) *Table {
	w := batches.Get().(*batch)
	defer w.free()
	for k, v := range patch.All() {
		w.edits = append(w.edits, edit{key: k, head: headOf(k), val: v})
	}
	depth := w.descend(t.root)
	b := t.Edit()
	w.leaves(m, b, w.below[depth], path)
	for d := depth; d > 0; d-- {
		up := w.below[d-1]
		for i := range w.below[d] {
			s := &w.below[d][i]
			if p := &up[s.parent]; p.n.kids[s.kid] != s.n {
				old := p.n.kids[s.kid]
				p.n = b.own(p.n)
				p.n.replaceKid(int(s.kid), old, s.n)
			}
		}
	}
	if root := w.below[0][0].n; root != b.root {
		b.root, b.dirty = root, true
	}
	for _, e := range w.later {
		b.Set(e.key, e.val)
	}
	return b.Table()
}

func (w *batch) free() {
	w.edits = clearAll(w.edits)
	w.later = clearAll(w.later)
	for i := range w.below {
		w.below[i] = clearAll(w.below[i])
	}
	batches.Put(w)
}

func clearAll[T any](s []T) []T {
	clear(s)
	return s[:0]
}

// level is the d-th level, empty when it was not used yet.
func (w *batch) level(d int) *[]stop {
	if d == len(w.below) {
		w.below = append(w.below, nil)
	}
	return &w.below[d]
}

// descend finds the leaves and returns their level.
func (w *batch) descend(root *node) int {
	first := w.level(0)
	*first = append(*first, stop{n: root, hi: int32(len(w.edits))})
	d := 0
	for ; w.below[d][0].n.kids != nil; d++ {
		down := w.level(d + 1)
		for p := range w.below[d] {
			s := &w.below[d][p]
			for lo := s.lo; lo < s.hi; {
				kid := max(s.n.kidOf(w.edits[lo].key), 0)
				hi := s.hi
				if kid+1 < len(s.n.kids) {
					key, head := s.n.keys[kid+1], s.n.heads[kid+1]
					for hi = lo + 1; hi < s.hi; hi++ {
						if e := &w.edits[hi]; e.head > head || e.head == head && e.key >= key {
							break
						}
					}
				}
				*down = append(*down, stop{n: s.n.kids[kid], parent: int32(p), kid: int32(kid), lo: lo, hi: hi})
				lo = hi
			}
		}
		w.fetch(*down)
	}
	return d
}

// fetch loads what a search in the nodes will need.
func (w *batch) fetch(level []stop) {
	sum := w.sum
	for i := range level {
		sum += uint64(level[i].n.count)
	}
	for i := range level {
		if n := level[i].n; n.heads != nil {
			sum += n.heads[len(n.heads)/2]
			sum += n.heads[len(n.heads)/4]
		}
	}
	w.sum = sum
}

// leaves merges the edits into the leaves.
func (w *batch) leaves(m *merger, b *Builder, leaves []stop, path []string) {
	sum := w.sum
	for i := range leaves {
		s := &leaves[i]
		for j := s.lo; j < s.hi; j++ {
			w.edits[j].at = int32(s.n.place(w.edits[j].head))
		}
	}
	for i := range leaves { // the keys and values themselves, each in a place of its own
		s := &leaves[i]
		for j := s.lo; j < s.hi; j++ {
			if at := int(w.edits[j].at); at < len(s.n.keys) {
				if k := s.n.keys[at]; k != "" {
					sum += uint64(k[len(k)-1])
				}
				if v, ok := s.n.vals[at].(Int); ok {
					sum += uint64(v)
				}
			}
		}
	}
	w.sum = sum
	for i := range leaves {
		s := &leaves[i]
		for j := s.lo; j < s.hi; j++ {
			e := &w.edits[j]
			at, ok := s.n.findFrom(int(e.at), e.key)
			var was Value
			if ok {
				was = s.n.vals[at]
			}
			now := m.entry(e.key, was, e.val, path)
			switch {
			case same0(now, was):
			case !ok || now == nil:
				w.later = append(w.later, edit{key: e.key, val: now})
			default:
				s.n = b.own(s.n)
				s.n.replace(at, now)
			}
		}
	}
}

// place is the first place whose head is not below h; 0 in a leaf without heads.
func (n *node) place(h uint64) int {
	lo, hi := 0, len(n.heads)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if n.heads[m] < h {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// findFrom is find for a key that is not before the given place.
func (n *node) findFrom(at int, key string) (int, bool) {
	if n.heads == nil {
		return n.find(key)
	}
	for ; at < len(n.keys); at++ {
		if n.keys[at] >= key {
			return at, n.keys[at] == key
		}
	}
	return at, false
}
