package lib

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// Places of errors in the two modules that show tables.
const (
	inStringify at = `[string ".stringify"]:58: `
	inPretty    at = `[string ".pretty"]:20: `
)

// The colours of aos' terminal.
const (
	red   = "\x1b[31m"
	green = "\x1b[32m"
	blue  = "\x1b[34m"
	plain = "\x1b[0m"
)

// maxNest ends the walk through tables that contain themselves, which these two
// modules do not look for; their buffer usually ends it before.
const maxNest = 16000

// Stringify is .stringify.format(t): the table as print shows it, with colours.
// Lists of numbers and strings stand on one line (spec aos-runtime §10).
func (l *Lib) Stringify(c *lua53.Call, t *lua53.Table) string {
	f := formatter{buffer: buffer{c: c}}
	f.format(t, 0, 0, nil)
	return f.done()
}

// openStringify makes the module .stringify.
func (l *Lib) openStringify() lua.LValue {
	t := l.s.NewTable()
	l.set(t, "_version", lua.LString("0.0.1"))
	l.set(t, "isSimpleArray", l.function("isSimpleArray", func(c *lua53.Call) {
		c.PushBool(isSimpleArray(Paired(c, pairsOf(c, inStringify, c.Arg(1)))))
	}))
	l.set(t, "format", l.function("format", func(c *lua53.Call) {
		tbl := pairsOf(c, inStringify, c.Arg(1))
		indent := int64(0)
		if truthy(c.Arg(2)) {
			indent = c.Int(2)
		}
		f := formatter{buffer: buffer{c: c}}
		var seen visited
		if list := c.Arg(3); truthy(list) {
			seen = visited{}
			for k, v := range pairsOf(c, inStringify, list).All {
				if sub, ok := k.(*lua53.Table); ok && truthy(v) {
					seen[sub] = struct{}{}
				}
			}
		}
		f.format(tbl, int(min(max(indent, 0), 1<<26)), 0, seen)
		c.PushString(f.done())
	}))
	return t
}

// pairsOf reads an argument that the library hands to pairs.
func pairsOf(c *lua53.Call, where at, v lua.LValue) *lua53.Table {
	t, ok := v.(*lua53.Table)
	if !ok {
		raise(c, where, "bad argument #1 to 'for iterator' (table expected, got %s)", typeName(c, v))
	}
	return t
}

// isSimpleArray tells whether a table's keys come as 1, 2, 3 … and its values are
// numbers and strings.
func isSimpleArray(t *lua53.Table) bool {
	next := int64(1)
	for k, v := range t.All {
		if i, ok := lua53.ToInteger(k); !ok || i != next {
			return false
		}
		if _, ok := v.(lua.LString); !ok && !lua53.IsNumber(v) {
			return false
		}
		next++
	}
	return true
}

// items are what ipairs(t) gives.
func items(c *lua53.Call, t *lua53.Table) *lua53.Table {
	out := c.NewTable(0, 0)
	for i := int64(1); ; i++ {
		v := c.Index(t, lua53.MakeInt(i))
		if v == lua.LNil {
			return out
		}
		c.Charge(1)
		c.State().Append(out, v)
	}
}

// visited are the tables that the library has met as values of objects.
type visited map[*lua53.Table]struct{}

// formatter writes tables as .stringify does.
type formatter struct{ buffer }

