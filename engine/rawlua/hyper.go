package rawlua

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// hyper is the world of a hyper-aos script (spec aos-runtime §14): handlers get
// req, whose fields are at req.body in lower case; Send puts the table itself
// into the outbox; an error in a handler is output and undoes nothing.
type hyper struct {
	vm       *VM
	ao       *table
	handlers *table
	list     *table
	touched  bool // the script used Send, Handlers …

	logs   []string
	failed string // what an error in a handler left behind the logs
	outbox *table
	sent   int64
	ref    int64
	owner  string
	own    [2]*table // _eval and _default
}

const prompt = "aos> "

// newHyper puts the world's globals into the state.
func newHyper(vm *VM) *hyper {
	s := vm.s
	h := &hyper{vm: vm, owner: vm.env.Owner, outbox: s.NewTable()}
	global := func(name string, v lua.LValue) { s.SetString(s.Globals(), name, v) }
	fn := func(t *table, name string, f func(*lua53.Call)) lua.LValue {
		v := s.Function(name, f)
		if t != nil {
			s.SetString(t, name, v)
		}
		return v
	}
	name, ok := tagText(vm, "Name")
	if !ok {
		name = "aos"
	}
	global("Name", lua.LString(name))
	global("Owner", lua.LString(vm.env.Owner))
	global("Inbox", s.NewTable())
	global("Errors", s.NewTable())
	if u := vm.lib.Require(".utils"); u != nil {
		global("Utils", u)
	}
	if d := vm.lib.Require(".dump"); d != nil {
		global("Dump", d)
	}
	colors := s.NewTable()
	for _, c := range [][2]string{{"red", "\x1b[31m"}, {"green", "\x1b[32m"}, {"blue", "\x1b[34m"}, {"reset", "\x1b[0m"}, {"gray", "\x1b[90m"}} {
		s.SetString(colors, c[0], lua.LString(c[1]))
	}
	global("Colors", colors)
	global("Version", fn(nil, "Version", func(c *lua53.Call) { h.print(c, lua.LString("version: 2.0.4")) }))
	global("print", fn(nil, "print", func(c *lua53.Call) { h.print(c, c.Arg(1)); c.PushNil() }))

	h.ao = s.NewTable()
	vm.openDevice(h.ao)
	s.SetString(h.ao, "id", lua.LString(vm.env.ID))
	s.SetString(h.ao, "_version", lua.LString("0.0.6"))
	s.SetString(h.ao, "reference", lua53.MakeInt(0))
	s.SetString(h.ao, "authorities", h.authorities())
	send := fn(h.ao, "send", func(c *lua53.Call) { c.Push(h.send(c, c.Arg(1))) })
	fn(h.ao, "spawn", func(c *lua53.Call) {
		t, ok := c.Arg(2).(*table)
		if !ok {
			c.Errorf("Message must be a table")
		}
		s.SetString(t, "type", lua.LString("Process"))
		s.SetString(t, "module", c.Arg(1))
		c.Push(h.send(c, t))
	})
	global("ao", h.ao)
	global("Send", send)
	global("Spawn", h.ao.GetString("spawn"))
	global("Handlers", h.openHandlers(fn))
	h.openTime()
	return h
}

func tagText(vm *VM, name string) (string, bool) {
	for _, t := range vm.env.Tags {
		if t.Name == name {
			return t.Value, true
		}
	}
	return "", false
}

// authorities is the list of the process's Authority tags; a tag is taken whole.
func (h *hyper) authorities() *table {
	t := h.vm.s.NewTable()
	for _, tag := range h.vm.env.Tags {
		if strings.EqualFold(tag.Name, "Authority") {
			h.vm.s.Append(t, lua.LString(tag.Value))
		}
	}
	return t
}

// openTime makes os.time answer the block's timestamp.
func (h *hyper) openTime() {
	if t, ok := h.vm.s.Globals().GetString("os").(*table); ok {
		h.vm.s.SetString(t, "time", h.vm.s.Function("time", func(c *lua53.Call) { c.PushInt(h.vm.clock) }))
	}
}

// used says whether the script made use of the world.
func (h *hyper) used() bool { return h.touched }

func (h *hyper) print(c *lua53.Call, v lua.LValue) {
	text := ""
	if t, ok := v.(*table); ok {
		text = h.vm.lib.Stringify(c, t)
	} else {
		text = c.ToString(v)
	}
	c.Alloc(int64(len(text)) + 16)
	h.saveGo()
	h.logs = append(h.logs, text)
}

// saveGo has a roll-back restore what the world keeps outside of Lua.
func (h *hyper) saveGo() {
	logs, failed, outbox, sent, ref := h.logs, h.failed, h.outbox, h.sent, h.ref
	h.vm.s.Save(func() { h.logs, h.failed, h.outbox, h.sent, h.ref = logs, failed, outbox, sent, ref })
}

