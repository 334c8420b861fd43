package tree

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"patchbay/patchdev"
)

// PageSize is how many keys of a wide branch are shown before "… n more", so that
// what stands below it stays within reach.
const PageSize = 200

// Model is the rows of the tree as they follow from a root, from what the user
// opened and from how he wants it sorted or filtered. It belongs to one goroutine.
type Model struct {
	top    *node
	open   map[string]bool // what was decided, by joined path
	limits map[string]int
	sort   Sort
	hits   []Hit // rows of the filter, nil without one
	hitAt  map[string]int
	marks  marks
}

// node is an open branch.
type node struct {
	path  []string
	value patchdev.Value // *Table or *List; nil: gone from this root, may come back
	n     int            // children
	shown int            // children shown: n or the limit
	rows  int            // rows below, of open branches too
	order ordering
	all   []*node // open children, also those that are gone
	kids  []*node // those present and shown, in order of rows
	idx   int     // place among the parent's children, as shown
	start int     // row among the parent's rows
}

// Row is one line of the tree.
type Row struct {
	Path   []string
	Key    string
	Depth  int
	Value  patchdev.Value
	Branch bool
	Open   bool
	// Keys is the number of children of a branch.
	Keys int
	// More is above zero for the line that stands for the rest of a wide branch,
	// whose path Path is then.
	More int
	// Delta says how the value changed in the slot shown ("+250"), Flash that this
	// was a moment ago. Below counts changes below a closed branch.
	Delta string
	Flash bool
	Below int
}

// NewModel makes an empty tree.
func NewModel() *Model {
	m := &Model{open: map[string]bool{}, limits: map[string]int{}}
	m.marks.init()
	m.top = &node{value: patchdev.EmptyTable(), order: keyOrder{}}
	return m
}

// join makes one string of a path, for maps. Keys never hold a zero byte that matters.
func join(path []string) string { return strings.Join(path, "\x00") }

func branch(v patchdev.Value) (n int, ok bool) {
	switch v := v.(type) {
	case *patchdev.Table:
		return v.Len(), true
	case *patchdev.List:
		return v.Len(), true
	}
	return 0, false
}

func child(v patchdev.Value, key string) (patchdev.Value, bool) {
	switch v := v.(type) {
	case *patchdev.Table:
		return v.Get(key)
	case *patchdev.List:
		if i, err := strconv.Atoi(key); err == nil && i >= 1 && i <= v.Len() {
			return v.At(i - 1), true
		}
	}
	return nil, false
}

func childAt(v patchdev.Value, i int) (string, patchdev.Value) {
	switch v := v.(type) {
	case *patchdev.Table:
		return v.At(i)
	case *patchdev.List:
		return strconv.Itoa(i + 1), v.At(i)
	}
	return "", nil
}

func childIndex(v patchdev.Value, key string) int {
	switch v := v.(type) {
	case *patchdev.Table:
		return v.Index(key)
	case *patchdev.List:
		i, _ := strconv.Atoi(key)
		return i - 1
	}
	return 0
}

// Lookup walks a path of keys without any rule of HTTP.
func Lookup(root *patchdev.Table, path []string) (patchdev.Value, bool) {
	var v patchdev.Value = root
	for _, k := range path {
		var ok bool
		if v, ok = child(v, k); !ok {
			return nil, false
		}
	}
	return v, true
}

// Root is the root shown.
func (m *Model) Root() *patchdev.Table { return m.top.value.(*patchdev.Table) }

// SetRoot shows another root. What is open stays open, by path.
func (m *Model) SetRoot(root *patchdev.Table) {
	if root == nil {
		root = patchdev.EmptyTable()
	}
	if m.top.value == patchdev.Value(root) {
		return
	}
	m.refresh(m.top, root, false)
}

// refresh takes a new value for an open branch over. Identical subtrees are left
// as they are: the tree is persistent, so they are pointers alike.
func (m *Model) refresh(nd *node, v patchdev.Value, force bool) {
	if nd.value == v && !force {
		return
	}
	nd.value = v
	nd.n, _ = branch(v)
	if m.sort == ByChanged && !force {
		m.marks.stale[join(nd.path)] = true // ordered when rows are looked at
	} else {
		nd.order = m.ordering(nd)
	}
	m.autoOpen(nd)
	for _, kid := range nd.all {
		c, ok := child(v, kid.path[len(kid.path)-1])
		if _, is := branch(c); !ok || !is {
			kid.gone()
			continue
		}
		m.refresh(kid, c, force)
	}
	m.layout(nd)
}

