package aos

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// messageTable makes the table that process.handle receives for a message, as
// the JSON of a compute unit would give it (spec §3). Nothing is normalised yet.
func (w *world) messageTable(m *ao.Message, slot int64) *lua.LTable {
	if m.Fields != nil {
		t := w.m.table(0, len(m.Fields)+16)
		for _, f := range m.Fields {
			if f.Value != nil {
				w.m.set(t, f.Name, w.toLua(f.Value))
			}
		}
		return t
	}
	t := w.m.table(0, 20+len(m.Tags))
	text := func(key, v string) {
		if v != "" {
			w.m.set(t, key, lua.LString(v))
		}
	}
	owner := m.Owner
	if owner == "" {
		owner = m.From
	}
	if !m.Cron {
		text("Id", m.ID)
	}
	text("From", m.From)
	text("Owner", owner)
	target := m.Target
	if target == "" {
		target = w.env.ID
	}
	text("Target", target)
	w.m.set(t, "Tags", w.tagList(m.Tags))
	if m.Data != nil && !m.Cron {
		w.m.set(t, "Data", w.toLua(m.Data))
	}
	w.m.set(t, "Timestamp", w.m.integer(m.Timestamp))
	w.m.set(t, "Block-Height", w.m.integer(m.BlockHeight))
	if m.Cron {
		w.m.set(t, "Cron", lua.LTrue)
		return t
	}
	text("Anchor", m.Anchor)
	text("Signature", m.Signature)
	w.m.set(t, "Nonce", w.m.integer(slot))
	w.m.set(t, "Epoch", w.m.integer(m.Epoch))
	text("Hash-Chain", m.HashChain)
	text("Forwarded-By", m.ForwardedBy)
	w.m.set(t, "Cron", lua.LFalse)
	w.m.set(t, "Read-Only", lua.LBool(m.ReadOnly))
	return t
}

func (w *world) tagList(tags []ao.Tag) *lua.LTable {
	t := w.m.table(len(tags), 0)
	for i, tag := range tags {
		w.m.setInt(t, i+1, w.tag(lua.LString(tag.Name), lua.LString(tag.Value)))
	}
	return t
}

// envTable makes the environment that comes with every message.
func (w *world) envTable() *lua.LTable {
	process := w.m.table(0, 4)
	w.m.set(process, "Id", lua.LString(w.env.ID))
	w.m.set(process, "Owner", lua.LString(w.env.Owner))
	w.m.set(process, "Tags", w.tagList(w.env.Tags))
	module := w.m.table(0, 2)
	w.m.set(module, "Id", lua.LString(w.env.ModuleID))
	w.m.set(module, "Tags", w.tagList(w.env.ModuleTags))
	env := w.m.table(0, 2)
	w.m.set(env, "Process", process)
	w.m.set(env, "Module", module)
	return env
}

// normalize gives root keys and tag names their Title-Case and promotes the
// tags to the root (spec §3). Keys are renamed as if on a copy.
func (w *world) normalize(c *call, msg *lua.LTable) {
	type renamed struct {
		from, to string
		v        lua.LValue
	}
	var keys []renamed
	for k, v := w.m.next(msg, lua.LNil); k != lua.LNil; k, v = w.m.next(msg, k) {
		if s, ok := k.(lua.LString); ok {
			if n := normalizeName(string(s)); n != string(s) {
				keys = append(keys, renamed{string(s), n, v})
			}
		}
	}
	for _, r := range keys {
		w.m.set(msg, r.from, lua.LNil)
	}
	for _, r := range keys {
		w.m.set(msg, r.to, r.v)
	}
	if tags, ok := msg.RawGetString("Tags").(*lua.LTable); ok {
		for i := 1; ; i++ {
			o := tags.RawGetInt(i)
			if o == lua.LNil {
				break
			}
			t, ok := o.(*lua.LTable)
			if !ok {
				w.fail(c, inProcess, "attempt to index a "+w.m.typeName(o)+" value (local 'tag')")
			}
			if s, ok := t.RawGetString("name").(lua.LString); ok {
				if n := normalizeName(string(s)); n != string(s) {
					w.m.set(t, "name", lua.LString(n))
				}
			}
		}
	}
	if f := w.globalField(c, "ao", "normalize", inProcess); f != w.fn.aoNormalize {
		w.m.call(c, f, msg)
		return
	}
	w.promoteTags(c, msg)
}

// messageFields turns the parsed JSON object of one recorded message into root
// fields in a fixed order.
func messageFields(t *patchdev.Table) []ao.Field {
	out := make([]ao.Field, 0, t.Len())
	for k, v := range t.All() {
		out = append(out, ao.Field{Name: k, Value: v})
	}
	slices.SortFunc(out, func(a, b ao.Field) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}
