// Package journal keeps the durable schedule of a local AO in one SQLite file:
// processes, branches, messages in slot order, what they resulted in, and what a
// project wants remembered (DESIGN §3, S5, S6).
//
// # What it promises
//
//   - A write that was reported done is in the file and synced (WAL,
//     synchronous=FULL). What several goroutines ask for at once shares one sync.
//   - Slots of a branch have no gap and no duplicate, and a message id occurs once
//     in a branch.
//   - What one function given to [Journal.Do] or [Journal.Submit] writes is there as
//     a whole or not at all.
//   - A file of a newer program, of another program, or no database at all is
//     refused and not touched. A file that is deleted or replaced while it is open
//     is noticed before anything more is reported done.
//
// # Goroutines
//
// Every method of [Journal] may be called from any goroutine. Functions that get a
// [Tx] run on the one goroutine that writes, and must not keep the Tx.
package journal

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// Memory is the path of a journal that is kept in memory only.
const Memory = ":memory:"

// Options say how a journal is opened. The zero value is fit for use.
type Options struct {
	// ReadOnly opens an existing file for reading.
	ReadOnly bool
	// Busy is how long to wait for a lock that another program holds on the file
	// (0: 5 s).
	Busy time.Duration
	// Claim is how long to wait for another program of ours that holds the journal,
	// which may be about to end (0: 750 ms). After that the journal is read-only.
	Claim time.Duration
	// Program is written beside the schema version ("patchbay 1.2").
	Program string
	// Clock dates rows; nil is time.Now.
	Clock func() time.Time
}

// Journal is an open journal.
type Journal struct {
	path    string
	memory  bool
	write   *sql.DB
	conn    *sql.Conn // of write; used by the writing goroutine alone
	read    *sql.DB   // nil in memory: then conn is shared under mem
	mem     sync.Mutex
	lock    *fileLock
	files   map[string]os.FileInfo // what was opened, to notice when it is replaced
	why     string                 // why it is read-only
	clock   func() time.Time
	stmts   statements
	paths   pathNumbers
	queue   chan *op
	closing chan struct{}
	done    chan struct{}
	once    sync.Once
	closed  error

	mu       sync.RWMutex // guards branches
	branches map[int64]*branchState
	// watch guards what tells of other programs' writes to a reader: see Changed.
	watch       sync.Mutex
	looks       *sql.Conn
	seen        os.FileInfo
	dataVersion int64
	commits     atomic.Int64
	writes      atomic.Int64
}

// Stats counts the work of the writing goroutine.
type Stats struct {
	// Commits is how many transactions were committed, Writes how many functions ran in them.
	Commits, Writes int64
}

