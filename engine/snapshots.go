package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"patchbay/engine/journal"
)

// Snapshot is the state of all processes under a name.
type Snapshot struct {
	Name    string
	Created time.Time
	// Slots are the slots by process id.
	Slots map[string]int64
}

// Snapshot remembers where every process is under a name.
func (e *Engine) Snapshot(ctx context.Context, name string) (Snapshot, error) {
	s := Snapshot{Name: name, Created: e.o.Clock(), Slots: map[string]int64{}}
	if err := e.writable(); err != nil {
		return s, err
	}
	if name == "" {
		return s, fmt.Errorf("snapshot: %w: it has no name", ErrBadMessage)
	}
	var places []place
	for _, info := range e.Processes() {
		p, err := e.process(info.ID)
		if err != nil {
			continue
		}
		p.mu.Lock()
		pl := place{p.num, p.shown, p.head.Load().slot}
		p.mu.Unlock()
		if err := p.await(ctx, func() bool { return p.written(pl.Slot) }); err != nil {
			return s, err
		}
		if pl.Slot >= 0 {
			places = append(places, pl)
			s.Slots[p.id] = pl.Slot
		}
	}
	b, err := json.Marshal(places)
	if err != nil {
		return s, err
	}
	err = e.j.Do(ctx, func(tx *journal.Tx) error { return tx.AddSnapshot(name, s.Created, b) })
	return s, e.translate(err)
}

// Snapshots lists the snapshots, oldest first.
func (e *Engine) Snapshots(ctx context.Context) ([]Snapshot, error) {
	list, err := e.j.Snapshots(ctx)
	if err != nil {
		return nil, err
	}
	var out []Snapshot
	for _, row := range list {
		s := Snapshot{Name: row.Name, Created: row.Created, Slots: map[string]int64{}}
		var places []place
		if err := json.Unmarshal(row.Places, &places); err != nil {
			return nil, fmt.Errorf("snapshot %q: %w", row.Name, err)
		}
		for _, pl := range places {
			if p, err := e.byNum(pl.Process); err == nil {
				s.Slots[p.id] = pl.Slot
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// Restore puts every process of a snapshot back to where it was, on a new branch
// where needed. Undo takes it back.
func (e *Engine) Restore(ctx context.Context, name string) error {
	if err := e.writable(); err != nil {
		return err
	}
	list, err := e.j.Snapshots(ctx)
	if err != nil {
		return err
	}
	var places []place
	found := false
	for _, s := range list {
		if s.Name == name {
			found = true
			if err := json.Unmarshal(s.Places, &places); err != nil {
				return fmt.Errorf("snapshot %q: %w", name, err)
			}
		}
	}
	if !found {
		return fmt.Errorf("snapshot %q: %w", name, journal.ErrNotFound)
	}
	var touched []*process
	err = e.j.Do(ctx, func(tx *journal.Tx) error {
		inv := inverse{Removed: map[int64]bool{}}
		for _, pl := range places {
			p, err := e.byNum(pl.Process)
			if err != nil {
				return err
			}
			if p.removed.Load() {
				inv.Removed[p.num] = true
				if err := e.setRemoved(tx, p, false); err != nil {
					return err
				}
			}
			b, ok := tx.Branch(pl.Branch)
			if !ok {
				return fmt.Errorf("snapshot %q, branch %d: %w", name, pl.Branch, ErrNoBranch)
			}
			if b.Next-1 != pl.Slot {
				if b, err = e.forkTx(tx, p, b.Num, pl.Slot, e.branchName(p, name)); err != nil {
					return err
				}
			}
			if b.Num == p.active.Load() {
				continue
			}
			inv.Active = append(inv.Active, place{Process: p.num, Branch: p.active.Load()})
			touched = append(touched, p)
			if err := e.activate(tx, p, b.Num, nil); err != nil {
				return err
			}
		}
		return e.remember(tx, "Restoring of snapshot "+name, inv)
	})
	if err != nil {
		return fmt.Errorf("restore: %w", e.translate(err))
	}
	return waitAll(ctx, touched)
}
