package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"patchbay/ui/kit"
)

// ErrNotProject is wrapped by OpenProject of [Deps] for a folder that is no project:
// the window offers to make one of it.
var ErrNotProject = errors.New("not a project")

// maxRecent is how many projects the menus list.
const maxRecent = 8

func (w *Window) recent() []string { return w.d.Recent[:min(len(w.d.Recent), maxRecent)] }

func (w *Window) projectMenu() *fyne.Menu {
	m := fyne.NewMenu("", fyne.NewMenuItem("Copy the folder's path", func() { w.copy(w.d.Project.Dir(), "path") }))
	if w.d.OpenProject == nil {
		return m
	}
	m.Items = append(m.Items, fyne.NewMenuItem("Open project…", w.openProject))
	if w.d.NewProject != nil {
		m.Items = append(m.Items, fyne.NewMenuItem("New project…", w.newProject))
	}
	for i, dir := range w.recent() {
		if i == 0 {
			m.Items = append(m.Items, fyne.NewMenuItemSeparator())
		}
		m.Items = append(m.Items, fyne.NewMenuItem(recentTitle(dir), func() { w.switchProject(dir) }))
	}
	return m
}

func recentTitle(dir string) string { return filepath.Base(dir) + "   " + dir }

// openProject lists the projects opened before, takes a folder that is typed, and
// lets one be looked for.
func (w *Window) openProject() { w.openProjectAt("", "") }

// openProjectAt is openProject with a folder that was typed before and could not be
// opened, and why.
func (w *Window) openProjectAt(typed, wrong string) {
	var all []choice
	for _, dir := range w.recent() {
		all = append(all, choice{title: filepath.Base(dir), note: dir, run: func() { w.switchProject(dir) }})
	}
	all = append(all, choice{title: "Look for a folder…", note: "with the mouse", run: w.browse})
	w.pickFrom("open a project: choose, or type a folder", typed, all, func(s string) []choice {
		dir, ok := folderTyped(s)
		if !ok {
			return nil
		}
		open := choice{title: "Open " + dir, note: "as a project", run: func() { w.switchProjectOr(dir, func(err error) { w.openProjectAt(s, err.Error()) }) }}
		if s == typed && wrong != "" {
			return []choice{open, {title: "▲ " + wrong, off: true}}
		}
		return []choice{open}
	})
}

// folderTyped says whether a text is meant as a folder, and which.
func folderTyped(s string) (string, bool) {
	s = strings.Trim(strings.TrimSpace(s), `"'`)
	if rest, ok := strings.CutPrefix(s, "~"); ok && (rest == "" || rest[0] == '/' || rest[0] == filepath.Separator) {
		home, err := os.UserHomeDir() // reads the environment, no file
		if err != nil {
			return "", false
		}
		return filepath.Join(home, rest), true
	}
	if !filepath.IsAbs(s) {
		return "", false
	}
	return filepath.Clean(s), true
}

func (w *Window) browse() {
	if w.win == nil {
		return
	}
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if err != nil {
			w.fail(err)
		} else if u != nil {
			w.switchProject(u.Path())
		}
	}, w.win)
	kit.ShowFolders(d, w.win.Canvas())
}

// switchProject opens another project, or says why it cannot be.
func (w *Window) switchProject(dir string) { w.switchProjectOr(dir, func(error) {}) }

// switchProjectOr is switchProject with what is to be done then.
func (w *Window) switchProjectOr(dir string, failed func(error)) {
	w.do("Opening "+filepath.Base(dir), func(context.Context) error { return w.d.OpenProject(dir) }, func(err error) {
		switch {
		case errors.Is(err, ErrNotProject) && w.d.NewProject != nil:
			w.confirm("No project yet", dir+" has no patchbay.toml. Patchbay can write one there; nothing else in the folder is touched.", "Make it a project", func() { w.makeProject(dir) })
		case err != nil:
			w.fail(err)
			if w.win != nil && w.win.Canvas().Overlays().Top() == nil {
				failed(err)
			}
		default:
			w.say("Opened " + dir + " in a window of its own.")
		}
	})
}

// newProject asks for a folder and makes a project of it.
func (w *Window) newProject() {
	check := func(s string) string {
		if _, ok := folderTyped(s); !ok {
			return "Write the whole path of a folder, such as " + filepath.Join(filepath.Dir(w.d.Project.Dir()), "my-project") + "."
		}
		return ""
	}
	w.attempt(question{
		title: "New project", label: "Folder that is to hold it. It is made when it is not there.",
		text: filepath.Join(filepath.Dir(w.d.Project.Dir()), "my-project"), yes: "Create", check: check,
	}, "Making the project", func(_ context.Context, s string) error {
		dir, _ := folderTyped(s)
		return w.d.NewProject(dir)
	}, func(s string) {
		dir, _ := folderTyped(s)
		w.made(dir)
	})
}

func (w *Window) made(dir string) {
	w.say("Made the project " + dir + "; it opens in a window of its own.")
}

func (w *Window) makeProject(dir string) {
	w.do("Making "+filepath.Base(dir), func(context.Context) error { return w.d.NewProject(dir) }, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.made(dir)
	})
}

// exportState writes everything that the engine has into a file.
func (w *Window) exportState() {
	x, ok := w.d.Engine.(Porter)
	if !ok {
		return
	}
	check := func(s string) string {
		if _, ok := folderTyped(s); !ok {
			return "Write the whole path of a file."
		}
		return ""
	}
	w.attempt(question{
		title: "Export state", label: "File for the project with its scripts, processes and messages, as lines of JSON; patchbay import makes a project of it. A file that exists is kept.",
		text: filepath.Join(w.d.Project.Dir(), w.d.Project.Name()+".jsonl"), yes: "Export", check: check,
	}, "Exporting", func(ctx context.Context, s string) error {
		path, _ := folderTyped(s)
		return x.ExportTo(ctx, path)
	}, func(s string) {
		path, _ := folderTyped(s)
		w.say("Exported to " + path)
	})
}

// importState reads such a file into the engine.
func (w *Window) importState() {
	x, ok := w.d.Engine.(Porter)
	if !ok {
		return
	}
	check := func(s string) string {
		if _, ok := folderTyped(s); !ok {
			return "Write the whole path of a file that Export wrote."
		}
		return ""
	}
	w.attempt(question{
		title: "Import state", label: "File that an export wrote. Its processes come into this project; ones that are here already are refused, and then nothing is imported.",
		text: filepath.Join(w.d.Project.Dir(), w.d.Project.Name()+".jsonl"), yes: "Import", check: check,
	}, "Importing", func(ctx context.Context, s string) error {
		path, _ := folderTyped(s)
		return x.ImportFrom(ctx, path)
	}, func(s string) {
		path, _ := folderTyped(s)
		w.refreshNames()
		w.chooseFirst()
		w.say("Imported " + filepath.Base(path))
	})
}
