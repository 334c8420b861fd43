package files_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"patchbay/ui/code/files"
	"patchbay/ui/code/text"
)

func snap(s string) text.Snapshot { return text.New(s).Snapshot() }

func TestReadAndWriteKeepEveryByte(t *testing.T) {
	p := filepath.Join(t.TempDir(), "a.lua")
	for _, s := range []string{"", "x", "a\r\nb\r\n", "a\r\nb\n", "\xff\x00\xfe", "\ufeffbom", "a\rb", "no end"} {
		if err := os.WriteFile(p, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := files.Disk{}.Read(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (files.Disk{}).Write(p, snap(c.Text), c.Stamp); err != nil {
			t.Fatal(err)
		}
		b, _ := os.ReadFile(p)
		if string(b) != s {
			t.Errorf("%q became %q", s, b)
		}
		if st, _ := os.Stat(p); st.Mode().Perm() != 0o600 {
			t.Errorf("permissions became %v", st.Mode())
		}
	}
}

func TestWriteNeverOverwritesAnothersChange(t *testing.T) {
	p := filepath.Join(t.TempDir(), "a.lua")
	if _, err := (files.Disk{}).Write(p, snap("mine"), "x"); !errors.Is(err, files.ErrChanged) {
		t.Errorf("a vanished file: %v", err)
	}
	st, err := files.Disk{}.Write(p, snap("mine"), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (files.Disk{}).Write(p, snap("mine again"), st); !errors.Is(err, files.ErrChanged) {
		t.Errorf("a changed file: %v", err)
	}
	if b, _ := os.ReadFile(p); string(b) != "theirs" {
		t.Errorf("the file holds %q", b)
	}
	if _, err := (files.Disk{}).Write(p, snap("mine again"), files.Overwrite); err != nil {
		t.Error(err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(p), ".*"))
	if len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestASymbolicLinkStaysOne(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.lua"), filepath.Join(dir, "link.lua")
	if err := os.WriteFile(real, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Skip(err)
	}
	if _, err := (files.Disk{}).Write(link, snap("y"), files.StampOf([]byte("x"))); err != nil {
		t.Fatal(err)
	}
	if l, err := os.Readlink(link); err != nil || l != real {
		t.Errorf("the link is gone: %v", err)
	}
	if b, _ := os.ReadFile(real); string(b) != "y" {
		t.Errorf("the file holds %q", b)
	}
}

func TestErrorsSayWhereAndWhat(t *testing.T) {
	dir := t.TempDir()
	if _, err := (files.Disk{}).Read(filepath.Join(dir, "none.lua")); !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), "none.lua") != 1 {
		t.Errorf("missing: %v", err)
	}
	if _, err := (files.Disk{}).Read(dir); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("folder: %v", err)
	}
	ro := filepath.Join(dir, "ro.lua")
	if err := os.WriteFile(ro, []byte("x"), 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := (files.Disk{}).Write(ro, snap("y"), files.Overwrite); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a protected file: %v", err)
	}
	big := filepath.Join(dir, "big.lua")
	f, err := os.Create(big)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(files.MaxSize + 1); err != nil {
		t.Skip(err)
	}
	f.Close()
	if _, err := (files.Disk{}).Read(big); !errors.Is(err, files.ErrTooLarge) {
		t.Errorf("a huge file: %v", err)
	}
}

func TestNote(t *testing.T) {
	for in, want := range map[string]string{
		"plain\n": "", "a\r\nb\r\n": "", "a\nb\xff\xff": "2 bytes are not UTF-8 (the first in line 2)", "\x00": "1 NUL byte",
		"a\r\nb\n": "1 of 2 lines end with CR LF", strings.Repeat("x", 30_000): "a line has 30000 bytes",
	} {
		if got := files.Note([]byte(in)); want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("%.10q: %q, want %q", in, got, want)
		}
	}
}

func TestDrafts(t *testing.T) {
	d := files.NewDrafts(filepath.Join(t.TempDir(), "drafts"))
	if _, _, ok, err := d.LoadDraft("/a/b.lua"); ok || err != nil {
		t.Errorf("a draft from nowhere: %v", err)
	}
	for _, name := range []string{"/a/b.lua", "/c/b.lua", "", "we/ird\nna me.lua", strings.Repeat("long", 100)} {
		for _, s := range []string{"x\r\n\xff\x00", ""} {
			if err := d.SaveDraft(name, snap(s)); err != nil {
				t.Fatal(err)
			}
			if got, when, ok, err := d.LoadDraft(name); got != s || !ok || err != nil || when.IsZero() {
				t.Errorf("%.20q: %q %v %v", name, got, ok, err)
			}
		}
	}
	if err := d.DiscardDraft("/a/b.lua"); err != nil {
		t.Error(err)
	}
	if err := d.DiscardDraft("/a/b.lua"); err != nil {
		t.Error(err)
	}
	if _, _, ok, _ := d.LoadDraft("/a/b.lua"); ok {
		t.Error("still there")
	}
	if _, _, ok, _ := d.LoadDraft("/c/b.lua"); !ok {
		t.Error("another file's draft is gone too")
	}
}
