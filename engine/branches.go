package engine

import (
	"context"
	"io"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Difference is one slot whose outcome is another than the recorded one.
type Difference struct {
	Slot     int64
	Old, New *ao.Slot
}

// Comparison says how a replay differs from what is recorded: "3 of 128 results
// differ, first at 57; 2 keys of the final cache differ".
type Comparison struct {
	// Slots is how many slots were compared, Results how many results differ.
	Slots, Results int64
	// First is the first slot that differs, -1 when none does.
	First int64
	// Differences are the first slots that differ, at most 100.
	Differences []Difference
	// Keys are the places at which the last roots differ.
	Keys []patchdev.Change
}

// String is the comparison in one sentence.
func (c Comparison) String() string { return "" }

// Shadow runs the whole schedule against a new text of the script beside the
// process, which is not disturbed, and compares. Cancel ctx to break it off.
func (e *Engine) Shadow(ctx context.Context, pid, source string) (Comparison, error) {
	return Comparison{}, errNotYet
}

// Branch is one line of history of a process.
type Branch struct {
	Name string
	// Parent is the branch from which this one was made after the slot Fork; "" for the first.
	Parent string
	Fork   int64
	// Slot is the last scheduled slot.
	Slot    int64
	Active  bool
	Created time.Time
}

// Branches lists the branches of a process, oldest first.
func (e *Engine) Branches(ctx context.Context, pid string) ([]Branch, error) { return nil, errNotYet }

// Fork makes a branch that shares the history up to a slot, and makes it the
// active one. An empty name is chosen by the engine.
func (e *Engine) Fork(ctx context.Context, pid string, slot int64, name string) (Branch, error) {
	return Branch{}, errNotYet
}

// Checkout makes a branch the active one.
func (e *Engine) Checkout(ctx context.Context, pid, branch string) error { return errNotYet }

// Snapshot is the state of all processes under a name.
type Snapshot struct {
	Name    string
	Created time.Time
	// Slots are the slots by process id.
	Slots map[string]int64
}

// Snapshot remembers where every process is under a name.
func (e *Engine) Snapshot(ctx context.Context, name string) (Snapshot, error) {
	return Snapshot{}, errNotYet
}

// Snapshots lists the snapshots, oldest first.
func (e *Engine) Snapshots(ctx context.Context) ([]Snapshot, error) { return nil, errNotYet }

// Restore puts every process of a snapshot back to where it was, on a new branch
// where needed. Undo takes it back.
func (e *Engine) Restore(ctx context.Context, name string) error { return errNotYet }

// Undo takes back the newest operation that changed what is active (Fork,
// Checkout, Replay, Reset, Restore, Remove, Rename) and says what it was.
func (e *Engine) Undo(ctx context.Context) (string, error) { return "", errNotYet }

// Export writes the project's state as JSON lines: processes, scripts and
// messages in schedule order, readable and diffable.
func (e *Engine) Export(ctx context.Context, w io.Writer) error { return errNotYet }

// Import reads what Export wrote into the engine. Processes that exist already
// are refused, and then nothing is imported.
func (e *Engine) Import(ctx context.Context, r io.Reader) error { return errNotYet }
