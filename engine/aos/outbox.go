package aos

import (
	"fmt"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib"
	"patchbay/engine/lua53"
)

// rootOnly are the keys of a sent table that do not become tags.
func rootOnly(k lua.LValue) bool {
	s, ok := k.(lua.LString)
	if !ok {
		return false
	}
	switch s {
	case "Target", "Data", "Anchor", "Tags", "From":
		return true
	}
	return false
}

// encodeData does what ao.send and ao.spawn do before anything else: a table in
// Data becomes JSON, in the caller's own table (spec §5).
func (w *world) encodeData(c *call, msg lua.LValue) {
	data := w.field(c, msg, "Data", "local 'msg'", inProcess)
	t, ok := data.(*table)
	if !ok {
		return
	}
	mt := msg.(*table)
	w.m.setIndex(c, mt, lua.LString("Content-Type"), lua.LString("application/json"))
	w.m.setIndex(c, mt, lua.LString("Data"), w.jsonEncode(c, t))
}

// nextReference does ao.reference = ao.reference + 1 and returns the number as
// text and padded to 32 digits.
func (w *world) nextReference(c *call) (ref, anchor string) {
	v := w.aoTable.GetString("reference")
	i, f, isInt, ok := w.m.number(v)
	if !ok {
		if s, isStr := v.(lua.LString); isStr {
			if n, err := strconv.ParseFloat(string(s), 64); err == nil {
				f, ok = n, true
			}
		}
		if !ok {
			w.fail(c, inAO, "attempt to perform arithmetic on a "+w.m.typeName(v)+" value (field 'reference')")
		}
	}
	var next lua.LValue
	if isInt {
		i++
		next = w.m.integer(i)
	} else {
		next = w.m.float(f + 1)
		i = int64(f + 1)
		if float64(i) != f+1 {
			w.fail(c, inAO, "bad argument #2 to 'format' (number has no integer representation)")
		}
	}
	w.m.set(w.aoTable, lua.LString("reference"), next)
	if isInt && i >= 0 {
		var buf [32]byte
		digits := strconv.AppendInt(buf[:0], i, 10)
		n := len(digits)
		copy(buf[32-n:], digits)
		for k := range 32 - n {
			buf[k] = '0'
		}
		anchor = string(buf[:])
		return anchor[32-n:], anchor
	}
	return w.m.tostring(c, next), fmt.Sprintf("%032d", i)
}

// tagRows are the tags of a message that is being put together: new ones as pairs,
// then tables of the caller's that are taken as they are.
type tagRows struct {
	rows  [][2]lua.LValue
	taken []lua.LValue
}

func (r *tagRows) add(name, value lua.LValue) {
	r.rows = append(r.rows, [2]lua.LValue{name, value})
}

// takeRows gives empty rows, with the space that the last message used. A
// metamethod that sends while a message is put together gets others.
func (w *world) takeRows() tagRows {
	r := w.rows
	w.rows = tagRows{}
	r.rows, r.taken = r.rows[:0], r.taken[:0]
	return r
}

// list makes the Lua list and gives the space back.
func (r *tagRows) list(w *world) *table {
	t := w.m.records(r.rows)
	for _, v := range r.taken {
		w.m.s.Append(t, v)
	}
	clear(r.rows)
	clear(r.taken)
	w.rows = *r
	return t
}

// fromTable adds what a sent table says beyond its root fields: the root keys,
// then Tags as a list or as a map (spec §5).
func (r *tagRows) fromTable(w *world, c *call, msg *table) {
	for k, v := range lib.Paired(c, msg).All {
		if !rootOnly(k) {
			r.add(k, v)
		}
	}
	mt := w.m.index(c, msg, "Tags")
	if !truthy(mt) {
		return
	}
	list, ok := mt.(*table)
	if !ok {
		w.fail(c, inAO, "bad argument #1 to 'for iterator' (table expected, got "+w.m.typeName(mt)+")")
	}
	if w.isArray(c, list) {
		for i := int64(1); ; i++ {
			o := list.GetInt(i)
			if o == lua.LNil {
				return
			}
			r.taken = append(r.taken, o)
		}
	}
	for k, v := range lib.Paired(c, list).All {
		r.add(k, v)
	}
}

// isArray says whether a table has keys 1..n alone.
func (w *world) isArray(c *call, t *table) bool {
	max := int64(0)
	for k := range lib.Paired(c, t).All {
		i, _, isInt, ok := w.m.number(k)
		if !ok || !isInt || i < 1 {
			return false
		}
		if i > max {
			max = i
		}
	}
	if t.Metatable() != nil {
		return max == c.Len(t)
	}
	return max == int64(w.m.length(t))
}

