package cli

import (
	"runtime"
	"testing"
)

// TestMemoryIsGivenBackWhenItIsCalm: much of it, and only when little is allocated.
func TestMemoryIsGivenBackWhenItIsCalm(t *testing.T) {
	const mb = 1 << 20
	var c calm
	for i, x := range []struct {
		held, allocs uint64 // MB
		due          bool
	}{
		{50, 100, false}, // nothing is known of how much is going on
		{60, 200, false},
		{60, 201, true}, // what the start left, once
		{60, 202, false},
		{140, 300, false}, // much is going on
		{140, 301, true},
		{140, 302, false}, // it is needed
		{165, 303, true},
		{100, 304, false}, // the collector was faster
		{120, 305, false},
		{125, 306, true},
	} {
		due := c.due(holding{held: x.held * mb, allocs: x.allocs * mb})
		if due != x.due {
			t.Errorf("look %d: due %v with %d MB held", i, due, x.held)
		}
		if due {
			c.least = x.held * mb // nothing could be given back
		}
	}
}

func TestWhatGoHoldsIsRead(t *testing.T) {
	u := readHolding()
	if u.held < 1<<20 || u.allocs < 1<<10 {
		t.Errorf("%+v", u)
	}
}

func TestTheDrawingThreadFindsAPlace(t *testing.T) {
	was := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(was) })
	t.Setenv("GOMAXPROCS", "3") // the user's choice
	spread()
	if got := runtime.GOMAXPROCS(0); got != was {
		t.Errorf("%d in place of %d", got, was)
	}
	t.Setenv("GOMAXPROCS", "")
	spread()
	if got := runtime.GOMAXPROCS(0); got <= runtime.NumCPU() {
		t.Errorf("%d places on %d processors", got, runtime.NumCPU())
	}
}