// gone forgets what an open branch was when it is not in the tree any more. It may
// come back, with other keys and under another sort; what is open in it stays open.
func (nd *node) gone() {
	nd.value, nd.order = nil, keyOrder{}
	for _, kid := range nd.all {
		kid.gone()
	}
}

// autoOpen opens what nobody has decided about near the root, so that a newcomer
// sees keys and not a closed "cache".
func (m *Model) autoOpen(nd *node) {
	if len(nd.path) > 1 || nd.n > 50 {
		return
	}
	for i := range nd.n {
		key, v := childAt(nd.value, i)
		if n, ok := branch(v); !ok || n == 0 || len(nd.path) == 0 && residue(key) {
			continue
		}
		p := append(nd.path[:len(nd.path):len(nd.path)], key)
		id := join(p)
		if _, decided := m.open[id]; decided {
			continue
		}
		m.open[id] = true
		nd.all = append(nd.all, &node{path: p, order: keyOrder{}})
	}
}

// layout counts rows again from what the children say.
func (m *Model) layout(nd *node) {
	nd.shown = nd.n
	limit := m.limits[join(nd.path)]
	if limit == 0 {
		limit = PageSize
	}
	// a few more than a page are shown whole: "… 3 more" would be silly
	if limit > 0 && nd.n > limit+limit/10 && len(nd.path) > 0 {
		nd.shown = limit
	}
	nd.kids = nd.kids[:0]
	_, plain := nd.order.(keyOrder)
	for _, kid := range nd.all {
		if kid.value == nil {
			continue
		}
		kid.idx = childIndex(nd.value, kid.path[len(kid.path)-1])
		if !plain {
			kid.idx = nd.order.pos(kid.idx)
		}
		if kid.idx < nd.shown {
			nd.kids = append(nd.kids, kid)
		}
	}
	if byIdx := func(a, b *node) int { return a.idx - b.idx }; !slices.IsSortedFunc(nd.kids, byIdx) {
		slices.SortFunc(nd.kids, byIdx)
	}
	rows := 0
	for _, kid := range nd.kids {
		kid.start = kid.idx + rows
		rows += kid.rows
	}
	nd.rows = nd.shown + rows
	if nd.shown < nd.n {
		nd.rows++
	}
}

// relayout counts the rows of the branches on the way to path again, inside out.
func (m *Model) relayout(path []string) {
	nodes := []*node{m.top}
	for i := range path {
		kid := nodes[len(nodes)-1].kid(path[i])
		if kid == nil {
			break
		}
		nodes = append(nodes, kid)
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		m.layout(nodes[i])
	}
}

func (nd *node) kid(key string) *node {
	for _, k := range nd.all {
		if k.path[len(k.path)-1] == key {
			return k
		}
	}
	return nil
}

// Len is the number of rows.
func (m *Model) Len() int {
	m.settle()
	if m.hits != nil {
		return len(m.hits)
	}
	return m.top.rows
}

// Row gives row i.
func (m *Model) Row(i int, now time.Time) Row {
	m.settle()
	if m.hits != nil {
		return m.hitRow(i, now)
	}
	nd := m.top
	for {
		k := sort.Search(len(nd.kids), func(k int) bool { return nd.kids[k].start > i }) - 1
		at := i
		if k >= 0 {
			kid := nd.kids[k]
			switch {
			case i == kid.start:
				return m.row(nd, kid.idx, kid, now)
			case i <= kid.start+kid.rows:
				nd, i = kid, i-kid.start-1
				continue
			}
			at = kid.idx + i - kid.start - kid.rows
		}
		if at >= nd.shown {
			more := Row{Path: nd.path, Depth: len(nd.path), More: nd.n - nd.shown}
			more.Flash, more.Below = m.marks.below(join(nd.path), now)
			return more
		}
		return m.row(nd, at, nil, now)
	}
}

func (m *Model) row(nd *node, at int, kid *node, now time.Time) Row {
	key, v := childAt(nd.value, nd.order.at(at))
	r := Row{Key: key, Depth: len(nd.path), Value: v, Open: kid != nil}
	r.Path = append(nd.path[:len(nd.path):len(nd.path)], key)
	m.fill(&r, now)
	return r
}

func (m *Model) fill(r *Row, now time.Time) {
	r.Keys, r.Branch = branch(r.Value)
	id := join(r.Path)
	r.Delta, r.Flash = m.marks.at(id, now)
	if r.Branch && !r.Open {
		f, n := m.marks.below(id, now)
		r.Flash = r.Flash || f
		r.Below = n
	}
}
