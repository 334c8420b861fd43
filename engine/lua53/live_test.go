package lua53

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// evalIn runs a text as one evaluation in a transaction of its own, which is kept
// or undone.
func evalIn(t *testing.T, s *State, text string, keep bool) error {
	t.Helper()
	s.Begin()
	s.ResetBudget()
	fn, err := s.Load(text, "=t", "t", nil)
	if err == nil {
		_, err = s.Call(context.Background(), fn)
	}
	if keep && err == nil {
		s.Commit()
	} else {
		s.Rollback()
	}
	return err
}

// A process that makes a large temporary table in each evaluation lives for ever.
func TestGarbageOfManyEvaluations(t *testing.T) {
	s := newState(t, Options{Limits: Limits{Heap: 4 << 20}})
	fn := mustLoad(t, s, `local t = {} for i = 1, 500 do t[i] = i end n = (n or 0) + #t`)
	for i := range 20_000 {
		s.Begin()
		s.ResetBudget()
		if _, err := s.Call(context.Background(), fn); err != nil {
			t.Fatalf("evaluation %d: %v", i, err)
		}
		s.Commit()
	}
	if n := s.globals.GetString("n"); n != lua.LNumber(10_000_000) {
		t.Errorf("n = %v", n)
	}
}

// What a process keeps ends it, in the same evaluation of every run.
func TestKeptDataEndsInTheSameEvaluation(t *testing.T) {
	run := func() (int, string) {
		s := newState(t, Options{Limits: Limits{Heap: 4 << 20}})
		for i := range 1000 {
			if err := evalIn(t, s, `all = all or {} local t = {} for i = 1, 500 do t[i] = {i} end all[#all + 1] = t`, true); err != nil {
				return i, err.Error()
			}
		}
		t.Fatal("no limit")
		return 0, ""
	}
	n, msg := run()
	m, msg2 := run()
	if n != m || msg != msg2 {
		t.Errorf("evaluation %d (%s), then %d (%s)", n, msg, m, msg2)
	}
	if n < 10 || n > 60 {
		t.Errorf("the limit came in evaluation %d", n)
	}
}

// Structures that are deep in every way need no deep Go stack to be counted, and
// cycles end.
func TestRecountOfDeepStructures(t *testing.T) {
	const n = 50_000
	defer debug.SetMaxStack(debug.SetMaxStack(4 << 20)) // beyond that Go ends the program
	for _, text := range []string{
		`for i = 1, %d do local g = x x = function() return g end end`,
		`for i = 1, %d do local g = x x = function() g = g return g end end`,
		`for i = 1, %d do local g = x x = coroutine.create(function() return g end) end`,
		`for i = 1, %d do local g = x x = coroutine.wrap(function() return g end) end`,
		`for i = 1, %d do x = {x} end`,
		`for i = 1, %d do x = {[{x}] = true} end`,
		`for i = 1, %d do x = setmetatable({}, {__index = x}) end`,
		`local first = {} x = first for i = 1, %d do x = {x} end first[1] = x`,
	} {
		s := newState(t, Options{Limits: Limits{Heap: -1}})
		if err := evalIn(t, s, fmt.Sprintf(text, n), true); err != nil {
			t.Fatal(err)
		}
		s.recount()
		if s.HeapUsed() < n*100 {
			t.Errorf("%s: %d bytes counted", text, s.HeapUsed())
		}
	}
}

// The count depends on what is reachable, not on the order in which it is met.
func TestRecountHasNoOrder(t *testing.T) {
	count := func(text string) int64 {
		s := newState(t, Options{})
		if err := evalIn(t, s, `x = ("s"):rep(100000)`+text, true); err != nil {
			t.Fatal(err)
		}
		s.recount()
		return s.HeapUsed()
	}
	a, b := count(`y = {x, x:sub(1, 60000)} x = nil `), count(`y = {x:sub(1, 60000), x} x = nil `)
	if a != b || a < 160_000 {
		t.Errorf("%d and %d bytes", a, b)
	}
}

// What iterators, wrapped coroutines and the like hold on the Go side counts.
func TestRecountSeesIntoGoFunctions(t *testing.T) {
	for _, text := range []string{
		`local t = ("s"):rep(1 << 20) x = coroutine.wrap(function() return t end)`,
		`local t = ("s"):rep(1 << 20) x = coroutine.create(function() return t end)`,
		`x = ("s"):rep(1 << 20):gmatch("s")`,
	} {
		s := newState(t, Options{})
		if err := evalIn(t, s, text, true); err != nil {
			t.Fatal(err)
		}
		s.recount()
		if s.HeapUsed() < 1<<20 {
			t.Errorf("%s: %d bytes counted", text, s.HeapUsed())
		}
	}
}

