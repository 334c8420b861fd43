package engine

import (
	"context"
	"errors"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// computed checks that a slot of the active branch is computed, and returns the
// branch and the view to read it with.
func (p *process) computed(n int64) (branch int64, v *view, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if head := p.head.Load().slot; n < 0 || n > head {
		return 0, nil, fmt.Errorf("process %s, slot %d: %w: it has the computed slots 0 to %d", p.id, n, ErrNoSlot, head)
	}
	return p.shown, p.view.Load(), nil
}

func (p *process) remembered(n int64) (*ao.Slot, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.window.get(n)
}

// Slot returns a computed slot of the active branch.
func (e *Engine) Slot(ctx context.Context, pid string, n int64) (*ao.Slot, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	if s, ok := p.remembered(n); ok {
		return s, nil
	}
	list, err := e.load(ctx, p, n, n)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// Slots returns the computed slots from..to (both included) as far as they exist.
func (e *Engine) Slots(ctx context.Context, pid string, from, to int64) ([]*ao.Slot, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	from, to = max(from, 0), min(to, p.head.Load().slot)
	if from > to {
		return nil, nil
	}
	p.mu.Lock()
	first := p.window.first
	var fresh []*ao.Slot
	for n := max(from, first); n <= to; n++ {
		if s, ok := p.window.get(n); ok {
			fresh = append(fresh, s)
		}
	}
	p.mu.Unlock()
	if from >= first {
		return fresh, nil
	}
	out, err := e.load(ctx, p, from, min(to, first-1))
	if err != nil {
		return nil, err
	}
	return append(out, fresh...), nil
}

// load reads computed slots from the journal, all of from..to.
func (e *Engine) load(ctx context.Context, p *process, from, to int64) ([]*ao.Slot, error) {
	branch, v, err := p.computed(to)
	if err != nil {
		return nil, err
	}
	return e.loadBranch(ctx, p, v, branch, from, to)
}

func (e *Engine) loadBranch(ctx context.Context, p *process, v *view, branch, from, to int64) ([]*ao.Slot, error) {
	root, err := e.rootAt(ctx, v, branch, from-1)
	if err != nil {
		return nil, fmt.Errorf("process %s: %w", p.id, err)
	}
	out := make([]*ao.Slot, 0, to-from+1)
	for n := from; n <= to; {
		end := min(to, n+chunk-1)
		entries, err := e.j.Entries(ctx, branch, n, end)
		if err != nil {
			return nil, err
		}
		stored, err := e.j.Results(ctx, v.num, branch, n, end)
		if err != nil {
			return nil, err
		}
		if len(stored) == 0 || len(entries) < len(stored) {
			return nil, fmt.Errorf("process %s, slot %d: %w", p.id, n, ErrNoSlot)
		}
		for i, st := range stored {
			if st.Fold.Changes, err = journal.ParseChanges(st.Fold.Encoded, root); err != nil {
				return nil, fmt.Errorf("process %s, changes of slot %d: %w", p.id, st.Slot, err)
			}
			root = journal.ApplyChanges(root, st.Fold.Changes)
			s, err := e.unpack(ctx, p, v, branch, entries[i], st, root)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		n += int64(len(stored))
	}
	return out, nil
}

// unpack makes a slot of its rows.
func (e *Engine) unpack(ctx context.Context, p *process, v *view, branch int64, en journal.Entry, st journal.Stored, root *patchdev.Table) (*ao.Slot, error) {
	base := root
	if st.View != v.num {
		// Its tables refer to the root that another profile made.
		var err error
		if base, err = e.rootAt(ctx, &view{num: st.View}, branch, st.Slot); err != nil {
			return nil, err
		}
	}
	res, err := journal.ParseResult(st.Result, p.base(base))
	if err != nil {
		return nil, fmt.Errorf("process %s, result of slot %d: %w", p.id, st.Slot, err)
	}
	s := &ao.Slot{
		Process: p.id, Number: st.Slot, Message: en.Message, Result: res, Root: root,
		Changes: st.Fold.Changes, Warnings: st.Fold.Warnings, Failure: st.Fold.Failure,
		Delivered: st.Delivered, At: st.At,
	}
	for _, i := range st.Fold.Rest {
		if i < len(res.Outbox) {
			s.Rest = append(s.Rest, res.Outbox[i])
		}
	}
	return s, nil
}

// Root returns the root after a computed slot; slot -1 has the empty root.
func (e *Engine) Root(ctx context.Context, pid string, n int64) (*patchdev.Table, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	if s, ok := p.remembered(n); ok {
		return s.Root, nil
	}
	if n == -1 {
		return patchdev.EmptyTable(), nil
	}
	if h := p.head.Load(); h.slot == n {
		return h.root, nil
	}
	branch, v, err := p.computed(n)
	if err != nil {
		return nil, err
	}
	r, err := e.rootAt(ctx, v, branch, n)
	if err != nil {
		return nil, fmt.Errorf("process %s: %w", pid, err)
	}
	return r, nil
}

// Diff lists where the roots after two slots differ.
func (e *Engine) Diff(ctx context.Context, pid string, a, b int64) ([]patchdev.Change, error) {
	ra, err := e.Root(ctx, pid, a)
	if err != nil {
		return nil, err
	}
	rb, err := e.Root(ctx, pid, b)
	if err != nil {
		return nil, err
	}
	return patchdev.Diff(ra, rb), nil
}

// Schedule returns the scheduled messages from..to (both included), computed or
// not; the i-th has slot from+i.
func (e *Engine) Schedule(ctx context.Context, pid string, from, to int64) ([]ao.Message, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	branch, m, found := p.scheduledMessage(to)
	if found && from == to {
		return []ao.Message{m}, nil
	}
	list, err := e.j.Entries(ctx, branch, max(from, 0), to)
	if err != nil {
		return nil, err
	}
	out := make([]ao.Message, len(list))
	for i, x := range list {
		out[i] = x.Message
	}
	return out, nil
}

// scheduledMessage is the branch shown and, if it is still in memory, the message of a
// slot of it: whoever sends one asks for it at once.
func (p *process) scheduledMessage(n int64) (branch int64, m ao.Message, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s, ok := p.window.get(n); ok {
		return p.branch, s.Message, true
	}
	e, ok := p.pending.get(n)
	return p.branch, e.Message, ok
}

// Message finds a scheduled message by its id, and the process and slot at which
// it was scheduled first.
func (e *Engine) Message(ctx context.Context, id string) (m ao.Message, pid string, slot int64, err error) {
	en, err := e.j.Find(ctx, id)
	if errors.Is(err, journal.ErrNotFound) {
		return m, "", -1, fmt.Errorf("message %s: %w", id, ErrNoSlot)
	}
	if err != nil {
		return m, "", -1, err
	}
	b, _ := e.j.Branch(en.Branch)
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, p := range e.order {
		if p.num == b.Process {
			return en.Message, p.id, en.Slot, nil
		}
	}
	return en.Message, "", en.Slot, nil
}

// PathValue is the value that a path has from a slot on.
type PathValue struct {
	Slot int64
	// Value is nil from the slot on at which the path went away.
	Value patchdev.Value
}

// PathHistory returns the slots from..to at which the value at a path changed,
// in order, without walking every root. The first is the value at from. Slots
// that are computed but not written yet are waited for.
func (e *Engine) PathHistory(ctx context.Context, pid string, path []string, from, to int64) ([]PathValue, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	from, to = max(from, 0), min(to, p.head.Load().slot)
	if from > to {
		return nil, nil
	}
	if !e.isReadOnly() {
		if err := p.await(ctx, func() bool { return p.written(to) }); err != nil {
			return nil, err
		}
	}
	branch, v, err := p.computed(to)
	if err != nil {
		return nil, err
	}
	first, err := e.Root(ctx, pid, from)
	if err != nil {
		return nil, err
	}
	out := []PathValue{{from, valueAt(first, path)}}
	list, err := e.j.PathChanges(ctx, v.num, branch, path, true, from+1, to)
	if err != nil {
		return nil, err
	}
	for i, c := range list {
		if i+1 < len(list) && list[i+1].Slot == c.Slot {
			continue // the last change of a slot decides
		}
		value := c.Value
		switch {
		case c.Big || c.Depth != len(path) || i > 0 && list[i-1].Slot == c.Slot:
			root, err := e.Root(ctx, pid, c.Slot)
			if err != nil {
				return nil, err
			}
			value = valueAt(root, path)
		}
		if last := out[len(out)-1]; !patchdev.Equal(last.Value, value) {
			out = append(out, PathValue{c.Slot, value})
		}
	}
	return out, nil
}

// valueAt follows keys as they are stored.
func valueAt(root *patchdev.Table, path []string) patchdev.Value {
	var v patchdev.Value = root
	for _, k := range path {
		t, ok := v.(*patchdev.Table)
		if !ok {
			return nil
		}
		if v, ok = t.Get(k); !ok {
			return nil
		}
	}
	return v
}
