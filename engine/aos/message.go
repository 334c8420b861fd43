package aos

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/aos/lib"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// incoming is a message on its way into process.handle.
type incoming struct {
	msg *table
	// tags are the message's tags when they are all plain strings; the steps that
	// the library performs on them then run on these and not on Lua tables.
	tags  []ao.Tag
	plain bool
}

// messageTable makes the table that process.handle receives for a message, as
// the JSON of a compute unit would give it (spec §3). Nothing is normalised yet,
// and plain tags are not in it yet.
func (w *world) messageTable(m *ao.Message, slot int64) incoming {
	if m.Fields != nil {
		t := w.m.table(0, len(m.Fields)+16)
		for _, f := range m.Fields {
			if f.Value != nil {
				w.m.set(t, lua.LString(f.Name), w.lib.ToLua(f.Value))
			}
		}
		return incoming{msg: t}
	}
	t := w.m.table(0, 18+len(m.Tags))
	text := func(key lua.LValue, v string) {
		if v != "" {
			w.m.set(t, key, lua.LString(v))
		}
	}
	if !m.Cron {
		text(lua.LString("Id"), m.ID)
	}
	if m.From != "" && (m.Owner == "" || m.Owner == m.From) {
		from := lua.LValue(lua.LString(m.From))
		w.m.set(t, lua.LString("From"), from)
		w.m.set(t, lua.LString("Owner"), from)
	} else {
		text(lua.LString("From"), m.From)
		text(lua.LString("Owner"), m.Owner)
	}
	switch {
	case m.Target != "" && m.Target != w.env.ID:
		text(lua.LString("Target"), m.Target)
	case w.env.ID != "":
		w.m.set(t, lua.LString("Target"), w.envs.id)
	}
	if m.Data != nil && !m.Cron {
		w.m.set(t, lua.LString("Data"), w.lib.ToLua(m.Data))
	}
	w.m.set(t, lua.LString("Timestamp"), w.m.integer(m.Timestamp))
	w.m.set(t, lua.LString("Block-Height"), w.m.integer(m.BlockHeight))
	in := incoming{msg: t, tags: m.Tags, plain: true}
	if m.Cron {
		w.m.set(t, lua.LString("Cron"), lua.LTrue)
		return in
	}
	text(lua.LString("Anchor"), m.Anchor)
	text(lua.LString("Signature"), m.Signature)
	w.m.set(t, lua.LString("Nonce"), w.m.integer(slot))
	w.m.set(t, lua.LString("Epoch"), w.m.integer(m.Epoch))
	text(lua.LString("Hash-Chain"), m.HashChain)
	text(lua.LString("Forwarded-By"), m.ForwardedBy)
	w.m.set(t, lua.LString("Cron"), lua.LFalse)
	w.m.set(t, lua.LString("Read-Only"), lua.LBool(m.ReadOnly))
	return in
}

// tagList makes a list of {name, value}.
func (w *world) tagList(tags []ao.Tag) *table {
	rows := make([][2]lua.LValue, len(tags))
	for i, tag := range tags {
		rows[i] = [2]lua.LValue{w.lib.Text(tag.Name), w.lib.Text(tag.Value)}
	}
	return w.m.records(rows)
}

// normalize gives root keys and tag names their Title-Case and promotes the
// tags to the root; msg.TagArray is the list afterwards and msg.Tags a map in
// which the first of several values wins (spec §1, §3).
func (w *world) normalize(c *call, in incoming) {
	if in.plain && w.globalField(c, "ao", "normalize", inProcess) == w.fn.aoNormalize && w.global("Tab") == w.fn.tab {
		w.normalizePlain(in)
		return
	}
	msg := in.msg
	if in.plain {
		w.m.set(msg, lua.LString("Tags"), w.tagList(in.tags))
	}
	w.normalizeKeys(msg)
	if tags, ok := msg.GetString("Tags").(*table); ok {
		for i := int64(1); ; i++ {
			o := tags.GetInt(i)
			if o == lua.LNil {
				break
			}
			if s, ok := w.field(c, o, "name", "local 'tag'", inProcess).(lua.LString); ok {
				if n := lib.Normalize(string(s)); n != string(s) {
					w.m.set(o.(*table), lua.LString("name"), lua.LString(n))
				}
			}
		}
	}
	if f := w.globalField(c, "ao", "normalize", inProcess); f != w.fn.aoNormalize {
		w.callField(c, f, "field 'normalize'", inProcess, msg)
		return
	}
	w.promoteTags(c, msg)
}

// tagify makes msg.TagArray and msg.Tags, unless normalizePlain did.
func (w *world) tagify(c *call, in incoming) {
	if in.msg.GetString("TagArray") != lua.LNil && in.plain {
		return
	}
	w.m.set(in.msg, lua.LString("TagArray"), in.msg.GetString("Tags"))
	w.m.set(in.msg, lua.LString("Tags"), w.callTab(c, in.msg, "local 'msg'"))
}

// callTab is Tab(t) through the global.
func (w *world) callTab(c *call, t *table, what string) lua.LValue {
	if f := w.global("Tab"); f != w.fn.tab {
		return w.callField1(c, f, "global 'Tab'", inProcess, t)
	}
	return w.tab(c, t, what)
}