// Open opens the journal at path and makes it if it is not there. When another
// program of ours holds it, it is opened for reading: see [Journal.ReadOnly].
func Open(ctx context.Context, path string, o Options) (*Journal, error) {
	if o.Busy == 0 {
		o.Busy = 5 * time.Second
	}
	if o.Claim == 0 {
		o.Claim = 750 * time.Millisecond
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	j := &Journal{
		path: path, memory: path == "" || path == Memory, clock: o.Clock,
		queue: make(chan *op, 1024), closing: make(chan struct{}), done: make(chan struct{}),
		branches: map[int64]*branchState{},
	}
	if err := j.open(ctx, o); err != nil {
		j.release()
		return nil, err
	}
	if err := j.loadBranches(ctx); err != nil {
		j.release()
		return nil, err
	}
	if j.conn == nil || j.why != "" {
		close(j.done)
		return j, nil
	}
	go j.writer()
	return j, nil
}

func (j *Journal) open(ctx context.Context, o Options) error {
	if j.memory {
		return j.openWriter(ctx, "file::memory:?mode=memory", o)
	}
	abs, err := filepath.Abs(j.path)
	if err != nil {
		return fmt.Errorf("journal %s: %w", j.path, err)
	}
	j.path = abs
	fresh, err := inspect(abs)
	if err != nil {
		return err
	}
	if !fresh {
		if err := j.refuse(ctx, o); err != nil {
			return err
		}
	}
	if o.ReadOnly {
		if fresh {
			return fmt.Errorf("journal %s: %w", abs, os.ErrNotExist)
		}
		j.why = "it was asked for"
		return j.openReader(ctx, o)
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o777); err != nil {
		return fmt.Errorf("journal %s: its folder cannot be made: %w: choose another place, or :memory: to keep nothing", abs, err)
	}
	j.lock, err = j.claim(ctx, abs+".lock", o.Claim)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errHeld):
		j.why = "another Patchbay has it open: close that one, then open this again to write here"
	case err != nil && !fresh:
		j.why = fmt.Sprintf("its folder cannot be written (%v)", err)
	case err != nil:
		return fmt.Errorf("journal %s: %w: the folder cannot be written: %v: make it writable, choose another place, or :memory: to keep nothing", abs, ErrUnwritable, err)
	}
	if j.why != "" {
		return j.openReader(ctx, o)
	}
	if err := j.openWriter(ctx, uri(abs, "rwc"), o); err != nil {
		return err
	}
	if j.why != "" { // the file itself cannot be written
		return j.openReader(ctx, o)
	}
	j.files = map[string]os.FileInfo{}
	for _, f := range []string{abs, abs + "-wal"} {
		if j.files[f], err = os.Stat(f); err != nil {
			return fmt.Errorf("journal %s: %w", abs, err)
		}
	}
	return j.openReader(ctx, o)
}

