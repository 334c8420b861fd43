package patchdev

import "slices"

// Builder makes a table, or edits many keys of one, without making a table for
// every step. One goroutine may use it; the tables it came from and the tables
// it gave out never change.
type Builder struct {
	from  *Table // what Table returns when nothing changed
	root  *node
	token *token
	dirty bool
}

// Edit returns a Builder that starts with the table's keys.
func (t *Table) Edit() *Builder {
	return &Builder{from: t, root: t.root, token: &token{}}
}

// Table returns what was built. The Builder may be used on; it will not change
// the table given out.
func (b *Builder) Table() *Table {
	if !b.dirty {
		return b.from
	}
	b.dirty = false
	b.token = &token{} // the nodes belong to the table from now on
	if b.root == nil {
		b.from = emptyTable
	} else {
		b.from = &Table{root: b.root}
	}
	return b.from
}

// Len is the number of keys so far.
func (b *Builder) Len() int {
	if b.root == nil {
		return 0
	}
	return b.root.count
}

// Get returns the value of a key as it is now.
func (b *Builder) Get(key string) (Value, bool) {
	t := Table{root: b.root}
	return t.Get(key)
}

// Set gives key the value v. A nil v deletes the key.
func (b *Builder) Set(key string, v Value) {
	if v == nil {
		b.Delete(key)
		return
	}
	b.dirty = true
	if b.root == nil {
		b.root = &node{token: b.token, count: 1, keys: []string{key}, vals: []Value{v}}
		return
	}
	n, split := b.set(b.root, key, v)
	b.root = n
	if split != nil {
		b.root = &node{
			token: b.token, count: n.count + split.count,
			keys: []string{n.keys[0], split.keys[0]}, heads: []uint64{headOf(n.keys[0]), headOf(split.keys[0])}, kids: []*node{n, split},
		}
	}
}

// Delete removes key if it is there.
func (b *Builder) Delete(key string) {
	if b.root == nil {
		return
	}
	if _, ok := b.Get(key); !ok {
		return
	}
	b.dirty = true
	b.root = b.remove(b.root, key)
	for b.root != nil && b.root.kids != nil && len(b.root.kids) == 1 {
		b.root = b.root.kids[0]
	}
}

// own returns n if this Builder may change it, else a copy that it may change. The
// copy shares the keys with n, because most changes are new values of old keys;
// insertAt, without and adopt copy them where they do change.
func (b *Builder) own(n *node) *node {
	if n.token == b.token {
		return n
	}
	c := &node{token: b.token, count: n.count, keys: slices.Clip(n.keys), heads: slices.Clip(n.heads)}
	if n.kids != nil {
		c.kids = append(make([]*node, 0, len(n.kids)), n.kids...)
	} else {
		c.vals = append(make([]Value, 0, len(n.vals)), n.vals...)
		c.memo.hash.Store(n.memo.hash.Load()) // kept right by resum, or forgotten
	}
	c.memo.attr.Store(n.memo.attr.Load())
	return c
}

// replace gives the i-th entry of a leaf, which the Builder owns, another value.
// What is remembered of the leaf's attributes stays where it still holds.
func (n *node) replace(i int, v Value) {
	old := n.vals[i]
	n.vals[i] = v
	n.resum(n.keys[i], old, v)
	if a := attr(n.memo.attr.Load()); a != 0 {
		n.memo.attr.Store(uint32(a.without(attrOf(old), attrOf(v))))
	}
}

// replaceKid puts another node in the place of the i-th kid, with the same keys.
func (n *node) replaceKid(i int, old, kid *node) {
	n.kids[i] = kid
	n.kidChanged(attr(old.memo.attr.Load()), kid)
}

// kidChanged corrects what is remembered of an inner node's attributes.
func (n *node) kidChanged(was attr, kid *node) {
	a := attr(n.memo.attr.Load())
	now := attr(kid.memo.attr.Load())
	switch {
	case a == 0:
	case was == 0 || now == 0:
		n.memo.attr.Store(0)
	default:
		n.memo.attr.Store(uint32(a.without(was, now)))
	}
}

// insertAt inserts x at i. A slice without room, which may be shared, is copied.
func insertAt[T any](s []T, i int, x T) []T {
	n := len(s)
	if n == cap(s) {
		grown := make([]T, n+1, max(n+1, min(n+max(n/4, 3)+1, maxLeaf+1)))
		copy(grown, s[:i])
		copy(grown[i+1:], s[i:])
		grown[i] = x
		return grown
	}
	s = s[:n+1]
	copy(s[i+1:], s[i:n])
	s[i] = x
	return s
}

// without is a copy of s that lacks the i-th.
func without[T any](s []T, i int) []T {
	return append(append(make([]T, 0, len(s)-1), s[:i]...), s[i+1:]...)
}

