package code

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/ui/code/files"
	"patchbay/ui/code/text"
	"patchbay/ui/theme"
)

// read reads the file for the first time, and looks for a draft of it.
func (k *Tab) read() {
	t := k.owner
	k.reading = true
	k.Editor.SetReadOnly(true) // nothing is typed into a text that is about to be replaced
	var (
		c     files.Content
		err   error
		draft string
		when  time.Time
		found bool
	)
	path := k.Path
	t.opt.Editor.Async(func() {
		c, err = t.opt.Files.Read(path)
		if l, ok := t.opt.Editor.Drafts.(DraftLoader); ok {
			draft, when, found, _ = l.LoadDraft(path) // a draft that cannot be read is no reason not to show the file
		}
	}, func() {
		k.reading = false
		if err != nil {
			k.gone = errors.Is(err, fs.ErrNotExist)
			if found {
				k.restore(draft)
				k.ask(capital(err.Error())+". The unsaved text of "+when.Format("2 Jan 15:04")+" is shown.",
					action{"Save it", func() { k.Save() }}, action{"Close", func() { t.Close(k) }})
				return
			}
			k.Editor.SetReadOnly(true)
			k.ask(capital(err.Error())+".", action{"Try again", func() { k.quiet(); k.read() }}, action{"Close", func() { t.drop(k) }})
			return
		}
		k.loaded, k.gone, k.stamp = true, false, c.Stamp
		k.Editor.SetText(c.Text)
		k.Editor.SetReadOnly(c.ReadOnly)
		k.Editor.draft.discard = found
		switch {
		case found && draft != c.Text:
			// The draft is what is shown, so that nothing typed is lost whatever is answered, or if nothing is.
			k.restore(draft)
			k.ask(fmt.Sprintf("%s has changes of %s that were not saved. They are shown; Ctrl+Z gives the file.", k.title, when.Format("2 Jan 15:04")),
				action{"Keep them", func() { k.quiet() }},
				action{showDiff, func() { k.compare("the file", c.Text, "unsaved", draft) }},
				action{"Use the file", func() {
					k.Editor.Reload(c.Text)
					k.Editor.discardDraft()
					k.quiet()
				}})
		case c.ReadOnly:
			k.tell(fmt.Sprintf("%s is write-protected: it can be read but not changed.", k.title))
		case c.Note != "":
			k.tell(capital(c.Note))
		}
		if k.after != nil {
			k.after(k)
			k.after = nil
		}
		if k.again {
			k.again = false
			t.FileChanged(k.Path)
		}
	})
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// restore puts a draft in place of the file's text, as an edit that can be undone and saved.
func (k *Tab) restore(draft string) {
	k.quiet()
	k.endCompare()
	k.loaded = true
	k.Editor.SetReadOnly(false)
	e := k.Editor
	e.replaceAll(draft)
	if k.gone {
		e.buf.MarkUnsaved()
	}
	e.draft.discard = true
	e.draft.version = e.buf.Version() // it is what the store holds
	e.afterChange()
	k.owner.Refresh()
}

// Save writes the tab's text to its file, if something else has not been written there meanwhile: then it asks.
func (k *Tab) Save() { k.save(nil) }

func (k *Tab) save(then func()) { k.write(k.stamp, then) }

func (k *Tab) write(old files.Stamp, then func()) {
	t := k.owner
	if k.saving || k.Path == "" || !k.loaded {
		return
	}
	k.saving = true
	snap := k.Editor.Snapshot()
	var stamp files.Stamp
	var err error
	path := k.Path
	t.opt.Editor.Async(func() { stamp, err = t.opt.Files.Write(path, snap, old) }, func() {
		k.saving = false
		defer func() {
			if k.again {
				k.again = false
				t.FileChanged(k.Path)
			}
			t.written()
		}()
		switch {
		case errors.Is(err, files.ErrChanged):
			k.conflict()
		case err != nil:
			k.ask(capital(err.Error())+". The text is kept as a draft.", action{"Try again", func() { k.write(old, then) }}, action{"Cancel", func() { k.quiet() }})
			k.Editor.SaveDraft()
		default:
			k.stamp, k.gone = stamp, false
			if k.Editor.Version() == snap.Version { // else something was typed while it was being written
				k.Editor.MarkSaved()
			}
			k.quiet()
			k.endCompare()
			t.bar.Refresh()
			if t.opt.OnSaved != nil {
				t.opt.OnSaved(k)
			}
			if then != nil {
				then()
			}
		}
	})
}

// SaveAs gives the tab another file and writes it there; a file that exists already is asked about first.
func (k *Tab) SaveAs(path string) {
	t := k.owner
	if t.opt.Watcher != nil {
		if k.Path != "" {
			t.opt.Watcher.Remove(k.Path)
		}
		if err := t.opt.Watcher.Add(path); err != nil {
			k.tell(err.Error())
		}
	}
	k.Editor.discardDraft()
	k.Path, k.stamp, k.loaded = path, "", true
	k.Editor.SetReadOnly(false)
	k.Editor.SetName(path)
	k.Editor.MarkUnsaved()
	t.titles()
	k.write("", nil)
}

// FileChanged looks at a file that changed on disk. Call it on the UI goroutine; it may be called too often.
func (t *Tabs) FileChanged(path string) {
	k := t.Find(path)
	if k == nil {
		return
	}
	if k.reading || k.saving {
		k.again = true
		return
	}
	if !k.loaded {
		k.read() // it could not be read before
		return
	}
	k.reading = true
	var c files.Content
	var err error
	t.opt.Editor.Async(func() { c, err = t.opt.Files.Read(k.Path) }, func() {
		k.reading = false
		k.changed(c, err)
		if k.again {
			k.again = false
			t.FileChanged(path)
		}
	})
}

// changed takes in what a file holds now.
func (k *Tab) changed(c files.Content, err error) {
	e := k.Editor
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if k.gone {
			return
		}
		k.gone, k.stamp = true, ""
		e.MarkUnsaved()
		k.ask(fmt.Sprintf("%s is no longer on disk. Its text is still here.", k.title),
			action{"Save it again", func() { k.Save() }}, action{"Close", func() { k.owner.drop(k) }}, action{"Leave it", func() { k.quiet() }})
	case err != nil:
		k.tell(capital(err.Error()) + ". The text shown is what was read before.")
	case c.Stamp == k.stamp && !k.gone:
		// our own writing, or nothing that we did not know
	case c.Text == e.Text():
		k.stamp, k.gone = c.Stamp, false
		e.SetReadOnly(c.ReadOnly)
		e.MarkSaved()
		k.quiet()
	case !e.Modified():
		old := e.Text()
		k.stamp, k.gone = c.Stamp, false
		e.SetReadOnly(c.ReadOnly)
		e.Reload(c.Text)
		k.ask(fmt.Sprintf("%s was changed on disk and read again. Ctrl+Z brings the old text back.", k.title),
			action{showDiff, func() { k.compare("before", old, "now", c.Text) }}, action{"OK", func() { k.quiet() }})
	default:
		k.gone = false
		k.conflict()
	}
	k.owner.bar.Refresh()
}

