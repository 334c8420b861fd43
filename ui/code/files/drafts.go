package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"patchbay/ui/code/text"
)

// Drafts keeps unsaved texts as files in a folder of its own, one for each edited file. A draft's first line names the file, so
// that a person can find it by hand.
type Drafts struct {
	dir string
}

// NewDrafts keeps drafts in a folder, which is made when the first is written.
func NewDrafts(dir string) *Drafts { return &Drafts{dir} }

func (d *Drafts) path(name string) string {
	h := sha256.Sum256([]byte(name))
	base := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, filepath.Base(name))
	if len(base) > 60 {
		base = base[:60]
	}
	return filepath.Join(d.dir, base+"-"+hex.EncodeToString(h[:6])+".draft")
}

const draftHead = "patchbay draft of "

// SaveDraft writes the draft of a file.
func (d *Drafts) SaveDraft(name string, s text.Snapshot) error {
	head := draftHead + strings.NewReplacer("\n", " ", "\r", " ").Replace(name) + "\n"
	if err := replace(d.path(name), []byte(head+s.Text())); err != nil {
		return fmt.Errorf("the draft of %s was not kept: %w", name, plain(err))
	}
	return nil
}

// DiscardDraft forgets the draft of a file; there need not be one.
func (d *Drafts) DiscardDraft(name string) error {
	if err := os.Remove(d.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the draft of %s stays: %w", name, plain(err))
	}
	return nil
}

// LoadDraft gives the draft of a file and when it was written; ok is false when there is none.
func (d *Drafts) LoadDraft(name string) (s string, when time.Time, ok bool, err error) {
	p := d.path(name)
	b, err := os.ReadFile(p)
	if errors.Is(err, fs.ErrNotExist) {
		return "", time.Time{}, false, nil
	}
	if err != nil {
		return "", time.Time{}, false, fmt.Errorf("the draft of %s cannot be read: %w", name, plain(err))
	}
	head, body, found := strings.Cut(string(b), "\n")
	if !found || !strings.HasPrefix(head, draftHead) {
		return "", time.Time{}, false, fmt.Errorf("%s is not a draft: move it away", p)
	}
	if st, err := os.Stat(p); err == nil {
		when = st.ModTime()
	}
	return body, when, true, nil
}
