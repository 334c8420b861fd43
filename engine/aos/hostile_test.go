package aos

import (
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// TestHostileWorld: what a script does to the library's tables and functions, or has
// the library do, ends within its budget with a clear text, and the process takes the
// next message.
func TestHostileWorld(t *testing.T) {
	for _, h := range []struct{ name, script, want string }{
		{"handlers without end", `while true do n = (n or 0) + 1 Handlers.add("h" .. n, "x", print) end`, "gas limit"},
		{"handlers in front without end", `while true do n = (n or 0) + 1 Handlers.prepend("h" .. n, "x", print) end`, "gas limit"},
		{"handlers moved without end", `for i = 1, 500 do Handlers.add("h" .. i, "x", print) end
			while true do Handlers.remove("h250") Handlers.before("h400").add("h250", "x", print) end`, "gas limit"},
		{"an Inbox far too long", `for i = 1, 300000 do Inbox[i] = 1 end Handlers.evaluate({ From = "x" }, {}) print(#Inbox)`, "10000"},
		{"a clone of deep tables", `local t = {} local r = t for i = 1, 2e4 do t.x = {} t = t.x end ao.clone(r)`, "stack overflow"},
		{"a clone of wide tables", `local t = {} for i = 1, 1000 do t[i] = {} end while true do ao.clone(t) end`, "limit"},
		{"pairs without end in a result", `Send({ X = setmetatable({ 1 }, { __pairs = function() return function(_, k) return (k or 0) + 1, 1 end end }) })`, "limit"},
		{"a loop in a result", `Send({ X = setmetatable({ 1 }, { __len = function() while true do end end }) })`, "gas limit"},
		{"pairs of pairs in a result", `local mt = {} mt.__pairs = function() return next, { x = setmetatable({ q = 1 }, mt) } end
			Send({ X = setmetatable({ q = 1 }, mt) })`, "stack overflow"},
		{"a length beyond reason in a result", `Send({ X = setmetatable({ 1 }, { __len = function() return 1e15 end }) })`, "sparse array"},
		{"an error with a mind of its own", `error(setmetatable({}, { __concat = function() while true do end end }))`, "gas limit"},
	} {
		t.Run(h.name, func(t *testing.T) {
			vm := spawned(t, `Handlers.add("ping", "Ping", function(m) print("pong") end)`)
			vm.m.s.SetLimits(lua53.Limits{Gas: 4_000_000})
			res := send(t, vm, &ao.Message{ID: "h", From: owner, Tags: []ao.Tag{{Name: "Action", Value: "Eval"}}, Target: pid, Data: patchdev.String(h.script)}, 10)
			if got := res.Error + res.Text; !strings.Contains(got, h.want) {
				t.Errorf("%.300q, want %q", got, h.want)
			}
			res = send(t, vm, &ao.Message{ID: "p", From: owner, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "Ping"}}}, 11)
			if res.Error != "" || res.Text != "pong" {
				t.Errorf("afterwards: %q %q", res.Error, res.Text)
			}
		})
	}
}
