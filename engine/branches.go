package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

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

// place is a slot of a branch of a process, as operations and snapshots store it.
type place struct {
	Process int64 `json:"process"`
	Branch  int64 `json:"branch"`
	Slot    int64 `json:"slot,omitempty"`
}

// inverse takes an operation back.
type inverse struct {
	Active  []place          `json:"active,omitempty"`
	Removed map[int64]bool   `json:"removed,omitempty"`
	Names   map[int64]string `json:"names,omitempty"`
}

// remember writes an operation that Undo can take back.
func (e *Engine) remember(tx *journal.Tx, text string, inv inverse) error {
	b, err := json.Marshal(inv)
	if err != nil {
		return err
	}
	return tx.AddOperation(journal.Operation{At: e.o.Clock(), Text: text, Inverse: b})
}

// activate makes a branch the active one. Once that is durable the process's
// goroutine takes it over with adopt, or from the journal when adopt is nil.
func (e *Engine) activate(tx *journal.Tx, p *process, branch int64, adopt func(w *worker)) error {
	if err := tx.SetActive(p.num, branch); err != nil {
		return err
	}
	was := p.active.Swap(branch)
	tx.Undo(func() { p.active.Store(was) })
	tx.After(func() {
		b, _ := e.j.Branch(branch)
		p.switchTo(b, adopt)
	})
	return nil
}

// switchTo has the process's goroutine go over to a branch; see activate.
func (p *process) switchTo(b journal.Branch, adopt func(w *worker)) {
	p.mu.Lock()
	p.branch = b.Num
	p.row.Active = b.Num
	p.pending = entryQueue{}
	p.scheduled.Store(b.Next - 1)
	if p.stop != nil {
		p.stop(errSwitched)
	}
	// First of all jobs: the others are meant for the branch that is active now.
	n := 0
	for n < len(p.jobs) && p.jobs[n].take {
		n++
	}
	p.jobs = slices.Insert(p.jobs, n, job{after: -1, take: true, do: func(w *worker) { w.take(adopt) }})
	p.mu.Unlock()
	p.signal()
}

// take goes over to the branch that was made active.
func (w *worker) take(adopt func(w *worker)) {
	p := w.p
	w.read = nil
	clear(w.known)
	w.slots, w.bytes, w.full = 0, 0, 0
	if adopt != nil {
		adopt(w)
	} else {
		w.dispose()
		if err := p.restore(p.e.ctx); err != nil {
			w.fault("make the branch active", err)
			return
		}
		p.mu.Lock()
		p.changedLocked()
		p.mu.Unlock()
	}
	p.e.emit(ao.Event{Kind: ao.ScriptReloaded, Process: p.id, Slot: p.head.Load().slot})
}

// title names a process in sentences.
func (p *process) title() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.row.Name != "" {
		return p.row.Name
	}
	return p.id
}

// branchName finds a free name for a branch: base, "base 2", …
func (e *Engine) branchName(p *process, base string) string {
	taken := map[string]bool{}
	for _, b := range e.j.Branches(p.num) {
		taken[b.Name] = true
	}
	name := base
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s %d", base, n)
	}
	return name
}

// Branches lists the branches of a process, oldest first.
func (e *Engine) Branches(_ context.Context, pid string) ([]Branch, error) {
	p, err := e.process(pid)
	if err != nil {
		return nil, err
	}
	active := p.active.Load()
	var out []Branch
	for _, b := range e.j.Branches(p.num) {
		out = append(out, e.branch(b, active))
	}
	return out, nil
}

func (e *Engine) branch(b journal.Branch, active int64) Branch {
	parent, _ := e.j.Branch(b.Parent)
	return Branch{Name: b.Name, Parent: parent.Name, Fork: b.Fork, Slot: b.Next - 1, Active: b.Num == active, Created: b.Created}
}

// Fork makes a branch that shares the history up to a computed slot, and makes it
// the active one. An empty name is chosen by the engine.
func (e *Engine) Fork(ctx context.Context, pid string, slot int64, name string) (Branch, error) {
	return e.fork(ctx, pid, slot, name, "branch", "Fork of %s at slot %d")
}

// Reset makes a new branch with slot 0 only, active.
func (e *Engine) Reset(ctx context.Context, pid string) error { return e.ResetTo(ctx, pid, 0) }

// ResetTo makes a new branch that ends with the slot, active. The old one stays.
func (e *Engine) ResetTo(ctx context.Context, pid string, slot int64) error {
	_, err := e.fork(ctx, pid, slot, "", "reset", "Reset of %s to slot %d")
	return err
}

