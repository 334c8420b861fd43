package journal

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"patchbay/patchdev"
)

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// reading gives fn a connection to read with. It sees what is committed. In
// memory there is one connection only; then reader and writer take turns.
func (j *Journal) reading(ctx context.Context, fn func(context.Context, querier) error) error {
	var err error
	if j.read != nil {
		err = fn(ctx, j.read)
	} else {
		j.mem.Lock()
		err = fn(ctx, j.conn)
		j.mem.Unlock()
	}
	if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("journal %s: %w", j.path, explain(err))
	}
	return err
}

// each runs a query and calls scan for every row.
func each(ctx context.Context, q querier, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Processes lists all processes, removed ones included, oldest first.
func (j *Journal) Processes(ctx context.Context) (list []Process, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		return each(ctx, q, func(r *sql.Rows) error {
			var p Process
			var tags []byte
			var created int64
			err := r.Scan(&p.Num, &p.ID, &p.Name, &p.Owner, &p.Script, &p.Flavour, &p.Module, &tags, &created, &p.Removed, &p.Active)
			if err != nil {
				return err
			}
			p.Created = time.UnixMilli(created)
			if p.Tags, err = ParseTags(tags); err != nil {
				return fmt.Errorf("tags of process %s: %w", p.ID, err)
			}
			list = append(list, p)
			return nil
		}, "SELECT num, pid, name, owner, script, flavour, module, tags, created, removed, active FROM processes ORDER BY num")
	})
	return list, err
}

// Entries returns the scheduled messages of the slots from..to, as far as they
// are committed.
func (j *Journal) Entries(ctx context.Context, branch, from, to int64) (list []Entry, err error) {
	from = max(from, 0)
	b, ok := j.Branch(branch)
	if !ok {
		return nil, fmt.Errorf("branch %d: %w", branch, ErrNotFound)
	}
	to = min(to, b.Next-1)
	if to < from {
		return nil, nil
	}
	list = make([]Entry, to-from+1)
	lines := j.lineage(branch)
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		for i := len(lines) - 1; i >= 0; i-- {
			l := lines[i]
			if l.To < from {
				continue
			}
			if err := each(ctx, q, func(r *sql.Rows) error {
				e, err := scanEntry(r)
				if err == nil {
					list[e.Slot-from] = e
				}
				return err
			}, "SELECT key, script, skip, body FROM messages WHERE key BETWEEN ? AND ?", rowKey(l.Branch, from), rowKey(l.Branch, min(to, l.To))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, e := range list {
		if e.Branch == 0 {
			// Next moves before the transaction is committed: what follows is not there yet.
			return list[:i], nil
		}
	}
	return list, nil
}

type scanner interface{ Scan(dest ...any) error }

func scanEntry(r scanner) (e Entry, err error) {
	var key int64
	var script sql.NullString
	var body sql.RawBytes
	if rows, ok := r.(*sql.Rows); ok {
		err = rows.Scan(&key, &script, &e.Outcome, &body)
	} else {
		var b []byte
		err = r.Scan(&key, &script, &e.Outcome, &b)
		body = b
	}
	if err != nil {
		return e, err
	}
	e.Branch, e.Slot = splitKey(key)
	e.Script = script.String
	if e.Message, err = ParseMessage(body); err != nil {
		err = fmt.Errorf("message of slot %d in branch %d: %w", e.Slot, e.Branch, err)
	}
	return e, err
}

// Find returns the first scheduled message with an id.
func (j *Journal) Find(ctx context.Context, id string) (e Entry, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		e, err = find(ctx, q, id)
		return err
	})
	return e, err
}

func find(ctx context.Context, q rowQuerier, id string) (Entry, error) {
	e, err := scanEntry(q.QueryRowContext(ctx, "SELECT key, script, skip, body FROM messages WHERE id=? ORDER BY key LIMIT 1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return e, fmt.Errorf("message %s: %w", id, ErrNotFound)
	}
	return e, err
}

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

// Setting returns a setting.
func (j *Journal) Setting(ctx context.Context, key string) (value string, found bool, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		err := q.QueryRowContext(ctx, "SELECT value FROM settings WHERE key=?", key).Scan(&value)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		found = err == nil
		return err
	})
	return value, found, err
}

// Accounts returns the accounts' addresses by name.
func (j *Journal) Accounts(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	err := j.reading(ctx, func(ctx context.Context, q querier) error {
		return each(ctx, q, func(r *sql.Rows) error {
			var n, a string
			if err := r.Scan(&n, &a); err != nil {
				return err
			}
			out[n] = a
			return nil
		}, "SELECT name, address FROM accounts")
	})
	return out, err
}

// View returns the number of a profile, 0 when it was never used.
func (j *Journal) View(ctx context.Context, profile string) (n int64, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		err := q.QueryRowContext(ctx, "SELECT num FROM profiles WHERE name=?", profile).Scan(&n)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return n, err
}

// Snapshot is a row of the list of snapshots.
type Snapshot struct {
	Name    string
	Created time.Time
	Places  json.RawMessage
}

// Snapshots lists the snapshots, oldest first.
func (j *Journal) Snapshots(ctx context.Context) (list []Snapshot, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		return each(ctx, q, func(r *sql.Rows) error {
			var s Snapshot
			var created int64
			var places string
			if err := r.Scan(&s.Name, &created, &places); err != nil {
				return err
			}
			s.Created, s.Places = time.UnixMilli(created), json.RawMessage(places)
			list = append(list, s)
			return nil
		}, "SELECT name, created, places FROM snapshots ORDER BY created, name")
	})
	return list, err
}

// Loads lists the slots of a branch whose message loads a script file.
func (j *Journal) Loads(ctx context.Context, branch int64) (list []Entry, err error) {
	lines := j.lineage(branch)
	found := map[int64]Entry{}
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		for i := len(lines) - 1; i >= 0; i-- {
			l := lines[i]
			if err := each(ctx, q, func(r *sql.Rows) error {
				e, err := scanEntry(r)
				if err == nil {
					found[e.Slot] = e
				}
				return err
			}, "SELECT key, script, skip, body FROM messages WHERE script IS NOT NULL AND key BETWEEN ? AND ? ORDER BY key", rowKey(l.Branch, 0), rowKey(l.Branch, l.To)); err != nil {
				return err
			}
		}
		return nil
	})
	for _, e := range found {
		list = append(list, e)
	}
	sortEntries(list)
	return list, err
}

// SaveCopy writes everything that the journal holds into a new file, also when
// its own file was deleted under it.
func (j *Journal) SaveCopy(ctx context.Context, path string) error {
	var err error
	if j.writable() {
		done := make(chan error, 1)
		o := &op{done: func(err error) { done <- err }, raw: func(ctx context.Context, conn *sql.Conn) error {
			_, err := conn.ExecContext(ctx, "VACUUM INTO ?", path)
			return err
		}}
		if err = j.put(ctx, o); err == nil {
			err = <-done
		}
	} else {
		_, err = j.read.ExecContext(ctx, "VACUUM INTO ?", path)
	}
	if err != nil {
		return fmt.Errorf("save a copy of the journal as %s: %w", path, explain(err))
	}
	return nil
}
