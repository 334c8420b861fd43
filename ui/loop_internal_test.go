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
	l.start(func() bool { steps++; return false }, ticks, func() {})
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

// TestTheUIGoroutineHasTimeForOthers: a step whose frame takes long is followed by
// the next one only when twice as long has passed once more, and no ticks make it
// come sooner.
func TestTheUIGoroutineHasTimeForOthers(t *testing.T) {
	for _, x := range []struct{ paints, rests time.Duration }{
		{15 * time.Millisecond, 30 * time.Millisecond},
		{80 * time.Millisecond, 160 * time.Millisecond},
		{400 * time.Millisecond, 100 * time.Millisecond},
		{900 * time.Millisecond, 0}, // a window that follows at all
	} {
		queue := make(chan func(), 100)
		l := newLoop(func(f func()) { queue <- f })
		clock := time.Unix(0, 0)
		l.now = func() time.Time { return clock }
		type timer struct {
			d time.Duration
			c chan time.Time
		}
		timers := make(chan timer)
		l.after = func(d time.Duration) <-chan time.Time {
			c := make(chan time.Time)
			timers <- timer{d, c}
			return c
		}
		ticks, steps := make(chan time.Time), 0
		l.start(func() bool { steps++; return true }, ticks, func() {})
		ticks <- clock
		(<-queue)() // the step
		paint := <-timers
		paint.c <- clock
		seen := <-queue
		clock = clock.Add(x.paints)
		seen()
		pause := <-timers
		for range 5 {
			ticks <- clock
		}
		if len(queue) != 0 || pause.d != x.rests || paint.d != frame {
			t.Errorf("painted for %v: %d steps are queued, the next waits for %v and not %v", x.paints, len(queue), pause.d, x.rests)
		}
		pause.c <- clock
		ticks <- clock
		(<-queue)()
		if steps != 2 {
			t.Errorf("%d steps ran", steps)
		}
		<-timers
		l.stop()
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
