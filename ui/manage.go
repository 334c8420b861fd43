package ui

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
)

// processMenu lists the processes of the project and what can be done with them.
func (w *Window) processMenu() *fyne.Menu {
	m := fyne.NewMenu("")
	for _, p := range w.d.Engine.Processes() {
		it := fyne.NewMenuItem(title(p), func() { w.choose(p.ID) })
		it.Checked = p.ID == w.pid
		m.Items = append(m.Items, it)
	}
	if len(m.Items) > 0 {
		m.Items = append(m.Items, fyne.NewMenuItemSeparator())
	}
	m.Items = append(m.Items, fyne.NewMenuItem("New process…", w.newProcess))
	if w.pid == "" {
		return m
	}
	m.Items = append(m.Items, fyne.NewMenuItem("Copy process id", w.copyPID))
	for _, c := range w.Commands() {
		switch c.Title {
		case "Rename…", "Fork here…", "Branches…", "New branch from this slot", "Check the replay", "Delete…":
			m.Items = append(m.Items, fyne.NewMenuItem(c.Title, c.Run))
		}
	}
	return m
}

func title(p ao.ProcessInfo) string {
	name := p.Name
	if name == "" {
		name = "process"
	}
	return name + "  " + shortID(p.ID)
}

// pickProcess lists the processes to search in.
func (w *Window) pickProcess() {
	var all []choice
	for _, p := range w.d.Engine.Processes() {
		all = append(all, choice{title: p.Name, note: shortID(p.ID) + " · slot " + itoa(p.Slot), run: func() { w.choose(p.ID) }})
	}
	w.pick("show a process", all)
}

func (w *Window) projectMenu() *fyne.Menu {
	m := fyne.NewMenu("", fyne.NewMenuItem("Copy the folder's path", func() { w.copy(w.d.Project.Dir(), "path") }))
	if w.d.OpenProject == nil {
		return m
	}
	m.Items = append(m.Items, fyne.NewMenuItem("Open project…", w.openProject))
	for i, dir := range w.d.Recent {
		if i == 0 {
			m.Items = append(m.Items, fyne.NewMenuItemSeparator())
		}
		if i == 8 {
			break
		}
		m.Items = append(m.Items, fyne.NewMenuItem(filepath.Base(dir)+"   "+dir, func() { w.switchProject(dir) }))
	}
	return m
}

func (w *Window) openProject() {
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
	d.Resize(fyne.NewSize(760, 520))
	d.Show()
}

func (w *Window) switchProject(dir string) {
	if err := w.d.OpenProject(dir); err != nil {
		w.fail(err)
	}
}

// newProcess asks for a name and a template, writes the script and spawns.
func (w *Window) newProcess() {
	if w.win == nil {
		return
	}
	templates := w.kinds()
	names := make([]string, len(templates))
	for i, t := range templates {
		names[i] = t.Name
	}
	about := widget.NewLabel(templates[0].About)
	about.Wrapping = fyne.TextWrapWord
	name := kit.NewEntry("name")
	name.SetText(w.freeName(names[0]))
	typed := false
	name.OnChanged = func(string) { typed = true }
	chosen := 0
	choose := widget.NewSelect(names, nil)
	choose.SetSelectedIndex(0)
	choose.OnChanged = func(string) {
		chosen = choose.SelectedIndex()
		about.SetText(templates[chosen].About)
		if !typed {
			name.SetText(w.freeName(names[chosen]))
			typed = false
		}
	}
	note := kit.NewLabel()
	note.MinWidth = 60
	var d *dialog.CustomDialog
	create := func() {
		n := strings.TrimSpace(name.Text)
		if err := w.checkName(n); err != "" {
			note.SetRuns(kit.Run{Text: err, Color: "patchbayBad"})
			return
		}
		d.Hide()
		w.create(n, templates[chosen])
	}
	name.OnSubmitted = func(string) { create() }
	name.OnEscape = func() { d.Hide() }
	form := widget.NewForm(widget.NewFormItem("Start from", choose), widget.NewFormItem("Name", name))
	d = dialog.NewCustomWithoutButtons("New process", container.NewVBox(form, about, note), w.win)
	ok := widget.NewButton("Create", create)
	ok.Importance = widget.HighImportance
	d.SetButtons([]fyne.CanvasObject{widget.NewButton("Cancel", func() { d.Hide() }), ok})
	d.Resize(fyne.NewSize(440, 260))
	d.Show()
	w.focus(name)
}

const emptyScript = `-- A process that counts what it is asked.
Count = Count or 0

Handlers.add("Ping", "Ping", function(msg)
  Count = Count + 1
  Send({ device = "patch@1.0", cache = { count = Count } })
  msg.reply({ Data = "Pong " .. Count })
end)
`

// checkName says what is wrong with a process's name, "" when nothing is.
func (w *Window) checkName(n string) string {
	switch {
	case n == "":
		return "The process needs a name."
	case len(n) > 60 || strings.ContainsAny(n, "/\\:*?\"<>|\n"):
		return "A name is a word that can be a file's name."
	}
	for _, p := range w.d.Engine.Processes() {
		if p.Name == n {
			return "There is a process called " + n + " already."
		}
	}
	return ""
}

