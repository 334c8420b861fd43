package ao

import (
	"time"

	"patchbay/patchdev"
)

// OutTag is a tag of an outbox message. The name is a string or, for a
// positional key, a number; the value keeps its Lua type and is nil where Lua
// held a function (spec aos-runtime §5).
type OutTag struct {
	Name  patchdev.Value
	Value patchdev.Value
}

// OutMessage is a message, spawn or assignment in the outbox of an aos
// evaluation.
type OutMessage struct {
	// Target is a string for a deliverable message; scripts may leave any value or nil.
	Target patchdev.Value
	Data   patchdev.Value
	Anchor string
	Tags   []OutTag
	// Line is the line of the Send in the script's text, 0 when not known.
	Line int
	// ID is derived from (process, branch, slot, index, content) by the engine, which
	// alone knows them all: DESIGN S1.
	ID string
}

// Tag returns the value of the last tag with this name as a string, or "".
func (m *OutMessage) Tag(name string) string {
	for i := len(m.Tags) - 1; i >= 0; i-- {
		if n, ok := m.Tags[i].Name.(patchdev.String); ok && string(n) == name {
			if v, ok := m.Tags[i].Value.(patchdev.String); ok {
				return string(v)
			}
			return ""
		}
	}
	return ""
}

// OutboxEntry is one message of `results/outbox` as the patch device sees it.
type OutboxEntry = patchdev.Entry

// Result is what one evaluation produced.
type Result struct {
	// Output is {data, prompt, print|test} for aos, or results.output of a raw process.
	Output patchdev.Value
	// Text is the printed output as text, ANSI colours included: what a person reads.
	Text        string
	Messages    []OutMessage
	Spawns      []OutMessage
	Assignments []patchdev.Value
	// Outbox is the same messages in the form in which patch@1.0 folds them.
	Outbox []OutboxEntry
	// Results is the whole `results` table of a raw process, nil for aos.
	Results *patchdev.Table
	// State are the root keys in which the state that a raw process's compute left
	// in base differs from the one that it was given, before the patches: whole
	// values, nil for keys that went away.
	State []patchdev.Member
	// Lints are traps that the evaluation itself met; those of its patches are found
	// when they are applied.
	Lints []patchdev.Warning

	// Error is the text of a failed evaluation; its state was thrown away
	// unless roll-back is off. Thrown says that handle itself threw (ok=false).
	Error  string
	Thrown bool
	// ErrorAt is the place in the script that the error names, if it names one.
	ErrorAt Place
	// Limit names the budget that ended the evaluation ("gas", "memory", …), or "".
	Limit string
	// Truncated counts the bytes of output that were cut off (print cap).
	Truncated int64

	// GasUsed is deterministic; Duration and Trace are not part of the digest (S6).
	GasUsed  int64
	Duration time.Duration
	Trace    []HandlerTrace
}

// Failed says whether the evaluation ended in an error.
func (r *Result) Failed() bool { return r.Error != "" || r.Thrown }

// Place is a line and column in a script, both from 1; 0 means not known.
type Place struct {
	Chunk     string
	Line, Col int
}

// HandlerTrace is one step of the walk over the handlers: why a handler did or
// did not run.
type HandlerTrace struct {
	Name    string
	Pattern string
	// Outcome is one of "ran", "ran, continued", "skipped", "default", "failed", "yielded".
	Outcome string
	// Why says why a handler was skipped: which key did not match, what its pattern gave.
	Why      string
	Line     int
	Duration time.Duration
	Gas      int64
}
