package lib

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// A stream is a function that gives one byte a call and nothing at the end. Many
// digests read one; a script may bring its own.

// byteStream is a stream over a string.
type byteStream struct {
	l    *Lib
	text lua.LValue
	pos  int
	tx   uint32
}

func (st *byteStream) save() {
	if st.l.touch(&st.tx) {
		old := st.pos
		st.l.s.Save(func() { st.pos = old })
	}
}

// newStream makes the function of a stream over a string value.
func (l *Lib) newStream(v lua.LValue) *lua.LFunction {
	st := &byteStream{l: l, text: v}
	fn := l.function("", func(c *lua53.Call) {
		s, ok := text(st.text)
		if !ok {
			raise(c, inCrypto("util.stream"), "bad argument #1 to 'byte' (string expected, got %s)", typeName(c, st.text))
		}
		st.save()
		if st.pos < len(s) {
			c.PushInt(int64(s[st.pos]))
		}
		st.pos++
	})
	l.crypto.remember(fn, st)
	return l.s.Captured(fn, v)
}

// maxRecent is how long a text may be that is remembered beside others.
const maxRecent = 1 << 20

// remember keeps a fresh stream in sight of drain. Long texts are not kept beside
// others, lest they stay in memory for the sake of a few calls.
func (k *crypto) remember(fn *lua.LFunction, st *byteStream) {
	if s, ok := text(st.text); ok && len(s) > maxRecent {
		clear(k.recent[:])
	}
	k.recent[k.next] = recentStream{fn, st}
	k.next = (k.next + 1) % len(k.recent)
}

// drain reads a stream to its end.
func (l *Lib) drain(c *lua53.Call, v lua.LValue, where at) []byte {
	if fn, ok := v.(*lua.LFunction); ok {
		for i := range l.crypto.recent {
			r := l.crypto.recent[i]
			if r.fn != fn {
				continue
			}
			s, ok := text(r.st.text)
			if !ok {
				break
			}
			l.crypto.recent[i] = recentStream{} // it is at its end for good
			r.st.save()
			rest := []byte(s[min(r.st.pos, len(s)):])
			r.st.pos = len(s) + 1
			c.Alloc(int64(len(rest)))
			return rest
		}
	}
	if !callable(c, v) {
		raise(c, where, "attempt to call a %s value", typeName(c, v))
	}
	var out []byte
	for {
		b := first(c, v)
		if b == lua.LNil {
			return out
		}
		out = append(out, byteOf(c, b, where))
		if len(out)%payEvery == 0 {
			c.Alloc(payEvery)
		}
	}
}

// byteOf is a byte of a stream or array: the low bits of a number.
func byteOf(c *lua53.Call, v lua.LValue, where at) byte {
	i, ok := lua53.CoerceInteger(v)
	if !ok {
		raise(c, where, "bad argument #1 to 'bxor' (number expected, got %s)", typeName(c, v))
	}
	return byte(i)
}

// drainValues reads a stream of any values.
func drainValues(c *lua53.Call, v lua.LValue, where at) []lua.LValue {
	if !callable(c, v) {
		raise(c, where, "attempt to call a %s value (local 'stream')", typeName(c, v))
	}
	var out []lua.LValue
	for {
		b := first(c, v)
		if b == lua.LNil {
			return out
		}
		out = append(out, b)
		c.Alloc(16)
	}
}

// arrayValues reads a list up to its first nil.
func arrayValues(c *lua53.Call, v lua.LValue, where at, what string) []lua.LValue {
	var out []lua.LValue
	for i := int64(1); ; i++ {
		x := index(c, where, v, lua53.MakeInt(i), what)
		if x == lua.LNil {
			return out
		}
		out = append(out, x)
		c.Charge(1)
	}
}

// arrayBytes is arrayValues of bytes.
func arrayBytes(c *lua53.Call, v lua.LValue, where at, what string) []byte {
	vals := arrayValues(c, v, where, what)
	out := make([]byte, len(vals))
	for i, x := range vals {
		out[i] = byteOf(c, x, where)
	}
	return out
}

// queue is a first-in first-out list, which scripts see as a table of functions.
// Items that were taken out stay in the slice behind tail, so that a snapshot is
// just the struct.
type queue struct {
	l          *Lib
	items      []lua.LValue // from tail
	from       int          // the item at tail
	head, tail int64
	tx         uint32
}

func (q *queue) save() {
	if q.l.touch(&q.tx) {
		old := *q
		q.l.s.Save(func() { old.tx = q.tx; *q = old })
	}
}

func (q *queue) push(v lua.LValue) {
	q.save()
	if q.from > 64 && q.from > len(q.items)/2 {
		q.items, q.from = append([]lua.LValue(nil), q.items[q.from:]...), 0
	}
	// Never append into a place that a snapshot may see.
	q.items = append(q.items[:len(q.items):cap(q.items)], v)
	q.head++
}

func (q *queue) pop() lua.LValue {
	if q.tail >= q.head {
		return lua.LNil
	}
	q.save()
	v := q.items[q.from]
	q.from++
	q.tail++
	return v
}

// held shows what is in the queue.
func (q *queue) held(visit func(lua.LValue)) {
	for _, v := range q.items {
		visit(v)
	}
}

