package lua53

import "slices"

// transaction is what Rollback needs: what was overwritten, oldest first.
type transaction struct {
	s     *State
	id    uint32
	log   []undo
	limit int // the length at which duplicates are looked for next
	outer *transaction
	heap  int64
	// What accounting depends on and no script sees: the stack of the main thread,
	// and how many tables were waiting to be compacted.
	stackHigh int
	spare     []val
	holes     int
	paid      int // length of the log up to which its bytes were accounted for
	// resumed: a coroutine that was suspended at Begin has gone on
	resumed bool
}

type undoKind uint8

const (
	undoItem   undoKind = iota // list item pos had the value old
	undoPush                   // the list had pos items and room for old
	undoEntry                  // entry pos had the value old
	undoInsert                 // the last entry was not there; there was room for old
	undoMeta                   // the metatable was old
	undoCell                   // the captured variable was old
	undoFunc                   // Go state: call restore
)

type undo struct {
	old     val
	t       *Table
	c       *cell
	restore func()
	pos     int32
	kind    undoKind
}

const undoBytes = 64

// firstDedupe is how long a log gets before duplicates are looked for.
const firstDedupe = 4096

// Begin starts a transaction. Everything that scripts can see and change from
// now on (tables, captured variables, the state of Go modules that use Save)
// can be put back by Rollback. Transactions nest: an inner one is undone alone,
// or, after its Commit, with the outer one.
func (s *State) Begin() {
	s.txCount++
	s.tx = &transaction{s: s, id: s.txCount, outer: s.tx, limit: firstDedupe, heap: s.HeapUsed(), log: s.spareLog}
	s.tx.stackHigh, s.tx.spare, s.tx.holes = s.main.stackHigh, s.main.spare, len(s.holes)
	s.spareLog = nil
}

// InTransaction reports whether a transaction is open.
func (s *State) InTransaction() bool { return s.tx != nil }

// Commit ends the transaction and keeps what it did.
func (s *State) Commit() {
	tx := s.tx
	if tx == nil {
		return
	}
	s.tx = tx.outer
	if tx.outer != nil {
		tx.outer.log = append(tx.outer.log, tx.log...)
		tx.outer.resumed = tx.outer.resumed || tx.resumed
		return
	}
	s.keepLog(tx)
	s.compactQueued()
}

// maxSpareLog is how long a log may be that is kept for the next transaction.
const maxSpareLog = 4096

// keepLog keeps the space of a finished transaction's log.
func (s *State) keepLog(tx *transaction) {
	if cap(tx.log) <= maxSpareLog {
		clear(tx.log)
		s.spareLog = tx.log[:0]
	}
}

// Rollback ends the transaction and puts everything back as it was at Begin,
// the order of keys included. Coroutines that were started since are stopped
// and are as if never started. A coroutine that was suspended at Begin and
// resumed since cannot be put back; Resumed tells.
func (s *State) Rollback() {
	tx := s.tx
	if tx == nil {
		return
	}
	for i := len(tx.log) - 1; i >= 0; i-- {
		s.undo(&tx.log[i])
	}
	s.setHeap(tx.heap)
	s.main.stackHigh, s.main.spare = tx.stackHigh, tx.spare
	if n := min(tx.holes, len(s.holes)); n < len(s.holes) {
		for _, t := range s.holes[n:] {
			t.queued = false
		}
		clear(s.holes[n:])
		s.holes = s.holes[:n]
	}
	s.tx = tx.outer
	s.keepLog(tx)
}

// Resumed reports whether a coroutine that was suspended when the transaction
// began was resumed in it, which Rollback cannot undo.
func (s *State) Resumed() bool { return s.tx != nil && s.tx.resumed }

// Save registers how to put back a piece of Go state that Lua can see (a random
// generator, an index, a cache). It must be called before the piece changes,
// and does nothing outside of a transaction.
func (s *State) Save(restore func()) {
	if s.tx != nil {
		s.tx.add(undo{kind: undoFunc, restore: restore})
	}
}

