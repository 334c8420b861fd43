package ui

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// tick is how often the window looks what the engine did: often enough to look
// immediate, seldom enough that a thousand messages a second cost fifteen frames.
const tick = 66 * time.Millisecond

// A step that changed what is shown is followed by a painted frame, which on a
// machine without a graphics card takes the UI goroutine longer than a tick. Then
// the next step waits until share times as long has passed, so that what the user
// types finds the UI goroutine free, but no longer than rest.
const (
	share = 3
	rest  = 500 * time.Millisecond
	// frame is how long after a step its frame is being painted for sure: Fyne looks
	// sixty times a second whether something is to be painted.
	frame = 20 * time.Millisecond
)

// loop is the one place from which anything reaches the UI goroutine: what was
// asked in the background comes back through it, and its one ticker lets the
// window take over what the engine told meanwhile. At most one step is ever
// queued, because Fyne's queue is unbounded and a slow frame would fill it.
type loop struct {
	do     func(func())
	now    func() time.Time
	after  func(time.Duration) <-chan time.Time
	wg     sync.WaitGroup
	queued atomic.Bool
	ctx    context.Context
	cancel context.CancelFunc

	working atomic.Int32
	mu      sync.Mutex
	cond    sync.Cond
	ended   int
}

func newLoop(do func(func())) *loop {
	ctx, cancel := context.WithCancel(context.Background())
	l := &loop{do: do, now: time.Now, after: time.After, ctx: ctx, cancel: cancel}
	l.cond.L = &l.mu
	return l
}

// start begins to run step on the UI goroutine, at every value of ticks for which
// there is time; step says whether it changed what is shown. stopped is called at
// the end.
func (l *loop) start(step func() bool, ticks <-chan time.Time, stopped func()) {
	l.wg.Add(1)
	// Of each there is at most one until queued is false again: nobody waits to send.
	changed, painted := make(chan time.Time, 1), make(chan time.Time, 1)
	run := func() {
		began := l.now()
		switch {
		case l.ctx.Err() != nil:
		case step():
			changed <- began
		default:
			l.queued.Store(false)
		}
	}
	go func() {
		defer l.wg.Done()
		defer stopped()
		var began time.Time
		var painting, resting <-chan time.Time
		for {
			select {
			case <-l.ctx.Done():
				return
			case <-ticks:
				if !l.queued.Swap(true) {
					l.do(run)
				}
			case began = <-changed:
				painting = l.after(frame)
			case <-painting:
				painting = nil
				l.do(func() { painted <- l.now() }) // comes when the frame is painted
			case end := <-painted:
				took := end.Sub(began)
				resting = l.after(min(share*took, max(rest, took)) - took)
			case <-resting:
				resting = nil
				l.queued.Store(false)
			}
		}
	}()
}

// async runs work on a goroutine of its own, then then on the UI goroutine,
// unless the window closed meanwhile.
func (l *loop) async(work, then func()) {
	if l.ctx.Err() != nil {
		return
	}
	l.wg.Add(1)
	l.working.Add(1)
	go func() {
		defer l.wg.Done()
		defer l.end()
		work()
		if l.ctx.Err() != nil || then == nil {
			return
		}
		l.do(func() {
			if l.ctx.Err() == nil {
				then()
			}
		})
	}()
}

// end counts a piece of work that is over.
func (l *loop) end() {
	l.mu.Lock()
	l.working.Add(-1)
	l.ended++
	l.cond.Broadcast()
	l.mu.Unlock()
}

// stop cancels what runs and waits for it. UI goroutine; work never waits for it.
func (l *loop) stop() {
	l.cancel()
	l.wg.Wait()
}

// Working is how many pieces of work run in the background, for tests.
func (w *Window) Working() int { return int(w.loop.working.Load()) }

// Await waits until a piece of work ends, for tests. It must not be called when
// none runs.
func (w *Window) Await() { w.loop.await() }

func (l *loop) await() {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.ended
	for l.working.Load() > 0 && l.ended == n {
		l.cond.Wait()
	}
}