// Evaluations that were rolled back leave no trace in what later ones are
// accounted for: a script can see it (collectgarbage "count"), and a replay does
// not know of dry runs.
func TestRolledBackEvaluationsLeaveNoTrace(t *testing.T) {
	kept := []string{
		`t = t or {} for i = 1, 30 do t[#t + 1] = {} end`,
		`m = m or {} for i = 1, 7 do m["k" .. i .. "/" .. #m] = i end`,
		`t = t or {} for i = 1, math.min(20, #t) do table.remove(t) end`,
		`q = q or {} for i = 1, 40 do q[#q + 1] = i end`,
		`q = q or {} for i = 1, math.min(#q, 300) do if q[i] then q[i] = nil end end`,
		`m = {}`,
		`local function f(n) if n > 0 then return 1 + f(n - 1) end return 0 end f(12)`,
		`local co = coroutine.wrap(function(a) return a end) co(1)`,
		`count = collectgarbage("count")`,
		`c = {} for i = 1, 2000 do c[i] = {i} end`,
	}
	undone := append([]string{
		`t = t or {} for i = 1, 5000 do t[#t + 1] = i end error("x")`,
		`m = m or {} for i = 1, 5000 do m["u" .. i] = i end`,
		`q = q or {} for i = 1, 5000 do q[#q + 1] = i end for i = 1, 4000 do q[i] = nil end for i = 1, 9000 do q[#q + 1] = i end`,
		`local function f(n) if n > 0 then return 1 + f(n - 1) end return 0 end f(3000)`,
		`coroutine.wrap(function() local function f(n) if n > 0 then return 1 + f(n - 1) end return 0 end f(500) end)()`,
		`coroutine.wrap(coroutine.yield)()`,
		`collectgarbage()`,
	}, kept...)
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		a, b := newState(t, Options{Limits: Limits{Heap: 1 << 20}}), newState(t, Options{Limits: Limits{Heap: 1 << 20}})
		for i := range 60 {
			for range rnd.IntN(3) {
				_ = evalIn(t, b, undone[rnd.IntN(len(undone))], false)
			}
			text := kept[rnd.IntN(len(kept))]
			errA, errB := evalIn(t, a, text, true), evalIn(t, b, text, true)
			if fmt.Sprint(errA) != fmt.Sprint(errB) {
				t.Fatalf("seed %d, evaluation %d, %s: %v and %v", seed, i, text, errA, errB)
			}
			if a.HeapUsed() != b.HeapUsed() || a.AllocUsed() != b.AllocUsed() || a.GasUsed() != b.GasUsed() {
				t.Fatalf("seed %d, evaluation %d, %s: heap %d and %d, allocated %d and %d, gas %d and %d", seed, i, text,
					a.HeapUsed(), b.HeapUsed(), a.AllocUsed(), b.AllocUsed(), a.GasUsed(), b.GasUsed())
			}
		}
	}
}

// Tables that wait to be compacted while a coroutine is suspended are forgotten
// when nothing else knows them any more.
func TestRecountForgetsUnreachableHoles(t *testing.T) {
	s := newState(t, Options{})
	if err := evalIn(t, s, `co = coroutine.wrap(coroutine.yield) co()`, true); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := evalIn(t, s, `local q = {} for i = 1, 200 do q[i] = i end for i = 1, 199 do q[i] = nil end for i = 201, 900 do q[i] = i end`, true); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.holes) == 0 {
		t.Fatal("the script does not make such tables")
	}
	s.recount()
	if len(s.holes) != 0 {
		t.Errorf("%d tables are kept", len(s.holes))
	}
}

// What Go code holds counts when it says so.
func TestRecountAsksGoCode(t *testing.T) {
	s := newState(t, Options{})
	var root *Table
	s.Roots(func(visit func(lua.LValue)) { visit(root) })
	s.recount()
	base := s.HeapUsed()
	big := s.NewTableSized(10_000, 0)
	var held lua.LValue = lua.LNil
	f := s.Captured(s.Function("f", func(*Call) {}), Holder(func(visit func(lua.LValue)) { visit(held) }))
	s.SetString(s.globals, "f", f)
	for _, c := range []struct {
		name string
		set  func()
		more int64
	}{
		{"nothing", func() {}, 0},
		{"a root", func() { root = big }, 240_000},
		{"a root and a holder", func() { held = big }, 240_000},
		{"a holder", func() { root = nil }, 240_000},
		{"nothing again", func() { held = lua.LNil }, 0},
	} {
		c.set()
		s.recount()
		if more := s.HeapUsed() - base; more < c.more || more > c.more+2000 {
			t.Errorf("%s: %d bytes more, want %d", c.name, more, c.more)
		}
	}
}
