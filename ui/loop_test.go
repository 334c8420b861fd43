package ui_test

import (
	"testing"

	"go.uber.org/goleak"

	"patchbay/engine/ao"
)

// TestCloseLeavesNoGoroutine starts the loop with its real ticker, lets it bring a
// slot, and closes the window while work runs.
func TestCloseLeavesNoGoroutine(t *testing.T) {
	a := open(t, setup{quiet: true})
	before := goleak.IgnoreCurrent()
	a.W.Start()
	a.send("alice", "Transfer", "Recipient", ao.Address("bob"), "Quantity", "5")
	for a.W.Bar.Text() != "slot 1 / 1" { // the loop queues steps; this goroutine is the UI's
		a.mu.Lock()
		q := a.queue
		a.queue = nil
		a.mu.Unlock()
		if len(q) == 0 {
			<-a.wake
		}
		for _, f := range q {
			f()
		}
	}
	a.W.ShowSlot(0)
	a.W.Close()
	a.W.Close()
	goleak.VerifyNone(t, before)
	if a.W.Working() != 0 {
		t.Errorf("%d pieces of work run on", a.W.Working())
	}
}
