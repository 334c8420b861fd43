package journal

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Stored is a record with the fold of one profile.
type Stored struct {
	Record
	Fold Fold
	// Folded says that Fold is there: the profile was in use when the slot was computed.
	Folded bool
}

// Results returns the records of the slots from..to with what the profile made
// of them. It ends before the first slot that has no record.
func (j *Journal) Results(ctx context.Context, view, branch, from, to int64) (list []Stored, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		for _, s := range j.results(branch, max(from, 0), to) {
			want := s.From
			if err := each(ctx, q, func(r *sql.Rows) error {
				st, err := scanResult(r, view)
				if err != nil {
					return err
				}
				if st.Slot != want {
					return errGap
				}
				want++
				list = append(list, st)
				return nil
			}, `SELECT r.key, outcome, digest, engine, at, view, result, delivered, f.key IS NOT NULL, hash, changes, warnings, rest, failure
				FROM results r LEFT JOIN folds f ON f.key = r.key + ? WHERE r.key BETWEEN ? AND ? ORDER BY r.key`,
				viewKey(view, 0, 0), rowKey(s.Branch, s.From), rowKey(s.Branch, s.To)); errors.Is(err, errGap) || err == nil && want <= s.To {
				return nil
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// errGap ends a scan at a slot without a record.
var errGap = errors.New("a slot without a record")

func scanResult(r *sql.Rows, view int64) (st Stored, err error) {
	var key, at int64
	var digest, delivered, hash, changes, warnings, rest []byte
	var failure sql.NullString
	if err := r.Scan(&key, &st.Outcome, &digest, &st.Engine, &at, &st.View, &st.Result, &delivered, &st.Folded, &hash, &changes, &warnings, &rest, &failure); err != nil {
		return st, err
	}
	st.Branch, st.Slot = splitKey(key)
	copy(st.Digest[:], digest)
	st.At = time.Unix(0, at)
	if len(delivered) > 0 {
		if st.Delivered, err = ParseDeliveries(delivered); err != nil {
			return st, fmt.Errorf("deliveries of slot %d: %w", st.Slot, err)
		}
	}
	f := &st.Fold
	f.View, f.Branch, f.Slot, f.Failure = view, st.Branch, st.Slot, failure.String
	copy(f.Hash[:], hash)
	f.Encoded = changes
	if len(warnings) > 0 {
		if f.Warnings, err = ParseWarnings(warnings, st.Slot); err != nil {
			return st, fmt.Errorf("warnings of slot %d: %w", st.Slot, err)
		}
	}
	for len(rest) > 0 {
		n, k := binary.Uvarint(rest)
		if k <= 0 {
			return st, fmt.Errorf("rest of slot %d: %w", st.Slot, ErrDamaged)
		}
		f.Rest, rest = append(f.Rest, int(n)), rest[k:]
	}
	return st, nil
}

// Folds returns what a profile made of the slots from..to: their changes and
// digests only. It ends before the first slot that has none.
func (j *Journal) Folds(ctx context.Context, view, branch, from, to int64) (list []Fold, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		for _, s := range j.results(branch, max(from, 0), to) {
			want := s.From
			if err := each(ctx, q, func(r *sql.Rows) error {
				var key int64
				var hash, changes sql.RawBytes
				if err := r.Scan(&key, &hash, &changes); err != nil {
					return err
				}
				f := Fold{View: view, Branch: s.Branch, Slot: key & maxSlot}
				if f.Slot != want {
					return errGap
				}
				want++
				copy(f.Hash[:], hash)
				f.Encoded = bytes.Clone(changes)
				list = append(list, f)
				return nil
			}, "SELECT key, hash, changes FROM folds WHERE key BETWEEN ? AND ? ORDER BY key",
				viewKey(view, s.Branch, s.From), viewKey(view, s.Branch, s.To)); errors.Is(err, errGap) || err == nil && want <= s.To {
				return nil
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// Digests returns the records of the slots from..to without their results. It
// ends before the first slot that has no record.
func (j *Journal) Digests(ctx context.Context, branch, from, to int64) (list []Record, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		for _, s := range j.results(branch, max(from, 0), to) {
			want := s.From
			if err := each(ctx, q, func(r *sql.Rows) error {
				var key int64
				var rec Record
				var sum sql.RawBytes
				if err := r.Scan(&key, &rec.Outcome, &sum, &rec.Engine); err != nil {
					return err
				}
				if rec.Branch, rec.Slot = splitKey(key); rec.Slot != want {
					return errGap
				}
				want++
				copy(rec.Digest[:], sum)
				list = append(list, rec)
				return nil
			}, "SELECT key, outcome, digest, engine FROM results WHERE key BETWEEN ? AND ? ORDER BY key",
				rowKey(s.Branch, s.From), rowKey(s.Branch, s.To)); errors.Is(err, errGap) || err == nil && want <= s.To {
				return nil
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// FoldedTo is the last slot of a branch that was folded with a profile, -1 if
// there is none.
func (j *Journal) FoldedTo(ctx context.Context, view, branch int64) (last int64, err error) {
	last = -1
	segments := j.results(branch, 0, maxSlot)
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		for i := len(segments) - 1; i >= 0; i-- {
			s := segments[i]
			var key sql.NullInt64
			if err := q.QueryRowContext(ctx, "SELECT max(key) FROM folds WHERE key BETWEEN ? AND ?",
				viewKey(view, s.Branch, s.From), viewKey(view, s.Branch, s.To)).Scan(&key); err != nil {
				return err
			}
			if key.Valid {
				last = key.Int64 & maxSlot
				return nil
			}
		}
		return nil
	})
	return last, err
}

// Views lists the profiles that were ever used, by number.
func (j *Journal) Views(ctx context.Context) (names map[int64]string, err error) {
	names = map[int64]string{}
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		return each(ctx, q, func(r *sql.Rows) error {
			var n int64
			var name string
			if err := r.Scan(&n, &name); err != nil {
				return err
			}
			names[n] = name
			return nil
		}, "SELECT num, name FROM profiles")
	})
	return names, err
}
