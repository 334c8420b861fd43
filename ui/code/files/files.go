// Package files reads and writes what the editor edits: whole files, never half written, never over what somebody else has written
// meanwhile; and drafts of what is not saved yet. Its functions may be called from any goroutine, but not on the UI's: disks are
// slow.
package files

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"patchbay/ui/code/text"
)

// Stamp tells two contents of a file apart; "" is no file.
type Stamp string

// StampOf gives the stamp of a content.
func StampOf(b []byte) Stamp {
	h := sha256.Sum256(b)
	return Stamp(hex.EncodeToString(h[:16]))
}

// Content is a file as it was read.
type Content struct {
	Text     string
	Stamp    Stamp
	ReadOnly bool
	// Note says in a sentence what is unusual about the bytes, "" when nothing is. They are kept as they are.
	Note string
}

// MaxSize is the size of the largest file that is opened.
const MaxSize = 512 << 20

var (
	// ErrChanged is given by Write when the file holds something else than was read.
	ErrChanged = errors.New("changed on disk")
	// ErrTooLarge is given for a file above MaxSize.
	ErrTooLarge = errors.New("too large for the editor")
)

// Disk reads and writes real files.
type Disk struct{}

// Read gives the content of a file. Errors name the path and what to do.
func (Disk) Read(path string) (Content, error) {
	f, err := os.Open(path)
	if err != nil {
		return Content{}, fmt.Errorf("cannot open %s: %w", path, plain(err))
	}
	defer f.Close()
	st, err := f.Stat()
	switch {
	case err != nil:
		return Content{}, fmt.Errorf("cannot open %s: %w", path, plain(err))
	case st.IsDir():
		return Content{}, fmt.Errorf("%s is a folder: choose a file in it", path)
	case !st.Mode().IsRegular():
		return Content{}, fmt.Errorf("%s is not a regular file", path)
	case st.Size() > MaxSize:
		return Content{}, fmt.Errorf("%s has %d MB: %w (%d MB at most)", path, st.Size()>>20, ErrTooLarge, MaxSize>>20)
	}
	b, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return Content{}, fmt.Errorf("cannot read %s: %w", path, plain(err))
	}
	c := Content{Text: string(b), Stamp: StampOf(b), Note: Note(b)}
	if w, err := os.OpenFile(path, os.O_WRONLY, 0); err != nil {
		c.ReadOnly = errors.Is(err, fs.ErrPermission)
	} else {
		w.Close()
	}
	return c, nil
}

// Stamp gives the stamp of a file as it is now; "" and no error when there is none.
func (d Disk) Stamp(path string) (Stamp, error) {
	c, err := d.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return c.Stamp, err
}

// Write replaces a file as a whole: a reader sees the old content or the new one, also after a crash. When the file does not hold
// what old is the stamp of (something changed it, or removed it), nothing is written and the error is ErrChanged; Overwrite in
// place of old writes in any case.
func (d Disk) Write(path string, s text.Snapshot, old Stamp) (Stamp, error) {
	target := path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		target = real // keep the link, replace what it points to
	}
	if old != Overwrite {
		now, err := d.Stamp(target)
		if err != nil {
			return "", err
		}
		if now != old {
			return "", fmt.Errorf("%s was not saved: %w", path, ErrChanged)
		}
	}
	b := []byte(s.Text())
	if err := replace(target, b); err != nil {
		return "", fmt.Errorf("%s was not saved: %w", path, plain(err))
	}
	return StampOf(b), nil
}

// Overwrite in place of a stamp writes whatever the file holds.
const Overwrite Stamp = "overwrite"

// replace writes beside the file and renames, keeping its permissions.
func replace(path string, b []byte) error {
	mode := fs.FileMode(0o644)
	if st, err := os.Stat(path); err == nil {
		mode = st.Mode().Perm()
		if mode&0o200 == 0 { // renaming would get round the protection
			return fs.ErrPermission
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(f.Name(), mode)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}

// plain drops the operation and the path that an error of the system repeats, keeping what errors.Is sees.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	var le *os.LinkError
	if errors.As(err, &le) {
		err = le.Err
	}
	return err
}

// Note says what is unusual about the bytes of a text file: it is shown when the file is opened.
func Note(b []byte) string {
	var notes []string
	bad, first := 0, 0
	if !utf8.Valid(b) {
		line := 1
		for i := 0; i < len(b); {
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n == 1 {
				if bad++; first == 0 {
					first = line
				}
			}
			if r == '\n' {
				line++
			}
			i += n
		}
		notes = append(notes, fmt.Sprintf("%s not UTF-8 (the first in line %d)", count(bad, "byte is", "bytes are"), first))
	}
	if n := bytes.Count(b, []byte{0}); n > 0 {
		notes = append(notes, count(n, "NUL byte", "NUL bytes"))
	}
	if lf, crlf := bytes.Count(b, []byte("\n")), bytes.Count(b, []byte("\r\n")); crlf > 0 && crlf < lf {
		notes = append(notes, fmt.Sprintf("%d of %d lines end with CR LF", crlf, lf))
	}
	long := 0
	for rest := b; len(rest) > 0; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			i = len(rest)
		}
		long = max(long, i)
		rest = rest[min(len(rest), i+1):]
	}
	if long > 20_000 {
		notes = append(notes, fmt.Sprintf("a line has %d bytes and stays without colours", long))
	}
	if len(b) > 8<<20 {
		notes = append(notes, fmt.Sprintf("%d MB, so that it is not checked while you type", len(b)>>20))
	}
	if len(notes) == 0 {
		return ""
	}
	return strings.Join(notes, ", ") + ". All is kept as it is."
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
