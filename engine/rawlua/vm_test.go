package rawlua

import (
	"context"
	"os"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

const (
	pid   = "process____________________________________"
	owner = "owner______________________________________"
)

func open(t testing.TB, source string, tags ...ao.Tag) *VM {
	t.Helper()
	tags = append([]ao.Tag{{Name: "Type", Value: "Process"}, {Name: "Execution-Device", Value: "lua@5.3a"}}, tags...)
	vm, err := newVM(ao.Env{ID: pid, Owner: owner, Source: source, Tags: tags}, ao.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(vm.Close)
	return vm
}

func eval(t testing.TB, vm *VM, slot int64, source string) *ao.Result {
	t.Helper()
	m := &ao.Message{ID: "m", From: owner, Target: pid, Tags: []ao.Tag{{Name: "Action", Value: "Eval"}}, Data: patchdev.String(source), Timestamp: 1}
	res, err := vm.Evaluate(context.Background(), m, slot)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func json(v patchdev.Value) string {
	return string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{FloatPoint: true}))
}

func TestMini(t *testing.T) {
	mini, err := os.ReadFile("testdata/mini.lua")
	if err != nil {
		t.Fatal(err)
	}
	vm := open(t, string(mini))
	boot, err := vm.Evaluate(context.Background(), &ao.Message{ID: pid, From: owner, Target: pid}, 0)
	if err != nil || boot.Failed() || boot.Text != "no-eval" || len(boot.Outbox) != 0 {
		t.Fatalf("%v %+v", err, boot)
	}
	res := eval(t, vm, 1, `out({device='patch@1.0', cache={half=10/2, n=2^53, i=9007199254740993, yes=true, list={'a','b'}, empty={}, [5]='five'}}) outk('x', {target='T', data='d'}) return 7`)
	if res.Failed() || res.Text != "7" || len(res.Outbox) != 2 || len(res.Messages) != 2 {
		t.Fatalf("%+v", res)
	}
	if res.Outbox[0].Key != "m1" || res.Outbox[1].Key != "x" {
		t.Fatal(res.Outbox)
	}
	want := `{"cache":{"5":"five","empty":{},"half":5.0,"i":9007199254740993,"list":{"1":"a","2":"b"},"n":9007199254740992.0,"yes":true},"device":"patch@1.0"}`
	if got := json(res.Outbox[0].Fields); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if res.Messages[1].Target != patchdev.String("T") {
		t.Errorf("%+v", res.Messages[1])
	}
	// An outbox is made anew for each message; what the Lua state holds stays.
	if res := eval(t, vm, 2, "Counter = (Counter or 0) + 1 return Counter"); res.Text != "1" || len(res.Outbox) != 0 {
		t.Fatalf("%+v", res)
	}
	if res := eval(t, vm, 3, "return Counter"); res.Text != "1" {
		t.Fatalf("%+v", res)
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name, source, say string
		line              int
	}{
		{"syntax", "x = = 1", "unexpected symbol", 1},
		{"no compute", "x = 1", "neither a function compute", 0},
		{"raises", "function compute(base)\n  error('boom')\nend", "script:2: boom", 2},
		{"returns nothing", "function compute(base) end", "it must return base", 0},
		{"returns text", "function compute(base) return 'x' end", "it must return base", 0},
		{"status", "function compute(base) return 'error', 'why' end", `status "error": why`, 0},
		{"nan", "function compute(base) base.results = {outbox={a={v=0/0}}} return base end", "script:1: attempt to divide by zero", 1},
		{"float key", "function compute(base) base.results = {outbox={a={v={[0.5]=1}}}} return base end", "base.results.outbox.a.v: the key 0.5 is neither", 0},
		{"text in outbox", "function compute(base) base.results = {outbox={a='x'}} return base end", `outbox message "a" is a string`, 0},
		{"circle", "function compute(base) local t = {} t.t = t base.results = {t=t} return base end", "contains itself", 0},
		{"endless", "function compute(base) while true do end end", "gas", 1},
		{"top level", "error('at load')", "at load", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			vm := open(t, c.source)
			vm.s.SetLimits(lua53.Limits{Gas: 1_000_000})
			res := eval(t, vm, 0, "")
			if !res.Failed() || !strings.Contains(res.Error, c.say) || c.line > 0 && res.ErrorAt.Line != c.line {
				t.Fatalf("%+v", res)
			}
		})
	}
}

