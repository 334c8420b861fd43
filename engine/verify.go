package engine

import (
	"context"
	"errors"
	"fmt"

	"patchbay/engine/journal"
	"patchbay/patchdev"
)

// VerifyReport is what a replay of one process against its recorded digests found.
type VerifyReport struct {
	Process string
	Slots   int64
	// First is the first slot that differs, -1 when none does; Difference holds both.
	First      int64
	Difference *Difference
	// What says what differs there: "result", "root", or "recorded result" when what is
	// stored of the slot is not what its digest was taken of.
	What string
}

// Verify replays a process beside itself and compares every slot with what is
// recorded: the digest of its result, the result that is stored, the root. It ends
// at the first slot that differs.
func (e *Engine) Verify(ctx context.Context, pid string) (VerifyReport, error) {
	rep := VerifyReport{Process: pid, First: -1}
	p, err := e.process(pid)
	if err != nil {
		return rep, err
	}
	ctx, cancel := e.bound(ctx)
	defer cancel()
	r, err := p.rerunOf(ctx, rootsOfAll)
	if err != nil {
		return rep, err
	}
	defer r.close()
	check := verifier{r: r}
	err = r.run(ctx, func(o *outcomeOf) error {
		rep.Slots++
		d, what, err := check.slot(ctx, o)
		if err != nil {
			return err
		}
		if what != "" {
			rep.First, rep.Difference, rep.What = o.entry.Slot, d, what
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return rep, err
	}
	return rep, nil
}

// errEnough ends a rerun that found what it was to find.
var errEnough = errors.New("enough")

// verifier reads what is recorded beside a rerun.
type verifier struct {
	r       *rerun
	results []journal.Stored
	root    *patchdev.Table
}

// slot compares one slot, and says what differs, "" if nothing does.
func (c *verifier) slot(ctx context.Context, o *outcomeOf) (*Difference, string, error) {
	r, e, n := c.r, c.r.p.e, o.entry.Slot
	if c.root == nil {
		c.root = patchdev.EmptyTable()
	}
	if len(c.results) == 0 {
		var err error
		if c.results, err = e.j.Results(ctx, r.v.num, r.branch, n, min(r.last, n+chunk-1)); err != nil {
			return nil, "", err
		}
	}
	if len(c.results) == 0 || c.results[0].Slot != n {
		return nil, "", fmt.Errorf("process %s: the result of slot %d is not in the journal: %w", r.p.id, n, ErrNoSlot)
	}
	st := c.results[0]
	c.results = c.results[1:]
	changes, err := journal.ParseChanges(st.Fold.Encoded, c.root)
	if err != nil { // they cannot even be read
		return &Difference{Slot: n, New: o.slot}, "root", nil
	}
	c.root = journal.ApplyChanges(c.root, changes)
	st.Fold.Changes = changes
	what := ""
	old, err := e.unpack(ctx, r.p, r.v, r.branch, o.entry, st, c.root)
	switch {
	case !o.same():
		what = "result"
	case err != nil: // old is nil: it cannot even be read
		what = "recorded result"
	case digest(&old.Result) != st.Digest || st.Outcome != journal.Computed && old.Result.Limit != limitOf(st.Outcome):
		what = "recorded result"
	case st.Folded && (st.Fold.Hash != patchdev.Hash(o.slot.Root) || st.Fold.Hash != patchdev.Hash(c.root)):
		what = "root"
	}
	return &Difference{Slot: n, Old: old, New: o.slot}, what, nil
}