// normalizePlain is normalize and tagify for tags that are strings.
func (w *world) normalizePlain(in incoming) {
	m, msg := w.m, in.msg
	protected := w.protectedTags()
	byName := m.table(0, len(in.tags))
	m.set(msg, lua.LString("Tags"), byName) // now, for its place in the order of keys
	rows := w.rows.rows[:0]
	for _, tag := range in.tags {
		name := lib.Normalize(tag.Name)
		key, value := lua.LValue(w.lib.Text(name)), lua.LValue(w.lib.Text(tag.Value)) // boxed once
		rows = append(rows, [2]lua.LValue{key, value})
		if byName.GetString(name) == lua.LNil {
			m.set(byName, key, value)
		}
		if !slices.Contains(protected, name) {
			m.set(msg, key, value)
		}
	}
	w.rows.rows = rows
	m.set(msg, lua.LString("TagArray"), m.records(rows))
}

// normalizeKeys renames root keys as if on a copy of the table.
func (w *world) normalizeKeys(msg *table) {
	type renamed struct {
		from, to string
		v        lua.LValue
	}
	var keys []renamed
	for k, v := range msg.All {
		if s, ok := k.(lua.LString); ok {
			if n := lib.Normalize(string(s)); n != string(s) {
				keys = append(keys, renamed{string(s), n, v})
			}
		}
	}
	for _, r := range keys {
		w.m.set(msg, lua.LString(r.from), lua.LNil)
	}
	for _, r := range keys {
		w.m.set(msg, lua.LString(r.to), r.v)
	}
}

// protectedTags are ao.nonExtractableTags.
func (w *world) protectedTags() []string {
	t, _ := w.aoTable.GetString("nonExtractableTags").(*table)
	if t != nil && w.unchanged(t, w.protectedMark) && t == w.protectedTable {
		return nonExtractable
	}
	return w.stringList("nonExtractableTags")
}

// unchanged says whether nothing was stored into a watched table since a mark.
func (w *world) unchanged(t *table, since lua53.Mark) bool {
	keys, whole := w.m.s.Dirty(t, since)
	return !whole && len(keys) == 0
}

// envTables are the environment of a message. Its tags are the same every time,
// so their tables are used again while no script changes them.
type envTables struct {
	id, owner    lua.LValue // of the process
	list, byName *table     // likewise its tags
	module       *table
	since        lua53.Mark
}

// envTable makes the environment that comes with every message. Without fresh the
// process's tags are a map already, as process.handle would make it.
func (w *world) envTable(fresh bool) (env, process *table) {
	m := w.m
	process = m.table(0, 4)
	m.set(process, lua.LString("Id"), w.envs.id)
	if w.env.Owner != "" {
		m.set(process, lua.LString("Owner"), w.envs.owner)
	}
	module := w.envs.module
	if fresh {
		m.set(process, lua.LString("Tags"), w.tagList(w.env.Tags))
		module = w.moduleTable()
	} else {
		e := &w.envs
		if e.list == nil || !w.unchanged(e.list, e.since) || !w.unchanged(e.byName, e.since) || !w.unchanged(e.module, e.since) {
			w.makeEnvTables()
			module = e.module
		}
		m.set(process, lua.LString("TagArray"), e.list)
		m.set(process, lua.LString("Tags"), e.byName)
	}
	env = m.table(0, 2)
	m.set(env, lua.LString("Process"), process)
	if w.env.ModuleID != "" || w.env.ModuleTags != nil {
		m.set(env, lua.LString("Module"), module)
	}
	return env, process
}

func (w *world) moduleTable() *table {
	module := w.m.table(0, 2)
	w.m.set(module, lua.LString("Id"), lua.LString(w.env.ModuleID))
	w.m.set(module, lua.LString("Tags"), w.tagList(w.env.ModuleTags))
	return module
}

// makeEnvTables makes the shared tables and has them watched, with everything in
// them.
func (w *world) makeEnvTables() {
	e := &w.envs
	old := *e
	w.m.s.Save(func() { *e = old })
	e.list, e.byName, e.module = w.tagList(w.env.Tags), w.m.table(0, len(w.env.Tags)), w.moduleTable()
	for _, tag := range w.env.Tags {
		if e.byName.GetString(tag.Name) == lua.LNil {
			w.m.set(e.byName, lua.LString(tag.Name), lua.LString(tag.Value))
		}
	}
	e.since = w.m.s.Mark()
	for _, t := range []*table{e.list, e.byName, e.module} {
		w.watch(t, e.since)
	}
}

// watch asks for the changes of a table and of every table in it.
func (w *world) watch(t *table, since lua53.Mark) {
	w.m.s.Dirty(t, since)
	for _, v := range t.All {
		if sub, ok := v.(*table); ok {
			w.watch(sub, since)
		}
	}
}

// messageFields turns the parsed JSON object of one recorded message into root
// fields in a fixed order.
func messageFields(t *patchdev.Table) []ao.Field {
	out := make([]ao.Field, 0, t.Len())
	for k, v := range t.All() {
		out = append(out, ao.Field{Name: k, Value: v})
	}
	slices.SortFunc(out, func(a, b ao.Field) int { return strings.Compare(a.Name, b.Name) })
	return out
}
