package lib

import (
	"math"
	"sort"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// inDump is the place of errors inside the module .dump.
const inDump at = `[string ".dump"]:190: `

// dumper writes values as Lua source: keys sorted, strings quoted (spec
// aos-runtime §4, Dump).
type dumper struct {
	b      buffer
	nest   string // what one level of nesting adds to the indentation
	lf     string
	filter lua.LValue // nil (Go): none
	udata  lua.LValue
	// open are the tables being written. The library knows them by what tostring
	// gives, which matters for tables that have a text of their own.
	open map[any]bool
}

// Dump is Dump(v) with its default settings.
func (l *Lib) Dump(c *lua53.Call, v lua.LValue) string {
	d := dumper{b: buffer{c: c}, nest: "    ", lf: "\n", udata: lua.LNil}
	d.top(v, 0)
	return d.b.done()
}

// openDump makes the module .dump, which is the function Dump.
func (l *Lib) openDump() lua.LValue {
	return l.function("dump", func(c *lua53.Call) {
		indent := dumpSize(c, 2, "indent", 4)
		padding := dumpSize(c, 3, "padding", 0)
		d := dumper{b: buffer{c: c}, nest: strings.Repeat(" ", indent), lf: "\n", udata: c.Arg(5)}
		if indent == 0 {
			d.lf = " "
		}
		if f := c.Arg(4); f != lua.LNil {
			if !isFunction(f) {
				c.Errorf("filter must be function")
			}
			d.filter = f
		}
		d.top(c.Arg(1), padding)
		c.PushString(d.b.done())
	})
}

// dumpSize reads an indentation.
func dumpSize(c *lua53.Call, i int, name string, def int) int {
	v := c.Arg(i)
	if v == lua.LNil {
		return def
	}
	f, ok := lua53.ToFloat(v)
	if !ok || math.IsInf(f, 1) || !(f >= 0) || math.Floor(f) != f {
		c.Errorf("%s must be unsigned integer", name)
	}
	if f > 99 {
		raise(c, inDump, "invalid format (width or precision too long)")
	}
	return int(f)
}

func (d *dumper) top(v lua.LValue, padding int) {
	if t, ok := v.(*lua53.Table); ok {
		d.table(t, 1, strings.Repeat(" ", padding))
		return
	}
	nodump := false
	if d.filter != nil {
		v, nodump = d.ask(v, 0, "val", lua.LNil)
	}
	s := d.b.c.ToString(v)
	if nodump {
		d.b.str(s)
		return
	}
	d.quote(s)
}

// ask calls the filter.
func (d *dumper) ask(v lua.LValue, depth int, use string, key lua.LValue) (lua.LValue, bool) {
	c := d.b.c
	r := c.Call(d.filter, v, lua53.MakeInt(int64(depth)), lua.LString(typeName(c, v)), lua.LString(use), key, d.udata)
	if len(r) == 0 {
		return lua.LNil, false
	}
	return r[0], len(r) > 1 && truthy(r[1])
}

// field is one key with its value, already written.
type field struct {
	kind string // "number", "boolean" or "string": keys of one kind are sorted
	num  lua53.Number
	str  string
	// from … to is the text: "key = value" with its indentation.
	from, to int
	yes      bool
}

// before is the library's order: numbers first, each kind sorted.
func (f *field) before(g *field) bool {
	if f.kind != g.kind {
		return f.kind == "number"
	}
	switch f.kind {
	case "number":
		if f.num.IsInt && g.num.IsInt {
			return f.num.Int < g.num.Int
		}
		return asFloat(f.num) < asFloat(g.num)
	case "boolean":
		return !f.yes && g.yes
	}
	return f.str < g.str
}

func (d *dumper) table(t *lua53.Table, depth int, indent string) {
	c := d.b.c
	if depth > maxNest {
		raise(c, inDump, "stack overflow")
	}
	var ref any = t
	if c.Metafield(t, "__tostring") != nil {
		ref = c.ToString(t)
	}
	if d.open[ref] {
		d.circle(t, depth, indent)
		return
	}
	if d.open == nil {
		d.open = map[any]bool{}
	}
	d.open[ref] = true
	start := len(d.b.b)
	var fields []field
	for k, v := range Paired(c, t).All {
		c.Charge(4)
		if f, ok := d.field(k, v, depth, indent+d.nest); ok {
			fields = append(fields, f)
		}
	}
	delete(d.open, ref)
	if len(fields) == 0 {
		d.b.str("{}")
		return
	}
	sort.SliceStable(fields, func(i, j int) bool { return fields[i].before(&fields[j]) })
	// The fields were written in the table's order; put them into theirs.
	raw := string(d.b.b[start:])
	d.b.b = d.b.b[:start]
	d.b.paid = min(d.b.paid, start)
	d.b.str("{")
	d.b.str(d.lf)
	for i := range fields {
		if i > 0 {
			d.b.str(",")
			d.b.str(d.lf)
		}
		d.b.str(raw[fields[i].from-start : fields[i].to-start])
	}
	d.b.str(d.lf)
	d.b.str(indent)
	d.b.str("}")
}

// circle writes a table that is being written already.
func (d *dumper) circle(t *lua53.Table, depth int, indent string) {
	c := d.b.c
	if d.filter != nil {
		v, nodump := d.ask(t, depth, "circular", t)
		if v != lua.LNil && !c.Equal(v, t) {
			switch x := v.(type) {
			case *lua53.Table:
				if !nodump {
					d.table(x, depth+1, indent)
					return
				}
				d.b.str(c.ToString(v))
			case lua.LBool:
				d.b.str(x.String())
			default:
				if lua53.IsNumber(v) {
					d.b.str(c.ToString(v))
				} else {
					d.quote(c.ToString(v))
				}
			}
			return
		}
	}
	d.b.str(`"<Circular ` + c.ToString(t) + `>"`)
}

// field writes "key = value"; ok is false when the filter dropped it.
func (d *dumper) field(k, v lua.LValue, depth int, indent string) (f field, ok bool) {
	c := d.b.c
	var keepKey, keepVal bool
	if d.filter != nil {
		if k, keepKey = d.ask(k, depth, "key", lua.LNil); k == lua.LNil {
			return f, false
		}
		if v, keepVal = d.ask(v, depth, "val", k); v == lua.LNil {
			return f, false
		}
	}
	f.from = len(d.b.b)
	d.b.str(indent)
	keyAt := len(d.b.b)
	switch x := k.(type) {
	case lua.LString:
		f.kind = "string"
		if isName(string(x)) {
			d.b.str(string(x))
		} else {
			d.b.str("[")
			d.quote(string(x))
			d.b.str("]")
		}
		f.str = string(d.b.b[keyAt:])
	case lua.LBool:
		f.kind, f.yes = "boolean", bool(x)
		d.b.str("[" + x.String() + "]")
	case *lua53.Table:
		f.kind = "string"
		d.b.str("[")
		if keepKey {
			d.quote(c.ToString(k))
		} else {
			d.table(x, depth+1, indent)
		}
		d.b.str("]")
		f.str = string(d.b.b[keyAt:])
	default:
		if n, isNum := lua53.ToNumber(k); isNum {
			f.kind, f.num = "number", n
			d.b.str("[" + lua53.FormatNumber(n) + "]")
			break
		}
		f.kind = "string"
		d.b.str("[")
		d.quote(c.ToString(k))
		d.b.str("]")
		f.str = string(d.b.b[keyAt:])
	}
	d.b.str(" = ")
	switch x := v.(type) {
	case lua.LString:
		if keepVal {
			d.b.str(string(x))
		} else {
			d.quote(string(x))
		}
	case lua.LBool:
		d.b.str(x.String())
	case *lua53.Table:
		if keepVal {
			d.quote(c.ToString(v))
		} else {
			d.table(x, depth+1, indent)
		}
	default:
		if n, isNum := lua53.ToNumber(v); isNum {
			d.b.str(lua53.FormatNumber(n))
		} else {
			d.quote(c.ToString(v))
		}
	}
	f.to = len(d.b.b)
	return f, true
}

// isName tells whether a key may stand without brackets.
func isName(s string) bool {
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	switch s {
	case "nil", "true", "false", "local", "function", "and", "or", "not", "if", "elseif", "else",
		"for", "in", "while", "until", "repeat", "break", "goto", "return", "then", "do", "end":
		return false
	}
	return true
}

// quote writes a string as "%q" does.
func (d *dumper) quote(s string) {
	d.b.str(`"`)
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		var esc string
		switch {
		case c == '"' || c == '\\' || c == '\n':
			esc = `\` + string(rune(c))
		case c < ' ' || c == 0x7f:
			esc = `\` + strconv.Itoa(int(c))
			if i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
				esc = `\` + strings.Repeat("0", 3-len(esc)+1) + strconv.Itoa(int(c))
			}
		default:
			continue
		}
		d.b.str(s[start:i])
		d.b.str(esc)
		start = i + 1
	}
	d.b.str(s[start:])
	d.b.str(`"`)
}