// queue appends to a list of ao.outbox.
func (w *world) queue(c *call, list string, v lua.LValue) {
	outbox := w.field(c, w.aoTable.GetString("outbox"), list, "field 'outbox'", inAO)
	t, ok := outbox.(*table)
	if !ok {
		w.fail(c, inAO, "bad argument #1 to 'insert' (table expected, got "+w.m.typeName(outbox)+")")
	}
	w.m.setInt(t, w.m.length(t)+1, v)
}

// sent is what ao.send and ao.spawn give back.
type sent struct {
	// message is the returned table, nil when only its functions were asked for.
	message          *table
	receive, onReply lua.LValue
}

// send is ao.send(msg). With full it builds the table that ao.send returns;
// Send wants its functions alone.
func (w *world) send(c *call, msg lua.LValue, full bool) sent {
	w.encodeData(c, msg)
	t, ok := msg.(*table)
	if !ok {
		w.fail(c, inAO, "msg should be a table")
	}
	ref, anchor := w.nextReference(c)
	target, data := w.m.index(c, t, "Target"), w.m.index(c, t, "Data")
	r := w.takeRows()
	r.add(lua.LString("Data-Protocol"), lua.LString("ao"))
	r.add(lua.LString("Variant"), lua.LString("ao.TN.1"))
	r.add(lua.LString("Type"), lua.LString("Message"))
	r.add(lua.LString("Reference"), lua.LString(ref))
	r.fromTable(w, c, t)
	tags := r.list(w)
	at := lua.LValue(lua.LString(anchor))
	build := func(room int) *table {
		out := w.m.table(0, room)
		if target != lua.LNil {
			w.m.set(out, lua.LString("Target"), target)
		}
		if data != lua.LNil {
			w.m.set(out, lua.LString("Data"), data)
		}
		w.m.set(out, lua.LString("Anchor"), at)
		w.m.set(out, lua.LString("Tags"), tags)
		return out
	}
	if !truthy(w.global("Handlers")) {
		return sent{message: build(4), receive: lua.LNil, onReply: lua.LNil}
	}
	queued := build(4)
	w.noteSend(c, queued)
	w.queue(c, "Messages", queued)

	var s sent
	a := &awaited{w: w, ref: ref, target: target}
	held := target
	if full {
		s.message = build(6)
		a.message, held = s.message, s.message
	}
	onReply, receive := w.m.s.Closures(held, lua53.Reg{Name: "?", Fn: a.onReply}, lua53.Reg{Name: "?", Fn: a.receive})
	s.onReply, s.receive = onReply, receive
	if full {
		w.m.set(s.message, lua.LString("onReply"), s.onReply)
		w.m.set(s.message, lua.LString("receive"), s.receive)
	}
	return s
}

// awaited is a sent message whose answer can be waited for.
type awaited struct {
	w       *world
	ref     string
	target  lua.LValue
	message *table // what ao.send returned, whose Target counts then; or nil
}

func (a *awaited) from() lua.LValue {
	if a.message != nil {
		return a.message.GetString("Target")
	}
	return a.target
}

func (a *awaited) onReply(c *call) {
	who, resolver := a.from(), c.Arg(1)
	if c.N() == 2 {
		who, resolver = c.Arg(1), c.Arg(2)
	}
	a.w.onceGlobal(c, a.w.replyPattern(who, a.ref), resolver)
}

func (a *awaited) receive(c *call) {
	who := a.from()
	if c.N() == 1 {
		who = c.Arg(1)
	}
	a.w.receiveGlobal(c, a.w.replyPattern(who, a.ref))
}

func (w *world) replyPattern(from lua.LValue, ref string) *table {
	p := w.m.table(0, 2)
	if from != lua.LNil {
		w.m.set(p, lua.LString("From"), from)
	}
	w.m.set(p, lua.LString("X-Reference"), lua.LString(ref))
	return p
}

