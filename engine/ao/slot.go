package ao

import (
	"time"

	"patchbay/patchdev"
)

// Slot is everything that is known of one computed slot of a process.
type Slot struct {
	Process string
	Number  int64
	Message Message
	Result  Result
	// Root is the state tree after the slot: what the process has patched. A slot
	// that ended in an error has the root of the slot before.
	Root *patchdev.Table
	// Changes are what the slot changed in the tree, Warnings what a real node
	// would answer differently.
	Changes  []patchdev.Change
	Warnings []patchdev.Warning
	// Rest is the outbox without its patches, under its original keys.
	Rest []OutboxEntry
	// Failure says why a real node would fail the slot when it applies the outbox,
	// "" normally; the root is that of the slot before then.
	Failure string
	// Delivered tells for each of Result.Messages and Result.Spawns where it went.
	Delivered []Delivery
	// At is when the slot was computed here (not part of the digest).
	At time.Time
}

// Delivery says what became of one outbox message.
type Delivery struct {
	ID     string
	Target string
	// Process and Slot are set when a local process took it.
	Process string
	Slot    int64
	// Note says what else happened: "patch", "outside" (unknown target, kept),
	// "not delivered: depth limit", …
	Note string
}

// ProcessInfo describes a process without its state.
type ProcessInfo struct {
	ID    string `json:"process"`
	Name  string `json:"name"`
	Owner string `json:"owner"`
	// Script is the path of the script in its project, or "" when it came as source.
	Script string `json:"script"`
	Tags   []Tag  `json:"-"`
	// Slot is the last scheduled slot, Computed the last one with a root (-1: none).
	Slot     int64 `json:"slot"`
	Computed int64 `json:"-"`
	// Flavour is "aos" or "lua@5.3a".
	Flavour string    `json:"-"`
	Created time.Time `json:"-"`
	// Branch names the active branch ("main" at first).
	Branch string `json:"-"`
}
