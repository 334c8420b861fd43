package lua53

import (
	"slices"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// The heap of a State is what its script can reach. Go's collector does not say
// how much that is, and what it says differs from run to run; so every
// allocation is added up, and when the sum passes the limit, what is reachable
// is counted anew (recount). Both are deterministic.

// HeapUsed is an upper bound of what the script can reach, in bytes: exact
// after collectgarbage(), growing with every allocation until the next count.
func (s *State) HeapUsed() int64 { return s.heapBase + s.allocMark - s.allocLeft }

// setHeap says that the script can reach n bytes now.
func (s *State) setHeap(n int64) {
	s.heapBase, s.allocMark = n, s.allocLeft
	s.allocFloor = max(0, s.allocMark-max(0, s.limits.Heap-n))
}

// recount counts what is reachable. It costs gas in proportion.
func (s *State) recount() {
	s.epoch++
	c := counter{s: s, epoch: s.epoch, texts: map[text]struct{}{}}
	for _, t := range []*Table{s.globals, s.loaded, s.preload, s.stringMeta} {
		c.table(t)
	}
	for _, t := range s.typeMeta {
		c.table(t)
	}
	for _, each := range s.roots {
		each(func(v lua.LValue) { c.val(unbox(v)) })
	}
	c.thread(s.main)
	for co := range s.live {
		c.coroutine(co)
	}
	for tx := s.tx; tx != nil; tx = tx.outer {
		c.bytes += int64(len(tx.log)) * undoBytes // not cap, which depends on what was rolled back
		for i := range tx.log {
			u := &tx.log[i]
			c.table(u.t)
			c.cell(u.c)
			c.val(u.old)
		}
	}
	for len(c.todo) > 0 {
		o := c.todo[len(c.todo)-1]
		c.todo = c.todo[:len(c.todo)-1]
		c.visit(o)
	}
	s.forgetHoles()
	s.fuel -= c.seen / 4
	s.setHeap(c.bytes)
}

// forgetHoles takes the tables that the recount did not meet off the list of
// those to compact, which would keep them alive as long as a coroutine waits.
func (s *State) forgetHoles() {
	s.holes = slices.DeleteFunc(s.holes, func(t *Table) bool {
		t.queued = t.mark == s.epoch
		return !t.queued
	})
}

// counter is one count under way. It has a list of what is still to be looked
// into instead of a recursion: a chain of closures can be millions long.
type counter struct {
	s     *State
	epoch uint32
	bytes int64
	seen  int64 // values looked at
	todo  []lua.LValue
	texts map[text]struct{} // long strings that were counted
}

// text identifies the bytes of a string. Its length belongs to it, because the
// count must not depend on whether a string or its beginning is met first.
type text struct {
	at *byte
	n  int
}

// Sizes of what is not a table, about.
const (
	functionBytes = 176
	cellBytes     = 48
	coHeapBytes   = 256
	longString    = 256 // from here on a string that is met twice counts once
	shortTextBase = 16
)

func (c *counter) table(t *Table) {
	if t == nil || t.mark == c.epoch {
		return
	}
	t.mark = c.epoch
	if t.ints() != nil {
		c.bytes += fewInts * itemBytes
		c.seen += fewInts
	} else {
		t.open()
	}
	if t.holed {
		c.bytes += layoutBytes + int64(len(t.track.layout.nodes))*nodeBytes
	}
	c.bytes += tableBytes + int64(cap(t.arr))*itemBytes + int64(cap(t.ents))*entryBytes
	c.todo = append(c.todo, t)
}

// visit looks into an object that was counted.
func (c *counter) visit(o lua.LValue) {
	switch x := o.(type) {
	case *Table:
		c.table(x.meta)
		c.vals(x.arr)
		for i := range x.ents {
			c.val(x.ents[i].key)
			c.val(x.ents[i].v)
		}
	case *lua.LFunction:
		c.vals(asFunction(x).ups)
	case *cell:
		c.val(x.v)
	case *holder:
		x.each(func(v lua.LValue) {
			c.bytes += itemBytes
			c.val(unbox(v))
		})
	case *Coroutine:
		c.val(x.fn)
		c.vals(x.in)
		c.vals(x.out)
		if x.err != nil && x.err.Value != nil {
			c.val(unbox(x.err.Value))
		}
		if x.th != nil {
			c.thread(x.th)
		}
	}
}

func (c *counter) vals(vs []val) {
	for i := range vs {
		c.val(vs[i])
	}
}

func (c *counter) val(v val) {
	c.seen++
	switch x := v.o.(type) {
	case nil:
	case *Table:
		c.table(x)
	case lua.LString:
		c.text(string(x))
	case *lua.LFunction:
		if f := asFunction(x); f != nil {
			c.function(f)
		}
	case *cell:
		c.cell(x)
	case *Coroutine:
		c.coroutine(x)
	case *holder:
		if x.mark != c.epoch {
			x.mark = c.epoch
			c.todo = append(c.todo, x)
		}
	case *lua.LUserData:
		if mt, ok := x.Metatable.(*Table); ok {
			c.table(mt)
		}
	}
}

func (c *counter) text(s string) {
	if len(s) >= longString {
		id := text{unsafe.StringData(s), len(s)}
		if _, dup := c.texts[id]; dup {
			return
		}
		c.texts[id] = struct{}{}
	}
	c.bytes += int64(len(s)) + shortTextBase
}

func (c *counter) function(f *function) {
	if f.mark == c.epoch {
		return
	}
	f.mark = c.epoch
	c.bytes += functionBytes + int64(len(f.ups))*itemBytes
	if f.p != nil && f.p.chunk.mark != c.epoch {
		f.p.chunk.mark = c.epoch
		c.bytes += f.p.chunk.size
	}
	if len(f.ups) > 0 {
		c.todo = append(c.todo, &f.LFunction)
	}
}

func (c *counter) cell(x *cell) {
	if x == nil || x.mark == c.epoch {
		return
	}
	x.mark = c.epoch
	c.bytes += cellBytes
	c.todo = append(c.todo, x)
}

func (c *counter) coroutine(co *Coroutine) {
	if co.mark == c.epoch {
		return
	}
	co.mark = c.epoch
	c.bytes += coHeapBytes
	c.todo = append(c.todo, co)
}

func (c *counter) thread(th *thread) {
	c.bytes += int64(len(th.stack)+len(th.spare))*itemBytes + int64(th.stackHigh)
	c.vals(th.stack[:min(th.top, len(th.stack))])
	for f := th.frame; f != nil && f.fn != nil; f = f.prev {
		c.function(f.fn)
		if f.fn.p == nil { // the other fields are left over from older calls
			c.vals(f.goCall.args)
			c.vals(f.goCall.ret)
			continue
		}
		c.vals(f.regs)
		c.vals(f.varargs)
	}
	for pr := th.protect; pr != nil; pr = pr.prev {
		c.val(pr.handler)
	}
}