// conflict asks what to do about a file that was changed both here and on disk.
func (k *Tab) conflict() {
	k.ask(fmt.Sprintf("%s was changed on disk while it has unsaved changes here.", k.title),
		action{showDiff, func() { k.withDisk(func(c files.Content) { k.compare("on disk", c.Text, "here", k.Editor.Text()) }) }},
		action{"Reload from disk", func() {
			k.withDisk(func(c files.Content) {
				k.stamp = c.Stamp
				k.Editor.Reload(c.Text)
				k.Editor.discardDraft()
				k.quiet()
				k.endCompare()
			})
		}},
		action{"Keep mine", func() { k.write(files.Overwrite, nil) }},
		action{"Later", func() { k.quiet() }})
}

func (k *Tab) withDisk(f func(files.Content)) {
	var c files.Content
	var err error
	k.owner.opt.Editor.Async(func() { c, err = k.owner.opt.Files.Read(k.Path) }, func() {
		if err != nil {
			k.changed(c, err)
			return
		}
		f(c)
	})
}

// compare shows two texts line by line in place of the text; the strip stays and gets a way back.
func (k *Tab) compare(nameA, a, nameB, b string) {
	var lines []text.DiffLine
	k.owner.opt.Editor.Async(func() {
		lines = text.Around(text.Diff(splitText(a), splitText(b)), 3)
	}, func() {
		o := k.owner.opt.Editor
		o.Drafts, o.Name = nil, ""
		o.Check = func(string) []Mark { return nil }
		d := New(o)
		var sb strings.Builder
		tint := map[int]fyne.ThemeColorName{1: theme.RowHover}
		fmt.Fprintf(&sb, "  - %s   + %s", nameA, nameB)
		numbers := []string{""}
		for i, l := range lines {
			switch {
			case l.Kind == text.Skipped:
				numbers = append(numbers, "")
			case l.Kind == text.Removed:
				numbers = append(numbers, itoa(l.Old))
			default:
				numbers = append(numbers, itoa(l.New))
			}
			sb.WriteByte('\n')
			switch l.Kind {
			case text.Skipped:
				fmt.Fprintf(&sb, "  … %d lines are the same", l.Old)
				tint[i+2] = theme.RowHover
			case text.Removed:
				sb.WriteString("- " + l.Text)
				tint[i+2] = theme.Removed
			case text.Added:
				sb.WriteString("+ " + l.Text)
				tint[i+2] = theme.Added
			default:
				sb.WriteString("  " + l.Text)
			}
		}
		d.SetText(sb.String())
		d.SetReadOnly(true)
		d.TintLines(tint)
		d.labels = numbers
		k.diff = d
		if k.strip != nil {
			k.strip.back = func() { k.endCompare() }
		}
		k.owner.Refresh()
	})
}

func splitText(s string) []string { return text.New(s).Snapshot().Lines() }

// endCompare shows the text again.
func (k *Tab) endCompare() {
	if k.diff == nil {
		return
	}
	k.diff = nil
	if k.strip != nil {
		k.strip.back = nil
	}
	k.owner.Refresh()
	k.Editor.focusOn(k.Editor)
}

// Front is the editor that is shown: the one of the text, or the comparison in its
// place, which cannot be changed.
func (k *Tab) Front() *Editor {
	if k.diff != nil {
		return k.diff
	}
	return k.Editor
}

// Reveal is [Editor.Reveal] of the text; a comparison gives its place back.
func (k *Tab) Reveal(line, col int) {
	k.endCompare()
	k.Editor.Reveal(line, col)
}

// Comparison gives the comparison that is shown in place of the text, "" when none is.
func (k *Tab) Comparison() string {
	if k.diff == nil {
		return ""
	}
	return k.diff.Text()
}
