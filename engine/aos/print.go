package aos

import (
	"strconv"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// printBuffer holds the text of ao.outbox.Output.data while it grows line by
// line: each longer text is a longer view of the same bytes, which are never
// changed behind it, so that printing n lines costs n and not n².
type printBuffer struct{ buf []byte }

// grow returns data .. "\n" .. line.
func (p *printBuffer) grow(data, line string) string {
	if len(data) != len(p.buf) || len(data) == 0 || unsafe.StringData(data) != unsafe.SliceData(p.buf) {
		p.buf = append(make([]byte, 0, 2*(len(data)+len(line))+64), data...)
	}
	p.buf = append(p.buf, '\n')
	p.buf = append(p.buf, line...)
	return unsafe.String(unsafe.SliceData(p.buf), len(p.buf))
}

// luaPrint is the global print: only its first argument counts.
func (w *world) luaPrint(c *call) {
	a := lua.LValue(lua.LNil)
	if c.N() > 0 {
		a = c.Arg(1)
	}
	s := w.print(c, a)
	if truthy(w.global("HANDLER_PRINT_LOGS")) {
		c.Push(lua.LNil)
	} else {
		c.Push(lua.LString(w.m.tostring(c, s)))
	}
}

// printedForm is what print makes of a value: text with colours; functions stay
// what they are, and then fail the evaluation (spec §9).
func (w *world) printedForm(c *call, a lua.LValue) lua.LValue {
	switch x := a.(type) {
	case lua.LString:
		return x
	case *table:
		return w.stringify(c, x)
	case lua.LBool:
		return w.coloured(c, "blue", x.String())
	}
	if a == lua.LNil {
		return w.coloured(c, "red", "nil")
	}
	if _, _, _, ok := w.m.number(a); ok {
		return w.coloured(c, "green", w.m.tostring(c, a))
	}
	return a
}

// coloured wraps text in a colour of the global Colors.
func (w *world) coloured(c *call, name, text string) lua.LString {
	return lua.LString(w.colour(c, name, inProcess) + text + w.colour(c, "reset", inProcess))
}

// colour is Colors.name as text, for the library to put before and after others.
func (w *world) colour(c *call, name, at string) string {
	v := w.globalField(c, "Colors", name, at)
	s, ok := w.concatText(v)
	if !ok {
		w.fail(c, at, "attempt to concatenate a "+w.m.typeName(v)+" value (field '"+name+"')")
	}
	return s
}

// print appends a value to ao.outbox.Output and to HANDLER_PRINT_LOGS and
// returns the printed form.
func (w *world) print(c *call, a lua.LValue) lua.LValue {
	m := w.m
	a = w.printedForm(c, a)
	box := w.globalField(c, "ao", "outbox", inProcess)
	out := w.field(c, box, "Output", "field 'outbox'", inProcess)
	data := a
	if old := w.field(c, out, "data", "field 'Output'", inProcess); truthy(old) {
		head, ok1 := w.concatText(old)
		tail, ok2 := w.concatText(a)
		switch {
		case !ok2:
			w.fail(c, inProcess, "attempt to concatenate a "+m.typeName(a)+" value (local 'a')")
		case !ok1:
			w.fail(c, inProcess, "attempt to concatenate a "+m.typeName(old)+" value (field 'data')")
		}
		c.Alloc(int64(len(tail) + 1))
		data = lua.LString(w.printed.grow(head, tail))
	}
	t := m.table(0, 3)
	m.set(t, lua.LString("data"), data)
	m.set(t, lua.LString("prompt"), w.callPrompt(c, inProcess))
	m.set(t, lua.LString("print"), lua.LTrue)
	if bt, ok := box.(*table); ok {
		m.setIndex(c, bt, lua.LString("Output"), t)
	}
	if logs, ok := w.global("HANDLER_PRINT_LOGS").(*table); ok {
		m.setInt(logs, m.length(logs)+1, a)
	}
	return a
}

// concatText is the text of a value that Lua's .. accepts.
func (w *world) concatText(v lua.LValue) (string, bool) {
	if s, ok := v.(lua.LString); ok {
		return string(s), true
	}
	if _, _, _, ok := w.m.number(v); ok {
		return w.m.tostring(nil, v), true
	}
	return "", false
}

// callPrompt is Prompt(), replaced or not.
func (w *world) callPrompt(c *call, at string) lua.LValue {
	f := w.global("Prompt")
	if f == w.fn.prompt {
		return lua.LString(w.prompt(c))
	}
	return w.callField1(c, f, "global 'Prompt'", at)
}

// prompt is what the global Prompt returns.
func (w *world) prompt(c *call) string {
	name, ok := w.concatText(w.global("Name"))
	if !ok {
		w.fail(c, inProcess, "attempt to concatenate a "+w.m.typeName(w.global("Name"))+" value (global 'Name')")
	}
	n := 0
	switch in := w.global("Inbox").(type) {
	case *table:
		n = w.m.length(in)
	case lua.LString:
		n = len(in)
	default:
		w.fail(c, inProcess, "attempt to get length of a "+w.m.typeName(in)+" value (global 'Inbox')")
	}
	colour := func(name string) string { return w.colour(c, name, inProcess) }
	g := colour("gray")
	return colour("green") + name + g + "@" + colour("blue") + "aos-" + processVersion + g +
		"[Inbox:" + colour("red") + strconv.Itoa(n) + g + "]" + colour("reset") + "> "
}