// set puts key below n and returns the node that takes n's place and, if it
// had to be split, its right neighbour.
func (b *Builder) set(n *node, key string, v Value) (*node, *node) {
	n = b.own(n)
	if n.kids == nil {
		i, ok := n.find(key)
		if ok {
			n.replace(i, v)
			return n, nil
		}
		n.memo.attr.Store(0)
		n.resum(key, nil, v)
		n.count++
		n.keys = insertAt(n.keys, i, key)
		if n.heads != nil {
			n.heads = insertAt(n.heads, i, headOf(key))
		}
		n.vals = insertAt(n.vals, i, v)
		if len(n.keys) <= maxLeaf {
			return n, nil
		}
		return n, b.splitLeaf(n, cut(i, len(n.keys)))
	}
	i := max(n.kidOf(key), 0)
	before, was := n.kids[i].count, attr(n.kids[i].memo.attr.Load())
	kid, split := b.set(n.kids[i], key, v)
	n.adopt(i, kid)
	n.kidChanged(was, kid)
	n.count += kid.count - before
	if split == nil {
		return n, nil
	}
	n.memo.attr.Store(0)
	n.count += split.count
	n.kids = insertAt(n.kids, i+1, split)
	n.keys = insertAt(n.keys, i+1, split.keys[0])
	n.heads = insertAt(n.heads, i+1, headOf(split.keys[0]))
	if len(n.kids) <= maxInner {
		return n, nil
	}
	return n, b.splitInner(n, cut(i+1, len(n.kids)))
}

// adopt makes a node the i-th kid of an inner node.
func (n *node) adopt(i int, kid *node) {
	n.kids[i] = kid
	if k := kid.keys[0]; n.keys[i] != k {
		n.keys, n.heads = slices.Clone(n.keys), slices.Clone(n.heads)
		n.keys[i], n.heads[i] = k, headOf(k)
	}
}

// cut says where to split n entries when the newest is the i-th: in the middle,
// but behind everything else when keys come in order, so that tables built in
// order have full nodes.
func cut(i, n int) int {
	if i == n-1 {
		return n - 1
	}
	return n / 2
}

func (b *Builder) splitLeaf(n *node, at int) *node {
	r := &node{token: b.token, count: len(n.keys) - at}
	room := maxLeaf + 1
	r.keys = append(make([]string, 0, room), n.keys[at:]...)
	r.vals = append(make([]Value, 0, room), n.vals[at:]...)
	n.withHeads()
	clear(n.keys[at:])
	clear(n.vals[at:])
	n.memo.hash.Store(nil)
	r.heads = append(make([]uint64, 0, room), n.heads[at:]...)
	n.keys, n.heads, n.vals, n.count = n.keys[:at], n.heads[:at], n.vals[:at], at
	return r
}

func (b *Builder) splitInner(n *node, at int) *node {
	r := &node{token: b.token}
	r.keys = append(make([]string, 0, maxInner+1), n.keys[at:]...)
	r.heads = append(make([]uint64, 0, maxInner+1), n.heads[at:]...)
	r.kids = append(make([]*node, 0, maxInner+1), n.kids[at:]...)
	for _, kid := range r.kids {
		r.count += kid.count
	}
	clear(n.keys[at:])
	clear(n.kids[at:])
	n.keys, n.heads, n.kids, n.count = n.keys[:at], n.heads[:at], n.kids[:at], n.count-r.count
	return r
}

// remove takes key, which is there, from below n and returns what is left: nil
// when nothing is. Neighbours that fit into one node are joined, so that a
// table that shrinks gets small again.
func (b *Builder) remove(n *node, key string) *node {
	n = b.own(n)
	n.memo.attr.Store(0)
	if n.kids == nil {
		i, _ := n.find(key)
		n.resum(key, n.vals[i], nil)
		n.keys = without(n.keys, i)
		if n.heads != nil {
			n.heads = without(n.heads, i)
		}
		n.vals = slices.Delete(n.vals, i, i+1)
		n.count--
		if n.count == 0 {
			return nil
		}
		return n
	}
	i := n.kidOf(key)
	kid := b.remove(n.kids[i], key)
	n.count--
	if kid == nil {
		n.kids = slices.Delete(n.kids, i, i+1)
		n.keys = without(n.keys, i)
		n.heads = without(n.heads, i)
		if len(n.kids) == 0 {
			return nil
		}
		return n
	}
	n.adopt(i, kid)
	if len(kid.keys) <= maxLeaf/4 {
		b.join(n, i)
	}
	return n
}

// join merges the i-th kid with a neighbour when both fit into one half-full
// node and a bit.
func (b *Builder) join(n *node, i int) {
	const most = maxLeaf * 3 / 4
	for _, l := range []int{i - 1, i} {
		if l < 0 || l+1 >= len(n.kids) || len(n.kids[l].keys)+len(n.kids[l+1].keys) > most {
			continue
		}
		left, right := b.own(n.kids[l]), n.kids[l+1]
		left.memo.attr.Store(0)
		left.withHeads()
		left.memo.hash.Store(nil)
		left.keys = append(left.keys, right.keys...)
		for _, k := range right.keys {
			left.heads = append(left.heads, headOf(k))
		}
		left.vals = append(left.vals, right.vals...)
		left.kids = append(left.kids, right.kids...)
		left.count += right.count
		n.kids[l] = left
		n.kids = slices.Delete(n.kids, l+1, l+2)
		n.keys = without(n.keys, l+1)
		n.heads = without(n.heads, l+1)
		return
	}
}
