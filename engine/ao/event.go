package ao

// EventKind says what happened.
type EventKind uint8

// The kinds of events.
const (
	// SlotScheduled: a message is durable and has a slot. Event.Slot.
	SlotScheduled EventKind = iota + 1
	// SlotComputed: a slot has a result and a root. Event.Slot, Event.Computed.
	SlotComputed
	// ProcessAdded, ProcessRemoved: the list of processes changed.
	ProcessAdded
	ProcessRemoved
	// ScriptReloaded: Run, Replay or Reset put another script in place.
	ScriptReloaded
	// ReplayProgress: reopening or replaying; Event.Slot of Event.Total.
	ReplayProgress
	// Busy, Idle: a process began to compute, or has nothing left to do.
	Busy
	Idle
	// Fault: something of the machine failed (journal, disk); Event.Text.
	Fault
	// Lost: events were dropped because the subscriber did not keep up; read
	// the state again.
	Lost
	// SlotDelivered: what a computed slot sent to local processes is scheduled there.
	// Event.Slot, Event.Computed (with Delivered complete).
	SlotDelivered
	// StormEnded: messages that a computed slot sent were not delivered, because too
	// many followed from one message, or too long a chain. Event.Slot, Event.Text.
	StormEnded
)

// Event is one thing that happened in the engine. Kinds use the fields that
// their comment names.
type Event struct {
	Kind    EventKind
	Process string
	Slot    int64
	Total   int64
	Text    string
	// Computed is the slot of a SlotComputed event. Shared and immutable.
	Computed *Slot
}
