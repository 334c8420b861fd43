package cli

import "testing"

// TestMemoryIsGivenBackWhenItIsCalm: much of it, and only when little is allocated.
func TestMemoryIsGivenBackWhenItIsCalm(t *testing.T) {
	const mb = 1 << 20
	var c calm
	for i, x := range []struct {
		held, allocs uint64 // MB
		due          bool
	}{
		{50, 100, false},
		{52, 101, false},
		{140, 300, false}, // much is going on
		{140, 301, true},
		{140, 400, false},
		{60, 401, false}, // the collector was faster
		{70, 402, false},
		{90, 403, true},
	} {
		if due := c.due(holding{held: x.held * mb, allocs: x.allocs * mb}); due != x.due {
			t.Errorf("look %d: due %v with %d MB held", i, due, x.held)
		}
	}
	c.least = 90 * mb // given back: nothing is due until there is much again
	if c.due(holding{held: 110 * mb, allocs: 404 * mb}) || !c.due(holding{held: 120 * mb, allocs: 405 * mb}) {
		t.Error("after memory was given back")
	}
}

func TestWhatGoHoldsIsRead(t *testing.T) {
	u := readHolding()
	if u.held < 1<<20 || u.allocs < 1<<10 {
		t.Errorf("%+v", u)
	}
}
