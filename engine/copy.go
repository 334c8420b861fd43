package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// Copy makes another process, with an id and a name of its own, whose schedule is
// that of pid up to and including a computed slot. It returns when the schedule is
// durable; the slots are computed afterwards, and deliver nothing to other
// processes while they are, because the original did so already.
//
// The copy is a process that lived through the same messages, with the same ids,
// so that what a script draws from them comes out the same. Only the id of the
// process itself is another: where a message has it as target, as sender or as the
// whole value of a tag, the copy's has the copy's. Data stays as it is.
func (e *Engine) Copy(ctx context.Context, pid, name string, slot int64) (ao.ProcessInfo, error) {
	p, err := e.process(pid)
	if err != nil {
		return ao.ProcessInfo{}, err
	}
	if err := e.writable(); err != nil {
		return ao.ProcessInfo{}, err
	}
	branch, _, err := p.computed(slot)
	if err != nil {
		return ao.ProcessInfo{}, err
	}
	// What became of each slot has to be in the journal before it can be read there.
	if err := p.await(ctx, func() bool { return p.written(slot) }); err != nil {
		return ao.ProcessInfo{}, err
	}
	entries, err := e.scheduled(ctx, branch, slot)
	if err != nil {
		return ao.ProcessInfo{}, fmt.Errorf("copy process %s: %w", pid, err)
	}
	var made string
	err = e.j.Do(ctx, func(tx *journal.Tx) error {
		id := e.copyID(pid, name, slot)
		made = id
		in := newImporter(e, tx)
		tx.After(in.begin)
		return in.process(p.copyOf(id, name, slices.Clone(entries)))
	})
	if errors.Is(err, journal.ErrDuplicate) {
		err = fmt.Errorf("%w (%w)", ErrNameTaken, err)
	}
	if err != nil {
		return ao.ProcessInfo{}, fmt.Errorf("copy process %s: %w", pid, e.translate(err))
	}
	e.mu.RLock()
	q := e.byID[made]
	e.mu.RUnlock()
	return q.describe(), nil
}

// copyID is an id that no process has: the same copy made again is another process.
func (e *Engine) copyID(pid, name string, slot int64) string {
	e.mu.RLock()
	defer e.mu.RUnlock()
	for n := int64(0); ; n++ {
		id := ao.ID("process copy", pid, name, strconv.FormatInt(slot, 10), strconv.FormatInt(n, 10))
		if e.byID[id] == nil {
			return id
		}
	}
}

// scheduled reads the messages of a branch up to a slot, with those outcomes that a
// replay takes over instead of computing.
func (e *Engine) scheduled(ctx context.Context, branch, slot int64) ([]journal.Entry, error) {
	var all []journal.Entry
	for at := int64(0); at <= slot; {
		to := min(at+chunk-1, slot)
		entries, err := e.j.Entries(ctx, branch, at, to)
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			return nil, fmt.Errorf("slot %d: %w", at, ErrNoSlot)
		}
		done, err := e.j.Digests(ctx, branch, at, to)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			if i < len(done) && entries[i].Outcome == journal.Computed && outcomeNames[done[i].Outcome] != "" {
				entries[i].Outcome = done[i].Outcome
			}
		}
		all = append(all, entries...)
		at += int64(len(entries))
	}
	return all, nil
}

// copyOf is the process as another one: its own id becomes the other's wherever a
// message of the schedule has it.
func (p *process) copyOf(id, name string, entries []journal.Entry) *exportedProcess {
	row := p.describe()
	other := func(s string) string {
		if s == p.id {
			return id
		}
		return s
	}
	retag := func(tags []ao.Tag, first bool) []ao.Tag {
		out := slices.Clone(tags)
		for i := range out {
			if out[i].Value = other(out[i].Value); first && out[i].Name == "Name" && out[i].Value == row.Name {
				out[i].Value = name // as the spawn had made it of the name
			}
		}
		return out
	}
	for i := range entries {
		m := &entries[i].Message
		m.ID, m.From, m.Owner, m.Target = other(m.ID), other(m.From), other(m.Owner), other(m.Target)
		m.ForwardedBy, m.Anchor, m.Root = other(m.ForwardedBy), other(m.Anchor), other(m.Root)
		m.Tags = retag(m.Tags, i == 0)
		if m.Fields != nil {
			m.Fields = slices.Clone(m.Fields)
			for k, f := range m.Fields {
				if s, ok := f.Value.(patchdev.String); ok {
					m.Fields[k].Value = patchdev.String(other(string(s)))
				}
			}
		}
		entries[i].Derived = true // it was looked for when the original got it
	}
	now := p.e.o.Clock()
	return &exportedProcess{
		line: processLine{
			ID: id, Name: text8(name), Owner: text8(other(row.Owner)), Script: text8(row.Script), Flavour: p.flavour,
			Module: text8(p.env.ModuleID), Tags: tagLines(retag(p.env.Tags, true)),
		},
		created: now,
		branches: []*exportedBranch{{
			line: branchLine{Name: "main", Quiet: int64(len(entries)) - 1}, created: now, entries: entries, next: int64(len(entries)),
		}},
	}
}
