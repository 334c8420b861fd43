package lua53

import (
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
	c := counter{s: s, epoch: s.epoch, texts: map[*byte]struct{}{}}
	for _, t := range []*Table{s.globals, s.loaded, s.preload, s.stringMeta} {
		c.table(t)
	}
	for _, t := range s.typeMeta {
		c.table(t)
	}
	c.thread(s.main)
	for co := range s.live {
		c.coroutine(co)
	}
	for tx := s.tx; tx != nil; tx = tx.outer {
		c.bytes += int64(cap(tx.log)) * undoBytes
		for i := range tx.log {
			u := &tx.log[i]
			c.table(u.t)
			c.cell(u.c)
			c.val(u.old)
		}
	}
	for len(c.todo) > 0 {
		t := c.todo[len(c.todo)-1]
		c.todo = c.todo[:len(c.todo)-1]
		c.visit(t)
	}
	s.fuel -= c.seen / 4
	s.setHeap(c.bytes)
}

// counter is one count under way.
type counter struct {
	s     *State
	epoch uint32
	bytes int64
	seen  int64 // values looked at
	todo  []*Table
	texts map[*byte]struct{} // long strings that were counted
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
	c.bytes += tableBytes + int64(cap(t.arr))*itemBytes + int64(cap(t.ents))*entryBytes
	c.todo = append(c.todo, t)
}

func (c *counter) visit(t *Table) {
	c.table(t.meta)
	c.vals(t.arr)
	for i := range t.ents {
		c.val(t.ents[i].key)
		c.val(t.ents[i].v)
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
	case *lua.LUserData:
		if mt, ok := x.Metatable.(*Table); ok {
			c.table(mt)
		}
	}
}

func (c *counter) text(s string) {
	if len(s) >= longString {
		p := unsafe.StringData(s)
		if _, dup := c.texts[p]; dup {
			return
		}
		c.texts[p] = struct{}{}
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
	c.vals(f.ups)
}

func (c *counter) cell(x *cell) {
	if x == nil || x.mark == c.epoch {
		return
	}
	x.mark = c.epoch
	c.bytes += cellBytes
	c.val(x.v)
}

func (c *counter) coroutine(co *Coroutine) {
	if co.mark == c.epoch {
		return
	}
	co.mark = c.epoch
	c.bytes += coHeapBytes
	c.val(co.fn)
	c.vals(co.in)
	c.vals(co.out)
	if co.th != nil {
		c.thread(co.th)
	}
}

func (c *counter) thread(th *thread) {
	c.bytes += int64(len(th.stack)+len(th.spare))*itemBytes + int64(th.stackHigh)
	c.vals(th.stack[:min(th.top, len(th.stack))])
	for f := th.frame; f != nil && f.fn != nil; f = f.prev {
		c.function(f.fn)
		c.vals(f.regs)
		c.vals(f.varargs)
		c.vals(f.goCall.args)
	}
	for pr := th.protect; pr != nil; pr = pr.prev {
		c.val(pr.handler)
	}
}