// format writes one table. The library takes a table that it meets a second time
// for one inside itself, even when it only stands in two places: the whole table
// around the second place is then a remark. It does not look inside lists, whose
// tables know nothing of those met before either.
func (f *formatter) format(t *lua53.Table, indent, depth int, seen visited) {
	b := &f.buffer
	if depth > maxNest {
		raise(b.c, inStringify, "stack overflow")
	}
	b.c.Charge(4)
	raw := t
	t = Paired(b.c, t)
	start := len(b.b)
	if isSimpleArray(t) {
		if t != raw { // the library goes over the items of a list with ipairs
			t = items(b.c, raw)
		}
		b.str("{ ")
		first := true
		for _, v := range t.All {
			if !first {
				b.str(", ")
			}
			first = false
			f.value(v, indent, depth, nil)
		}
		b.str(" }")
		return
	}
	// As long as the keys come as 1, 2, 3 … the library takes the table for a list;
	// when they cease to, it forgets what it has and goes on with the other layout.
	list := true
	next := int64(1)
	for k := range t.All {
		if i, ok := lua53.ToInteger(k); !ok || i != next {
			list = false
			break
		}
		next++
	}
	separator := ",\n"
	if list {
		b.str("{\n")
	} else {
		b.str("{\n ")
		separator = ",\n "
	}
	first := true
	skip := next - 1
	for k, v := range t.All {
		if !list && skip > 0 {
			// Forgotten, but not without having been formatted: that may raise.
			skip--
			mark := len(b.b)
			f.value(v, indent, depth, nil)
			b.cut(mark)
			continue
		}
		if sub, ok := v.(*lua53.Table); ok && !list {
			if seen == nil {
				seen = visited{}
			}
			if _, met := seen[sub]; met {
				b.cut(start)
				b.str("<circular reference>")
				return
			}
			seen[sub] = struct{}{}
		}
		if !first {
			b.str(separator)
		}
		first = false
		b.spaces(indent + 2)
		if !list {
			key, ok := text(k)
			if !ok {
				raise(b.c, inStringify, "attempt to concatenate a %s value (local 'k')", typeName(b.c, k))
			}
			b.str(red)
			b.str(key)
			b.str(plain)
			b.str(" = ")
			f.value(v, indent, depth, seen)
			continue
		}
		f.value(v, indent, depth, nil)
	}
	b.str("\n")
	b.spaces(indent)
	if list {
		b.str(" ")
	}
	b.str("}")
}

func (f *formatter) value(v lua.LValue, indent, depth int, seen visited) {
	b := &f.buffer
	switch x := v.(type) {
	case *lua53.Table:
		f.format(x, indent+2, depth+1, seen)
	case lua.LString:
		b.str(green)
		b.str(`"`)
		b.str(string(x))
		b.str(`"`)
		b.str(plain)
	default:
		b.str(blue)
		b.str(b.c.ToString(v))
		b.str(plain)
	}
}

// openPretty makes the module .pretty.
func (l *Lib) openPretty() lua.LValue {
	t := l.s.NewTable()
	l.set(t, "_version", lua.LString("0.0.1"))
	l.set(t, "tprint", l.function("tprint", func(c *lua53.Call) {
		tbl := pairsOf(c, inPretty, c.Arg(1))
		indent := int64(0)
		if truthy(c.Arg(2)) {
			indent = c.Int(2)
		}
		b := buffer{c: c}
		pretty(&b, tbl, int(min(max(indent, 0), 1<<26)), 0)
		c.PushString(b.done())
	}))
	return t
}

func pretty(b *buffer, t *lua53.Table, indent, depth int) {
	if depth > maxNest {
		raise(b.c, inPretty, "stack overflow")
	}
	b.c.Charge(4)
	for k, v := range Paired(b.c, t).All {
		key, ok := text(k)
		if !ok {
			raise(b.c, inPretty, "attempt to concatenate a %s value (local 'k')", typeName(b.c, k))
		}
		b.spaces(indent)
		b.str(key)
		b.str(": ")
		switch x := v.(type) {
		case *lua53.Table:
			b.str("\n")
			pretty(b, x, indent+1, depth+1)
			continue
		case lua.LBool:
			b.str(x.String())
		default:
			s, ok := text(v)
			if !ok {
				raise(b.c, inPretty, "attempt to concatenate a %s value (local 'v')", typeName(b.c, v))
			}
			b.str(s)
		}
		b.str("\n")
	}
}
