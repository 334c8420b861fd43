package ui

import (
	"context"
	"slices"
	"time"

	"patchbay/ui/code"
)

// coverAfter is how long the same slot is shown before its coverage is asked for.
// The engine evaluates the whole schedule up to a slot to tell which lines it ran:
// while messages flow, or the slider is drawn, nobody could look at the answer.
const coverAfter = 250 * time.Millisecond

// cover shows in the editor which lines the slot shown ran. UI goroutine.
type cover struct {
	w *Window

	at     covered
	since  time.Time          // when at was first seen
	asked  bool               // for at
	cancel context.CancelFunc // of the question under way, or nil
}

// covered is a slot of a branch of a process, and the tab that shows its lines.
type covered struct {
	tab  *code.Tab
	pid  string
	gen  int // of the store: another branch
	slot int64
}

// tick asks when the slot shown has rested, and calls a question off whose answer
// nobody waits for any more.
func (c *cover) tick() {
	engine, can := c.w.d.Engine.(Coverer)
	k := c.w.script()
	if !can || k == nil || c.w.shown < 0 || c.w.pid == "" || k.Path != c.w.abs(c.w.processScript()) {
		c.stop()
		c.at = covered{}
		return
	}
	if at := (covered{k, c.w.pid, c.w.store.gen, c.w.shown}); at != c.at {
		c.stop()
		c.at, c.since, c.asked = at, c.w.now(), false
	}
	if c.asked || c.w.now().Sub(c.since) < coverAfter {
		return
	}
	c.asked = true
	ctx, cancel := context.WithCancel(c.w.loop.ctx)
	c.cancel = cancel
	at, own := c.at, 0
	if s := c.w.store.slots[c.w.shown]; s != nil {
		own = c.w.ownLines(s)
	}
	var lines map[int]int
	var err error
	c.w.loop.async(func() { lines, err = engine.Coverage(ctx, at.pid, at.slot) }, func() {
		if ctx.Err() != nil {
			return // another slot is shown
		}
		c.stop()
		if err != nil {
			return // the slot's own error is told elsewhere
		}
		list := make([]int, 0, len(lines))
		for l, times := range lines {
			if times > 0 && l > own {
				list = append(list, l)
			}
		}
		slices.Sort(list)
		if !slices.Equal(list, k.Editor.Coverage()) {
			k.Editor.SetCoverage(list)
		}
	})
}

// stop calls the question under way off.
func (c *cover) stop() {
	if c.cancel != nil {
		c.cancel()
		c.cancel = nil
	}
}
