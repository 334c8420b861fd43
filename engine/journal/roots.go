package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"patchbay/patchdev"
)

// RootSlotBefore is the slot of the newest root stored in full at or before a
// slot, -1 if there is none.
func (j *Journal) RootSlotBefore(ctx context.Context, view, branch, slot int64) (at int64, err error) {
	at = -1
	segments := j.results(branch, 0, slot)
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		for i := len(segments) - 1; i >= 0; i-- {
			s := segments[i]
			var key sql.NullInt64
			if err := q.QueryRowContext(ctx, "SELECT max(key) FROM roots WHERE key BETWEEN ? AND ?",
				viewKey(view, s.Branch, s.From), viewKey(view, s.Branch, s.To)).Scan(&key); err != nil {
				return err
			}
			if key.Valid {
				at = key.Int64 & maxSlot
				return nil
			}
		}
		return nil
	})
	return at, err
}

// RootBefore returns the newest root stored in full at or before a slot, and its
// slot; the empty root and -1 if there is none.
func (j *Journal) RootBefore(ctx context.Context, view, branch, slot int64) (root *patchdev.Table, at int64, err error) {
	root, at = patchdev.EmptyTable(), -1
	segments := j.results(branch, 0, slot)
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		for i := len(segments) - 1; i >= 0; i-- {
			s := segments[i]
			var key int64
			var body []byte
			err := q.QueryRowContext(ctx, "SELECT key, root FROM roots WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1",
				viewKey(view, s.Branch, s.From), viewKey(view, s.Branch, s.To)).Scan(&key, &body)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			v, err := ParseValue(body)
			if err != nil {
				return fmt.Errorf("root of slot %d: %w", key&maxSlot, err)
			}
			t, ok := v.(*patchdev.Table)
			if !ok {
				return fmt.Errorf("root of slot %d: %w: not a table", key&maxSlot, ErrDamaged)
			}
			root, at = t, key&maxSlot
			return nil
		}
		return nil
	})
	return root, at, err
}

// PathChange is one change of a path or of what is above or below it.
type PathChange struct {
	Slot int64
	// Depth is how many keys of the path asked for lead to what changed: less than
	// its length when a table above was replaced, more when something below changed.
	Depth int
	// Value is the new value; when Big, it is in the fold of the slot.
	Value patchdev.Value
	Big   bool
}

// PathChanges lists the slots in from..to in which a path changed, in order.
// below asks for changes below the path too.
func (j *Journal) PathChanges(ctx context.Context, view, branch int64, path []string, below bool, from, to int64) (list []PathChange, err error) {
	segments := j.results(branch, max(from, 0), to)
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		for _, s := range segments {
			lo, hi := viewKey(view, s.Branch, s.From), viewKey(view, s.Branch, s.To)
			begin := len(list)
			for n := 1; n <= len(path); n++ {
				if err := each(ctx, q, func(r *sql.Rows) error {
					var key int64
					var value []byte
					if err := r.Scan(&key, &value); err != nil {
						return err
					}
					c := PathChange{Slot: key & maxSlot, Depth: n, Big: value == nil}
					if value != nil {
						var err error
						if c.Value, err = ParseValue(value); err != nil {
							return fmt.Errorf("change of slot %d: %w", c.Slot, err)
						}
					}
					list = append(list, c)
					return nil
				}, "SELECT c.key, c.value FROM paths p JOIN changes c ON c.path=p.num WHERE p.path=? AND c.key BETWEEN ? AND ?", encodePath(path[:n]), lo, hi); err != nil {
					return err
				}
			}
			if below {
				first := encodePath(path)
				if err := each(ctx, q, func(r *sql.Rows) error {
					var key int64
					if err := r.Scan(&key); err != nil {
						return err
					}
					list = append(list, PathChange{Slot: key & maxSlot, Depth: len(path) + 1, Big: true})
					return nil
				}, "SELECT DISTINCT c.key FROM paths p JOIN changes c ON c.path=p.num WHERE p.path>? AND (p.path<? OR ? IS NULL) AND c.key BETWEEN ? AND ?",
					first, after(first), after(first), lo, hi); err != nil {
					return err
				}
			}
			sortChanges(list[begin:])
		}
		return nil
	})
	return list, err
}

// after is the first string of bytes that does not begin with the path p, nil for
// the empty path, with which all begin.
func after(p []byte) []byte {
	if len(p) == 0 {
		return nil
	}
	q := append([]byte(nil), p...)
	q[len(q)-1]++ // a path ends with 0
	return q
}
