package ui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

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

func (w *Window) rename() {
	p, ok := w.process()
	r, can := w.d.Engine.(Renamer)
	if !can || !ok {
		w.needProcess()
		return
	}
	check := func(s string) string {
		if strings.TrimSpace(s) == p.Name {
			return ""
		}
		return w.checkRename(s)
	}
	w.question(question{title: "Rename", label: "Name of the process. Its script keeps its name.", text: p.Name, yes: "Rename", check: check, ok: func(s string) {
		s = strings.TrimSpace(s)
		if s == p.Name {
			return
		}
		w.do("Renaming", func(ctx context.Context) error { return r.Rename(ctx, p.ID, s) }, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.refreshNames()
			if p.ID == w.pid {
				w.d.Settings.Set("process", s)
			}
			w.say("The process is called " + s + " now.")
		})
	}})
}

// fork copies the process with the slots up to the one shown under another name
// and id.
func (w *Window) fork() {
	p, ok := w.process()
	f, can := w.d.Engine.(Forker)
	if !can || !ok {
		w.needProcess()
		return
	}
	n := w.shown
	if n < 0 {
		w.status.fail("The process has no slot yet that could be copied.")
		return
	}
	label := fmt.Sprintf("Name of a new process with slots 0 to %d of %s. It gets an id of its own; nothing is delivered twice.", n, p.Name)
	w.question(question{title: "Fork here", label: label, text: w.freeName(p.Name, w.checkRename), yes: "Fork", check: w.checkRename, ok: func(s string) {
		s = strings.TrimSpace(s)
		var made ao.ProcessInfo
		w.do("Forking", func(ctx context.Context) (err error) {
			made, err = f.Fork(ctx, p.ID, s, n)
			return err
		}, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.refreshNames()
			w.choose(made.ID)
			w.say(fmt.Sprintf("%s begins where slot %d of %s ended.", s, n, p.Name))
		})
	}})
}

func (w *Window) branches() {
	b, ok := w.d.Engine.(Brancher)
	if !ok || w.pid == "" {
		return
	}
	pid := w.pid
	var list []string
	w.do("Reading the branches", func(context.Context) error {
		list = b.Branches(pid)
		return nil
	}, func(error) { w.pickBranch(b, pid, list) })
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
	if !can || !ok {
		w.needProcess()
		return
	}
	w.confirm("Delete "+p.Name, "The process leaves the project. Its script stays. Until Patchbay quits, Undo at the foot and Process › Bring back "+p.Name+" bring it back.", "Delete", func() {
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
			w.deleted = append(w.deleted, deletion{p, undo})
			w.menuChanged()
			w.status.offer("Deleted "+p.Name+".", "Undo", func() { w.bringBack(p.ID) })
		})
	})
}

// deletion is a process that was deleted since the window opened.
type deletion struct {
	process ao.ProcessInfo
	undo    func(context.Context) error
}

// bringBack takes a deletion back.
func (w *Window) bringBack(pid string) {
	i := slices.IndexFunc(w.deleted, func(d deletion) bool { return d.process.ID == pid })
	if i < 0 {
		return
	}
	d := w.deleted[i]
	w.do("Bringing "+d.process.Name+" back", d.undo, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.deleted = slices.DeleteFunc(w.deleted, func(d deletion) bool { return d.process.ID == pid })
		w.menuChanged()
		w.refreshNames()
		w.choose(pid)
		w.say(d.process.Name + " is back.")
	})
}

func (w *Window) setProfile(name string) {
	w.do("Switching to profile "+name, func(ctx context.Context) error { return w.d.Engine.SetProfile(ctx, name) }, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.d.Settings.Set("profile", name)
		clear(w.survey.processes) // what a node would answer otherwise is another thing now
		w.survey.due = true
		w.resync()
		w.menuChanged()
		w.say("The history was folded again as nodes of " + name + " do.")
	})
}

func (w *Window) goToSlot() {
	if w.store.head < 0 {
		w.status.fail("There is no slot yet.")
		return
	}
	number := func(s string) (int64, error) {
		return strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(s), "#"), 10, 64)
	}
	check := func(s string) string {
		if n, err := number(s); err != nil || n < 0 || n > w.store.head {
			return fmt.Sprintf("“%s” is no slot: there are slots 0 to %d.", shorten(s), w.store.head)
		}
		return ""
	}
	w.question(question{
		title: "Go to slot", label: fmt.Sprintf("A number from 0 to %d", w.store.head), text: itoa(max(w.shown, 0)), yes: "Go", check: check,
		ok: func(s string) {
			n, _ := number(s)
			w.showSlot(n)
			w.Slots.Reveal()
		},
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