func (w *Window) freeName(n string) string {
	try := n
	for i := 2; w.checkName(try) != ""; i++ {
		try = n + strconv.Itoa(i)
	}
	return try
}

func (w *Window) create(name string, t Template) {
	script := name + ".lua"
	owner := ""
	for _, p := range w.d.Engine.Processes() {
		owner = p.Owner
	}
	if owner == "" {
		owner = ao.Address("owner")
	}
	var p ao.ProcessInfo
	w.do("Making "+name, func(ctx context.Context) (err error) {
		if err = w.d.Project.AddProcess(name, script, t.Source, t.Messages); err != nil {
			return err
		}
		p, err = w.d.Engine.Spawn(ctx, SpawnRequest{Name: name, Script: script, Source: t.Source, Owner: owner})
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.refreshNames()
		w.choose(p.ID)
		w.reloadMessages()
		if len(t.Messages) > 0 {
			w.Composer.SetDraft(t.Messages[0].Draft)
		}
		w.say("Made the process " + name)
	})
}

func (w *Window) rename() {
	p, ok := w.process()
	r, can := w.d.Engine.(Renamer)
	if !ok || !can {
		return
	}
	w.ask("Rename", "Name of the process", p.Name, func(s string) {
		s = strings.TrimSpace(s)
		if s == p.Name {
			return
		}
		if bad := w.checkName(s); bad != "" {
			w.status.fail(bad)
			return
		}
		w.do("Renaming", func(ctx context.Context) error { return r.Rename(ctx, p.ID, s) }, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.refreshNames()
			w.say("The process is called " + s + " now.")
		})
	})
}

func (w *Window) fork() {
	p, ok := w.process()
	f, can := w.d.Engine.(Forker)
	if !ok || !can {
		return
	}
	n := w.shown
	w.ask("Fork", fmt.Sprintf("Name of the copy with slots 0 to %d", n), w.freeName(p.Name), func(s string) {
		var made ao.ProcessInfo
		w.do("Forking", func(ctx context.Context) (err error) {
			made, err = f.Fork(ctx, p.ID, strings.TrimSpace(s), n)
			return err
		}, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.refreshNames()
			w.choose(made.ID)
			w.resync()
		})
	})
}

func (w *Window) branches() {
	b, ok := w.d.Engine.(Brancher)
	if !ok || w.pid == "" {
		return
	}
	pid := w.pid
	var list []string
	w.loop.async(func() { list = b.Branches(pid) }, func() { w.pickBranch(b, pid, list) })
}

func (w *Window) pickBranch(b Brancher, pid string, list []string) {
	now, _ := w.process()
	var all []choice
	for _, name := range list {
		note := ""
		if name == now.Branch {
			note = "active"
		}
		all = append(all, choice{title: name, note: note, run: func() {
			w.do("Switching to "+name, func(ctx context.Context) error { return b.SwitchBranch(ctx, pid, name) }, func(err error) {
				if err != nil {
					w.fail(err)
					return
				}
				w.resync()
				w.say("Branch " + name + " is active.")
			})
		}})
	}
	w.pick("branches of the process", all)
}

func (w *Window) remove() {
	p, ok := w.process()
	r, can := w.d.Engine.(Remover)
	if !ok || !can {
		return
	}
	w.confirm("Delete "+p.Name, "The process leaves the project. Its script stays; Undo brings it back.", "Delete", func() {
		var undo func(context.Context) error
		w.do("Deleting", func(ctx context.Context) (err error) {
			undo, err = r.Remove(ctx, p.ID)
			return err
		}, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.refreshNames()
			w.chooseFirst()
			w.offerUndo("Deleted "+p.Name+".", undo, p.ID)
		})
	})
}

// offerUndo shows a note with a button that takes the deletion back.
func (w *Window) offerUndo(text string, undo func(context.Context) error, pid string) {
	w.status.offer(text, "Undo", func() {
		w.do("Undoing", undo, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.refreshNames()
			w.choose(pid)
			w.say("It is back.")
		})
	})
}

func (w *Window) setProfile(name string) {
	w.do("Switching to profile "+name, func(ctx context.Context) error { return w.d.Engine.SetProfile(ctx, name) }, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.d.Settings.Set("profile", name)
		w.resync()
		w.say("The history was folded again as nodes of " + name + " do.")
	})
}

func (w *Window) goToSlot() {
	w.askChecked("Go to slot", fmt.Sprintf("A number from 0 to %d", w.store.head), itoa(max(w.shown, 0)), func(s string) string {
		if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err != nil || n < 0 || n > w.store.head {
			return fmt.Sprintf("“%s” is no slot: there are slots 0 to %d.", shorten(s), w.store.head)
		}
		return ""
	}, func(s string) {
		if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil {
			w.showSlot(n)
			w.Slots.Reveal()
		}
	})
}

// shorten makes what was typed fit into a sentence.
func shorten(s string) string {
	s = kit.OneLine(strings.ToValidUTF8(s, "\uFFFD"))
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}
