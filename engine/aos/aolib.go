package aos

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib"
)

// nonExtractable are the tags that do not become root fields of a message,
// nonForwardable the keys that msg.forward leaves behind (spec §3, §5).
var (
	nonExtractable = []string{
		"Data-Protocol", "Variant", "From-Process", "From-Module", "Type",
		"From", "Owner", "Anchor", "Target", "Data", "Tags", "Read-Only",
	}
	nonForwardable = []string{
		"Data-Protocol", "Variant", "From-Process", "From-Module", "Type",
		"From", "Owner", "Anchor", "Target", "Tags", "TagArray", "Hash-Chain",
		"Timestamp", "Nonce", "Epoch", "Signature", "Forwarded-By",
		"Pushed-For", "Read-Only", "Cron", "Block-Height", "Reference", "Id",
		"Reply-To",
	}
)

// installAO makes the table ao (spec §5).
func (w *world) installAO() {
	m := w.m
	t := m.table(0, 32)
	w.aoTable = t
	m.set(t, lua.LString("_version"), lua.LString(aoVersion))
	m.set(t, lua.LString("id"), lua.LString(""))
	m.set(t, lua.LString("_module"), lua.LString(""))
	m.set(t, lua.LString("authorities"), m.table(0, 0))
	m.set(t, lua.LString("reference"), m.integer(0))
	m.set(t, lua.LString("nonExtractableTags"), w.strings(nonExtractable...))
	m.set(t, lua.LString("nonForwardableTags"), w.strings(nonForwardable...))
	m.set(t, lua.LString("assignables"), m.table(0, 0))
	w.clearOutbox()

	w.fn.aoInit = w.define(t, "init", func(c *call) { w.init(c, c.Arg(1)) })
	w.fn.aoClear = w.define(t, "clearOutbox", func(*call) { w.clearOutbox() })
	w.define(t, "log", w.aoLog)
	w.define(t, "registerHint", w.registerHint)
	w.fn.aoSend = w.define(t, "send", func(c *call) { c.Push(w.send(c, c.Arg(1), true).message) })
	w.define(t, "spawn", func(c *call) { c.Push(w.spawn(c, c.Arg(1), c.Arg(2)).message) })
	w.define(t, "assign", w.assign)
	w.define(t, "clone", func(c *call) {
		seen := map[lua.LValue]lua.LValue{}
		if s, ok := c.Arg(2).(*table); ok {
			for k, v := range s.All {
				seen[k] = v
			}
		}
		c.Push(w.clone(c, c.Arg(1), seen, 0))
	})
	w.fn.aoNormalize = w.define(t, "normalize", func(c *call) {
		w.promoteTags(c, c.Arg(1))
		c.Push(c.Arg(1))
	})
	w.define(t, "sanitize", func(c *call) { c.Push(w.sanitize(c, c.Arg(1))) })
	w.fn.aoIsTrusted = w.define(t, "isTrusted", func(c *call) { c.Push(lua.LBool(w.isTrusted(c, c.Arg(1)))) })
	w.fn.aoIsAssignment = w.define(t, "isAssignment", func(c *call) {
		c.Push(lua.LBool(w.isAssignment(c, c.Arg(1))))
	})
	w.fn.aoIsAssignable = w.define(t, "isAssignable", func(c *call) {
		c.Push(lua.LBool(w.isAssignable(c, c.Arg(1))))
	})
	w.define(t, "addAssignable", w.addAssignable)
	w.define(t, "removeAssignable", w.removeAssignable)
	w.fn.aoResult = w.define(t, "result", func(c *call) { c.Push(w.result(c, c.Arg(1))) })
}

// clearOutbox is ao.clearOutbox().
func (w *world) clearOutbox() {
	m := w.m
	box := m.table(0, 4)
	for _, k := range [...]lua.LValue{lua.LString("Output"), lua.LString("Messages"), lua.LString("Spawns"), lua.LString("Assignments")} {
		m.set(box, k, m.table(0, 0))
	}
	m.set(w.aoTable, lua.LString("outbox"), box)
}

