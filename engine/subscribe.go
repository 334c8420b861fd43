package engine

import (
	"slices"
	"sync"
	"sync/atomic"

	"patchbay/engine/ao"
)

// SubscribeOptions choose events.
type SubscribeOptions struct {
	// Process limits the events to one process; those of the whole engine come too.
	Process string
	// Buffer is how many events are kept until they are drained (0: 1,024). When
	// more happen, the oldest are dropped and one Lost event comes first.
	Buffer int
}

// Subscription is a queue of events that can never block the engine. C and Drain
// belong to one goroutine, Close may be called from any.
type Subscription struct {
	subs    *subscribers
	process string
	limit   int
	c       chan struct{}

	mu    sync.Mutex
	queue []ao.Event
	first int // of queue, which is a ring once it is full
	lost  bool
}

// subscribers is the list of subscriptions; a new one is made at every change,
// so that emitting takes no lock that is common to all.
type subscribers struct {
	mu   sync.Mutex
	list atomic.Pointer[[]*Subscription]
}

// Subscribe begins to collect events, first of all the faults that were found in
// what is recorded of the processes and still stand. The caller must Close the
// subscription.
func (e *Engine) Subscribe(o SubscribeOptions) *Subscription {
	s := &Subscription{subs: &e.subs, process: o.Process, limit: defaultTo(o.Buffer, 1_024), c: make(chan struct{}, 1)}
	e.subs.change(func(l []*Subscription) []*Subscription { return append(l, s) })
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, p := range e.order {
		if s.process == "" || s.process == p.id {
			p.mu.Lock()
			doubts := p.doubts
			p.mu.Unlock()
			for _, d := range doubts {
				s.pushOnce(d)
			}
		}
	}
	return s
}

// pushOnce is push of what may have been pushed meanwhile.
func (s *Subscription) pushOnce(ev ao.Event) {
	s.mu.Lock()
	known := slices.ContainsFunc(s.queue, func(o ao.Event) bool {
		return o.Kind == ev.Kind && o.Process == ev.Process && o.Text == ev.Text
	})
	s.mu.Unlock()
	if !known {
		s.push(ev)
	}
}

func (s *subscribers) change(f func([]*Subscription) []*Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*Subscription
	if l := s.list.Load(); l != nil {
		list = append(list, *l...)
	}
	list = f(list)
	s.list.Store(&list)
}

func (s *subscribers) closeAll() {
	s.change(func([]*Subscription) []*Subscription { return nil })
}

// emit gives an event to everybody who asked for it.
func (e *Engine) emit(ev ao.Event) {
	list := e.subs.list.Load()
	if list == nil {
		return
	}
	for _, s := range *list {
		if s.process == "" || ev.Process == "" || ev.Process == s.process {
			s.push(ev)
		}
	}
}

func (s *Subscription) push(ev ao.Event) {
	s.mu.Lock()
	if n := len(s.queue); n < s.limit {
		// What says the same about the same again replaces what is waiting.
		if n > 0 && ev.Kind == ao.ReplayProgress && s.queue[n-1].Kind == ev.Kind && s.queue[n-1].Process == ev.Process {
			s.queue[n-1] = ev
		} else {
			s.queue = append(s.queue, ev)
		}
	} else {
		s.queue[s.first] = ev
		s.first = (s.first + 1) % n
		s.lost = true
	}
	s.mu.Unlock()
	select {
	case s.c <- struct{}{}:
	default:
	}
}

// C receives a value when there is something to drain. Several events make one
// value.
func (s *Subscription) C() <-chan struct{} { return s.c }

// Drain takes all events collected so far, oldest first.
func (s *Subscription) Drain() []ao.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil
	}
	var out []ao.Event
	if s.lost {
		out = append(out, ao.Event{Kind: ao.Lost, Process: s.process})
	}
	out = append(out, s.queue[s.first:]...)
	out = append(out, s.queue[:s.first]...)
	s.queue, s.first, s.lost = nil, 0, false
	return out
}

// Close ends the subscription. C is not closed.
func (s *Subscription) Close() {
	s.subs.change(func(l []*Subscription) []*Subscription {
		for i, x := range l {
			if x == s {
				return append(l[:i:i], l[i+1:]...)
			}
		}
		return l
	})
}
