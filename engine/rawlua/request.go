package rawlua

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// request makes req for the message under way: the assignment, with the message
// as body; all keys are lower-case (spec aos-runtime §14).
func (vm *VM) request() *table {
	m := vm.message
	req := vm.s.NewTable()
	text := func(k, v string) {
		if v != "" {
			vm.s.SetString(req, k, lua.LString(v))
		}
	}
	text("path", "compute")
	text("type", "Assignment")
	text("variant", "ao.N.1")
	text("data-protocol", "ao")
	text("process", vm.env.ID)
	text("hash-chain", m.HashChain)
	vm.s.SetString(req, "slot", lua53.MakeInt(vm.slot))
	vm.s.SetString(req, "epoch", lua53.MakeInt(m.Epoch))
	vm.s.SetString(req, "timestamp", lua53.MakeInt(m.Timestamp))
	vm.s.SetString(req, "block-timestamp", lua53.MakeInt(m.Timestamp))
	vm.s.SetString(req, "block-height", lua53.MakeInt(m.BlockHeight))
	vm.s.SetString(req, "body", vm.body(m))
	return req
}

// body makes the message itself.
func (vm *VM) body(m *ao.Message) *table {
	body := vm.s.NewTable()
	set := func(k string, v lua.LValue) {
		if v != lua.LNil {
			vm.s.SetString(body, strings.ToLower(k), v)
		}
	}
	from, owner := m.From, m.Owner
	if m.Fields != nil {
		from, owner = vm.verbatim(m, set)
	} else {
		for _, tag := range m.Tags {
			set(tag.Name, lua.LString(tag.Value))
		}
		if m.Target != "" {
			set("target", lua.LString(m.Target))
		}
		if m.Anchor != "" {
			set("anchor", lua.LString(m.Anchor))
		}
		if m.Data != nil {
			set("data", vm.lib.ToLua(m.Data))
		}
	}
	if owner == "" {
		owner = from
	}
	if from != owner {
		set("from-process", lua.LString(from))
	}
	set("commitments", vm.lib.ToLua(signed(m.ID, owner)))
	return body
}

// verbatim fills the body from recorded root fields.
func (vm *VM) verbatim(m *ao.Message, set func(string, lua.LValue)) (from, owner string) {
	for _, f := range m.Fields {
		switch s, _ := f.Value.(patchdev.String); f.Name {
		case "From":
			from = string(s)
		case "Owner":
			owner = string(s)
		case "Tags":
			list, _ := f.Value.(*patchdev.List)
			if list == nil {
				continue
			}
			for _, e := range list.All() {
				if t, ok := e.(*patchdev.Table); ok {
					name, _ := t.Get("name")
					value, _ := t.Get("value")
					if n, ok := name.(patchdev.String); ok {
						set(string(n), vm.lib.ToLua(value))
					}
				}
			}
		default:
			set(f.Name, vm.lib.ToLua(f.Value))
		}
	}
	return from, owner
}
