package aos

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// A script that changes a big nested table in every way, asked for by tags.
const bigScript = `
S = { users = {}, rows = {}, meta = { n = 0 } }
for i = 1, 40 do S.users["u" .. i] = { balance = i, tags = { "a", "b" } } S.rows[i] = i S["k" .. i] = i end
Shared = S.users.u1
Handlers.add("do", "Do", function(m)
  local k, n = "u" .. m.K, tonumber(m.N)
  local ops = {
    set = function() S.users[k] = { balance = n } end,
    bump = function() local u = S.users[k] if u then u.balance = (u.balance or 0) + n end end,
    deep = function() local u = S.users[k] if u then u.tags = u.tags or {} u.tags[#u.tags + 1] = m.K end end,
    delete = function() S.users[k] = nil end,
    clear = function() for x in pairs(S.users) do S.users[x] = nil end end,
    fill = function() for i = 1, 40 do S.users["u" .. i] = S.users["u" .. i] or { balance = 0 } end end,
    push = function() table.insert(S.rows, n) end,
    pop = function() table.remove(S.rows) end,
    shift = function() table.remove(S.rows, 1) end,
    shared = function() Shared.balance = n Shared.extra = { n } end,
    move = function() S.users[k] = Shared end,
    other = function() Shared = S.users[k] or Shared end,
    top = function() S["k" .. m.K] = n > 5 and n or nil end,
    fn = function() S.users[k] = print end,
    bad = function() S.users[k] = { 1, x = 2 } end,
    mend = function() for x, u in pairs(S.users) do if type(u) == "table" and u[1] then S.users[x] = nil end end end,
    float = function() S.meta.n = n / 3 S.meta.big = 2^60 end,
    whole = function() S.users = {} for i = 1, 30 do S.users["u" .. i] = { balance = n } end end,
    circle = function() S.users[k] = S end,
    uncircle = function() for x, u in pairs(S.users) do if u == S then S.users[x] = nil end end end,
  }
  ops[m.Op]()
  if m.Patch then Send({ device = "patch@1.0", cache = { state = S, users = S.users } }) end
  if m.Fail then error("no") end
end)`

var bigOps = []string{"set", "bump", "deep", "delete", "clear", "fill", "push", "pop", "shift", "shared", "move", "other", "top", "fn", "bad", "mend", "float", "whole", "circle", "uncircle"}

// The value that is kept and brought up to date is always what converting the
// table anew gives: after failures, dry runs and everything a script can do.
func TestKeptValuesAreRight(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		vm := spawned(t, bigScript)
		for i := range rapid.IntRange(1, 30).Draw(rt, "steps") {
			m := &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{
				{Name: "Action", Value: "Do"},
				{Name: "Op", Value: rapid.SampledFrom(bigOps).Draw(rt, "op")},
				{Name: "K", Value: fmt.Sprint(rapid.IntRange(1, 45).Draw(rt, "k"))},
				{Name: "N", Value: fmt.Sprint(rapid.IntRange(0, 9).Draw(rt, "n"))},
			}}
			if rapid.IntRange(0, 2).Draw(rt, "patch") > 0 {
				m.Tags = append(m.Tags, ao.Tag{Name: "Patch", Value: "1"})
			}
			if rapid.IntRange(0, 4).Draw(rt, "fail") == 0 {
				m.Tags = append(m.Tags, ao.Tag{Name: "Fail", Value: "1"})
			}
			run := vm.Evaluate
			if rapid.IntRange(0, 4).Draw(rt, "dry") == 0 {
				run = vm.DryRun
			}
			if _, err := run(context.Background(), m, int64(i+1)); err != nil {
				rt.Fatal(err)
			}
			s := vm.w.global("S")
			want, wantErr := vm.w.lib.Value(nil, s)
			vm.w.conv.begin()
			got, err := vm.w.conv.value(s)
			if (err == nil) != (wantErr == nil) {
				rt.Fatalf("step %d: %v, want %v", i, err, wantErr)
			}
			if err == nil && !patchdev.Equal(got, want) {
				rt.Fatalf("step %d: kept %s\nanew %s", i, patchdev.AppendJSON(nil, got, patchdev.JSONOptions{}), patchdev.AppendJSON(nil, want, patchdev.JSONOptions{}))
			}
		}
	})
}

func TestNumbers(t *testing.T) {
	vm := spawned(t, `Handlers.add("n", "N", function() Send({ a = 10 / 2, b = 2^53, c = 1/3, d = 99999999999999, e = 100000000000000, f = -0.0, g = 1e100, h = 9007199254740993, i = 0.99999999999999999 }) end)`)
	res := send(t, vm, &ao.Message{ID: "m", From: alice, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "N"}}}, 1)
	got := map[string]patchdev.Value{}
	for _, tag := range res.Messages[0].Tags {
		got[string(tag.Name.(patchdev.String))] = tag.Value
	}
	for k, want := range map[string]patchdev.Value{
		"a": patchdev.Int(5), "b": patchdev.Float(9.007199254741e15), "c": patchdev.Float(0.33333333333333),
		"d": patchdev.Int(99999999999999), "e": patchdev.Float(1e14), "f": patchdev.Int(0), "g": patchdev.Float(1e100),
		"h": patchdev.Float(9.007199254741e15), "i": patchdev.Int(1),
	} {
		if got[k] != want {
			t.Errorf("%s = %#v, want %#v", k, got[k], want)
		}
	}
}