// spawn is ao.spawn(module, msg).
func (w *world) spawn(c *call, module, msg lua.LValue) sent {
	w.encodeData(c, msg)
	if _, ok := module.(lua.LString); !ok {
		w.fail(c, inAO, "Module source id is required!")
	}
	t, ok := msg.(*table)
	if !ok {
		w.fail(c, inAO, "Message must be a table")
	}
	ref, anchor := w.nextReference(c)
	data := w.m.index(c, t, "Data")
	if !truthy(data) {
		data = lua.LString("NODATA")
	}
	r := w.takeRows()
	r.add(lua.LString("Data-Protocol"), lua.LString("ao"))
	r.add(lua.LString("Variant"), lua.LString("ao.TN.1"))
	r.add(lua.LString("Type"), lua.LString("Process"))
	r.add(lua.LString("From-Process"), w.aoTable.GetString("id"))
	r.add(lua.LString("From-Module"), w.aoTable.GetString("_module"))
	r.add(lua.LString("Module"), module)
	r.add(lua.LString("Reference"), lua.LString(ref))
	r.fromTable(w, c, t)
	tags := r.list(w)
	build := func() *table {
		out := w.m.table(0, 5)
		w.m.set(out, lua.LString("Data"), data)
		w.m.set(out, lua.LString("Anchor"), lua.LString(anchor))
		w.m.set(out, lua.LString("Tags"), tags)
		return out
	}
	s := sent{message: build(), receive: lua.LNil, onReply: lua.LNil}
	if !truthy(w.global("Handlers")) {
		return s
	}
	queued := build()
	w.noteSend(c, queued)
	w.queue(c, "Spawns", queued)
	pattern := func() *table {
		p := w.m.table(0, 3)
		w.m.set(p, lua.LString("Action"), lua.LString("Spawned"))
		w.m.set(p, lua.LString("From"), w.aoTable.GetString("id"))
		w.m.set(p, lua.LString("Reference"), lua.LString(ref))
		return p
	}
	s.onReply = w.m.function("?", func(c *call) { w.onceGlobal(c, pattern(), c.Arg(1)) })
	s.receive = w.m.function("?", func(c *call) { w.receiveGlobal(c, pattern()) })
	w.m.set(s.message, lua.LString("onReply"), s.onReply)
	w.m.set(s.message, lua.LString("receive"), s.receive)
	return s
}

// luaSend is the global Send.
func (w *world) luaSend(c *call) {
	msg := c.Arg(1)
	if !truthy(w.field(c, msg, "Target", "local 'msg'", inProcess)) {
		w.callPrint(c, "WARN: No target specified for message. Data will be stored, but no process will receive it.")
	}
	out := w.m.table(0, 3)
	w.m.set(out, lua.LString("output"), lua.LString("Message added to outbox"))
	f := w.globalField(c, "ao", "send", inProcess)
	if f == w.fn.aoSend {
		s := w.send(c, msg, false)
		w.setIf(out, lua.LString("receive"), s.receive)
		w.setIf(out, lua.LString("onReply"), s.onReply)
	} else {
		res := w.callField1(c, f, "field 'send'", inProcess, msg)
		w.setIf(out, lua.LString("receive"), w.field(c, res, "receive", "local 'result'", inProcess))
		w.setIf(out, lua.LString("onReply"), w.field(c, res, "onReply", "local 'result'", inProcess))
	}
	c.Push(out)
}

func (w *world) setIf(t *table, key, v lua.LValue) {
	if v != lua.LNil && v != nil {
		w.m.set(t, key, v)
	}
}

// luaSpawn is the global Spawn.
func (w *world) luaSpawn(c *call) {
	module, msg := c.Arg(1), c.Arg(2)
	if c.N() == 1 {
		module, msg = w.globalField(c, "ao", "_module", inProcess), c.Arg(1)
	}
	if !truthy(msg) {
		msg = w.m.table(0, 0)
	}
	res := w.callField1(c, w.globalField(c, "ao", "spawn", inProcess), "field 'spawn'", inProcess, module, msg)
	out := w.m.table(0, 3)
	w.m.set(out, lua.LString("output"), lua.LString("Spawn process request added to outbox"))
	w.setIf(out, lua.LString("after"), w.field(c, res, "after", "local 'result'", inProcess))
	w.setIf(out, lua.LString("receive"), w.field(c, res, "receive", "local 'result'", inProcess))
	c.Push(out)
}

// luaAssign is the global Assign.
func (w *world) luaAssign(c *call) {
	text := lua.LString("Assignment added to outbox.")
	f := w.globalField(c, "ao", "assign", inProcess)
	if !truthy(f) {
		text = "Assign is not implemented."
	} else {
		w.m.call(c, f, c.Arg(1))
	}
	w.callPrint(c, string(text))
	c.Push(text)
}

// assign is ao.assign.
func (w *world) assign(c *call) {
	t, ok := c.Arg(1).(*table)
	if !ok {
		w.fail(c, inAO, "assignment should be a table")
	}
	if _, ok := w.m.index(c, t, "Processes").(*table); !ok {
		w.fail(c, inAO, "Processes should be a table")
	}
	if _, ok := w.m.index(c, t, "Message").(lua.LString); !ok {
		w.fail(c, inAO, "Message should be a string")
	}
	w.queue(c, "Assignments", t)
}
