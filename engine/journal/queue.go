package journal

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"
	"time"
)

const (
	// maxBatch is how many urgent functions share one transaction at most. More
	// would make the first of them wait without saving syncs.
	maxBatch = 512
	// maxHeld is how many lazy functions rest at most, heldFor how long they may
	// while there are urgent ones, and lazyFor how long while there are none.
	maxHeld = 512
	heldFor = 40 * time.Millisecond
	lazyFor = 5 * time.Millisecond
)

// op is one function to run in a transaction.
type op struct {
	fn   func(*Tx) error
	done func(error)
	// reply, instead of done, gets the outcome; its op is used again afterwards.
	reply chan error
	save  bool // undo fn alone when it fails
	lazy  bool // may wait for others to share a transaction with
	// light ops do not depend on lazy ones that were put in before them.
	light bool
	// raw, instead of fn, runs outside of a transaction.
	raw func(context.Context, *sql.Conn) error
	err error
}

// tell tells whoever asked for the op. The op must not be touched afterwards.
func (o *op) tell(err error) {
	if o.reply != nil {
		o.reply <- err
		return
	}
	o.done(err)
}

// waiters are ops whose callers wait for the outcome.
var waiters = sync.Pool{New: func() any { return &op{reply: make(chan error, 1)} }}

// Do runs fn in a transaction and returns when that is synced. When fn fails,
// nothing of what it wrote stays, and its error is returned.
func (j *Journal) Do(ctx context.Context, fn func(*Tx) error) error {
	return j.wait(ctx, fn, true)
}

// DoQuick is Do for a function that writes nothing when it returns an error of its
// own, and that does not depend on what was submitted lazily before. It is what
// sends use: it saves two statements each, and lets results rest while messages
// come in.
func (j *Journal) DoQuick(ctx context.Context, fn func(*Tx) error) error {
	return j.wait(ctx, fn, false)
}

func (j *Journal) wait(ctx context.Context, fn func(*Tx) error, whole bool) error {
	o := waiters.Get().(*op)
	o.fn, o.save, o.light, o.err = fn, whole, !whole, nil
	err := j.put(ctx, o)
	if err == nil {
		// Once it is in the queue it may be written, so the caller has to learn the outcome.
		select {
		case err = <-o.reply:
		case <-j.done:
			select {
			case err = <-o.reply:
			default:
				return ErrClosed // it came when the writer had looked for the last time
			}
		}
	}
	o.fn = nil
	waiters.Put(o)
	return err
}

// Submit asks for fn to be run as DoQuick does, after everything submitted before,
// and returns at once, unless very many are waiting. done is called on the writing
// goroutine after the sync, or with the error; it must not wait for the journal.
func (j *Journal) Submit(fn func(*Tx) error, done func(error)) {
	if err := j.put(context.Background(), &op{fn: fn, done: done}); err != nil {
		done(err)
	}
}

// SubmitLazy is Submit for what nobody waits for: it rests until some of its kind
// can be written together, or there is nothing else to write. That keeps results
// off the way of the messages that are still to be acknowledged, and halves the
// syncs of a lone sender, whose results come between its messages.
func (j *Journal) SubmitLazy(fn func(*Tx) error, done func(error)) {
	if err := j.put(context.Background(), &op{fn: fn, done: done, lazy: true}); err != nil {
		done(err)
	}
}

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
	w := batches{j: j, rest: time.NewTimer(lazyFor)}
	w.rest.Stop()
	for {
		more := w.collect()
		j.commit(w.take())
		if !more {
			// What was put into the queue before the journal was closed.
			for w.fill(); len(w.held)+len(w.urgent) > 0; w.fill() {
				w.due = true
				j.commit(w.take())
			}
			return
		}
	}
}

// batches puts together what shares a transaction.
type batches struct {
	j      *Journal
	urgent []*op
	held   []*op     // lazy ones
	since  time.Time // when the first of held came
	due    bool      // held is to be written now
	all    []*op
	rest   *time.Timer
	// crowd is how many waited for the last transaction.
	crowd int
}

// collect waits until there is something to write. It says whether the journal
// is still open.
func (w *batches) collect() bool {
	for len(w.urgent) == 0 && !w.due {
		var quiet <-chan time.Time
		if len(w.held) > 0 {
			w.rest.Reset(lazyFor)
			quiet = w.rest.C
		}
		select {
		case o := <-w.j.queue:
			w.add(o)
			w.fill()
		case <-quiet:
			w.due = true
		case <-w.j.closing:
			return false
		}
	}
	w.rest.Stop()
	// Those who were just answered are often about to ask again. Letting them run
	// first costs nothing when they do not, and a sync when it is not done.
	for idle := 0; idle < 2 && w.crowd >= 4 && len(w.urgent) < w.crowd; idle++ {
		n := len(w.urgent)
		runtime.Gosched()
		if w.fill(); len(w.urgent) > n {
			idle = 0
		}
	}
	return true
}

// fill takes what is waiting, without waiting for it.
func (w *batches) fill() {
	for len(w.urgent) < maxBatch && len(w.held) < maxHeld {
		select {
		case o := <-w.j.queue:
			w.add(o)
		default:
			return
		}
	}
}

func (w *batches) add(o *op) {
	if !o.lazy || w.due { // what is written now anyway keeps its place
		w.urgent = append(w.urgent, o)
		w.due = w.due || !o.light
		return
	}
	if len(w.held) == 0 {
		w.since = time.Now()
	}
	w.held = append(w.held, o)
	w.due = w.due || len(w.held) >= maxHeld
}

// take returns what is to be written together. It is valid until the next call.
func (w *batches) take() []*op {
	clear(w.all)
	w.all = w.all[:0]
	if len(w.held) > 0 && (w.due || time.Since(w.since) >= heldFor) {
		// First, because what is not light may depend on them.
		w.all = append(w.all, w.held...)
		clear(w.held)
		w.held = w.held[:0]
	}
	w.due = false
	w.all = append(w.all, w.urgent...)
	w.crowd = len(w.urgent)
	clear(w.urgent)
	w.urgent = w.urgent[:0]
	return w.all
}
