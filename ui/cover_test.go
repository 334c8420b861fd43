package ui_test

import (
	"fmt"
	"testing"
	"time"

	"patchbay/engine/ao"
)

// While messages flow no slot's coverage is asked for: the engine would evaluate
// the whole schedule for each. When they rest, that of the last one is.
func TestCoverageWaitsUntilMessagesRest(t *testing.T) {
	a := story(t)
	a.Wait(time.Second)
	a.Engine.covers = nil
	for range 20 {
		a.send("alice", "Transfer", "Recipient", ao.Address("bob"), "Quantity", "1")
		a.pass(66 * time.Millisecond)
	}
	if n := len(a.Engine.covers); n != 0 {
		t.Errorf("asked %d times while messages flowed: %v", n, a.Engine.covers)
	}
	a.Wait(time.Second)
	a.expect("asked", fmt.Sprint(a.Engine.covers), "[33]")
	a.Wait(time.Minute)
	a.expect("asked again", fmt.Sprint(a.Engine.covers), "[33]")
}

// A question whose slot is shown no more is called off, and its answer is not
// waited for.
func TestCoverageOfASlotPassedByIsCalledOff(t *testing.T) {
	a := story(t)
	a.Wait(time.Second)
	a.Engine.covers, a.Engine.coverLate = nil, 14
	a.send("alice", "Transfer", "Recipient", ao.Address("bob"), "Quantity", "1")
	a.W.Step()
	a.pass(time.Second) // asks, and gets no answer
	a.W.ShowSlot(0)
	a.W.Step()
	a.settle() // would wait for an answer that nobody called off
	a.Wait(time.Second)
	a.expect("asked", fmt.Sprint(a.Engine.covers), "[14 0]")
	a.expect("lines", fmt.Sprint(a.W.Files.Active().Editor.Coverage()), "[1]")
}
