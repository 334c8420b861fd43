package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
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

// OwnEntries returns the first messages, at most so many, that lie in a branch
// itself in the slots from..to, in order: not those that it shares with its parent.
func (j *Journal) OwnEntries(ctx context.Context, branch, from, to int64, most int) (list []Entry, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		return each(ctx, q, func(r *sql.Rows) error {
			e, err := scanEntry(r)
			list = append(list, e)
			return err
		}, "SELECT key, script, skip, body FROM messages WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?", rowKey(branch, from), rowKey(branch, to), most)
	})
	return list, err
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

// Settings returns all settings.
func (j *Journal) Settings(ctx context.Context) (map[string]string, error) {
	return j.pairs(ctx, "SELECT key, value FROM settings")
}

// Accounts returns the accounts' addresses by name.
func (j *Journal) Accounts(ctx context.Context) (map[string]string, error) {
	return j.pairs(ctx, "SELECT name, address FROM accounts")
}

func (j *Journal) pairs(ctx context.Context, query string) (map[string]string, error) {
	out := map[string]string{}
	err := j.reading(ctx, func(ctx context.Context, q querier) error {
		return each(ctx, q, func(r *sql.Rows) error {
			var k, v string
			if err := r.Scan(&k, &v); err != nil {
				return err
			}
			out[k] = v
			return nil
		}, query)
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

// Operations lists what was done and may be undone, oldest first, with what was
// undone already.
func (j *Journal) Operations(ctx context.Context) (list []Operation, err error) {
	err = j.reading(ctx, func(ctx context.Context, q querier) error {
		return each(ctx, q, func(r *sql.Rows) error {
			var o Operation
			var at int64
			var inverse string
			if err := r.Scan(&o.Num, &at, &o.Text, &inverse, &o.Undone); err != nil {
				return err
			}
			o.At, o.Inverse = time.UnixMilli(at), json.RawMessage(inverse)
			list = append(list, o)
			return nil
		}, "SELECT num, at, text, inverse, undone FROM operations ORDER BY num")
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
