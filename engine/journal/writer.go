package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// maxBatch is how many functions share one transaction at most. More would make
// the first of them wait without saving syncs.
const maxBatch = 512

// op is one function to run in a transaction.
type op struct {
	fn   func(*Tx) error
	done func(error)
	save bool // undo fn alone when it fails
	lazy bool // may wait for others to share a transaction with
	// raw, instead of fn, runs outside of a transaction.
	raw func(context.Context, *sql.Conn) error
	err error
}

// Do runs fn in a transaction and returns when that is synced. When fn fails,
// nothing of what it wrote stays, and its error is returned.
func (j *Journal) Do(ctx context.Context, fn func(*Tx) error) error {
	return j.wait(ctx, &op{fn: fn, save: true})
}

// DoQuick is Do for a function that writes nothing when it returns an error of its
// own. It is what sends use, because it saves two statements each.
func (j *Journal) DoQuick(ctx context.Context, fn func(*Tx) error) error {
	return j.wait(ctx, &op{fn: fn})
}

func (j *Journal) wait(ctx context.Context, o *op) error {
	done := make(chan error, 1)
	o.done = func(err error) { done <- err }
	if err := j.put(ctx, o); err != nil {
		return err
	}
	// Once it is in the queue it may be written, so the caller has to learn the outcome.
	return <-done
}

// Submit asks for fn to be run as DoQuick does and returns at once, unless very
// many are waiting. done is called on the writing goroutine after the sync, or
// with the error; it must not wait for the journal.
func (j *Journal) Submit(fn func(*Tx) error, done func(error)) {
	if err := j.put(context.Background(), &op{fn: fn, done: done}); err != nil {
		done(err)
	}
}

// SubmitLazy is Submit for what nobody waits for: it rests a few milliseconds, so
// that it can share the transaction of something more urgent. That halves the
// syncs of a lone sender, whose results come between its messages.
func (j *Journal) SubmitLazy(fn func(*Tx) error, done func(error)) {
	if err := j.put(context.Background(), &op{fn: fn, done: done, lazy: true}); err != nil {
		done(err)
	}
}

// lazyFor is how long lazy functions wait for company.
const lazyFor = 5 * time.Millisecond

func (j *Journal) put(ctx context.Context, o *op) error {
	if j.why != "" {
		return fmt.Errorf("journal %s: %w: %s", j.path, ErrReadOnly, j.why)
	}
	select {
	case <-j.closing:
		return ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case j.queue <- o:
		return nil
	case <-j.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writer is the one goroutine that writes.
func (j *Journal) writer() {
	defer close(j.done)
	batch := make([]*op, 0, maxBatch)
	rest := time.NewTimer(lazyFor)
	rest.Stop()
	for {
		batch = batch[:0]
		select {
		case o := <-j.queue:
			batch = append(batch, o)
		case <-j.closing:
			j.drain(batch)
			return
		}
		j.commit(j.linger(j.fill(batch), rest))
	}
}

// linger waits a little for more when everything so far is lazy.
func (j *Journal) linger(batch []*op, rest *time.Timer) []*op {
	if slices.ContainsFunc(batch, func(o *op) bool { return !o.lazy }) {
		return batch
	}
	rest.Reset(lazyFor)
	defer rest.Stop()
	for len(batch) < maxBatch {
		select {
		case o := <-j.queue:
			if batch = append(batch, o); !o.lazy {
				return j.fill(batch)
			}
		case <-rest.C:
			return batch
		case <-j.closing:
			return batch
		}
	}
	return batch
}

// fill takes what else is waiting, without waiting for it.
func (j *Journal) fill(batch []*op) []*op {
	for len(batch) < maxBatch {
		select {
		case o := <-j.queue:
			batch = append(batch, o)
		default:
			return batch
		}
	}
	return batch
}

// drain writes what was put into the queue before the journal was closed.
func (j *Journal) drain(batch []*op) {
	for {
		if batch = j.fill(batch[:0]); len(batch) == 0 {
			return
		}
		j.commit(batch)
	}
}

// commit runs a batch in one transaction and tells everybody.
func (j *Journal) commit(batch []*op) {
	for i, o := range batch {
		if o.raw != nil {
			if i > 0 {
				j.commit(batch[:i])
			}
			o.done(o.raw(context.Background(), j.conn))
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
		o.done(e)
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
			_, _ = j.stmts.rollback.ExecContext(ctx)
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
func (t *Tx) exec(s *sql.Stmt, args ...any) error {
	if t.broken != nil {
		return t.broken
	}
	_, err := s.ExecContext(t.ctx, args...)
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
