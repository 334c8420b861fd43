package tree

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"patchbay/patchdev"
)

// Sort is the order of the keys of a branch.
type Sort int

// The orders: by key (as a node lists them), the last changed first, the biggest
// number first, and the biggest first (children of a branch, bytes of a text).
const (
	ByKey Sort = iota
	ByChanged
	ByValue
	BySize
)

// String names the order for a menu.
func (s Sort) String() string {
	return [...]string{"key", "last changed", "value", "size"}[s]
}

// sortNow is the widest branch that is sorted at once; wider ones by a job.
const sortNow = 3000

// ordering maps places on screen to places in the table and back.
type ordering interface {
	at(shown int) int
	pos(index int) int
}

type keyOrder struct{}

func (keyOrder) at(i int) int  { return i }
func (keyOrder) pos(i int) int { return i }

// permOrder is a whole permutation.
type permOrder struct{ to, from []int32 }

func (p permOrder) at(i int) int  { return int(p.to[i]) }
func (p permOrder) pos(i int) int { return int(p.from[i]) }

// firstOrder puts some indices first and leaves the others as they are.
type firstOrder struct {
	first  []int // as shown
	sorted []int // the same ascending
}

func newFirstOrder(first []int) ordering {
	if len(first) == 0 {
		return keyOrder{}
	}
	s := slices.Clone(first)
	slices.Sort(s)
	return firstOrder{first, s}
}

func (f firstOrder) at(i int) int {
	if i < len(f.first) {
		return f.first[i]
	}
	i -= len(f.first)
	// the i-th index that is not in sorted: sorted[k]-k others stand before sorted[k]
	k := sort.Search(len(f.sorted), func(k int) bool { return f.sorted[k]-k > i })
	return i + k
}

func (f firstOrder) pos(i int) int {
	k := sort.SearchInts(f.sorted, i)
	if k < len(f.sorted) && f.sorted[k] == i {
		return slices.Index(f.first, i)
	}
	return len(f.first) + i - k
}

// ordering makes the order of a branch for the model's sort.
func (m *Model) ordering(nd *node) ordering {
	switch m.sort {
	case ByChanged:
		return m.changedOrder(nd)
	case ByValue, BySize:
		if nd.n <= sortNow {
			return newPerm(nd.value, m.sort)
		}
		// too wide to sort here: keep the last permutation while it fits
		if p, ok := nd.order.(permOrder); ok && len(p.to) == nd.n {
			return p
		}
	}
	if len(nd.path) == 0 {
		return rootOrder(nd)
	}
	return keyOrder{}
}

// changedOrder puts the keys that changed last first, those of one slot in the
// order of the table.
func (m *Model) changedOrder(nd *node) ordering {
	type recent struct {
		index int
		touch
	}
	var list []recent
	for _, t := range m.marks.recent[join(nd.path)].newest(maxRecent) {
		if _, ok := child(nd.value, t.key); ok {
			list = append(list, recent{childIndex(nd.value, t.key), t})
		}
	}
	slices.SortStableFunc(list, func(a, b recent) int {
		return cmp.Or(cmp.Compare(b.slot, a.slot), b.at.Compare(a.at), cmp.Compare(a.index, b.index))
	})
	first := make([]int, 0, len(list))
	for _, r := range list {
		first = append(first, r.index)
	}
	return newFirstOrder(first)
}

// newPerm sorts all children of a value. It is safe on any goroutine.
func newPerm(v patchdev.Value, by Sort) permOrder {
	n, _ := branch(v)
	type item struct {
		index int32
		class int8
		num   float64
	}
	items := make([]item, 0, n)
	add := func(c patchdev.Value) {
		it := item{index: int32(len(items))}
		if by == BySize {
			it.num = float64(Size(c))
		} else if f, ok := number(c); ok {
			it.num = f
		} else {
			it.class = 1
			it.num = float64(Size(c))
		}
		items = append(items, it)
	}
	switch v := v.(type) {
	case *patchdev.Table:
		for _, c := range v.All() {
			add(c)
		}
	case *patchdev.List:
		for _, c := range v.All() {
			add(c)
		}
	}
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(b.num, a.num))
	})
	p := permOrder{make([]int32, n), make([]int32, n)}
	for i, it := range items {
		p.to[i] = it.index
		p.from[it.index] = int32(i)
	}
	return p
}

// Size is how big a value is to a reader: children of a branch, bytes of a text,
// digits of a number.
func Size(v patchdev.Value) int {
	if n, ok := branch(v); ok {
		return n
	}
	return len(Text(v))
}

// SetSort orders every branch anew. Branches that are too wide to be sorted at
// once stay in key order until [Model.Job] was done.
func (m *Model) SetSort(s Sort) {
	m.sort = s
	m.resort()
}

// Sort is the order in force.
func (m *Model) Sort() Sort { return m.sort }

func (m *Model) resort() { m.refresh(m.top, m.top.value, true) }

// Job is a sort of one wide branch, to be run on any goroutine.
type Job struct {
	id    string
	value patchdev.Value
	by    Sort
	perm  permOrder
}

// Run does the work.
func (j *Job) Run() { j.perm = newPerm(j.value, j.by) }

// Jobs lists the sorts that wide open branches wait for.
func (m *Model) Jobs() []*Job {
	if m.sort != ByValue && m.sort != BySize {
		return nil
	}
	var out []*Job
	var visit func(nd *node)
	visit = func(nd *node) {
		if nd.value != nil && nd.n > sortNow {
			if _, sorted := nd.order.(permOrder); !sorted {
				out = append(out, &Job{id: join(nd.path), value: nd.value, by: m.sort})
			}
		}
		for _, k := range nd.all {
			visit(k)
		}
	}
	visit(m.top)
	return out
}

// Done takes a finished job over, unless the tree moved on meanwhile.
func (m *Model) Done(j *Job) {
	var path []string
	if j.id != "" {
		path = strings.Split(j.id, "\x00")
	}
	nd := m.find(path)
	if nd == nil || m.sort != j.by || nd.n != len(j.perm.to) {
		return
	}
	nd.order = j.perm
	m.relayout(path)
}