// object is the table that a script sees, with its functions.
func (q *queue) object() *lua53.Table {
	return q.l.holding(q.l.table(
		lua53.Reg{Name: "push", Fn: func(c *lua53.Call) {
			c.Alloc(16)
			q.push(c.Arg(1))
		}},
		lua53.Reg{Name: "pop", Fn: func(c *lua53.Call) { c.Push(q.pop()) }},
		lua53.Reg{Name: "size", Fn: func(c *lua53.Call) { c.PushInt(q.head - q.tail) }},
		lua53.Reg{Name: "getHead", Fn: func(c *lua53.Call) { c.PushInt(q.head) }},
		lua53.Reg{Name: "getTail", Fn: func(c *lua53.Call) { c.PushInt(q.tail) }},
		lua53.Reg{Name: "reset", Fn: func(c *lua53.Call) {
			q.save()
			q.items, q.from, q.head, q.tail = nil, 0, 0, 0
		}},
	), q.held)
}

// openQueue makes the module .crypto.util.queue: a function that makes a queue.
func (l *Lib) openQueue() lua.LValue {
	return l.function("queue", func(c *lua53.Call) {
		q := &queue{l: l}
		c.Push(q.object())
	})
}

// queueOf makes a stream that takes values out of a fresh queue.
func (l *Lib) queueOf(vals []lua.LValue) *lua.LFunction {
	q := &queue{l: l, items: vals, head: int64(len(vals))}
	return l.s.Captured(l.function("pop", func(c *lua53.Call) { c.Push(q.pop()) }), lua53.Holder(q.held))
}

// openStream makes the module .crypto.util.stream.
func (l *Lib) openStream() lua.LValue {
	where := inCrypto("util.stream")
	return l.table(
		lua53.Reg{Name: "fromString", Fn: func(c *lua53.Call) { c.Push(l.newStream(c.Arg(1))) }},
		lua53.Reg{Name: "toString", Fn: func(c *lua53.Call) {
			c.PushString(string(charsOf(c, drainValues(c, c.Arg(1), where), where)))
		}},
		lua53.Reg{Name: "fromArray", Fn: func(c *lua53.Call) {
			c.Push(l.queueOf(arrayValues(c, c.Arg(1), where, "local 'array'")))
		}},
		lua53.Reg{Name: "toArray", Fn: func(c *lua53.Call) {
			c.Push(l.listOf(drainValues(c, c.Arg(1), where)))
		}},
		lua53.Reg{Name: "fromHex", Fn: func(c *lua53.Call) {
			c.Push(l.queueOf(hexValues(c, where)))
		}},
		lua53.Reg{Name: "toHex", Fn: func(c *lua53.Call) {
			c.PushString(hexText(c, drainValues(c, c.Arg(1), where), where))
		}},
	)
}

// listOf makes a list of values.
func (l *Lib) listOf(vals []lua.LValue) *lua53.Table {
	t := l.s.NewTable()
	for i, v := range vals {
		l.setInt(t, i+1, v)
	}
	return t
}

// charsOf is string.char of each value.
func charsOf(c *lua53.Call, vals []lua.LValue, where at) []byte {
	c.Alloc(int64(len(vals)))
	out := make([]byte, len(vals))
	for i, v := range vals {
		n, ok := lua53.CoerceInteger(v)
		if !ok {
			raise(c, where, "bad argument #1 to 'char' (number expected, got %s)", typeName(c, v))
		}
		if n < 0 || n > 255 {
			raise(c, where, "bad argument #1 to 'char' (value out of range)")
		}
		out[i] = byte(n)
	}
	return out
}

// hexText writes values as upper-case hexadecimal digits; what is no byte leaves a
// hole, which table.concat complains of.
func hexText(c *lua53.Call, vals []lua.LValue, where at) string {
	c.Alloc(int64(2 * len(vals)))
	out := make([]byte, 0, 2*len(vals))
	for i, v := range vals {
		n, ok := lua53.ToInteger(v)
		if !ok || n < 0 || n > 255 {
			if i == len(vals)-1 {
				break
			}
			raise(c, where, "invalid value (nil) at index %d in table for 'concat'", i+1)
		}
		out = append(out, upperHex[n>>4], upperHex[n&15])
	}
	return string(out)
}

// hexValues reads pairs of hexadecimal digits, both of one case; others give nil.
func hexValues(c *lua53.Call, where at) []lua.LValue {
	s, ok := text(c.Arg(1))
	if !ok {
		raise(c, where, "bad argument #1 to 'len' (string expected, got %s)", typeName(c, c.Arg(1)))
	}
	c.Alloc(int64(8 * len(s)))
	out := make([]lua.LValue, 0, len(s)/2)
	for i := 0; i+2 <= len(s); i += 2 {
		v, ok := hexPair(s[i], s[i+1])
		if !ok || isUpperHex(s[i]) && isLowerHex(s[i+1]) || isLowerHex(s[i]) && isUpperHex(s[i+1]) {
			out = append(out, lua.LNil)
			continue
		}
		out = append(out, lua53.MakeInt(int64(v)))
	}
	return out
}

func isUpperHex(b byte) bool { return b >= 'A' && b <= 'F' }
func isLowerHex(b byte) bool { return b >= 'a' && b <= 'f' }

// hexPair reads two hexadecimal digits.
func hexPair(a, b byte) (byte, bool) {
	x, okx := hexDigit(a)
	y, oky := hexDigit(b)
	return x<<4 | y, okx && oky
}

func hexDigit(b byte) (byte, bool) {
	switch {
	case b >= '0' && b <= '9':
		return b - '0', true
	case isLowerHex(b):
		return b - 'a' + 10, true
	case isUpperHex(b):
		return b - 'A' + 10, true
	}
	return 0, false
}
