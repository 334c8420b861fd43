package code_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/ui/code"
	"patchbay/ui/code/files"
	"patchbay/ui/code/text"
	"patchbay/ui/theme"
	"patchbay/ui/uitest"
)

// disk is a file system in memory with drafts.
type disk struct {
	files, drafts map[string]string
	readOnly      map[string]bool
	broken        error
	watched       map[string]bool
}

func newDisk() *disk {
	return &disk{files: map[string]string{}, drafts: map[string]string{}, readOnly: map[string]bool{}, watched: map[string]bool{}}
}

func (d *disk) Read(p string) (files.Content, error) {
	s, ok := d.files[p]
	if !ok {
		return files.Content{}, fmt.Errorf("cannot open %s: %w", p, fs.ErrNotExist)
	}
	return files.Content{Text: s, Stamp: files.StampOf([]byte(s)), ReadOnly: d.readOnly[p], Note: files.Note([]byte(s))}, nil
}

func (d *disk) Write(p string, s text.Snapshot, old files.Stamp) (files.Stamp, error) {
	if d.broken != nil {
		return "", d.broken
	}
	now := files.Stamp("")
	if cur, ok := d.files[p]; ok {
		now = files.StampOf([]byte(cur))
	}
	if old != files.Overwrite && old != now {
		return "", fmt.Errorf("%s was not saved: %w", p, files.ErrChanged)
	}
	d.files[p] = s.Text()
	return files.StampOf([]byte(d.files[p])), nil
}

func (d *disk) SaveDraft(n string, s text.Snapshot) error { d.drafts[n] = s.Text(); return nil }
func (d *disk) DiscardDraft(n string) error               { delete(d.drafts, n); return nil }
func (d *disk) Add(p string) error                        { d.watched[p] = true; return nil }
func (d *disk) Remove(p string)                           { delete(d.watched, p) }

func (d *disk) LoadDraft(n string) (string, time.Time, bool, error) {
	s, ok := d.drafts[n]
	return s, time.Date(2026, 1, 15, 11, 30, 0, 0, time.UTC), ok, nil
}

func openTabs(t *testing.T, d *disk, opts ...uitest.Option) (*uitest.UI, *code.Tabs) {
	t.Helper()
	var tabs *code.Tabs
	ui := uitest.Build(t, 900, 500, func(u *uitest.UI) fyne.CanvasObject {
		tabs = code.NewTabs(code.TabsOptions{Files: d, Watcher: d, Editor: code.Options{Now: u.Clock.Now, Drafts: d}, OnPlus: func() { tabs.NewFile("new 1", "") }})
		return tabs
	}, opts...)
	ui.OnTick(tabs.Tick)
	return ui, tabs
}

func TestSeveralFilesInTabs(t *testing.T) {
	d := newDisk()
	d.files["/p/token.lua"], d.files["/p/escrow.lua"], d.files["/q/token.lua"] = "a\n", "b\n", "c\n"
	ui, tabs := openTabs(t, d)
	tabs.Open("/p/token.lua")
	tabs.Open("/p/escrow.lua")
	ui.Sees("token.lua", "escrow.lua").Type("x")
	if tabs.Active().Path != "/p/escrow.lua" || len(tabs.Modified()) != 1 {
		t.Errorf("active %s, modified %d", tabs.Active().Path, len(tabs.Modified()))
	}
	ui.Tap("token.lua").Type("y")
	if got := tabs.Active().Editor.Text(); got != "ya\n" {
		t.Errorf("text %q", got)
	}
	tabs.OpenAt("/q/token.lua", 1, 2)
	ui.Sees("p/token.lua", "q/token.lua")
	wantCaret(t, tabs.Active().Editor, 1, 2)
	if tabs.Open("/p/token.lua"); len(tabs.All()) != 3 {
		t.Error("opened twice")
	}
	tabs.SaveAll()
	if d.files["/p/token.lua"] != "ya\n" || d.files["/p/escrow.lua"] != "xb\n" || len(tabs.Modified()) != 0 {
		t.Errorf("saved %v", d.files)
	}
	tabs.Step(1)
	if tabs.Active().Path != "/p/escrow.lua" {
		t.Errorf("step to %s", tabs.Active().Path)
	}
	ui.Press("Ctrl+PageUp")
	if tabs.Active().Path != "/p/token.lua" {
		t.Errorf("Ctrl+PageUp to %s", tabs.Active().Path)
	}
	ui.Tap("+").Type("z")
	if tabs.Active().Path != "" || tabs.Active().Editor.Text() != "z" {
		t.Error("no new file")
	}
	tabs.Active().SaveAs("/p/new.lua")
	if d.files["/p/new.lua"] != "z" || !d.watched["/p/new.lua"] {
		t.Errorf("saved as %v", d.files)
	}
}

