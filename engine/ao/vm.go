package ao

import "context"

// Env is what a process is: its own message and its module (process.json of
// the recordings).
type Env struct {
	ID, Owner string
	Tags      []Tag
	ModuleID  string
	// ModuleTags are the tags of the module, normally none.
	ModuleTags []Tag
	// Source is the module's text for a raw `lua@5.3a` process, whose module is
	// the script itself; empty for aos.
	Source string
}

// Limits bound one evaluation. Zero means the default (spec lua53 §5), below
// zero no limit.
type Limits struct {
	// Gas is counted in VM instructions.
	Gas int64
	// Alloc is bytes allocated by one evaluation, Heap net bytes of tables of the
	// process, Object the largest single string.
	Alloc, Heap, Object int64
	// Output is how many printed bytes of an evaluation are kept.
	Output int64
}

// VM runs the script of one process. It is the seam between the engine and
// whatever evaluates: engine/aos and engine/rawlua implement it.
//
// One goroutine at a time may use a VM; only Interrupt may be called from any.
type VM interface {
	// Evaluate runs one message to its end and returns what it produced. An error
	// of the script is in Result.Error and its state is rolled back (unless the
	// VM was made without roll-back); the returned error is for what is not the
	// script's: a cancelled context (the evaluation is rolled back) or a broken VM.
	Evaluate(ctx context.Context, m *Message, slot int64) (*Result, error)
	// DryRun is Evaluate with the state always rolled back.
	DryRun(ctx context.Context, m *Message, slot int64) (*Result, error)
	// Coverage re-runs a message instrumented, state rolled back, and returns how
	// often each line of chunk ran.
	Coverage(ctx context.Context, m *Message, slot int64) (map[int]int, error)
	// Close disposes of the Lua state and stops its coroutines.
	Close()
}

// NewVM makes the VM of a process. It is how the engine is given its flavours.
type NewVM func(env Env, limits Limits) (VM, error)
