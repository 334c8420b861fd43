package lua53

import (
	"context"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// gopher-lua gets these wrong or pays dearly for them (spec lua53 §4). Nothing
// of its machine is used any more, but its values are; the tests stay so that
// neither a new version of it nor a change here brings them back.
func TestTraps(t *testing.T) {
	big := "return {" + strings.Repeat("1,", 30_000) + "2}"
	for _, c := range []struct{ name, text, want string }{
		{"assignment from calls of what is assigned", `local a, b = 1, 2 local function f(x) return x * 10 end a, b = f(b), f(a) return a, b`, "20 10"},
		{"assignment of its own adjusted call", `local function g(x) x = (x()) return x end return g(function() return 7, 8 end)`, "7"},
		{"no hidden arg", `local function f(...) return arg end return f(1, 2)`, "nil"},
		{"a local does not see itself in its value", `f = "outer" local f = function() return f end return f()`, "outer"},
		{"long constructors", `local t = load(...)() return #t, t[25551], t[30001]`, "30001 1 2"},
		{"sparse keys", `local t = {} t[1600000] = 1 t[60000000] = 2 return #t, t[1600000], t[60000000], t[1]`, "0 1 2 nil"},
		{"errors in deep recursion", `local n = 0 for i = 1, 10 do local function f() n = n + 1 return 1 + f() end if pcall(f) then return "no error" end end return "done"`, "done"},
		{"many locals", `local ` + strings.Repeat("a, ", 199) + `b = ` + strings.Repeat("1, ", 199) + `2 return b + a`, "3"},
		{"pairs is in order of insertion", `local t = {} for i = 1, 50 do t["k" .. i] = i end local s = 0 local last = 0 for k, v in pairs(t) do s = s + (v == last + 1 and 1 or 0) last = v end return s`, "50"},
		{"one variable a round", `local f = {} for i = 1, 3 do f[i] = function() i = i + 10 return i end end return f[1](), f[1](), f[2]()`, "11 21 12"},
		{"a captured variable after a caught error", `local x = 1 local f = function() return x end pcall(error) x = 2 return f()`, "2"},
		{"goto out of a closure's scope", `local fs = {} do local i = 1 ::top:: local j = i fs[i] = function() return j end i = i + 1 if i <= 3 then goto top end end return fs[1](), fs[2](), fs[3]()`, "1 2 3"},
		{"pop by assignment", `local t = {} for i = 1, 20000 do t[i] = i end while #t > 0 do t[#t] = nil end return #t, next(t)`, "0 nil"},
		{"clearing while traversing", `local t = {} for i = 1, 100 do t[i] = i t["k" .. i] = i end local n = 0 for k in pairs(t) do t[k] = nil n = n + 1 end return n, next(t)`, "200 nil"},
		{"clearing while traversing with next", `local t = {} for i = 1, 100 do t[i] = i t["k" .. i] = i end local n, k = 0, next(t) while k do t[k] = nil n = n + 1 k = next(t, k) end return n, next(t)`, "200 nil"},
		{"the end of an integer loop", `local n = 0 for i = math.maxinteger - 1, math.maxinteger do n = n + 1 if n > 5 then break end end return n`, "6"},
		{"int and float keys are one", `local t = {} t[1.0] = "a" t[2^53] = "b" return t[1], t[1 << 53], next(t)`, "a b 1 a"},
		{"numbers of two kinds as operands", `return 1 == 1.0, 1 < 1.5, 2^53 == 2^53 + 1, (1 << 53) + 1 == 2^53, math.maxinteger + 1.0 == math.maxinteger`, "true true true false false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := New(Options{})
			defer s.Close()
			fn, err := s.Load(c.text, "=t", "t", nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := s.Call(context.Background(), fn, lua.LString(big))
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, v := range res {
				out = append(out, s.ToString(v))
			}
			if got := strings.Join(out, " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A queue forgets its keys (gopher-lua's tables do not), and a transaction in
// which it is used can still be rolled back.
func TestQueuesDoNotLeak(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	runText(t, s, `q, head, tail = {}, 1, 0 names = {}`)
	for range 300 {
		s.ResetBudget()
		s.Begin()
		runText(t, s, `
			for i = 1, 200 do tail = tail + 1 q[tail] = tail end
			for i = 1, 200 do q[head] = nil head = head + 1 end
			for i = 1, 50 do names["n" .. tail .. "." .. i] = true end
			for k in pairs(names) do names[k] = nil end`)
		s.Commit()
	}
	for _, name := range []string{"q", "names"} {
		tb := s.globals.GetString(name).(*Table)
		if n := cap(tb.arr) + cap(tb.ents); n > 2000 {
			t.Errorf("%s holds on to %d places", name, n)
		}
	}
	s.recount()
	if s.HeapUsed() > 300_000 {
		t.Errorf("%d bytes accounted for", s.HeapUsed())
	}
}
