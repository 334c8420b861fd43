package ui

import (
	"io"
	"path/filepath"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/code"
	"patchbay/ui/code/files"
)

// savedScript says so, unless it was saved because it is run: what came of that is
// said, and may have been by now.
func (w *Window) savedScript(k *code.Tab) {
	w.survey.due = true
	if w.runSaves.tab != k || w.runSaves.version != k.Editor.Version() {
		w.say("Saved " + k.Title())
	}
}

// newTabs makes the tabs of open scripts.
func (w *Window) newTabs() *code.Tabs {
	o := code.TabsOptions{
		Editor: code.Options{
			Now: w.now, Async: w.loop.async, Clipboard: w.clipboard, OnShortcut: w.typedShortcut,
			Drafts: w.d.Drafts, Mac: w.mac,
		},
		Files:      w.d.Files,
		OnActivate: w.activated,
		OnSaved:    w.savedScript,
		OnPlus:     w.openDialog,
		OnChanged:  func(*code.Tab) { w.strip.update() },
	}
	o.Files = w.disk()
	if w.d.Lint != nil {
		o.Editor.Check = func(source string) []code.Mark { return marksOf(w.d.Lint("", source)) }
	}
	if w.d.Watch != nil {
		watcher, err := w.d.Watch(w.FileChanged)
		if err != nil {
			w.fail(err)
		} else {
			o.Watcher = watcher
		}
		if c, ok := watcher.(io.Closer); ok && err == nil {
			w.closers = append(w.closers, c)
		}
	}
	return code.NewTabs(o)
}

// disk is where scripts are read from and written to.
func (w *Window) disk() code.Files {
	if w.d.Files == nil {
		return files.Disk{}
	}
	return w.d.Files
}

// readSource is a script's text, as the editor would open it. Off the UI goroutine.
func (w *Window) readSource(script string) (string, error) {
	c, err := w.disk().Read(w.abs(script))
	return c.Text, err
}

// FileChanged tells that an open file changed on disk. Any goroutine.
func (w *Window) FileChanged(path string) {
	w.d.Do(func() {
		if !w.closed && w.Files != nil {
			w.Files.FileChanged(path)
		}
	})
}

// activated follows the tab in front.
func (w *Window) activated(k *code.Tab) {
	if k != nil {
		k.Editor.OnCaretMoved = func(int, int) { w.strip.update() }
	}
	if w.strip != nil {
		w.strip.update()
	}
	w.survey.due = true
	w.gatherProblems()
	w.rememberFiles()
}

// abs is the path of a script of the project on disk.
func (w *Window) abs(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(w.d.Project.Dir(), filepath.FromSlash(p))
}

// rel is a path as the project calls it.
func (w *Window) rel(p string) string {
	r, err := filepath.Rel(w.d.Project.Dir(), p)
	if err != nil || strings.HasPrefix(r, "..") {
		return p
	}
	return filepath.ToSlash(r)
}

// openScript shows a script, given as the project calls it or by its whole path.
func (w *Window) openScript(p string) { w.Files.Open(w.abs(p)) }

// place shows a line of a script; an empty name means the script in front.
func (w *Window) place(name string, line, col int) {
	p := w.scriptOf(name)
	if p == "" {
		return
	}
	w.Files.OpenAt(w.abs(p), max(line, 1), max(col, 1))
}

// scriptOf finds the script that a chunk name of the VM means: an open one of that
// name, else the script of the process shown.
func (w *Window) scriptOf(chunk string) string {
	chunk = strings.TrimPrefix(strings.TrimPrefix(chunk, "@"), "=")
	for _, k := range w.Files.All() {
		if chunk != "" && (k.Path == chunk || filepath.Base(k.Path) == filepath.Base(chunk)) {
			return k.Path
		}
	}
	if p := w.processScript(); p != "" {
		return p
	}
	if k := w.Files.Active(); k != nil {
		return k.Path
	}
	return ""
}

// script is the open script of the process shown, else the one in front; nil for none.
func (w *Window) script() *code.Tab {
	if s := w.processScript(); s != "" {
		if k := w.Files.Find(w.abs(s)); k != nil {
			return k
		}
	}
	return w.Files.Active()
}

// ownLines is how many of the first lines that a slot names are of its message's
// Data and not of the process's script: aos calls all that it loads by one name, so
// the lines of an Eval that somebody sent by hand would point at any of the script.
func (w *Window) ownLines(s *ao.Slot) int {
	if s.Message.Source == ao.FromRun || s.Message.Action() != "Eval" {
		return 0
	}
	data, _ := s.Message.Data.(patchdev.String)
	if k := w.script(); k != nil && strings.TrimSpace(k.Editor.Text()) == strings.TrimSpace(string(data)) {
		return 0
	}
	return 1 + strings.Count(string(data), "\n")
}

// ofScript says whether a line that a slot names is one of the process's script.
func (w *Window) ofScript(s *ao.Slot, line int) bool { return line > w.ownLines(s) }

// lined is a warning of a slot, with its line only if that is one of the script.
func (w *Window) lined(s *ao.Slot, x patchdev.Warning) patchdev.Warning {
	if x.Line > 0 && !w.ofScript(s, x.Line) {
		x.Line = 0
	}
	return x
}

func marksOf(list []Problem) []code.Mark {
	out := make([]code.Mark, 0, len(list))
	for _, p := range list {
		m := code.Mark{Line: p.Line, Col: p.Col, Message: p.Message, Rule: p.Rule}
		switch p.Severity {
		case Error:
			m.Severity = code.Error
		case Warning:
			m.Severity = code.Warning
		default:
			m.Severity = code.Info
		}
		out = append(out, m)
	}
	return out
}
