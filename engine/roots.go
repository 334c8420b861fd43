package engine

import (
	"context"
	"fmt"
	"sync"

	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// rootKey names the roots that follow from one stored in full.
type rootKey struct{ view, branch, base int64 }

// rootGroup is a root that is stored in full, and some of those that follow from
// it by changes. They share all that did not change, so that a group occupies
// little more than one root; hence what is bounded is the number of groups.
type rootGroup struct {
	mu    sync.Mutex
	roots map[int64]*patchdev.Table
}

const (
	// maxGroups bounds the roots in memory that do not share their nodes.
	maxGroups = 8
	// rootStep is at how many slots' distance roots are remembered while one is put
	// together, so that looking at neighbours costs little.
	rootStep = 32
)

// rootAt puts together the root after a slot of a branch from the journal: the
// nearest one before it that is remembered or stored, and the changes since.
func (e *Engine) rootAt(ctx context.Context, v *view, branch, slot int64) (*patchdev.Table, error) {
	if slot < 0 {
		return patchdev.EmptyTable(), nil
	}
	base, err := e.j.RootSlotBefore(ctx, v.num, branch, slot)
	if err != nil {
		return nil, err
	}
	key := rootKey{v.num, branch, base}
	g, ok := e.roots.Get(key)
	if !ok {
		g = &rootGroup{roots: map[int64]*patchdev.Table{}}
		if was, found, _ := e.roots.PeekOrAdd(key, g); found {
			g = was
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	root, at, err := e.nearest(ctx, g, key, slot)
	if err != nil {
		return nil, err
	}
	for at < slot {
		folds, err := e.j.Folds(ctx, v.num, branch, at+1, min(slot, at+chunk))
		if err != nil {
			return nil, err
		}
		if len(folds) == 0 {
			return nil, fmt.Errorf("slot %d: %w", at+1, ErrNoSlot)
		}
		for _, f := range folds {
			changes, err := journal.ParseChanges(f.Encoded, root)
			if err != nil {
				return nil, fmt.Errorf("changes of slot %d: %w", f.Slot, err)
			}
			root, at = journal.ApplyChanges(root, changes), f.Slot
			if at%rootStep == 0 {
				g.roots[at] = root
			}
		}
		if hash := folds[len(folds)-1].Hash; patchdev.Hash(root) != hash {
			return nil, fmt.Errorf("the root of slot %d does not have the digest that it was stored with: %w", at, journal.ErrDamaged)
		}
	}
	g.roots[slot] = root
	return root, nil
}

// nearest returns the nearest root at or before a slot that a group remembers,
// and otherwise reads the group's base. The group is locked.
func (e *Engine) nearest(ctx context.Context, g *rootGroup, key rootKey, slot int64) (*patchdev.Table, int64, error) {
	if r, ok := g.roots[slot]; ok {
		return r, slot, nil
	}
	for n := slot - slot%rootStep; n > key.base; n -= rootStep {
		if r, ok := g.roots[n]; ok {
			return r, n, nil
		}
	}
	if r, ok := g.roots[key.base]; ok {
		return r, key.base, nil
	}
	root, at, err := e.j.RootBefore(ctx, key.view, key.branch, slot)
	if err != nil {
		return nil, -1, err
	}
	g.roots[at] = root
	return root, at, nil
}
