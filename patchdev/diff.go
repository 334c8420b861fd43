package patchdev

// Change is one place at which two roots differ. Path is what leads there from
// the root, keys as stored. Old is nil when there was nothing, New is nil when
// there is nothing any more. A table that is new as a whole, was empty or is now
// empty, is one change.
type Change struct {
	Path     []string
	Old, New Value
}

// Equal says whether two values have the same content. Subtrees that are the
// same object are not looked into.
func Equal(a, b Value) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	if same(a, b) {
		return true
	}
	switch a := a.(type) {
	case *List:
		b, ok := b.(*List)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for i, v := range a.items() {
			if !Equal(v, b.At(i)) {
				return false
			}
		}
		return true
	case *Table:
		b, ok := b.(*Table)
		if !ok || a.Len() != b.Len() {
			return false
		}
		equal := true
		both(a, b, func(_ string, x, y Value) bool {
			equal = Equal(x, y)
			return equal
		})
		return equal
	}
	return false
}

// Diff lists where two roots differ, in order of the paths. What they share is
// skipped, so that the cost follows what differs. Lists are compared whole.
func Diff(a, b *Table) []Change {
	var out []Change
	diff(a, b, nil, &out)
	return out
}

func diff(a, b *Table, path []string, out *[]Change) {
	both(a, b, func(k string, x, y Value) bool {
		if x != nil && y != nil {
			s, ok1 := x.(*Table)
			t, ok2 := y.(*Table)
			if ok1 && ok2 && s.Len() > 0 && t.Len() > 0 {
				diff(s, t, join(path, k), out)
				return true
			}
			if Equal(x, y) {
				return true
			}
		}
		*out = append(*out, Change{Path: join(path, k), Old: x, New: y})
		return true
	})
}

// join returns a new path that is one key longer.
func join(path []string, key string) []string {
	return append(path[:len(path):len(path)], key)
}

// both walks two tables at once, in order of the keys, and calls f for every
// key with its values in a and in b (nil: absent). Nodes that both share are
// skipped, and keys whose values are the same object. It stops when f returns false.
func both(a, b *Table, f func(key string, x, y Value) bool) {
	if a == b || a.root == b.root {
		return
	}
	if x, y := a.root, b.root; (x == nil || x.kids == nil) && (y == nil || y.kids == nil) {
		bothLeaves(x, y, f)
		return
	}
	ca, cb := newCursor(a), newCursor(b)
	for ca.more() && cb.more() {
		switch {
		case ca.kid() == nil && cb.kid() == nil: // two entries
			ka, va := ca.entry()
			kb, vb := cb.entry()
			switch {
			case ka < kb:
				if !f(ka, va, nil) {
					return
				}
				ca.next()
			case kb < ka:
				if !f(kb, nil, vb) {
					return
				}
				cb.next()
			default:
				if !same(va, vb) && !f(ka, va, vb) {
					return
				}
				ca.next()
				cb.next()
			}
		case ca.kid() == cb.kid():
			ca.next()
			cb.next()
		default:
			step(&ca, &cb, f)
			if ca.stopped || cb.stopped {
				return
			}
		}
	}
	for ; ca.more(); ca.next() {
		ca.toEntry()
		if k, v := ca.entry(); !f(k, v, nil) {
			return
		}
	}
	for ; cb.more(); cb.next() {
		cb.toEntry()
		if k, v := cb.entry(); !f(k, nil, v) {
			return
		}
	}
}

// bothLeaves is both for tables of one leaf or none, which most are: it needs no
// cursors.
func bothLeaves(x, y *node, f func(key string, x, y Value) bool) {
	none := &node{}
	if x == nil {
		x = none
	}
	if y == nil {
		y = none
	}
	i, j := 0, 0
	for i < len(x.keys) || j < len(y.keys) {
		switch {
		case j == len(y.keys) || i < len(x.keys) && x.keys[i] < y.keys[j]:
			if !f(x.keys[i], x.vals[i], nil) {
				return
			}
			i++
		case i == len(x.keys) || y.keys[j] < x.keys[i]:
			if !f(y.keys[j], nil, y.vals[j]) {
				return
			}
			j++
		default:
			if !same(x.vals[i], y.vals[j]) && !f(x.keys[i], x.vals[i], y.vals[j]) {
				return
			}
			i++
			j++
		}
	}
}

// step makes progress when at least one cursor stands before a whole subtree:
// it opens the subtree that begins first, or gives out the entry that does.
func step(ca, cb *cursor, f func(key string, x, y Value) bool) {
	ka, kb := ca.key(), cb.key()
	na, nb := ca.kid(), cb.kid()
	switch {
	case ka < kb && na == nil:
		_, v := ca.entry()
		ca.stopped = !f(ka, v, nil)
		ca.next()
	case kb < ka && nb == nil:
		_, v := cb.entry()
		cb.stopped = !f(kb, nil, v)
		cb.next()
	case ka < kb:
		ca.open()
	case kb < ka:
		cb.open()
	case na == nil:
		cb.open()
	case nb == nil:
		ca.open()
	default: // both begin with the same key: open the higher, or both
		ha, hb := na.height(), nb.height()
		if ha >= hb {
			ca.open()
		}
		if hb >= ha {
			cb.open()
		}
	}
}

func (n *node) height() int {
	h := 0
	for n.kids != nil {
		n = n.kids[0]
		h++
	}
	return h
}

// cursor stands before an entry of a leaf or before a subtree that was not
// opened yet.
type cursor struct {
	stack   []place
	stopped bool
}

type place struct {
	n *node
	i int
}

func newCursor(t *Table) cursor {
	if t.root == nil {
		return cursor{}
	}
	// A pretended parent lets the root itself be skipped or opened.
	return cursor{stack: append(make([]place, 0, 8), place{n: &node{keys: t.root.keys[:1], kids: []*node{t.root}}})}
}

func (c *cursor) more() bool { return len(c.stack) > 0 }

func (c *cursor) top() *place { return &c.stack[len(c.stack)-1] }

// kid is the subtree that the cursor stands before, nil when it is an entry.
func (c *cursor) kid() *node {
	p := c.top()
	if p.n.kids == nil {
		return nil
	}
	return p.n.kids[p.i]
}

func (c *cursor) key() string {
	p := c.top()
	return p.n.keys[p.i]
}

func (c *cursor) entry() (string, Value) {
	p := c.top()
	return p.n.keys[p.i], p.n.vals[p.i]
}

func (c *cursor) open() { c.stack = append(c.stack, place{n: c.kid()}) }

func (c *cursor) toEntry() {
	for c.kid() != nil {
		c.open()
	}
}

// next goes past the entry or the whole subtree.
func (c *cursor) next() {
	c.top().i++
	for len(c.stack) > 0 && c.top().i >= len(c.top().n.keys) {
		c.stack = c.stack[:len(c.stack)-1]
		if len(c.stack) > 0 {
			c.top().i++
		}
	}
}