// What used up a budget is rolled back, and the next message has a whole one.
func TestAfterALimit(t *testing.T) {
	vm := open(t, "function compute(base, req) assert(load(req.body.data))() base.results = { output = { data = 'alive' } } return base end")
	vm.s.SetLimits(lua53.Limits{Gas: 2_000_000, Alloc: 64 << 20, Heap: 32 << 20})
	for i, c := range []struct{ lua, limit string }{
		{"", ""},
		{"string.pack('s', string.rep('x', 1000000000))", "memory"},
		{"", ""},
		{"while true do end", "gas"},
		{"local t = {} for i = 1, 10000000 do t[i] = string.rep('x', 1000) end", "memory"},
		{"", ""},
	} {
		if res := eval(t, vm, int64(i), c.lua); res.Limit != c.limit || c.limit == "" && res.Text != "alive" {
			t.Fatalf("%d: %+v", i, res)
		}
	}
}

// A raw script may call its own things as hyper-aos does.
func TestOwnNames(t *testing.T) {
	vm := open(t, "Name, Owner = 'n', 'o'\nfunction Send() return 'mine' end\nfunction compute(base) base.results = {output={data=Name .. Owner .. Send() .. tostring(Handlers)}} return base end")
	if res := eval(t, vm, 0, ""); res.Text != "nominenil" {
		t.Fatalf("%+v", res)
	}
}

func TestRollback(t *testing.T) {
	vm := open(t, `function compute(base, req)
  base.n = (base.n or 0) + 1
  Global = (Global or 0) + 1
  if req.body.fail then error("no") end
  base.results = { output = { data = base.n .. "/" .. Global }, outbox = {} }
  return base
end`)
	send := func(slot int64, tags ...ao.Tag) *ao.Result {
		res, err := vm.Evaluate(context.Background(), &ao.Message{ID: "m", From: owner, Tags: tags}, slot)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	if res := send(0); res.Text != "1/1" {
		t.Fatalf("%+v", res)
	}
	if res := send(1, ao.Tag{Name: "Fail", Value: "x"}); !res.Failed() {
		t.Fatalf("%+v", res)
	}
	if res, err := vm.DryRun(context.Background(), &ao.Message{ID: "m", From: owner}, 2); err != nil || res.Text != "2/2" {
		t.Fatalf("%v %+v", err, res)
	}
	if res := send(2); res.Text != "2/2" {
		t.Fatalf("%+v", res)
	}
}

func TestCoverage(t *testing.T) {
	vm := open(t, "function compute(base, req)\n  for i = 1, 3 do\n    base.n = i\n  end\n  return base\nend")
	eval(t, vm, 0, "")
	got, err := vm.Coverage(context.Background(), &ao.Message{ID: "m", From: owner}, 1)
	if err != nil || got[3] != 3 || got[5] != 1 {
		t.Fatalf("%v %v", err, got)
	}
}

// TestWhatANodeHolds pins values that a node's Lua hands on in its own way (spec
// hyperbeam-observed §1.4).
func TestWhatANodeHolds(t *testing.T) {
	vm, err := New(ao.Env{ID: "p", Source: `function compute(base, req)
		local v = load(req.body.data)()
		base.results = {outbox = {m1 = {v = v}}}
		return base
	end`}, ao.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer vm.Close()
	for _, c := range []struct{ code, want, fails string }{
		{code: "return 'é'", want: `"Ã©"`},
		{code: "return #'é'", want: "4"},
		{code: "return string.char(195, 169)", want: `"é"`},
		{code: "return {f = print, o = 1}", want: `{"o":1}`},
		{code: "return {[1.5] = 1}", fails: "1.5"},
		{code: "return {[{}] = 1}", fails: "key"},
		{code: "return {[2^1] = 1}", want: `{"2":1}`},
		{code: "return {[true] = 1}", want: `{"true":1}`},
		{code: "return 0/0", fails: "node"},
	} {
		res, err := vm.Evaluate(t.Context(), &ao.Message{Data: patchdev.String(c.code)}, 1)
		if err != nil {
			t.Fatalf("%s: %v", c.code, err)
		}
		if c.fails != "" {
			if !res.Failed() || !strings.Contains(res.Error, c.fails) {
				t.Errorf("%s: error %q, want one with %q", c.code, res.Error, c.fails)
			}
			continue
		}
		if len(res.Outbox) != 1 {
			t.Errorf("%s: outbox %v, error %q", c.code, res.Outbox, res.Error)
			continue
		}
		v, _ := res.Outbox[0].Fields.Get("v")
		if got := string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{})); got != c.want {
			t.Errorf("%s: %s, want %s", c.code, got, c.want)
		}
	}
}
