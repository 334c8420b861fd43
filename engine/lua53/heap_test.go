package lua53

import (
	"context"
	"errors"
	"fmt"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// What a process drops does not count against its heap, however long it runs;
// what it keeps does.
func TestHeapCountsWhatIsReachable(t *testing.T) {
	s := newState(t, Options{Limits: Limits{Heap: 8 << 20}})
	drop := mustLoad(t, s, `local t = {} for i = 1, 2000 do t[i] = {i, name = "n" .. i} end last = t`)
	keep := mustLoad(t, s, `all = all or {} for i = 1, 2000 do all[#all + 1] = {i, name = "n" .. i} end`)
	for i := range 200 {
		s.ResetBudget()
		if _, err := s.Call(context.Background(), drop); err != nil {
			t.Fatalf("round %d: %v", i, err)
		}
	}
	var err error
	rounds := 0
	for ; rounds < 200 && err == nil; rounds++ {
		s.ResetBudget()
		_, err = s.Call(context.Background(), keep)
	}
	if !errors.Is(err, ErrMemory) || err.Error() != fmt.Sprintf("t:1: heap limit of %d bytes exceeded", 8<<20) {
		t.Errorf("after %d rounds: %v", rounds, err)
	}
	if rounds < 8 || rounds > 40 {
		t.Errorf("the limit came after %d rounds", rounds)
	}
	s.SetString(s.globals, "all", lua.LNil)
	s.ResetBudget()
	if _, err := s.Call(context.Background(), drop); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// Strings, captured variables and suspended coroutines are reachable, too.
func TestHeapSeesEverything(t *testing.T) {
	s := newState(t, Options{})
	used := func(text string) int64 {
		if _, err := s.Call(context.Background(), mustLoad(t, s, text+" collectgarbage()")); err != nil {
			t.Fatal(err)
		}
		return s.HeapUsed()
	}
	base := used("")
	for _, c := range []struct {
		text  string
		bytes int64
	}{
		{`x = ("s"):rep(1 << 20)`, 1 << 20},
		{`local s = ("s"):rep(1 << 20) x = function() return s end`, 1 << 20},
		{`local s = ("s"):rep(1 << 20) x = function() s = s return s end`, 1 << 20},
		{`x = setmetatable({}, {("s"):rep(1 << 20)})`, 1 << 20},
		{`x = {} for i = 1, 20000 do x[i] = i end`, 20000 * 24},
		{`local s = ("s"):rep(1 << 20) x = {s, s, s, s}`, 1 << 20},
		{`x = coroutine.wrap(function() local s = ("s"):rep(1 << 20) coroutine.yield() return s end) x()`, 1 << 20},
	} {
		got := used(c.text) - base
		if got < c.bytes || got > c.bytes*2+100_000 {
			t.Errorf("%s: %d bytes, want about %d", c.text, got, c.bytes)
		}
		if len(s.live) > 0 {
			continue // a suspended coroutine stays until Close
		}
		if left := used("x = nil") - base; left > 60_000 {
			t.Errorf("%s: %d bytes are left", c.text, left)
		}
		s.ResetBudget()
	}
}