// init is ao.init(env): the id and the module once, the authorities on every
// message, a fresh outbox (spec §1.2).
func (w *world) init(c *call, env lua.LValue) {
	m := w.m
	process := w.field(c, env, "Process", "local 'env'", inAO)
	if w.aoTable.GetString("id") == lua.LString("") {
		m.set(w.aoTable, lua.LString("id"), w.field(c, process, "Id", "field 'Process'", inAO))
	}
	tags, _ := w.field(c, process, "Tags", "field 'Process'", inAO).(*table)
	each := func(name string, f func(v lua.LValue)) {
		for i := 1; tags != nil; i++ {
			o := tags.GetInt(int64(i))
			if o == lua.LNil {
				return
			}
			if w.field(c, o, "name", "local 'o'", inAO) == lua.LString(name) {
				f(w.field(c, o, "value", "local 'o'", inAO))
			}
		}
	}
	if w.aoTable.GetString("_module") == lua.LString("") {
		each("Module", func(v lua.LValue) { m.set(w.aoTable, lua.LString("_module"), v) })
	}
	each("Authority", func(v lua.LValue) {
		s, ok := v.(lua.LString)
		if !ok {
			return
		}
		for _, part := range splitCommas(string(s)) {
			w.addAuthority(c, lua.LString(part))
		}
	})
	w.clearOutbox()
	m.set(w.aoTable, lua.LString("env"), env)
}

// initOwn is init for the environment that we made ourselves. It leaves the outbox
// to the second clearing, before which nobody can see it.
func (w *world) initOwn(c *call, env *table) {
	m := w.m
	if w.aoTable.GetString("id") == lua.LString("") {
		m.set(w.aoTable, lua.LString("id"), lua.LString(w.env.ID))
	}
	if w.aoTable.GetString("_module") == lua.LString("") {
		for _, t := range w.env.Tags {
			if t.Name == "Module" {
				m.set(w.aoTable, lua.LString("_module"), lua.LString(t.Value))
			}
		}
	}
	for _, a := range w.authorities {
		w.addAuthority(c, lua.LString(a))
	}
	m.set(w.aoTable, lua.LString("env"), env)
}

func splitCommas(s string) []string {
	var out []string
	start := 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || s[i] == ',' {
			if i > start {
				out = append(out, s[start:i])
			}
			start = i + 1
		}
	}
	return out
}

func (w *world) addAuthority(c *call, a lua.LString) {
	list := w.ipairs(c, w.aoTable.GetString("authorities"))
	if list == nil {
		w.fail(c, inAO, "bad argument #1 to 'insert' (table expected, got string)")
	}
	i := 1
	for ; ; i++ {
		v := list.GetInt(int64(i))
		if v == lua.LNil {
			break
		}
		if v == a {
			return
		}
	}
	w.m.setInt(list, w.m.length(list)+1, a)
}

// aoLog is ao.log(x): it appends to ao.outbox.Output.
func (w *world) aoLog(c *call) {
	box := w.aoTable.GetString("outbox")
	out := w.field(c, box, "Output", "field 'outbox'", inAO)
	if s, ok := out.(lua.LString); ok {
		t := w.m.table(1, 0)
		w.m.setInt(t, 1, s)
		if bt, ok := box.(*table); ok {
			w.m.set(bt, lua.LString("Output"), t)
		}
		out = t
	}
	t, ok := out.(*table)
	if !ok {
		w.fail(c, inAO, "bad argument #1 to 'insert' (table expected, got "+w.m.typeName(out)+")")
	}
	w.m.setInt(t, w.m.length(t)+1, c.Arg(1))
}

// maxClone is how deep tables may be nested that ao.clone copies.
const maxClone = 16000

// clone copies tables with their metatables; circles stay circles.
func (w *world) clone(c *call, v lua.LValue, seen map[lua.LValue]lua.LValue, depth int) lua.LValue {
	t, ok := v.(*table)
	if !ok {
		return v
	}
	if c, ok := seen[t]; ok {
		return c
	}
	if depth > maxClone {
		w.fail(c, inAO, "stack overflow")
	}
	c.Charge(8)
	out := w.m.table(0, 0)
	seen[t] = out
	for k, e := range lib.Paired(c, t).All {
		c.Charge(2)
		w.m.setAny(out, w.clone(c, k, seen, depth+1), w.clone(c, e, seen, depth+1))
	}
	if t.Metatable() != nil {
		if c.Metafield(t, "__metatable") != nil { // getmetatable gives what is no metatable
			if mt, ok := c.Metafield(t, "__metatable").(*table); ok {
				w.m.s.SetMetatable(out, mt)
				return out
			}
			w.fail(c, inAO, "bad argument #2 to 'setmetatable' (nil or table expected)")
		}
		w.m.s.SetMetatable(out, t.Metatable())
	}
	return out
}

