package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrNewer: the file was written by a newer program. Nothing was touched.
	ErrNewer = errors.New("written by a newer Patchbay: install that version, or choose another file")
	// ErrNotDatabase: the file is not a SQLite database. Nothing was touched.
	ErrNotDatabase = errors.New("not a database: choose another file, or move this one away")
	// ErrForeign: the file is a database of another program. Nothing was touched.
	ErrForeign = errors.New("a database of another program: choose another file")
	// ErrBusy: another program holds a lock on the file.
	ErrBusy = errors.New("locked by another program: close it, then try again")
	// ErrFull: no space is left on the disk.
	ErrFull = errors.New("the disk is full: free some space, then try again")
	// ErrUnwritable: the file or its folder cannot be written.
	ErrUnwritable = errors.New("cannot be written")
	// ErrCorrupt: SQLite finds the file damaged.
	ErrCorrupt = errors.New("damaged: export what can still be read, then start with a new file")
	// ErrGone: the file was deleted or replaced while it was open.
	ErrGone = errors.New("the file was deleted or replaced while it was open: save a copy, which still has everything, and open that")
	// ErrReadOnly: the journal was opened for reading.
	ErrReadOnly = errors.New("the journal is open read-only")
	// ErrClosed: the journal was closed.
	ErrClosed = errors.New("the journal is closed")
	// ErrDuplicate: the branch has a message with this id already.
	ErrDuplicate = errors.New("a message with this id is scheduled already")
	// ErrNotFound: there is no such row.
	ErrNotFound = errors.New("not in the journal")
	// ErrOutOfOrder: a result was to be written before that of an earlier slot.
	ErrOutOfOrder = errors.New("an earlier result is missing")
	// ErrNameTaken: the name is in use.
	ErrNameTaken = errors.New("the name is taken")
)

// explain says in our words what SQLite means, keeping its error inside.
func explain(err error) error {
	if err == nil {
		return nil
	}
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	kind := map[sqlite3.ErrNo]error{
		sqlite3.ErrBusy: ErrBusy, sqlite3.ErrLocked: ErrBusy, sqlite3.ErrFull: ErrFull,
		sqlite3.ErrNotADB: ErrNotDatabase, sqlite3.ErrCorrupt: ErrCorrupt,
		sqlite3.ErrReadonly: ErrUnwritable, sqlite3.ErrPerm: ErrUnwritable, sqlite3.ErrCantOpen: ErrUnwritable,
	}[e.Code]
	if e.Code == sqlite3.ErrIoErr && e.SystemErrno == syscall.ENOSPC {
		kind = ErrFull
	}
	if e.ExtendedCode == sqlite3.ErrReadonlyDbMoved {
		kind = ErrGone
	}
	if kind == nil || errors.Is(err, kind) {
		return err
	}
	return fmt.Errorf("%w (%w)", kind, err)
}

// inspect looks at the first bytes of a file before SQLite gets to touch it.
// fresh says that there is no file, or an empty one.
func inspect(path string) (fresh bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("journal %s: %w", path, err)
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil {
		return false, fmt.Errorf("journal %s: %w", path, err)
	} else if st.IsDir() {
		return false, fmt.Errorf("journal %s: %w: it is a folder", path, ErrNotDatabase)
	} else if st.Size() == 0 {
		return true, nil
	}
	head := make([]byte, 100)
	if _, err := f.ReadAt(head, 0); err != nil || string(head[:16]) != "SQLite format 3\x00" {
		return false, fmt.Errorf("journal %s: %w", path, ErrNotDatabase)
	}
	be := func(i int) int32 {
		return int32(head[i])<<24 | int32(head[i+1])<<16 | int32(head[i+2])<<8 | int32(head[i+3])
	}
	// The WAL may hold newer values; version() asks SQLite for them afterwards.
	return false, check(path, be(68), be(60))
}

// check refuses what another or a newer program wrote. A database without any
// mark is new, or one whose first page is still in the WAL.
func check(path string, application, schema int32) error {
	switch {
	case application == 0 && schema == 0:
		return nil
	case application != applicationID:
		return fmt.Errorf("journal %s: %w", path, ErrForeign)
	case schema > Version:
		return fmt.Errorf("journal %s: %w (its schema is %d, this program knows %d)", path, ErrNewer, schema, Version)
	}
	return nil
}
