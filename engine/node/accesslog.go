package node

import (
	"sync"
	"time"
)

// accessLog is the queue between answers and whoever watches them. Answers only
// append; the watcher is woken once for many lines, for waking it for each would
// cost as much as an answer.
type accessLog struct {
	mu      sync.Mutex
	lines   []Access
	dropped int64
	wake    chan struct{}
}

// maxLines is how many lines wait for a watcher that is slow, and gather how
// long lines are gathered before it is told.
const (
	maxLines = 4096
	gather   = 20 * time.Millisecond
)

func newAccessLog() *accessLog { return &accessLog{wake: make(chan struct{}, 1)} }

func (l *accessLog) add(a *Access) {
	l.mu.Lock()
	if len(l.lines) >= maxLines {
		l.dropped++
		l.mu.Unlock()
		return
	}
	l.lines = append(l.lines, *a)
	if old := len(l.lines) - 1 - KeptCaptures; old >= 0 { // memory is bounded, however slow the watcher
		l.lines[old].Captured = nil
	}
	first := len(l.lines) == 1
	l.mu.Unlock()
	if first {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

func (l *accessLog) take() []Access {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.lines
	l.lines = nil
	if len(lines) > 0 {
		lines[0].Dropped = l.dropped
		l.dropped = 0
	}
	return lines
}

// tell hands the lines to f until done is closed, the last ones included.
func (l *accessLog) tell(done <-chan struct{}, f func(Access)) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-l.wake:
			timer.Reset(gather)
			select {
			case <-timer.C:
			case <-done:
			}
		case <-done:
			for _, a := range l.take() {
				f(a)
			}
			return
		}
		for _, a := range l.take() {
			f(a)
		}
	}
}
