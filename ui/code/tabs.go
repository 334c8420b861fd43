package code

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/code/files"
	"patchbay/ui/code/text"
)

// Files reads and writes what tabs show; [files.Disk] is the real one. Its methods are called through Async.
type Files interface {
	Read(path string) (files.Content, error)
	Write(path string, s text.Snapshot, old files.Stamp) (files.Stamp, error)
}

// Watcher is told which files are open; it answers by calling [Tabs.FileChanged] on the UI goroutine.
type Watcher interface {
	Add(path string) error
	Remove(path string)
}

// DraftLoader is a [DraftStore] that can give drafts back.
type DraftLoader interface {
	LoadDraft(name string) (s string, when time.Time, ok bool, err error)
}

// TabsOptions is what [Tabs] need from outside. Only Files must be given.
type TabsOptions struct {
	// Editor is what each tab's editor is made with; Name and Text are filled in.
	Editor Options
	Files  Files
	// Watcher is told about opened and closed files; nil watches nothing.
	Watcher Watcher
	// OnActivate is called when another tab comes to the front, with nil when none is left; OnSaved after a file was written;
	// OnPlus when a new file is asked for (the "+" tab). nil does nothing.
	OnActivate func(*Tab)
	OnSaved    func(*Tab)
	OnPlus     func()
	// OnChanged is called after each change of a text.
	OnChanged func(*Tab)
}

// Tabs shows several files, one at a time. What needs a decision (a file changed on disk, unsaved changes on closing, a draft that
// was found) is asked in a strip between the tabs and the text, which never keeps the user from going on.
type Tabs struct {
	widget.BaseWidget
	opt    TabsOptions
	tabs   []*Tab
	active int // -1: none
	bar    *tabBar
	later  []func() // for when nothing is being written (Settled)
	// forward gets the shortcuts that neither an editor nor the tabs have a use for.
	forward func(fyne.Shortcut)
}

// Tab is an open file.
type Tab struct {
	// Path is where the file is; "" for a text that has never been saved.
	Path   string
	Editor *Editor

	owner   *Tabs
	title   string
	stamp   files.Stamp // of what was last read or written
	reading bool
	loaded  bool
	saving  bool
	again   bool // the file changed while it was being read
	gone    bool // the file vanished
	strip   *strip
	diff    *Editor // shown in place of the text while two versions are compared
	after   func(*Tab)
}

// NewTabs makes an empty panel.
func NewTabs(o TabsOptions) *Tabs {
	if o.Editor.Now == nil {
		o.Editor.Now = time.Now
	}
	if o.Editor.Async == nil {
		o.Editor.Async = func(work, then func()) { work(); then() }
	}
	t := &Tabs{opt: o, active: -1}
	t.opt.Editor.OnShortcut = t.shortcut
	t.forward = o.Editor.OnShortcut
	t.bar = newTabBar(t)
	t.ExtendBaseWidget(t)
	return t
}

// All gives the open tabs from left to right.
func (t *Tabs) All() []*Tab { return slices.Clone(t.tabs) }

// Active gives the tab in front, nil when there is none.
func (t *Tabs) Active() *Tab {
	if t.active < 0 || t.active >= len(t.tabs) {
		return nil
	}
	return t.tabs[t.active]
}

// Find gives the tab of a path, nil when it is not open.
func (t *Tabs) Find(path string) *Tab {
	for _, k := range t.tabs {
		if path != "" && samePath(k.Path, path) {
			return k
		}
	}
	return nil
}

func samePath(a, b string) bool {
	if a == b {
		return true
	}
	x, err1 := filepath.Abs(a)
	y, err2 := filepath.Abs(b)
	return err1 == nil && err2 == nil && a != "" && b != "" && x == y
}

// Modified gives the tabs with unsaved changes.
func (t *Tabs) Modified() []*Tab {
	var out []*Tab
	for _, k := range t.tabs {
		if k.Editor.Modified() {
			out = append(out, k)
		}
	}
	return out
}

// Title is what the tab reads.
func (k *Tab) Title() string { return k.title }

// Loaded reports whether the file has been read.
func (k *Tab) Loaded() bool { return k.loaded }

func (t *Tabs) add(path, title string) *Tab {
	o := t.opt.Editor
	o.Name, o.Text = path, ""
	k := &Tab{Path: path, owner: t, title: title}
	k.Editor = New(o)
	k.Editor.OnModified = func(bool) { t.bar.Refresh() }
	k.Editor.OnChanged = func() {
		if t.opt.OnChanged != nil {
			t.opt.OnChanged(k)
		}
	}
	t.tabs = append(t.tabs, k)
	t.titles()
	return k
}

// titles shows a file's folder too where two files have the same name.
func (t *Tabs) titles() {
	n := map[string]int{}
	for _, k := range t.tabs {
		if k.Path != "" {
			n[filepath.Base(k.Path)]++
		}
	}
	for _, k := range t.tabs {
		if k.Path == "" {
			continue
		}
		k.title = filepath.Base(k.Path)
		if n[k.title] > 1 {
			k.title = filepath.Join(filepath.Base(filepath.Dir(k.Path)), k.title)
		}
	}
	t.bar.Refresh()
}

// NewFile opens a text that has no file yet. Its draft is kept under the title, so that titles should differ; when there is one of
// before a crash it is shown.
func (t *Tabs) NewFile(title, source string) *Tab {
	k := t.add("", title)
	k.loaded = true
	k.Editor.SetText(source)
	k.Editor.SetName("untitled:" + title)
	t.Select(k)
	if l, ok := t.opt.Editor.Drafts.(DraftLoader); ok {
		var draft string
		var found bool
		name := k.Editor.Name()
		t.opt.Editor.Async(func() { draft, _, found, _ = l.LoadDraft(name) }, func() {
			if found && draft != source && !k.Editor.Modified() {
				k.restore(draft)
			}
		})
	}
	return k
}

