package lua53

import (
	"strings"
)

// fail raises what stopped a matcher.
func (m *matcher) fail(c *Call) {
	c.Raise(m.err)
}

// done charges what is owed and raises what went wrong.
func (m *matcher) done(c *Call) { c.Raise(m.finish()) }

// get is capture i (from 0) of the match s…e as a value.
func (m *matcher) get(c *Call, i, s, e int) val {
	if i < m.level {
		switch cp := m.caps[i]; cp.len {
		case capPosition:
			return intVal(int64(cp.start) + 1)
		case capOpen:
			c.Errorf("unfinished capture")
		default:
			return c.cutVal(m.src, cp.start, cp.start+cp.len)
		}
	}
	if i != 0 {
		c.Errorf("invalid capture index %%%d", i+1)
	}
	return c.cutVal(m.src, s, e)
}

// pushAll pushes the captures, or the whole match if there are none.
func (m *matcher) pushAll(c *Call, s, e int) {
	for i := range m.count() {
		c.push(m.get(c, i, s, e))
	}
}

func (l *stringLib) find(c *Call) { l.search(c, true) }

func (l *stringLib) match(c *Call) { l.search(c, false) }

func (l *stringLib) search(c *Call, find bool) {
	s, p := c.Str(1), c.Str(2)
	init := max(fromEnd(c.OptInt(3, 1), len(s)), 1)
	if init > int64(len(s))+1 {
		c.PushNil()
		return
	}
	from := int(init - 1)
	if find && (c.Bool(4) || plainPattern(p)) {
		k := strings.Index(s[from:], p)
		if k < 0 {
			c.Charge(int64(len(s)-from) / 64)
			c.PushNil()
			return
		}
		c.Charge(int64(k) / 64)
		c.PushInt(int64(from + k + 1))
		c.PushInt(int64(from + k + len(p)))
		return
	}
	m := newMatcher(c.s, s, l.pattern(c, p, true))
	start, end := m.search(from)
	m.done(c)
	switch {
	case start == noMatch:
		c.PushNil()
	case find:
		c.PushInt(int64(start + 1))
		c.PushInt(int64(end))
		for i := range m.level {
			c.push(m.get(c, i, start, end))
		}
	default:
		m.pushAll(c, start, end)
	}
}

// gmatch returns an iterator. Its position is Go state that the script can reach, so a transaction is told
// before it moves.
func (l *stringLib) gmatch(c *Call) {
	s, p := c.Str(1), c.Str(2)
	m := newMatcher(c.s, s, l.pattern(c, p, false))
	pos, last := 0, -1
	guard := txGuard{s: c.s}
	c.Push(c.s.Captured(c.s.Function("for iterator", func(c *Call) {
		if pos > len(s) {
			return
		}
		oldPos, oldLast := pos, last
		guard.change(func() { pos, last = oldPos, oldLast })
		m.err = nil
		for {
			start, end := m.search(pos)
			m.done(c)
			if start == noMatch {
				pos = len(s) + 1
				return
			}
			if end != last {
				pos, last = end, end
				m.pushAll(c, start, end)
				return
			}
			// An empty match where the last one ended does not count.
			if pos = start + 1; pos > len(s) {
				return
			}
		}
	}), c.args[0].box()))
}

// txGuard registers the restoration of one piece of Go state once in each transaction.
type txGuard struct {
	s  *State
	id uint32 // of the transaction that knows already
}

// change is called before the state changes; restore puts back what it is now.
func (g *txGuard) change(restore func()) {
	if g.s.tx == nil || g.id == g.s.tx.id {
		return
	}
	g.id = g.s.tx.id
	g.s.Save(func() {
		g.id = 0
		restore()
	})
}

func (l *stringLib) gsub(c *Call) {
	s, p := c.Str(1), c.Str(2)
	repl := c.arg(3)
	text, isText := c.s.text(repl)
	_, isTable := repl.table()
	limit := c.OptInt(4, int64(len(s))+1)
	if !isText && !isTable && !isFunction(repl) {
		c.ArgErrorf(3, "string/function/table expected")
	}
	m := newMatcher(c.s, s, l.pattern(c, p, true))
	out := buffer{c: c}
	literal := isText && strings.IndexByte(text, '%') < 0
	pos, last, n := 0, -1, int64(0)
	for n < limit {
		start, end := m.search(pos)
		if start == aborted {
			m.fail(c)
		}
		if start == noMatch {
			break
		}
		if end == last { // an empty match right behind the last match: PUC copies a character and goes on
			if start >= len(s) {
				break
			}
			out.str(s[pos : start+1])
			pos = start + 1
			continue
		}
		n++
		out.str(s[pos:start])
		switch {
		case literal:
			out.str(text)
		case isText:
			expand(c, m, &out, text, start, end)
		default:
			c.Raise(m.settle())
			var v val
			if isTable {
				v = c.th.index(repl, m.get(c, 0, start, end))
			} else {
				v = l.callback(c, m, repl, start, end)
			}
			if !v.truthy() {
				out.str(s[start:end])
			} else if t, ok := c.s.text(v); ok {
				out.str(t)
			} else {
				c.Errorf("invalid replacement value (a %s)", v.typeName())
			}
		}
		pos, last = end, end
		if m.pat.anchored {
			break
		}
	}
	m.done(c)
	if n == 0 {
		c.PushString(s)
	} else {
		out.str(s[pos:])
		out.push()
	}
	c.PushInt(n)
}

// callback calls the replacement function with the captures.
func (l *stringLib) callback(c *Call, m *matcher, fn val, start, end int) val {
	var few [4]val
	args := few[:0]
	for i := range m.count() {
		args = append(args, m.get(c, i, start, end))
	}
	return c.callPinned(fn, args...)
}

// expand writes a replacement text with its %0 … %9.
func expand(c *Call, m *matcher, out *buffer, text string, start, end int) {
	for {
		k := strings.IndexByte(text, '%')
		if k < 0 {
			out.str(text)
			return
		}
		out.str(text[:k])
		text = text[k+1:]
		switch {
		case text != "" && text[0] == '%':
			out.byte('%')
		case text != "" && text[0] == '0':
			out.str(m.src[start:end])
		case text != "" && isDigit(text[0]):
			t, _ := c.s.text(m.get(c, int(text[0]-'1'), start, end))
			out.str(t)
		default:
			c.Errorf("invalid use of '%%' in replacement string")
		}
		text = text[1:]
	}
}
