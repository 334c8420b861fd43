package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// Difference is one slot whose outcome is another than the recorded one.
type Difference struct {
	Slot     int64
	Old, New *ao.Slot
}

// maxDifferences is how many differences a Comparison holds.
const maxDifferences = 100

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
func (c Comparison) String() string {
	if c.Results == 0 && len(c.Keys) == 0 {
		return fmt.Sprintf("all %d results are the same", c.Slots)
	}
	verb, keys := "differ", "keys of the final state differ"
	if c.Results == 1 {
		verb = "differs"
	}
	if len(c.Keys) == 1 {
		keys = "key of the final state differs"
	}
	s := fmt.Sprintf("%d of %d results %s", c.Results, c.Slots, verb)
	if c.First >= 0 {
		s += fmt.Sprintf(", first at %d", c.First)
	}
	return s + fmt.Sprintf("; %d %s", len(c.Keys), keys)
}

// compare counts a slot in a comparison.
func (c *Comparison) compare(ctx context.Context, p *process, o *outcomeOf) {
	c.Slots++
	if o.same() {
		return
	}
	c.Results++
	if c.First < 0 {
		c.First = o.entry.Slot
	}
	if len(c.Differences) < maxDifferences {
		old, err := p.e.Slot(ctx, p.id, o.entry.Slot)
		if err != nil {
			old = nil
		}
		c.Differences = append(c.Differences, Difference{o.entry.Slot, old, o.slot})
	}
}

// instead finds the messages that load the process's script, and replaces the
// first by the new text; the others do nothing (DESIGN S2).
func (p *process) instead(ctx context.Context, branch int64, source string) (map[int64]journal.Entry, int64, error) {
	loads, err := p.e.j.Loads(ctx, branch)
	if err != nil {
		return nil, 0, err
	}
	script, first := p.script(), int64(-1)
	out := map[int64]journal.Entry{}
	for _, e := range loads {
		if e.Script != script {
			continue
		}
		if first < 0 {
			first = e.Slot
			e.Message.Data = patchdev.String(source)
			e.Outcome = journal.Computed
		} else {
			e.Outcome = journal.Skipped
		}
		out[e.Slot] = e
	}
	if first < 0 {
		return nil, 0, fmt.Errorf("process %s: %w: no slot loads its script yet: use Run", p.id, ErrBadMessage)
	}
	return out, first, nil
}

// Shadow runs the whole schedule against a new text of the script beside the
// process, which is not disturbed, and compares. Cancel ctx to break it off.
func (e *Engine) Shadow(ctx context.Context, pid, source string) (Comparison, error) {
	c := Comparison{First: -1}
	p, err := e.process(pid)
	if err != nil {
		return c, err
	}
	ctx, cancel := e.bound(ctx)
	defer cancel()
	r, err := p.rerunOf(ctx, rootsWhereDifferent)
	if err != nil {
		return c, err
	}
	defer r.close()
	if r.instead, _, err = p.instead(ctx, r.branch, source); err != nil {
		return c, err
	}
	if err := r.run(ctx, func(o *outcomeOf) error {
		c.compare(ctx, p, o)
		return nil
	}); err != nil {
		return c, err
	}
	old, err := e.rootAt(ctx, r.v, r.branch, r.last)
	if err != nil {
		return c, err
	}
	c.Keys = patchdev.Diff(old, r.end(old))
	return c, nil
}

// bound makes a context that ends with the engine too.
func (e *Engine) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(e.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// Coverage runs a slot again, instrumented, and returns how often each line of
// the script ran.
func (e *Engine) Coverage(ctx context.Context, pid string, slot int64) (map[int]int, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	if _, _, err := p.computed(slot); err != nil {
		return nil, err
	}
	ctx, cancel := e.bound(ctx)
	defer cancel()
	r, err := p.rerunOf(ctx, rootsOfNone)
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.last = slot - 1
	if err := r.run(ctx, func(*outcomeOf) error { return nil }); err != nil {
		return nil, err
	}
	list, err := e.j.Entries(ctx, r.branch, slot, slot)
	if err != nil || len(list) == 0 {
		return nil, errors.Join(err, fmt.Errorf("process %s, slot %d: %w", pid, slot, ErrNoSlot))
	}
	if r.vm == nil {
		if slot == 0 {
			r.entry0 = list[0]
		}
		if r.vm, err = p.machine(moduleText(r.entry0)); err != nil {
			return nil, err
		}
	}
	return cover(ctx, r.vm, message(p.flavour, list[0]), slot)
}

func cover(ctx context.Context, vm ao.VM, m *ao.Message, slot int64) (lines map[int]int, err error) {
	defer func() {
		if p := recover(); p != nil {
			lines, err = nil, fmt.Errorf("%w: %v", errVM, p)
		}
	}()
	return vm.Coverage(ctx, m, slot)
}

// ScriptVersion is a text that a process loaded: at its spawn, by Run or Replay.
type ScriptVersion struct {
	Slot int64
	// Script is the path in the project, "" when the text came without one.
	Script string
	Source string
	// At is the time of the message that loaded it.
	At time.Time
	// Skipped: a Replay put a later text in place of an earlier one, so that this
	// was not loaded any more.
	Skipped bool
}

// Scripts lists the texts that the active branch of a process loaded, oldest first.
func (e *Engine) Scripts(ctx context.Context, pid string) ([]ScriptVersion, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	loads, err := e.j.Loads(ctx, p.active.Load())
	if err != nil {
		return nil, err
	}
	var out []ScriptVersion
	for _, l := range loads {
		v := ScriptVersion{Slot: l.Slot, Script: l.Script, At: time.UnixMilli(l.Message.Timestamp), Skipped: l.Outcome == journal.Skipped}
		if v.Script == textScript {
			v.Script = ""
		}
		if s, ok := l.Message.Data.(patchdev.String); ok {
			v.Source = string(s)
		}
		out = append(out, v)
	}
	return out, nil
}
