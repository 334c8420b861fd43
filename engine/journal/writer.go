package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// commit runs a batch in one transaction and tells everybody.
func (j *Journal) commit(batch []*op) {
	if len(batch) == 0 {
		return
	}
	for i, o := range batch {
		if o.raw != nil {
			if i > 0 {
				j.commit(batch[:i])
			}
			o.tell(o.raw(context.Background(), j.conn))
			if i+1 < len(batch) {
				j.commit(batch[i+1:])
			}
			return
		}
	}
	err := j.transact(batch)
	if err != nil {
		err = fmt.Errorf("journal %s: %w", j.path, explain(err))
	} else {
		j.commits.Add(1)
		j.writes.Add(int64(len(batch)))
	}
	for _, o := range batch {
		e := o.err
		if err != nil { // nothing of the batch was kept, whatever became of each
			e = err
		}
		o.tell(e)
	}
}

func (j *Journal) transact(batch []*op) (err error) {
	if j.memory {
		j.mem.Lock()
		defer j.mem.Unlock()
	}
	ctx := context.Background()
	t := &Tx{j: j, ctx: ctx}
	if err := j.present(); err != nil {
		return err
	}
	if err := t.exec(j.stmts.begin); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			// A transaction that failed may have ended by itself.
			_ = j.stmts.rollback.exec()
			t.rollback()
		}
	}()
	for _, o := range batch {
		if o.err = t.run(o); t.broken != nil {
			return t.broken
		}
	}
	if err := t.exec(j.stmts.commit); err != nil {
		return err
	}
	if gone := j.present(); gone != nil {
		// It is written, but to a file that nobody will find: nothing is taken back,
		// and nobody is told that it is safe.
		for _, o := range batch {
			if o.err == nil {
				o.err = fmt.Errorf("journal %s: %w", j.path, gone)
			}
		}
		return nil
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// present checks that the files are still those that were opened: writes to a
// deleted file succeed, and are gone when the program ends.
func (j *Journal) present() error {
	for path, was := range j.files {
		st, err := os.Stat(path)
		if err != nil || !os.SameFile(st, was) {
			return ErrGone
		}
	}
	return nil
}

// run runs one function of a batch.
func (t *Tx) run(o *op) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
			t.broken = err
		}
	}()
	mark, later := len(t.undo), len(t.after)
	if o.save {
		if err := t.exec(t.j.stmts.savepoint); err != nil {
			return err
		}
	}
	err = o.fn(t)
	if t.broken != nil {
		return err
	}
	if o.save {
		if err != nil {
			if e := t.exec(t.j.stmts.back); e != nil {
				return e
			}
			for i := len(t.undo) - 1; i >= mark; i-- {
				t.undo[i]()
			}
			t.undo, t.after = t.undo[:mark], t.after[:later]
		}
		if e := t.exec(t.j.stmts.release); e != nil {
			return e
		}
	}
	return err
}

// rollback takes back what the transaction changed in memory.
func (t *Tx) rollback() {
	for i := len(t.undo) - 1; i >= 0; i-- {
		t.undo[i]()
	}
	t.undo = nil
}

// Tx is a transaction on the writing goroutine.
type Tx struct {
	j   *Journal
	ctx context.Context
	// undo takes back changes of memory, broken is the first error of SQLite, after
	// which nothing of the batch can be kept.
	undo   []func()
	after  []func()
	broken error
}

// After has f called on the writing goroutine when the transaction is synced, in
// the order in which it was asked for. f must not wait for the journal.
func (t *Tx) After(f func()) { t.after = append(t.after, f) }

// Undo has f called when what the function wrote is taken back, newest first.
func (t *Tx) Undo(f func()) { t.undo = append(t.undo, f) }

// exec runs a prepared statement.
func (t *Tx) exec(s *statement, args ...any) error {
	if t.broken != nil {
		return t.broken
	}
	err := s.exec(args...)
	if err != nil {
		t.broken = err
	}
	return err
}

// insert runs a prepared statement and returns the row's number.
func (t *Tx) insert(s *sql.Stmt, args ...any) (int64, error) {
	if t.broken != nil {
		return 0, t.broken
	}
	r, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		t.broken = err
		return 0, err
	}
	n, err := r.LastInsertId()
	if err != nil {
		t.broken = err
	}
	return n, err
}

// sql runs a statement that is not worth preparing.
func (t *Tx) sql(query string, args ...any) error {
	if t.broken != nil {
		return t.broken
	}
	_, err := t.j.conn.ExecContext(t.ctx, query, args...)
	if err != nil {
		t.broken = err
	}
	return err
}

// row runs a query for one row. sql.ErrNoRows does not break the transaction.
func (t *Tx) row(query string, dest []any, args ...any) error {
	if t.broken != nil {
		return t.broken
	}
	err := t.j.conn.QueryRowContext(t.ctx, query, args...).Scan(dest...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.broken = err
	}
	return err
}
