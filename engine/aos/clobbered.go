package aos

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// The aos library is Lua code that finds Lua's own functions by their global names,
// as a script does. A script that puts something else there, say by type = msg.Type,
// has broken the library for good: every evaluation fails, that one included, whose
// result cannot be encoded any more.
var (
	// neededAfter are the names without which no result is encoded, neededBefore those
	// without which no message is handled.
	neededAfter  = [...]string{"type", "pairs", "ipairs", "rawget", "next", "tostring"}
	neededFields = [...]struct{ table, name string }{{"table", "concat"}, {"table", "insert"}, {"string", "format"}}
	neededBefore = [...]string{"assert", "select", "pcall"}
)

// missingAfter says what the library cannot call any more when it encodes a result,
// "" for nothing. It remembers whether the next message has to be looked at.
func (w *world) missingAfter(c *call) string {
	bad := w.missingAlways(c)
	w.clobbered = w.clobbered || bad != "" || w.missingBefore(c) != ""
	return bad
}

// missingAlways is what the library cannot call although every evaluation ends with it.
func (w *world) missingAlways(c *call) string {
	for _, name := range neededAfter {
		if f := w.global(name); !w.callable(c, f) {
			return w.cannotCall(f, "global '"+name+"'")
		}
	}
	for _, n := range neededFields {
		if bad := w.missingField(c, n.table, n.name); bad != "" {
			return bad
		}
	}
	if f := w.json.GetString("encode"); !w.callable(c, f) {
		return w.cannotCall(f, "field 'encode'")
	}
	return ""
}

// missingBefore is missingAfter for the handling of a message.
func (w *world) missingBefore(c *call) string {
	for _, name := range neededBefore {
		if f := w.global(name); !w.callable(c, f) {
			return w.cannotCall(f, "global '"+name+"'")
		}
	}
	if f := w.json.GetString("decode"); !w.callable(c, f) {
		return w.cannotCall(f, "field 'decode'")
	}
	if _, ok := w.global("Utils").(*table); !ok {
		return fmt.Sprintf("attempt to index a %s value (global 'Utils')", w.m.typeName(w.global("Utils")))
	}
	return ""
}

// refuseBroken raises what a broken library raises for every message.
func (w *world) refuseBroken(c *call) {
	if !w.clobbered {
		return
	}
	w.clobbered = false // unless this evaluation finds so again
	bad := w.missingAlways(c)
	if bad == "" {
		bad = w.missingBefore(c)
	}
	if bad != "" {
		w.clobbered = true
		w.fail(c, inProcess, bad)
	}
}

func (w *world) missingField(c *call, where, name string) string {
	t, ok := w.global(where).(*table)
	if !ok {
		return fmt.Sprintf("attempt to index a %s value (global '%s')", w.m.typeName(w.global(where)), where)
	}
	if f := t.GetString(name); !w.callable(c, f) {
		return w.cannotCall(f, "field '"+name+"'")
	}
	return ""
}

func (w *world) callable(c *call, f lua.LValue) bool {
	if _, ok := f.(*lua.LFunction); ok {
		return true
	}
	return c.Metafield(f, "__call") != nil
}

func (w *world) cannotCall(f lua.LValue, what string) string {
	return "attempt to call a " + w.m.typeName(f) + " value (" + what + ")"
}
