package engine

import (
	"context"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// Remove takes a process out of the list. Undo brings it back.
func (e *Engine) Remove(ctx context.Context, pid string) error {
	return e.change(ctx, pid, func(tx *journal.Tx, p *process) error {
		if err := e.remember(tx, "Removal of "+p.title(), inverse{Removed: map[int64]bool{p.num: false}}); err != nil {
			return err
		}
		return e.setRemoved(tx, p, true)
	})
}

// BringBack puts a process that was removed into the list again, as it was; one
// that is there stays so. Undo takes it back.
func (e *Engine) BringBack(ctx context.Context, pid string) error {
	e.mu.RLock()
	p := e.byID[pid]
	e.mu.RUnlock()
	if p == nil {
		return fmt.Errorf("process %s: %w", pid, ErrNoProcess)
	}
	if !p.removed.Load() {
		return nil
	}
	if err := e.writable(); err != nil {
		return err
	}
	err := e.j.Do(ctx, func(tx *journal.Tx) error {
		if err := e.remember(tx, "Return of "+p.title(), inverse{Removed: map[int64]bool{p.num: true}}); err != nil {
			return err
		}
		return e.setRemoved(tx, p, false)
	})
	if err != nil {
		return fmt.Errorf("process %s: %w", pid, e.translate(err))
	}
	return nil
}

// Rename gives a process another name. Undo takes it back.
func (e *Engine) Rename(ctx context.Context, pid, name string) error {
	return e.change(ctx, pid, func(tx *journal.Tx, p *process) error {
		p.mu.Lock()
		was := p.row.Name
		p.mu.Unlock()
		if err := e.remember(tx, fmt.Sprintf("Renaming of %s to %s", p.title(), name), inverse{Names: map[int64]string{p.num: was}}); err != nil {
			return err
		}
		return e.setName(tx, p, name)
	})
}

// SetScript says which file of the project a process runs, when that was renamed.
func (e *Engine) SetScript(ctx context.Context, pid, script string) error {
	return e.change(ctx, pid, func(tx *journal.Tx, p *process) error {
		if err := tx.SetScript(p.num, script); err != nil {
			return err
		}
		tx.After(func() {
			p.mu.Lock()
			p.row.Script = script
			p.mu.Unlock()
		})
		return nil
	})
}

func (e *Engine) change(ctx context.Context, pid string, f func(*journal.Tx, *process) error) error {
	p, err := e.process(pid)
	if err != nil {
		return err
	}
	if err := e.writable(); err != nil {
		return err
	}
	if err := e.j.Do(ctx, func(tx *journal.Tx) error { return f(tx, p) }); err != nil {
		return fmt.Errorf("process %s: %w", pid, e.translate(err))
	}
	return nil
}

func (e *Engine) setRemoved(tx *journal.Tx, p *process, removed bool) error {
	if err := tx.SetRemoved(p.num, removed); err != nil {
		return err
	}
	tx.After(func() {
		p.removed.Store(removed)
		kind := ao.ProcessAdded
		if removed {
			kind = ao.ProcessRemoved
		}
		p.signal()
		e.emit(ao.Event{Kind: kind, Process: p.id})
	})
	return nil
}

func (e *Engine) setName(tx *journal.Tx, p *process, name string) error {
	if err := tx.SetName(p.num, name); err != nil {
		return err
	}
	tx.After(func() {
		p.mu.Lock()
		p.row.Name = name
		p.mu.Unlock()
		e.emit(ao.Event{Kind: ao.ProcessAdded, Process: p.id})
	})
	return nil
}

// byNum finds a process by its number in the journal.
func (e *Engine) byNum(num int64) (*process, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, p := range e.order {
		if p.num == num {
			return p, nil
		}
	}
	return nil, fmt.Errorf("process number %d: %w", num, ErrNoProcess)
}
