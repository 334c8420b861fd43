package aos

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// reasons are the words in which traces say why a handler was skipped. They are
// made once, because every message skips most handlers.
type reasons struct {
	action string // about the Action of the message under way; "" when not made yet
	keys   map[string]reason
}

type reason struct{ absent, differs string }

// whyNot says why a pattern did not ask for its handler.
func (w *world) whyNot(msg, pattern, verdict lua.LValue) string {
	m, _ := msg.(*table)
	if m == nil {
		return ""
	}
	r := &w.trace.reasons
	switch p := pattern.(type) {
	case lua.LString:
		if r.action == "" {
			r.action = "the message has no Action"
			if a := m.GetString("Action"); a != lua.LNil {
				r.action = "Action is " + short(w.m.s.ToString(a))
			}
		}
		return r.action
	case *table:
		key, ok := w.lib.Missed().(lua.LString)
		if !ok || p.GetString(string(key)) == lua.LNil {
			return "its pattern does not match"
		}
		why, ok := r.keys[string(key)]
		if !ok {
			if len(r.keys) > 1_000 || r.keys == nil {
				r.keys = map[string]reason{}
			}
			name := short(string(key))
			why = reason{"the message has no " + name, name + " does not match"}
			r.keys[strings.Clone(string(key))] = why
		}
		if v := m.GetString(string(key)); v == lua.LNil {
			if tags, ok := m.GetString("Tags").(*table); !ok || tags.GetString(string(key)) == lua.LNil {
				return why.absent
			}
		}
		return why.differs
	}
	switch v := verdict.(type) {
	case lua.LBool:
		return "its pattern gave false"
	case lua.LString:
		return `its pattern gave "` + short(string(v)) + `"`
	}
	return "its pattern gave 0"
}

// short is a text cut to what a line of a trace holds.
func short(s string) string {
	const limit = 60
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
