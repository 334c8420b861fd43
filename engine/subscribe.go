package engine

import "patchbay/engine/ao"

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
type Subscription struct{}

// Subscribe begins to collect events. The caller must Close the subscription.
func (e *Engine) Subscribe(o SubscribeOptions) *Subscription { return nil }

// C receives a value when there is something to drain. Several events make one
// value.
func (s *Subscription) C() <-chan struct{} { return nil }

// Drain takes all events collected so far, oldest first.
func (s *Subscription) Drain() []ao.Event { return nil }

// Close ends the subscription. C is not closed.
func (s *Subscription) Close() {}
