package rawlua

import (
	"os"
	"strings"
	"testing"

	"patchbay/engine/ao"
)

func rules(res *ao.Result) string {
	var out []string
	for _, w := range res.Lints {
		out = append(out, w.Rule)
	}
	return strings.Join(out, " ")
}

// The process of the recordings reads its Lua as luerl does; what luerl would not
// get through fails the slot, whatever pcall is around it (here that of mini.lua).
func TestMiniIsLuerl(t *testing.T) {
	mini, err := os.ReadFile("testdata/mini.lua")
	if err != nil {
		t.Fatal(err)
	}
	vm := open(t, string(mini))
	eval(t, vm, 0, "")
	for i, c := range []struct{ lua, text, cache, fails, rules string }{
		{lua: "out({cache={a='é', len=#'é', bytes=string.char(195,169), esc='\\u{e9}'}})", text: "nil", cache: `{"a":"Ã©","bytes":"é","esc":"é","len":4}`, rules: "text-in-source"},
		{lua: "return tostring(1/3) .. ' ' .. 1e15 .. ' ' .. (-1 >> 1)", text: "0.3333333333333333 1.0e15 -1"},
		{lua: "return 9223372036854775807", text: "9223372036854775807"},
		{lua: "return 9223372036854775808", fails: "integer beyond 64 bits", rules: "wide-integer"},
		{lua: "local n = 1 for i = 1, 100 do n = n * 2 end return n", fails: "integer beyond 64 bits", rules: "wide-integer"},
		{lua: "return 1/0", fails: "badarith", rules: "bad-arithmetic"},
		{lua: "for i = 1, 3 do if i == 2 then goto on end ::on:: end return 'x'", text: "x", rules: "raw-goto"},
		{lua: "out({cache={[1.5]='x'}})", fails: "outbox.m1.cache: the key 1.5 is neither"},
		{lua: "return type(coroutine) .. tostring(math.huge)", text: "nil1.7976931348623157e308"},
		{lua: "return 'still here'", text: "still here"},
	} {
		res := eval(t, vm, int64(i+1), c.lua)
		if c.fails != "" {
			if !res.Failed() || !strings.Contains(res.Error, c.fails) || rules(res) != c.rules {
				t.Errorf("%s: %q, lints %q", c.lua, res.Error, rules(res))
			}
			continue
		}
		cache := ""
		if len(res.Outbox) > 0 {
			v, _ := res.Outbox[0].Fields.Get("cache")
			cache = json(v)
		}
		if res.Failed() || res.Text != c.text || cache != c.cache || rules(res) != c.rules {
			t.Errorf("%s: %s %q %s, lints %q", c.lua, res.Error, res.Text, cache, rules(res))
		}
	}
}

// A lint names the line of the script and what to do.
func TestLintsNameThePlace(t *testing.T) {
	vm := open(t, `
function compute(base)
  base.n = (base.n or math.maxinteger)
  base.n = base.n + 1
  return base
end`)
	res := eval(t, vm, 0, "")
	if len(res.Lints) != 1 || res.Lints[0].Line != 4 || res.ErrorAt.Line != 4 || !strings.Contains(res.Lints[0].Message, "strings") {
		t.Errorf("%+v", res)
	}
	vm = open(t, "function compute(base)\n  base.x = 'é'\n  return base\nend")
	if res := eval(t, vm, 0, ""); rules(res) != "text-in-source" || res.Lints[0].Line != 2 || stateJSON(res) != `{"x":"Ã©"}` {
		t.Errorf("%+v", res)
	}
}