func TestClosingATabAsksAboutUnsavedChanges(t *testing.T) {
	d := newDisk()
	d.files["/a.lua"] = "a"
	ui, tabs := openTabs(t, d)
	k := tabs.Open("/a.lua")
	ui.Type("x")
	tabs.Close(k)
	ui.Sees("a.lua has unsaved changes.")
	ui.Tap("Cancel").SeesNot("unsaved").Type("y")
	wantText(t, k.Editor, "xya")
	tabs.Close(k)
	ui.Tap("Save and close").Sees("No file is open")
	if d.files["/a.lua"] != "xya" || len(d.watched) != 0 {
		t.Errorf("file %q, watched %v", d.files["/a.lua"], d.watched)
	}
	k = tabs.Open("/a.lua")
	ui.Type("z").Wait(2 * time.Second)
	if d.drafts["/a.lua"] != "zxya" {
		t.Errorf("drafts %v", d.drafts)
	}
	tabs.Close(k)
	ui.Tap("Close without saving")
	if d.files["/a.lua"] != "xya" || len(d.drafts) != 0 {
		t.Errorf("file %q, drafts %v", d.files["/a.lua"], d.drafts)
	}
}

func TestAFileChangedOutside(t *testing.T) {
	d := newDisk()
	d.files["/a.lua"] = "one\ntwo\nthree\n"
	ui, tabs := openTabs(t, d)
	k := tabs.Open("/a.lua")

	// Nothing of ours: it is read again, and can be undone.
	d.files["/a.lua"] = "one\n2\nthree\n"
	tabs.FileChanged("/a.lua")
	ui.Sees("was changed on disk and read again")
	wantText(t, k.Editor, "one\n2\nthree\n")
	if k.Editor.Modified() {
		t.Error("modified")
	}
	ui.Press("Ctrl+Z")
	wantText(t, k.Editor, "one\ntwo\nthree\n")
	ui.Press("Ctrl+Y").Tap("OK")

	// Changed on both sides: nothing happens until it is decided.
	ui.Press("Ctrl+End").Type("mine")
	d.files["/a.lua"] = "one\n2\n3\n"
	tabs.FileChanged("/a.lua")
	ui.Sees("was changed on disk while it has unsaved changes here")
	wantText(t, k.Editor, "one\n2\nthree\nmine")
	ui.Tap("Show differences").Sees("Back to the text")
	if got := k.Comparison(); got != "  - on disk   + here\n  one\n  2\n- 3\n- \n+ three\n+ mine" {
		t.Errorf("comparison %q", got)
	}
	ui.Shot("diff")
	ui.Tap("Back to the text").Tap("Keep mine")
	if d.files["/a.lua"] != "one\n2\nthree\nmine" || k.Editor.Modified() {
		t.Errorf("file %q", d.files["/a.lua"])
	}

	ui.Type("more")
	d.files["/a.lua"] = "theirs\n"
	k.Save() // the watcher has not noticed yet: the save does
	ui.Sees("was changed on disk").Tap("Reload from disk")
	wantText(t, k.Editor, "theirs\n")
	ui.Press("Ctrl+Z")
	wantText(t, k.Editor, "one\n2\nthree\nminemore")
	tabs.FileChanged("/a.lua") // our own doing
	ui.SeesNot("was changed")
}

func TestAFileThatVanishes(t *testing.T) {
	d := newDisk()
	d.files["/a.lua"] = "text"
	ui, tabs := openTabs(t, d)
	k := tabs.Open("/a.lua")
	delete(d.files, "/a.lua")
	tabs.FileChanged("/a.lua")
	ui.Sees("no longer on disk")
	if !k.Editor.Modified() {
		t.Error("a text without a file counts as saved")
	}
	ui.Tap("Save it again")
	if d.files["/a.lua"] != "text" || k.Editor.Modified() {
		t.Errorf("files %v", d.files)
	}
}

