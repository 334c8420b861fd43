package ui

import (
	"testing"
	"time"
)

// TestAtMostOneStepIsQueued: a UI goroutine that does not come to it must not find
// a heap of steps, and gets the next one when it has run the first.
func TestAtMostOneStepIsQueued(t *testing.T) {
	queue := make(chan func(), 100)
	l := newLoop(func(f func()) { queue <- f })
	ticks, steps := make(chan time.Time), 0
	l.start(func() { steps++ }, ticks, func() {})
	for range 5 { // a tick is received only after the one before was dealt with
		ticks <- time.Time{}
	}
	if len(queue) != 1 {
		t.Errorf("%d steps are queued", len(queue))
	}
	(<-queue)()
	ticks <- time.Time{}
	ticks <- time.Time{}
	if len(queue) != 1 || steps != 1 {
		t.Errorf("%d steps are queued, %d ran", len(queue), steps)
	}
	l.stop()
	(<-queue)() // late: nothing happens
	if steps != 1 {
		t.Errorf("%d steps ran", steps)
	}
}

func TestWorkThatEndsAfterTheWindowIsForgotten(t *testing.T) {
	queue := make(chan func(), 100)
	l := newLoop(func(f func()) { queue <- f })
	begun, end := make(chan bool), make(chan bool)
	l.async(func() { begun <- true; <-end }, func() { t.Error("it came back") })
	<-begun
	l.cancel()
	end <- true
	l.stop()
	if len(queue) != 0 {
		t.Error("it was queued")
	}
	l.async(func() { t.Error("it began") }, nil)
	l.stop()
}