// claim takes the lock of the one program that writes. A program that was killed
// holds it until the system has cleared it away, so it is asked for some time.
func (j *Journal) claim(ctx context.Context, path string, wait time.Duration) (*fileLock, error) {
	end := time.NewTimer(wait)
	defer end.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		l, err := lockFile(path)
		if !errors.Is(err, errHeld) {
			return l, err
		}
		select {
		case <-again.C:
		case <-end.C:
			return nil, err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// refuse asks SQLite, which reads the WAL too, whether the file is one of ours.
func (j *Journal) refuse(ctx context.Context, o Options) error {
	db := connect(uri(j.path, "ro"), o.Busy)
	defer db.Close()
	_, err := version(ctx, db)
	if err = explain(err); err == nil || errors.Is(err, ErrUnwritable) {
		return nil // a WAL in a read-only folder: openReader knows what to do
	}
	return fmt.Errorf("journal %s: %w", j.path, err)
}

// Pragmas are the settings of the connection that writes: what is committed is on
// the disk (FULL). The WAL is folded into the file after 16 MB and not after 4,
// because pages that are written again and again go over once then.
func Pragmas() []string {
	return []string{
		"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA fullfsync=ON", "PRAGMA journal_size_limit=67108864",
		"PRAGMA wal_autocheckpoint=4000", "PRAGMA foreign_keys=ON", "PRAGMA cache_size=-16000",
	}
}

// keptStatements is how many statements a connection keeps prepared. Those of every
// message are prepared by hand (statements.go); this is for what a new process or a
// page of the window needs.
const keptStatements = 32

// openWriter opens the connection that writes and brings the schema up to date.
func (j *Journal) openWriter(ctx context.Context, dsn string, o Options) error {
	var err error
	j.write = connect(dsn, o.Busy, Pragmas()...)
	if j.conn, err = j.write.Conn(ctx); err != nil {
		if errors.Is(explain(err), ErrUnwritable) {
			j.why = "the file or its folder cannot be written"
			return nil
		}
		return fmt.Errorf("journal %s: %w", j.path, explain(err))
	}
	if err := migrate(ctx, j.conn, o.Program, j.clock()); err != nil {
		if errors.Is(err, ErrUnwritable) && !j.memory {
			j.why = "the file or its folder cannot be written"
			return nil
		}
		return fmt.Errorf("journal %s: %w", j.path, err)
	}
	return j.stmts.prepare(ctx, j.conn)
}

// openReader opens the connections that read beside the writer.
func (j *Journal) openReader(ctx context.Context, o Options) error {
	if j.conn != nil && j.why != "" {
		j.conn.Close()
		j.write.Close()
		j.conn, j.write = nil, nil
	}
	dsn := uri(j.path, "ro")
	var err error
	j.read = connect(dsn, o.Busy, "PRAGMA query_only=ON")
	if _, err := version(ctx, j.read); err != nil && j.why != "" {
		// Without write access SQLite cannot share the file with a writer; nobody can
		// write it either, so it can be read as it is.
		j.read.Close()
		j.read = connect(dsn+"&immutable=1", o.Busy, "PRAGMA query_only=ON")
		if st, err := os.Stat(j.path + "-wal"); err == nil && st.Size() > 0 {
			j.why += "; what was written last is in " + j.path + "-wal and is not shown"
		}
	}
	j.read.SetMaxOpenConns(5)
	if j.seen, err = os.Stat(j.path); err != nil {
		return fmt.Errorf("journal %s: %w", j.path, err)
	}
	v, err := version(ctx, j.read)
	if err != nil {
		return fmt.Errorf("journal %s: %w", j.path, explain(err))
	}
	if v < Version && j.why != "" {
		return fmt.Errorf("journal %s: %w: it has the older schema %d, which only a Patchbay that may write can bring up to %d", j.path, ErrUnwritable, v, Version)
	}
	return nil
}

// connect makes a database handle whose connections begin with the statements.
func connect(dsn string, busy time.Duration, begin ...string) *sql.DB {
	return sql.OpenDB(connector{dsn: dsn, busy: busy, begin: begin})
}

// connector opens connections with pragmas, without the driver's registration by
// name, which would be global.
type connector struct {
	dsn   string
	busy  time.Duration
	begin []string
}

func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

func (c connector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.Driver().Open(fmt.Sprintf("%s&_busy_timeout=%d&_stmt_cache_size=%d", c.dsn, c.busy.Milliseconds(), keptStatements))
	if err != nil {
		return nil, explain(err)
	}
	for _, s := range c.begin {
		if _, err := conn.(driver.ExecerContext).ExecContext(context.Background(), s, nil); err != nil {
			conn.Close()
			return nil, explain(err)
		}
	}
	return conn, nil
}

// ReadOnly says whether nothing can be written, and why.
func (j *Journal) ReadOnly() (why string, readOnly bool) { return j.why, j.why != "" }

// Path is the absolute path of the file, or "" in memory.
func (j *Journal) Path() string {
	if j.memory {
		return ""
	}
	return j.path
}

// Stats returns how much was written so far.
func (j *Journal) Stats() Stats {
	return Stats{Commits: j.commits.Load(), Writes: j.writes.Load()}
}

// Close waits for what was submitted, and closes the file. What is asked for
// afterwards fails with ErrClosed.
func (j *Journal) Close() error {
	j.once.Do(func() {
		close(j.closing)
		<-j.done
		j.closed = j.release()
	})
	return j.closed
}

// release closes what is open; the last writer folds the WAL into the file.
func (j *Journal) release() error {
	var errs []error
	if j.looks != nil {
		errs = append(errs, j.looks.Close())
	}
	if j.read != nil {
		errs = append(errs, j.read.Close())
	}
	j.stmts.close()
	if j.conn != nil {
		errs = append(errs, j.conn.Close())
	}
	if j.write != nil {
		errs = append(errs, j.write.Close())
	}
	if j.lock != nil {
		errs = append(errs, j.lock.release())
	}
	return errors.Join(errs...)
}

// panicError turns a panic of a function that was given to the journal into an
// error, so that it cannot take the writing goroutine down.
func panicError(p any) error {
	return fmt.Errorf("the journal met a mistake in the program: %v\n%s", p, debug.Stack())
}