func (e *Engine) fork(ctx context.Context, pid string, slot int64, name, base, text string) (Branch, error) {
	p, err := e.process(pid)
	if err != nil {
		return Branch{}, err
	}
	if err := e.writable(); err != nil {
		return Branch{}, err
	}
	branch, _, err := p.computed(slot)
	if err != nil {
		return Branch{}, err
	}
	// The results up to there have to be in the journal before they can be shared.
	if err := p.await(ctx, func() bool { return p.written(slot) }); err != nil {
		return Branch{}, err
	}
	var b journal.Branch
	err = e.j.Do(ctx, func(tx *journal.Tx) (err error) {
		if name == "" {
			name = e.branchName(p, base)
		}
		if b, err = e.forkTx(tx, p, branch, slot, name); err != nil {
			return err
		}
		if err := e.remember(tx, fmt.Sprintf(text, p.title(), slot), inverse{Active: []place{{Process: p.num, Branch: p.active.Load()}}}); err != nil {
			return err
		}
		return e.activate(tx, p, b.Num, nil)
	})
	if err != nil {
		return Branch{}, fmt.Errorf("process %s: %w", pid, e.translate(err))
	}
	return e.branch(b, b.Num), p.call(ctx, -1, func(*worker) error { return nil })
}

func (e *Engine) forkTx(tx *journal.Tx, p *process, parent, slot int64, name string) (journal.Branch, error) {
	from, _ := e.j.Branch(parent)
	return tx.AddBranch(journal.Branch{
		Process: p.num, Name: name, Parent: parent, Fork: slot, Own: min(slot, from.Computed) + 1,
		Quiet: min(from.Quiet, slot), Created: e.o.Clock(),
	}, false)
}

// Checkout makes a branch the active one.
func (e *Engine) Checkout(ctx context.Context, pid, branch string) error {
	p, err := e.process(pid)
	if err != nil {
		return err
	}
	if err := e.writable(); err != nil {
		return err
	}
	for _, b := range e.j.Branches(p.num) {
		if b.Name != branch {
			continue
		}
		err := e.j.Do(ctx, func(tx *journal.Tx) error {
			if p.active.Load() == b.Num {
				return nil
			}
			if err := e.remember(tx, fmt.Sprintf("Checkout of branch %s of %s", branch, p.title()), inverse{Active: []place{{Process: p.num, Branch: p.active.Load()}}}); err != nil {
				return err
			}
			return e.activate(tx, p, b.Num, nil)
		})
		if err != nil {
			return fmt.Errorf("process %s: %w", pid, e.translate(err))
		}
		return p.call(ctx, -1, func(*worker) error { return nil })
	}
	return fmt.Errorf("process %s, branch %q: %w", pid, branch, ErrNoBranch)
}

// Undo takes back the newest operation that changed what is active (Fork,
// Checkout, Replay, Reset, Restore, Remove, Rename) and says what it was.
func (e *Engine) Undo(ctx context.Context) (string, error) {
	if err := e.writable(); err != nil {
		return "", err
	}
	var op journal.Operation
	var touched []*process
	err := e.j.Do(ctx, func(tx *journal.Tx) error {
		var err error
		if op, err = tx.LastOperation(); err != nil {
			return err
		}
		var inv inverse
		if err := json.Unmarshal(op.Inverse, &inv); err != nil {
			return fmt.Errorf("operation %q: %w", op.Text, err)
		}
		for _, pl := range inv.Active {
			p, err := e.byNum(pl.Process)
			if err != nil {
				return err
			}
			touched = append(touched, p)
			if err := e.activate(tx, p, pl.Branch, nil); err != nil {
				return err
			}
		}
		for num, removed := range inv.Removed {
			p, err := e.byNum(num)
			if err != nil {
				return err
			}
			if err := e.setRemoved(tx, p, removed); err != nil {
				return err
			}
		}
		for num, name := range inv.Names {
			p, err := e.byNum(num)
			if err != nil {
				return err
			}
			if err := e.setName(tx, p, name); err != nil {
				return err
			}
		}
		return tx.SetUndone(op.Num)
	})
	if errors.Is(err, journal.ErrNotFound) {
		return "", ErrNothingToUndo
	}
	if err != nil {
		return "", fmt.Errorf("undo: %w", e.translate(err))
	}
	return op.Text, waitAll(ctx, touched)
}

// waitAll waits until the processes' goroutines have taken over their branches.
func waitAll(ctx context.Context, list []*process) error {
	for _, p := range list {
		if err := p.call(ctx, -1, func(*worker) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}