func (tx *transaction) add(u undo) {
	if len(tx.log) >= tx.limit {
		tx.dedupe()
	}
	if len(tx.log) == tx.paid { // by length, not by what the slice happens to hold
		n := max(64, len(tx.log))
		tx.log = slices.Grow(tx.log, n)
		tx.paid += n
		if tx.s.allocLeft -= int64(n) * undoBytes; tx.s.allocLeft < tx.s.allocFloor {
			tx.s.overAlloc(0)
		}
	}
	tx.log = append(tx.log, u)
}

// dedupe keeps only the first overwriting of each place, so that a loop over
// one field does not fill the log.
func (tx *transaction) dedupe() {
	type place struct {
		t    *Table
		pos  int32
		kind undoKind
	}
	seen := make(map[place]struct{}, len(tx.log)/4)
	kept := tx.log[:0]
	for _, u := range tx.log {
		switch u.kind {
		case undoItem, undoEntry:
			p := place{u.t, u.pos, u.kind}
			if _, dup := seen[p]; dup {
				continue
			}
			seen[p] = struct{}{}
		case undoInsert, undoPush:
			// What was at a place before means something else now; later
			// entries for it must stay.
		}
		kept = append(kept, u)
	}
	clear(tx.log[len(kept):])
	tx.log = kept
	tx.limit = max(firstDedupe, 2*len(kept))
}

func (s *State) undo(u *undo) {
	t := u.t
	switch u.kind {
	case undoItem:
		for int(u.pos) >= len(t.arr) {
			t.arr = append(t.arr, vNil)
		}
		t.arr[u.pos] = u.old
		t.trim()
		s.noteUndo(t, intVal(int64(u.pos)+1), u.old)
	case undoPush:
		if int(u.pos) < len(t.arr) {
			clear(t.arr[u.pos:])
			t.arr = t.arr[:u.pos]
			t.trim()
		}
		// Growing again must be paid for again, as in a replay.
		t.arr = t.arr[:len(t.arr):min(cap(t.arr), int(u.old.n))]
		s.noteUndo(t, intVal(int64(u.pos)+1), vNil)
	case undoEntry:
		e := &t.ents[u.pos]
		if e.v.isNil() && !u.old.isNil() {
			t.dead--
			t.link(int(u.pos), e.key, e.hash)
		}
		e.v = u.old
		t.absent = 0
		s.noteUndo(t, e.key, u.old)
	case undoInsert:
		s.noteUndo(t, t.ents[len(t.ents)-1].key, vNil)
		t.pop()
		t.ents = t.ents[:len(t.ents):min(cap(t.ents), int(u.old.n))]
	case undoMeta:
		t.meta, _ = u.old.table()
		if t.track != nil {
			t.track.noteAll(s)
		}
	case undoCell:
		u.c.v = u.old
		u.c.seq = uint32(u.pos)
	case undoFunc:
		u.restore()
	}
}

// noteUndo: what is put back differs from what a Dirty in between has shown.
func (s *State) noteUndo(t *Table, k, v val) {
	if t.track != nil {
		s.note(t, k, v)
	}
}

// queueCompact remembers a table that is mostly holes.
func (s *State) queueCompact(t *Table) {
	if !t.queued {
		t.queued = true
		s.holes = append(s.holes, t)
	}
}

// compactQueued drops dead entries of tables that gathered many. It is not done
// while a coroutine is suspended, because that may be inside of pairs.
func (s *State) compactQueued() {
	if len(s.live) > 0 {
		return
	}
	for _, t := range s.holes {
		t.queued = false
		if n := len(t.arr); n >= 64 && t.arr[0].isNil() {
			s.listToKeys(t)
		}
		if t.dead > 0 {
			t.compact()
		}
	}
	s.holes = s.holes[:0]
}

// listToKeys turns a list part that is mostly holes into ordinary keys, which
// stay first in the order.
func (s *State) listToKeys(t *Table) {
	live := 0
	for i := range t.arr {
		if !t.arr[i].isNil() {
			live++
		}
	}
	if live > len(t.arr)/4 {
		return
	}
	ents := make([]entry, 0, live+len(t.ents))
	for i := range t.arr {
		if v := t.arr[i]; !v.isNil() {
			k := intVal(int64(i + 1))
			ents = append(ents, entry{key: k, v: v, hash: hashVal(k)})
		}
	}
	t.ents = append(ents, t.ents...)
	t.arr = nil
	t.reindex(len(t.ents))
}