// sanitize is ao.sanitize(msg): a clone without the keys that are not forwarded.
func (w *world) sanitize(c *call, msg lua.LValue) lua.LValue {
	out, ok := w.clone(c, msg, map[lua.LValue]lua.LValue{}, 0).(*table)
	if !ok {
		w.fail(c, inAO, "bad argument #1 to 'for iterator' (table expected, got "+w.m.typeName(msg)+")")
	}
	for _, k := range w.stringList("nonForwardableTags") {
		if out.GetString(k) != lua.LNil {
			w.m.set(out, lua.LString(k), lua.LNil)
		}
	}
	return out
}

// stringList reads a list of ao that scripts may have changed.
func (w *world) stringList(name string) []string {
	t, ok := w.aoTable.GetString(name).(*table)
	if !ok {
		return nil
	}
	var out []string
	for i := 1; ; i++ {
		switch v := t.GetInt(int64(i)).(type) {
		case lua.LString:
			out = append(out, string(v))
		default:
			if v == lua.LNil {
				return out
			}
		}
	}
}

// promoteTags copies the tags of a message to its root, in list order, but for
// the names that are protected: so the last duplicate wins (spec §3).
func (w *world) promoteTags(c *call, msg lua.LValue) {
	list := w.ipairs(c, w.field(c, msg, "Tags", "local 'msg'", inAO))
	t, ok := msg.(*table)
	if list == nil || !ok {
		return
	}
	var protected []string
	for i := 1; ; i++ {
		o := list.GetInt(int64(i))
		if o == lua.LNil {
			return
		}
		if protected == nil {
			protected = w.stringList("nonExtractableTags")
		}
		name := w.field(c, o, "name", "local 'o'", inAO)
		if s, ok := name.(lua.LString); ok && slices.Contains(protected, string(s)) {
			continue
		}
		if name == lua.LNil {
			w.fail(c, inAO, "index is nil")
		}
		w.m.setAny(t, name, w.field(c, o, "value", "local 'o'", inAO))
	}
}

// result is ao.result(t): an Error alone, or the output with the outbox.
func (w *world) result(c *call, t lua.LValue) lua.LValue {
	out := w.m.table(0, 4)
	box := w.aoTable.GetString("outbox")
	get := func(k string) lua.LValue { return w.field(c, box, k, "field 'outbox'", inAO) }
	mine := w.field(c, t, "Error", "local 'result'", inAO)
	if theirs := get("Error"); truthy(theirs) || truthy(mine) {
		if !truthy(mine) {
			mine = theirs
		}
		w.m.set(out, lua.LString("Error"), mine)
		return out
	}
	o := w.field(c, t, "Output", "local 'result'", inAO)
	if !truthy(o) {
		o = get("Output")
	}
	w.setIf(out, lua.LString("Output"), o)
	w.setIf(out, lua.LString("Messages"), get("Messages"))
	w.setIf(out, lua.LString("Spawns"), get("Spawns"))
	w.setIf(out, lua.LString("Assignments"), get("Assignments"))
	return out
}

// registerHint is ao.registerHint(msg). What the library means to keep of the hint
// in a From-Process tag (ID&hint=URL&ttl=N) it never stores; all that a script can
// see is that ao._hints is a table from then on.
func (w *world) registerHint(c *call) {
	tags := w.field(c, c.Arg(1), "Tags", "local 'msg'", inAO)
	if !truthy(tags) {
		return
	}
	t, ok := tags.(*table)
	if !ok {
		w.fail(c, inAO, "bad argument #1 to 'for iterator' (table expected, got "+w.m.typeName(tags)+")")
	}
	from, _ := w.concatText(t.GetString("From-Process"))
	parts := nonEmpty(from, "&")
	if len(parts) > 1 && len(nonEmpty(parts[1], "=")) > 1 && !truthy(w.aoTable.GetString("_hints")) {
		w.m.set(w.aoTable, lua.LString("_hints"), w.m.table(0, 0))
	}
}

// nonEmpty splits a text and leaves out the empty parts.
func nonEmpty(s, sep string) []string {
	return slices.DeleteFunc(strings.Split(s, sep), func(p string) bool { return p == "" })
}
