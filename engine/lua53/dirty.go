package lua53

import (
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// Mark is a moment in the life of a State, for Dirty.
type Mark uint64

// Mark returns the present moment.
func (s *State) Mark() Mark {
	s.lastMark = s.seq
	return Mark(s.seq)
}

// Dirty tells which keys of t were stored into since a mark, in the order of
// their last store and each once, or that the whole table must be looked at
// (it was not watched yet, its metatable changed, or too much happened). A
// store of an equal value counts. A key whose value is a table also counts when
// something was stored into that table, or into a table below it, provided that
// Dirty was called for the tables on the way. The keys are empty and whole is
// false for a table that nothing happened to.
//
// The first call for a table starts watching it. Whoever keeps something made
// from a table remembers with it the mark that was taken before the table was
// read, and asks with that: a table can be out of reach for a while and change.
func (s *State) Dirty(t *Table, since Mark) (keys []lua.LValue, whole bool) {
	tr := t.track
	if tr == nil || !tr.watched {
		s.watch(t)
		return nil, true
	}
	if tr.wholeAt > uint64(since) || tr.lostAt > uint64(since) {
		return nil, true
	}
	i, _ := slices.BinarySearchFunc(tr.log, uint64(since)+1, func(d dirtyKey, seq uint64) int {
		if d.seq < seq {
			return -1
		}
		return 1
	})
	late := tr.log[i:]
	seen := make(map[val]struct{}, len(late))
	for j := len(late) - 1; j >= 0; j-- {
		if _, dup := seen[late[j].key]; !dup {
			seen[late[j].key] = struct{}{}
			keys = append(keys, late[j].key.box())
		}
	}
	slices.Reverse(keys)
	return keys, false
}

// tracker is what a watched table, or a table inside of one, remembers.
type tracker struct {
	late     bool // the table has no list yet (see open); nothing watches it
	watched  bool
	layout   *layout // of a table with holes
	log      []dirtyKey
	wholeAt  uint64 // seq of the last change that concerns the whole table
	lostAt   uint64 // seq up to which the log was cut
	parents  []parentEdge
	edges    map[parentEdge]struct{} // the same, once there are many
	notified uint64                  // seq at which the parents were told last
}

type dirtyKey struct {
	seq uint64
	key val
}

type parentEdge struct {
	t   *Table
	key val
}

// maxDirtyLog bounds the log of a table relative to its size: beyond that,
// looking at the whole table is as cheap.
const maxDirtyLog = 1024

func (s *State) watch(t *Table) {
	t.open()
	if t.track == nil {
		t.track = &tracker{}
	}
	tr := t.track
	tr.watched = true
	tr.log, tr.lostAt = nil, s.seq
	for i := range t.arr {
		s.adopt(t, intVal(int64(i+1)), t.arr[i])
	}
	for i := range t.ents {
		s.adopt(t, t.ents[i].key, t.ents[i].v)
	}
}

// adopt draws the edge from a table value to the watched table that holds it.
func (s *State) adopt(parent *Table, k, v val) {
	child, ok := v.o.(*Table)
	if !ok {
		return
	}
	child.open()
	if child.track == nil {
		child.track = &tracker{}
	}
	child.track.addParent(parentEdge{parent, k})
}

// manyParents is how many edges are searched one by one.
const manyParents = 16

func (tr *tracker) addParent(e parentEdge) {
	if len(tr.parents) < manyParents {
		if !slices.Contains(tr.parents, e) {
			tr.parents = append(tr.parents, e)
		}
		return
	}
	if tr.edges == nil {
		tr.edges = make(map[parentEdge]struct{}, 2*manyParents)
		for _, p := range tr.parents {
			tr.edges[p] = struct{}{}
		}
	}
	if _, ok := tr.edges[e]; !ok {
		tr.edges[e] = struct{}{}
		tr.parents = append(tr.parents, e)
	}
}

// note records a store into a table that has a tracker.
func (s *State) note(t *Table, k, v val) {
	s.seq++
	tr := t.track
	if tr.watched {
		tr.add(s.seq, k, t)
		s.adopt(t, k, v)
	}
	tr.tell(s, 0)
}

func (tr *tracker) add(seq uint64, k val, t *Table) {
	if n := len(tr.log); n > 0 && tr.log[n-1].key == k {
		tr.log[n-1].seq = seq
		return
	}
	if len(tr.log) >= maxDirtyLog && len(tr.log) > len(t.arr)+len(t.ents) {
		tr.lostAt = tr.log[len(tr.log)-1].seq
		tr.log = tr.log[:0]
	}
	tr.log = append(tr.log, dirtyKey{seq, k})
}

func (tr *tracker) noteAll(s *State) {
	s.seq++
	tr.wholeAt = s.seq
	tr.tell(s, 0)
}

// maxEdgeDepth ends the walk upwards in cyclic structures.
const maxEdgeDepth = 64

// tell marks the key under which each watched parent holds this table. Once
// told, a parent needs not be told again before the next Mark.
func (tr *tracker) tell(s *State, depth int) {
	if len(tr.parents) == 0 || tr.notified > s.lastMark || depth > maxEdgeDepth {
		return
	}
	tr.notified = s.seq
	kept := tr.parents[:0]
	for _, e := range tr.parents {
		c, ok := e.t.get(e.key).o.(*Table)
		if !ok || c.track != tr {
			continue // the parent holds something else there now
		}
		kept = append(kept, e)
		e.t.track.add(s.seq, e.key, e.t)
		e.t.track.tell(s, depth+1)
	}
	if len(kept) < len(tr.parents) {
		clear(tr.parents[len(kept):])
		tr.parents, tr.edges = kept, nil
	}
}
