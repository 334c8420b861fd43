package tree

import (
	"strconv"
	"strings"

	"patchbay/patchdev"
)

// Toggle opens or closes the branch at a path; one that does not exist is ignored.
func (m *Model) Toggle(path []string) { m.SetOpen(path, !m.IsOpen(path)) }

// IsOpen says whether a branch is open.
func (m *Model) IsOpen(path []string) bool { return m.open[join(path)] }

// SetOpen opens or closes a branch. Its ancestors are not touched.
func (m *Model) SetOpen(path []string, open bool) {
	id := join(path)
	if m.open[id] == open || len(path) == 0 {
		return
	}
	parent := m.find(path[:len(path)-1])
	if parent == nil || parent.value == nil {
		return
	}
	key := path[len(path)-1]
	if !open {
		m.open[id] = false
		for i, k := range parent.all {
			if k.path[len(k.path)-1] == key {
				parent.all = append(parent.all[:i], parent.all[i+1:]...)
				break
			}
		}
		m.relayout(path[:len(path)-1])
		return
	}
	v, ok := child(parent.value, key)
	if _, is := branch(v); !ok || !is {
		return
	}
	m.open[id] = true
	p := append(parent.path[:len(parent.path):len(parent.path)], key)
	nd := &node{path: p, order: keyOrder{}}
	parent.all = append(parent.all, nd)
	m.recall(nd)
	m.refresh(nd, v, true)
	m.relayout(p)
}

// recall gives a branch that is opened what had been open below it, also where
// nothing is now: it may come back with another root.
func (m *Model) recall(nd *node) {
	prefix := join(nd.path) + "\x00"
	for id, open := range m.open {
		key, below := strings.CutPrefix(id, prefix)
		if !open || !below || strings.Contains(key, "\x00") {
			continue
		}
		kid := &node{path: append(nd.path[:len(nd.path):len(nd.path)], key), order: keyOrder{}}
		nd.all = append(nd.all, kid)
		m.recall(kid)
	}
}

// find is the open branch at a path, nil if one on the way is closed.
func (m *Model) find(path []string) *node {
	nd := m.top
	for _, k := range path {
		if nd = nd.kid(k); nd == nil {
			return nil
		}
	}
	return nd
}

// ShowAll lifts the limit of a wide branch.
func (m *Model) ShowAll(path []string) {
	m.limits[join(path)] = -1
	m.relayout(path)
}

// IndexOf is the row of a path, -1 when it is not among the rows.
func (m *Model) IndexOf(path []string) int {
	m.settle()
	if m.hits != nil {
		if i, ok := m.hitAt[join(path)]; ok {
			return i
		}
		return -1
	}
	if len(path) == 0 {
		return -1
	}
	nd, row := m.top, 0
	for depth, key := range path {
		if _, ok := child(nd.value, key); !ok {
			return -1
		}
		at := nd.order.pos(childIndex(nd.value, key))
		if at >= nd.shown {
			return -1
		}
		rel := at
		for _, kid := range nd.kids {
			if kid.idx < at {
				rel += kid.rows
			}
		}
		row += rel
		if depth == len(path)-1 {
			return row
		}
		kid := nd.kid(key)
		if kid == nil || kid.value == nil {
			return -1
		}
		nd, row = kid, row+1
	}
	return -1
}

// Reveal opens what is needed to have a path among the rows and gives its row, or
// -1 when there is no such path.
func (m *Model) Reveal(path []string) int {
	if _, ok := Lookup(m.Root(), path); !ok {
		return -1
	}
	for i := 1; i < len(path); i++ {
		m.SetOpen(path[:i], true)
	}
	row := m.IndexOf(path)
	for i := len(path) - 1; row < 0 && i > 0; i-- {
		m.ShowAll(path[:i])
		row = m.IndexOf(path)
	}
	return row
}

// maxOpened is how many branches ExpandAll opens at most: each open branch is
// looked at when its parent changes.
const maxOpened = 2000

// ExpandAll opens everything below a path, in its breadth first, as long as not
// more than limit rows come of it, and says whether it stopped before the end.
func (m *Model) ExpandAll(path []string, limit int) (stopped bool) {
	if len(path) > 0 {
		m.SetOpen(path, true)
	}
	top := m.find(path)
	if top == nil || top.value == nil {
		return false
	}
	room, opened := limit-m.Len(), 0
	visited := []*node{top}
	for k := 0; k < len(visited); k++ {
		nd := visited[k]
		if more := nd.n - nd.shown; more > 0 && more <= room {
			m.limits[join(nd.path)] = -1
			room -= more
		} else if more > 0 {
			stopped = true
		}
		known := make(map[string]*node, len(nd.all))
		for _, kid := range nd.all {
			known[kid.path[len(kid.path)-1]] = kid
		}
		each(nd.value, func(key string, v patchdev.Value) bool {
			n, is := branch(v)
			if !is || n == 0 {
				return true
			}
			kid := known[key]
			if kid == nil {
				shown := n
				if n > PageSize+PageSize/10 {
					shown = PageSize + 1
				}
				if shown > room || opened == maxOpened {
					stopped = true
					return false
				}
				room -= shown
				opened++
				kid = &node{path: append(nd.path[:len(nd.path):len(nd.path)], key), value: v, n: n, shown: min(n, PageSize)}
				kid.order = m.ordering(kid)
				nd.all = append(nd.all, kid)
				m.open[join(kid.path)] = true
			}
			visited = append(visited, kid)
			return true
		})
	}
	for k := len(visited) - 1; k >= 0; k-- {
		m.layout(visited[k])
	}
	m.relayout(path)
	return stopped
}

// each goes over the children of a value in their own order.
func each(v patchdev.Value, f func(key string, c patchdev.Value) bool) {
	switch v := v.(type) {
	case *patchdev.Table:
		for k, c := range v.All() {
			if !f(k, c) {
				return
			}
		}
	case *patchdev.List:
		i := 0
		for _, c := range v.All() {
			if i++; !f(strconv.Itoa(i), c) {
				return
			}
		}
	}
}

// CollapseAll closes everything below a path and the path itself; the empty path
// closes all but the top.
func (m *Model) CollapseAll(path []string) {
	id := join(path)
	for k, open := range m.open {
		if open && (len(path) == 0 || k == id || strings.HasPrefix(k, id+"\x00")) {
			m.open[k] = false
		}
	}
	nd := m.find(path)
	if nd == nil {
		return
	}
	nd.all = nil
	if len(path) > 0 {
		m.open[id] = true
		m.relayout(path)
		m.SetOpen(path, false)
		return
	}
	m.relayout(path)
}