// send puts the table itself, with a reference, into the outbox.
func (h *hyper) send(c *lua53.Call, v lua.LValue) lua.LValue {
	h.touched = true
	t, ok := v.(*table)
	if !ok {
		c.Errorf("msg should be a table")
	}
	s := h.vm.s
	h.saveGo()
	h.ref++
	h.sent++
	ref := lua.LString(strconv.FormatInt(h.ref, 10))
	s.SetString(h.ao, "reference", lua53.MakeInt(h.ref))
	s.SetString(t, "reference", ref)
	copied := s.NewTable()
	for k, e := range t.All {
		s.Set(copied, k, e)
	}
	s.SetString(h.outbox, strconv.FormatInt(h.sent, 10), copied)
	target := t.GetString("target")
	if target == lua.LNil {
		return t
	}
	s.SetString(t, "onReply", s.Captured(s.Function("onReply", func(c *lua53.Call) {
		from, handle := target, c.Arg(1)
		if c.N() == 2 {
			from, handle = c.Arg(1), c.Arg(2)
		}
		pattern := s.NewTable()
		s.SetString(pattern, "from", from)
		s.SetString(pattern, "x-reference", ref)
		h.once(c, lua.LNil, pattern, handle)
	}), target))
	return t
}

// compute handles one message and returns the table of results.
func (h *hyper) compute(c *lua53.Call, req *table) lua.LValue {
	s := h.vm.s
	body, _ := req.GetString("body").(*table)
	if body == nil {
		body = s.NewTable()
		s.SetString(req, "body", body)
	}
	sender := h.sender(body)
	if !h.trusted(body, sender) {
		h.print(c, lua.LString("Message is not trusted."))
		return h.results()
	}
	s.SetString(req, "from", lua.LString(sender))
	s.SetString(req, "reply", s.Captured(s.Function("reply", func(c *lua53.Call) { h.reply(c, body, sender) }), body))
	h.addOwn(h.committer(body))
	_, err := c.PCall(s.Function("walk", func(c *lua53.Call) { h.walk(c, req, body) }))
	h.dropOwn()
	if err != nil {
		if body.GetString("action") == lua.LString("Eval") {
			c.Raise(err)
		}
		h.saveGo()
		h.failed = "\n\nerror:\n" + c.ToString(err.Value)
	}
	return h.results()
}

// results makes base.results and starts a new outbox.
func (h *hyper) results() *table {
	s := h.vm.s
	h.saveGo()
	output, results := s.NewTable(), s.NewTable()
	s.SetString(output, "data", lua.LString(strings.Join(h.logs, "\n")+h.failed))
	s.SetString(output, "prompt", lua.LString(prompt))
	s.SetString(output, "print", lua.LTrue)
	s.SetString(results, "info", lua.LString("hyper-aos"))
	s.SetString(results, "output", output)
	s.SetString(results, "outbox", h.outbox)
	h.logs, h.failed, h.outbox, h.sent = nil, "", s.NewTable(), 0
	return results
}

// sender is who a message is from: its from-process, or who committed to it.
func (h *hyper) sender(body *table) string {
	if s, ok := body.GetString("from-process").(lua.LString); ok {
		return string(s)
	}
	return h.committer(body)
}

func (h *hyper) committer(body *table) string {
	all, _ := body.GetString("commitments").(*table)
	if all == nil {
		return ""
	}
	for _, v := range all.All {
		one, ok := v.(*table)
		if !ok {
			continue
		}
		kind := one.GetString("type")
		if kind == lua.LString("rsa-pss-sha512") || one.GetString("commitment-device") == lua.LString("ans104@1.0") {
			if s, ok := one.GetString("committer").(lua.LString); ok {
				return string(s)
			}
		}
	}
	return ""
}

// trusted: a signed message is, one from a process only through an authority.
func (h *hyper) trusted(body *table, sender string) bool {
	signer := h.committer(body)
	if sender == signer {
		return true
	}
	list, _ := h.ao.GetString("authorities").(*table)
	if list == nil {
		return false
	}
	for _, a := range list.All {
		if a == lua.LString(signer) || a == lua.LString(sender) {
			return true
		}
	}
	return false
}

func (h *hyper) reply(c *lua53.Call, body *table, sender string) {
	t, ok := c.Arg(1).(*table)
	if !ok {
		c.Errorf("attempt to index a %s value (local 'msg')", h.vm.s.Name(c.Arg(1)))
	}
	s := h.vm.s
	if t.GetString("target") == lua.LNil {
		s.SetString(t, "target", lua.LString(sender))
	}
	if ref := body.GetString("reference"); ref != lua.LNil {
		s.SetString(t, "x-reference", ref)
	}
	if origin := body.GetString("x-origin"); origin != lua.LNil {
		s.SetString(t, "x-origin", origin)
	}
	c.Push(h.send(c, t))
}