// Open shows a file, reading it if it is not open yet. What cannot be read is said in the tab's strip.
func (t *Tabs) Open(path string) *Tab { return t.OpenAt(path, 0, 0) }

// OpenAt is Open followed by [Editor.Reveal] once the file is read; a line of 0 leaves the caret where it is.
func (t *Tabs) OpenAt(path string, line, col int) *Tab {
	k := t.Find(path)
	show := func(k *Tab) {
		if line > 0 {
			k.Reveal(line, col)
		}
	}
	if k == nil {
		k = t.add(path, filepath.Base(path))
		k.after = show
		k.read()
		if t.opt.Watcher != nil {
			if err := t.opt.Watcher.Add(path); err != nil {
				k.tell(err.Error())
			}
		}
	} else if k.loaded {
		show(k)
	} else {
		k.after = show
	}
	t.Select(k)
	return k
}

// shortcut does Ctrl+Tab and Ctrl+PageDown, which show the tab to the right, and their opposites.
func (t *Tabs) shortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok {
		switch (chord{c.KeyName, c.Modifier}) {
		case chord{fyne.KeyTab, ctrl}, chord{fyne.KeyPageDown, ctrl}:
			t.Step(1)
			return
		case chord{fyne.KeyTab, ctrl | shift}, chord{fyne.KeyPageUp, ctrl}:
			t.Step(-1)
			return
		}
	}
	if t.forward != nil {
		t.forward(s)
	}
}

// Select brings a tab to the front and gives its text the focus.
func (t *Tabs) Select(k *Tab) {
	i := slices.Index(t.tabs, k)
	if i < 0 {
		return
	}
	if prev := t.Active(); prev != nil && prev != k {
		prev.Editor.SaveDraft()
	}
	t.active = i
	t.bar.reveal(i)
	t.Refresh()
	if k.diff == nil {
		k.Editor.focusOn(k.Editor)
	}
	if t.opt.OnActivate != nil {
		t.opt.OnActivate(k)
	}
}

// Step selects the tab n to the right (or left), going round.
func (t *Tabs) Step(n int) {
	if len(t.tabs) > 1 {
		t.Select(t.tabs[((t.active+n)%len(t.tabs)+len(t.tabs))%len(t.tabs)])
	}
}

// Settled calls then once no file is being written any more: at once, as a rule. What
// is asked of the user about unsaved changes waits for it.
func (t *Tabs) Settled(then func()) {
	if slices.ContainsFunc(t.tabs, func(k *Tab) bool { return k.saving }) {
		t.later = append(t.later, then)
		return
	}
	then()
}

// written is called when a file is not being written any more.
func (t *Tabs) written() {
	later := t.later
	t.later = nil
	for _, then := range later {
		t.Settled(then)
	}
}

// Close closes a tab; when it has unsaved changes it asks first.
func (t *Tabs) Close(k *Tab) { t.Settled(func() { t.close(k) }) }

func (t *Tabs) close(k *Tab) {
	if !slices.Contains(t.tabs, k) {
		return
	}
	if !k.Editor.Modified() {
		t.drop(k)
		return
	}
	t.Select(k)
	actions := []action{{"Save and close", func() { k.save(func() { t.drop(k) }) }}, {"Close without saving", func() {
		k.Editor.buf.MarkSaved()
		k.Editor.discardDraft()
		t.drop(k)
	}}, {"Cancel", func() { k.quiet() }}}
	if k.Path == "" { // there is no place to save it to
		actions = actions[1:]
	}
	k.ask(fmt.Sprintf("%s has unsaved changes.", k.title), actions...)
}

func (t *Tabs) drop(k *Tab) {
	i := slices.Index(t.tabs, k)
	if i < 0 {
		return
	}
	t.tabs = slices.Delete(t.tabs, i, i+1)
	if t.opt.Watcher != nil && k.Path != "" {
		t.opt.Watcher.Remove(k.Path)
	}
	if t.active > i || t.active >= len(t.tabs) {
		t.active--
	}
	t.titles()
	if a := t.Active(); a != nil {
		t.Select(a)
		return
	}
	t.Refresh()
	if t.opt.OnActivate != nil {
		t.opt.OnActivate(nil)
	}
}

// Save writes the tab in front.
func (t *Tabs) Save() {
	if k := t.Active(); k != nil {
		k.Save()
	}
}

// SaveAll writes all tabs with unsaved changes that have a file.
func (t *Tabs) SaveAll() {
	for _, k := range t.Modified() {
		k.Save()
	}
}

// SaveDrafts writes the drafts of all unsaved texts before it returns: call it when the window closes.
func (t *Tabs) SaveDrafts() error {
	var errs []error
	for _, k := range t.tabs {
		errs = append(errs, k.Editor.FlushDraft())
	}
	return errors.Join(errs...)
}

// SetFontSize sets the size of the text in all tabs and in those still to come.
func (t *Tabs) SetFontSize(size float32) {
	t.opt.Editor.FontSize = size
	for _, k := range t.tabs {
		k.Editor.SetFontSize(size)
	}
}

// Tick passes time on to the editors; see [Editor.Tick].
func (t *Tabs) Tick() {
	for i, k := range t.tabs {
		if i == t.active {
			k.Editor.Tick()
		} else {
			k.Editor.draftTick(t.opt.Editor.Now())
		}
	}
}
