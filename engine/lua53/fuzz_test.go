package lua53

import (
	"context"
	"errors"
	"testing"

	"go.uber.org/goleak"
)

// FuzzRun: no text may make the compiler or the evaluator panic or hang, and
// nothing that it does survives a roll-back.
func FuzzRun(f *testing.F) {
	for _, s := range []string{
		"return 1 + 2", "local t = {1, 2, x = {}} for k, v in pairs(t) do t[k] = nil end return #t",
		"goto a ::b:: do return end ::a:: goto b", "print(pcall(error, {}))", "string.x = 1 _G.y = string",
		"local function f(...) return select('#', ...), ... end return f(f(1, nil))",
		"coroutine.wrap(function() coroutine.yield(1) end)()", "setmetatable(_G, {__index = function(t, k) return k end}) return a .. b",
		"for i = 10, 1, -3 do local x <close> = 1 end", "return ('x'):rep(10):gsub('x', '%0%0')", "_ENV = {} x = 1", "load('y = 2')()",
		"local a; a, b.c = 1", "t = table.pack(1, 2) table.sort(t, function() return true end)", "require 'string'.z = 3",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		s := New(Options{Limits: Limits{Gas: 200_000, Alloc: 64 << 20}})
		defer s.Close()
		before := heapDump(s)
		s.Begin()
		fn, err := s.Load(src, "=fuzz", "t", nil)
		if err == nil {
			_, err = s.Call(context.Background(), fn)
		}
		if errors.Is(err, errInternal) {
			t.Fatalf("%v", err)
		}
		s.Rollback()
		if after := heapDump(s); after != before {
			t.Fatalf("the roll-back left something: %s", firstDifference(before, after))
		}
	})
}

// Close ends every goroutine, wherever its coroutine is suspended.
func TestCloseEndsCoroutines(t *testing.T) {
	defer goleak.VerifyNone(t)
	s := New(Options{})
	runText(t, s, `
		keep = {}
		local function nest(n) if n == 0 then coroutine.yield() else coroutine.wrap(nest)(n - 1) coroutine.yield() end end
		for i = 1, 50 do
			local co = coroutine.create(function()
				pcall(function() table.sort({3, 2, 1}, function(a, b) coroutine.yield() return a < b end) end)
			end)
			coroutine.resume(co)
			keep[i] = co
		end
		keep[51] = coroutine.create(nest)
		coroutine.resume(keep[51], 5)`)
	if len(s.live) == 0 {
		t.Fatal("no coroutine is suspended")
	}
	s.Close()
	s.Close()
	if _, err := s.Call(context.Background(), s.Function("f", func(*Call) {})); !errors.Is(err, ErrClosed) {
		t.Errorf("a call of a closed state: %v", err)
	}
}

// A coroutine that a rolled-back transaction started is as before it.
func TestRollbackOfCoroutines(t *testing.T) {
	defer goleak.VerifyNone(t)
	s := New(Options{})
	defer s.Close()
	runText(t, s, `co = coroutine.create(function(a) log = a coroutine.yield(a) end)`)
	before := heapDump(s)
	s.Begin()
	runText(t, s, `coroutine.resume(co, 5) other = coroutine.wrap(function() coroutine.yield() end) other()`)
	if s.Resumed() {
		t.Error("starting a coroutine can be undone")
	}
	s.Rollback()
	if after := heapDump(s); after != before {
		t.Error(firstDifference(before, after))
	}
	runText(t, s, `ok, v = coroutine.resume(co, 7)`)
	if v := s.Get(s.globals, strVal("v").o); s.ToString(v) != "7" {
		t.Errorf("resumed with 7, got %s", s.ToString(v))
	}
	s.Begin()
	runText(t, s, `coroutine.resume(co)`)
	if !s.Resumed() {
		t.Error("resuming a suspended coroutine cannot be undone, and is not reported")
	}
	s.Commit()
}

// Cancelling the context ends a script at once, in a coroutine and in pcall too.
func TestCancel(t *testing.T) {
	for _, text := range []string{
		`while true do end`, `while true do pcall(function() while true do end end) end`,
		`coroutine.wrap(function() while true do pcall(error) end end)()`, `return ("x"):rep(1e6):find((".-"):rep(20) .. "y")`,
	} {
		s := New(Options{Limits: Limits{Gas: -1}})
		ctx, cancel := context.WithCancelCause(context.Background())
		stop := s.Function("stop", func(*Call) {})
		s.SetString(s.globals, "stop", stop)
		why := errors.New("the user pressed stop")
		fn, err := s.Load(text, "=t", "t", nil)
		if err != nil {
			t.Fatal(err)
		}
		started := make(chan struct{})
		go func() { close(started); cancel(why) }()
		<-started
		_, err = s.Call(ctx, fn)
		if !errors.Is(err, ErrCanceled) || !errors.Is(err, why) {
			t.Errorf("%s: %v", text, err)
		}
		s.Close()
	}
}
