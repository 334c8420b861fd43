package engine

import (
	"context"
	"errors"
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
// nearest one before it that is remembered or stored, and the changes since. A
// stored root that is damaged is passed over, because the changes of all slots lead
// to the same root from an older one. With an error that is [journal.ErrDamaged] comes
// the root as far as it could be put together.
func (e *Engine) rootAt(ctx context.Context, v *view, branch, slot int64) (*patchdev.Table, error) {
	if slot < 0 {
		return patchdev.EmptyTable(), nil
	}
	root, base, err := e.rootFrom(ctx, v, branch, slot, slot)
	for errors.Is(err, journal.ErrDamaged) && base >= 0 {
		older, from, again := e.rootFrom(ctx, v, branch, slot, base-1)
		if again != nil && root != nil {
			break // it is the changes or the digest that are damaged
		}
		root, base, err = older, from, again
	}
	return root, err
}

// rootFrom is rootAt from a root stored at or before a slot, and tells which.
func (e *Engine) rootFrom(ctx context.Context, v *view, branch, slot, before int64) (root *patchdev.Table, base int64, err error) {
	base = -1
	if before >= 0 {
		if base, err = e.j.RootSlotBefore(ctx, v.num, branch, before); err != nil {
			return nil, base, err
		}
	}
	key := rootKey{v.num, branch, base}
	g, ok := e.roots.Get(key)
	if !ok {
		g = &rootGroup{roots: map[int64]*patchdev.Table{}}
		if was, found, _ := e.roots.PeekOrAdd(key, g); found {
			g = was
		}
	}
	root, err = e.unfold(ctx, g, key, slot)
	if errors.Is(err, journal.ErrDamaged) {
		e.roots.Remove(key)
	}
	return root, base, err
}

// unfold puts the root after a slot together in a group.
func (e *Engine) unfold(ctx context.Context, g *rootGroup, key rootKey, slot int64) (*patchdev.Table, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	root, at, err := e.nearest(ctx, g, key, slot)
	if err != nil {
		return nil, err
	}
	for at < slot {
		folds, err := e.j.Folds(ctx, key.view, key.branch, at+1, min(slot, at+chunk))
		if err != nil {
			return nil, err
		}
		if len(folds) == 0 {
			return nil, fmt.Errorf("slot %d: %w", at+1, ErrNoSlot)
		}
		for _, f := range folds {
			changes, err := journal.ParseChanges(f.Encoded, root)
			if err != nil {
				return root, fmt.Errorf("changes of slot %d: %w", f.Slot, err)
			}
			root, at = journal.ApplyChanges(root, changes), f.Slot
			if at%rootStep == 0 {
				g.roots[at] = root
			}
		}
		if hash := folds[len(folds)-1].Hash; patchdev.Hash(root) != hash {
			return root, fmt.Errorf("the root of slot %d does not have the digest that it was stored with: %w", at, journal.ErrDamaged)
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
	root, at := patchdev.EmptyTable(), int64(-1)
	if key.base >= 0 {
		var err error
		if root, at, err = e.j.RootBefore(ctx, key.view, key.branch, key.base); err != nil {
			return nil, -1, err
		}
	}
	g.roots[at] = root
	return root, at, nil
}
