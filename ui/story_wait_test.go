package ui_test

import (
	"testing"
	"time"

	"patchbay/engine/ao"
)

// --- What takes long -----------------------------------------------------------

// pass lets time go by while something is under way.
func (a *app) pass(d time.Duration) {
	a.Clock.Advance(d)
	a.W.Step()
}

func TestALongEvaluationIsToldAndStopped(t *testing.T) {
	a := story(t)
	a.Engine.endless = make(chan struct{})
	a.Press("Ctrl+Return")
	a.pass(300 * time.Millisecond)
	a.SeesNot("Sending …")
	a.pass(300 * time.Millisecond)
	a.Sees("Sending … 0 s").SeesNot("Stop", "Cancel")
	a.pass(2 * time.Second)
	a.Sees("Sending … 2 s", "Stop")
	a.Tap("Stop")
	a.settle()
	a.SeesNot("Sending …", "Stop")
	if len(a.Engine.stopped) != 1 || a.Engine.stopped[0] != a.pid() {
		t.Errorf("stopped %v", a.Engine.stopped)
	}
	a.expect("bar", a.W.Bar.Text(), "slot 14 / 14") // the message is in the schedule
}

// What is no evaluation is cancelled, and the process computes on.
func TestALongCheckIsCancelled(t *testing.T) {
	a := story(t)
	a.Engine.late = true
	a.W.RunCommand("Check the replay")
	a.pass(3 * time.Second)
	a.Sees("Checking the replay … 3 s", "Cancel")
	a.Tap("Cancel")
	a.settle()
	a.contains("status", a.status(), "Checking the replay was cancelled")
	if len(a.Engine.stopped) != 0 {
		t.Errorf("stopped %v", a.Engine.stopped)
	}
}

// A message that came over HTTP and never ends is told and stopped as well.
func TestASlotThatNeverEndsIsStopped(t *testing.T) {
	a := story(t)
	a.Engine.waiting = 14
	for _, f := range a.Engine.feeds {
		f.push(ao.Event{Kind: ao.SlotScheduled, Process: a.pid(), Slot: 14})
	}
	a.W.Step()
	a.pass(time.Second)
	a.Sees("Computing slot 14 … 1 s").SeesNot("Stop")
	a.pass(2 * time.Second)
	a.Sees("Computing slot 14 … 3 s")
	a.Tap("Stop")
	if len(a.Engine.stopped) != 1 {
		t.Errorf("stopped %v", a.Engine.stopped)
	}
}

func TestAReplayShowsHowFarItIs(t *testing.T) {
	a := story(t)
	for _, f := range a.Engine.feeds {
		f.push(ao.Event{Kind: ao.ReplayProgress, Process: a.pid(), Slot: 250, Total: 1000})
	}
	a.pass(10 * time.Second)
	a.Sees("replaying 250 of 1,000 slots")
	for _, f := range a.Engine.feeds {
		f.push(ao.Event{Kind: ao.Idle, Process: a.pid()})
	}
	a.pass(time.Second)
	a.SeesNot("replaying")
}