func TestAFileThatCannotBeOpenedOrSaved(t *testing.T) {
	d := newDisk()
	ui, tabs := openTabs(t, d)
	k := tabs.Open("/none.lua")
	ui.Sees("Cannot open /none.lua").Type("x")
	wantText(t, k.Editor, "")
	d.files["/none.lua"] = "here"
	ui.Tap("Try again")
	wantText(t, k.Editor, "here")
	ui.Type("x")
	d.broken = errors.New("/none.lua was not saved: no space left on device")
	k.Save()
	ui.Sees("No space left on device"[3:], "kept as a draft")
	if d.drafts["/none.lua"] != "xhere" {
		t.Errorf("drafts %v", d.drafts)
	}
	d.broken = nil
	ui.Tap("Try again")
	if d.files["/none.lua"] != "xhere" || len(d.drafts) != 0 {
		t.Errorf("files %v, drafts %v", d.files, d.drafts)
	}
	d.files["/ro.lua"], d.readOnly["/ro.lua"] = "fixed", true
	tabs.Open("/ro.lua")
	ui.Sees("write-protected").Type("x")
	wantText(t, tabs.Active().Editor, "fixed")
	d.files["/bin.lua"] = "a\xffb\x00\r\nc\n"
	tabs.Open("/bin.lua")
	ui.Sees("1 byte is not UTF-8", "NUL", "All is kept")
	ui.Tap("OK").Press("Ctrl+End").Type("x")
	tabs.Save()
	if d.files["/bin.lua"] != "a\xffb\x00\r\nc\nx" {
		t.Errorf("file %q", d.files["/bin.lua"])
	}
}

func TestACrashLosesAtMostASecondOfTyping(t *testing.T) {
	d := newDisk()
	d.files["/a.lua"] = "saved\n"
	ui, tabs := openTabs(t, d)
	tabs.Open("/a.lua")
	for i := range 60 { // somebody who never stops typing
		ui.Type("x").Wait(100 * time.Millisecond)
		if i > 12 && len(d.drafts["/a.lua"]) < i+1-10+len("saved\n") {
			t.Fatalf("after %d characters the draft is %q", i+1, d.drafts["/a.lua"])
		}
	}
	ui.Type("!")
	if err := tabs.SaveDrafts(); err != nil || !strings.HasPrefix(d.drafts["/a.lua"], strings.Repeat("x", 60)+"!") {
		t.Errorf("on closing the draft is %q, %v", d.drafts["/a.lua"], err)
	}
	// The program dies; a new one starts.
	ui, tabs = openTabs(t, d)
	k := tabs.Open("/a.lua")
	ui.Sees("changes of 15 Jan 11:30 that were not saved")
	if got := k.Editor.Text(); !strings.HasPrefix(got, strings.Repeat("x", 50)) || !k.Editor.Modified() {
		t.Errorf("restored %q", got)
	}
	ui.Wait(2 * time.Second)
	if d.drafts["/a.lua"] == "" {
		t.Error("the draft is gone before anything was decided")
	}
	ui.Shot("draft")
	ui.Tap("Use the file")
	wantText(t, k.Editor, "saved\n")
	if len(d.drafts) != 0 {
		t.Errorf("drafts %v", d.drafts)
	}
}

func TestTabsLook(t *testing.T) {
	for _, m := range []theme.Mode{theme.Dark, theme.Light} {
		d := newDisk()
		d.files["/p/token.lua"], d.files["/p/escrow.lua"], d.files["/p/token_test.lua"] = token, "b\n", "c\n"
		ui, tabs := openTabs(t, d, uitest.Mode(m))
		tabs.Open("/p/escrow.lua")
		tabs.Open("/p/token_test.lua")
		k := tabs.Open("/p/token.lua")
		ui.Press("Ctrl+End").Type("-- x")
		d.files["/p/token.lua"] += "theirs"
		tabs.FileChanged("/p/token.lua")
		ui.Move(150, 15)
		ui.Shot("tabs-" + m.String())
		ui.Tap("Show differences")
		ui.Shot("tabs-diff-" + m.String())
		_ = k
	}
}

func snapshotOf(s string) text.Snapshot { return text.New(s).Snapshot() }
