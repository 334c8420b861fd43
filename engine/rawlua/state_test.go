package rawlua

import (
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

func stateJSON(res *ao.Result) string {
	t := patchdev.EmptyTable()
	for _, m := range res.State {
		v := m.Value
		if v == nil {
			v = patchdev.String("(gone)")
		}
		t = t.Set(m.Key, v)
	}
	return json(t)
}

// What compute leaves in base is the state, and comes back as base in the form in
// which a node keeps it.
func TestBaseIsTheState(t *testing.T) {
	vm := open(t, `
function compute(base, req)
  base.results = { output = { data = "?" } }
  assert(load(req.body.data or "", "=eval", "t", setmetatable({ base = base, req = req }, { __index = _G })))()
  return base
end`, ao.Tag{Name: "device-stack", Value: "lua@5.3a, patch@1.0"}, ao.Tag{Name: "patch-from", Value: "/results/outbox"})
	for i, c := range []struct{ name, lua, state, text string }{
		{"a new key", "base.count = 1 base.name = 'n'", `{"count":1,"name":"n"}`, "?"},
		{"nothing changed", "", `{}`, "?"},
		{"counts", "base.count = base.count + 1 base.results.output.data = base.count", `{"count":2}`, "2"},
		{"a key goes", "base.name = nil", `{"name":"(gone)"}`, "?"},
		{"deep", "base.deep = { list = { 'a', 'b' }, half = 0.5, ten = 10 / 2, yes = true, [7] = 'seven' }", `{"deep":{"7":"seven","half":0.5,"list":["a","b"],"ten":5.0,"yes":true}}`, "?"},
		{"as a node keeps it", "local d = base.deep base.results.output.data = d['7'] .. d.list[2] .. math.type(d.ten) .. tostring(d[7])", `{}`, "sevenbfloatnil"},
		{"one deep change", "base.deep.half = 'whole'", `{"deep":{"7":"seven","half":"whole","list":["a","b"],"ten":5.0,"yes":true}}`, "?"},
		{"no methods", "base.object = setmetatable({ x = 1 }, { __index = { y = 2 } })", `{"object":{"x":1}}`, "?"},
		{"lost its metatable", "base.results.output.data = tostring(base.object.y)", `{}`, "nil"},
		{"a patch is in base", "base.results.outbox = { m1 = { device = 'patch@1.0', cache = { a = 1 } } }", `{}`, "?"},
		{"the slot after", "base.cache.b = 2 base.results.output.data = base.cache.a .. '/' .. base['at-slot']", `{"cache":{"a":1,"b":2}}`, "1/9"},
		{"results are gone", "base.results = { output = { data = tostring(base.old) } }", `{}`, "nil"},
		{"the process's own keys", "base['at-slot'] = 99 base.device = 'x' base.private = 1 base.commitments = {}", `{}`, "?"},
		{"and are put back", "base.results.output.data = base['at-slot'] .. tostring(base.private)", `{}`, "12nil"},
		{"the process message is there", "base.results.output.data = base.process.id .. base.type", `{}`, pid + "Process"},
	} {
		res := eval(t, vm, int64(i), c.lua)
		if res.Failed() || stateJSON(res) != c.state || res.Text != c.text {
			t.Errorf("%s: %s %s %s", c.name, res.Error, stateJSON(res), res.Text)
		}
	}
	// A value that no node can hold fails the slot, says where, and leaves the state.
	if res := eval(t, vm, 15, "base.deep.bad = print base.deep.nan = { [1.5] = 0 }"); !res.Failed() || !strings.Contains(res.Error, "base.deep.nan: the key 1.5") {
		t.Errorf("%+v", res)
	}
	if res := eval(t, vm, 16, "base.results.output.data = base.count"); res.Text != "2" {
		t.Errorf("%+v", res)
	}
}

// A table in base's place leaves nothing of the old state but the process message.
func TestAnotherTableIsTheState(t *testing.T) {
	vm := open(t, `function compute(base, req)
  if req.body.data == "keep" then base.kept = 1 return base end
  return { results = { output = { data = tostring(base.kept) } }, fresh = base.process.id }
end`)
	if res := eval(t, vm, 0, "keep"); stateJSON(res) != `{"kept":1}` {
		t.Fatalf("%+v", res)
	}
	want := `{"execution-device":"(gone)","fresh":"` + pid + `","initialized":"(gone)","kept":"(gone)","process":"(gone)","type":"(gone)"}`
	if res := eval(t, vm, 1, "drop"); res.Failed() || stateJSON(res) != want || res.Text != "1" || rules(res) != "another-state" {
		t.Fatalf("%s %+v", stateJSON(res), res)
	}
	if res := eval(t, vm, 2, "drop"); res.Failed() || res.Text != "nil" {
		t.Fatalf("%+v", res)
	}
}
