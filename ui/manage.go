package ui

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
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

// newProcess asks for a name and a template, writes the script and spawns.
func (w *Window) newProcess() {
	var list []string
	w.do("Looking for scripts", func(context.Context) (err error) {
		list, err = w.d.Project.Scripts()
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
		}
		w.scripts = list
		w.newProcessFrom("", w.kindInFront(), "")
	})
}

// kindInFront is the template that the file in front would be, if no process is made
// of it yet, else the first.
func (w *Window) kindInFront() int {
	k := w.Files.Active()
	if k == nil {
		return 0
	}
	if _, made := w.madeOf(k.Path); made {
		return 0
	}
	name := w.rel(k.Path)
	if filepath.IsAbs(name) {
		name = filepath.Base(name)
	}
	return max(0, slices.IndexFunc(w.kinds(), func(t Template) bool { return t.Name == name }))
}

// newProcessFrom is newProcess with what was chosen before, and what was wrong with it.
func (w *Window) newProcessFrom(was string, chosen int, wrong string) {
	if w.win == nil {
		return
	}
	templates := w.kinds()
	names := make([]string, len(templates))
	for i, t := range templates {
		names[i] = t.Name
	}
	name := kit.NewEntry("name")
	note := kit.NewText(wrong, theme.Bad, 2)
	about := kit.NewText("", theme.Dim, 3)
	typed := was != ""
	wrongName := func(s string) string {
		if templates[chosen].Script != "" {
			return w.checkRename(s)
		}
		return w.checkName(s)
	}
	show := func(i int) {
		chosen = i
		about.Set(aboutTemplate(templates[i]))
		if !typed {
			name.SetText(w.freeName(strings.TrimSuffix(path.Base(names[i]), ".lua"), wrongName))
			typed = false
		}
		note.Set("")
	}
	choose := kit.NewSelect(names, show)
	chosen = min(chosen, len(templates)-1)
	choose.SetSelectedIndex(chosen)
	show(chosen)
	note.Set(wrong)
	if typed {
		name.SetText(was)
	}
	var m *kit.Modal
	name.OnChanged = func(s string) {
		typed = true
		note.Set("")
		if s != "" {
			note.Set(wrongName(s))
		}
	}
	create := func() {
		n := strings.TrimSpace(name.Text)
		if bad := wrongName(n); bad != "" {
			note.Set(bad)
			kit.Focus(name)
			return
		}
		m.Hide()
		w.create(n, chosen, templates[chosen])
	}
	name.OnSubmitted = func(string) { create() }
	name.OnEscape = func() { m.Hide() }
	choose.OnEscape = name.OnEscape
	form := widget.NewForm(widget.NewFormItem("Start from", kit.Framed(choose, theme.Size(fynetheme.SizeNameInputRadius))), widget.NewFormItem("Name", name))
	m = kit.ShowModal(w.win.Canvas(), kit.Dialog{
		Title: "New process", Body: kit.NewStack(about, form, about, note), Focus: name, Width: 480,
		Buttons: []*kit.Button{kit.NewButton(kit.Quiet, "Cancel", func() { m.Hide() }), kit.NewButton(kit.Strong, "Create", create)},
	})
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// aboutTemplate says what a template is, and which messages come with it.
func aboutTemplate(t Template) string {
	if len(t.Messages) == 0 {
		return t.About
	}
	var names []string
	for _, m := range t.Messages {
		names = append(names, m.Draft.Action)
	}
	return t.About + " Saved messages: " + strings.Join(names, ", ") + "."
}

// readScripts looks which scripts the project has, so that a name that would
// overwrite one is refused while it is typed.
func (w *Window) readScripts() {
	var list []string
	var err error
	w.loop.async(func() { list, err = w.d.Project.Scripts() }, func() {
		if err == nil {
			w.scripts = list
		}
	})
}

const emptyScript = `-- A process that counts what it is asked.
Count = Count or 0

Handlers.add("Ping", "Ping", function(msg)
  Count = Count + 1
  Send({ device = "patch@1.0", cache = { count = Count } })
  msg.reply({ Data = "Pong " .. Count })
end)
`

// maxName is how many bytes a process's name may have: it becomes a file's name.
const maxName = 60

// checkName says what is wrong with the name of a new process, "" when nothing is.
// Its script is called the same.
func (w *Window) checkName(n string) string {
	if bad := w.checkRename(n); bad != "" {
		return bad
	}
	for _, s := range w.scripts {
		if strings.EqualFold(s, n+".lua") {
			return "There is a script " + s + " already: choose another name, or delete the file first."
		}
	}
	return ""
}

// checkRename says what is wrong with another name for a process, "" when nothing is.
func (w *Window) checkRename(n string) string {
	switch n = strings.TrimSpace(n); {
	case n == "":
		return "The process needs a name."
	case len(n) > maxName:
		return fmt.Sprintf("The name has %d bytes: at most %d, because the script's file is called the same.", len(n), maxName)
	case !utf8.ValidString(n):
		return "The name is no valid text."
	case strings.HasPrefix(n, "."), strings.HasSuffix(n, "."), strings.HasPrefix(n, "-"):
		return "A name neither begins with a dot or a dash nor ends with a dot."
	case ao.IsID(n):
		return "That looks like a process id. Choose a short name."
	}
	for _, r := range n {
		if strings.ContainsRune(`/\:*?"<>|{}`, r) {
			return "A name is also a file's name, so it cannot have " + string(r) + "."
		}
		if unicode.IsControl(r) || r == utf8.RuneError {
			return "A name has letters, digits, spaces, dashes and dots."
		}
	}
	if deviceName.MatchString(n) {
		return "Windows keeps the name " + n + " for a device. Choose another one."
	}
	for _, p := range w.d.Engine.Processes() {
		if strings.EqualFold(p.Name, n) {
			return "There is a process called " + p.Name + " already."
		}
	}
	for _, a := range w.d.Project.Accounts() {
		if a.Name == n {
			return n + " is an account: a message to it could not tell which of the two is meant."
		}
	}
	return ""
}

var deviceName = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

// freeName is a name in which nothing is wrong: n, n2, n3, …
func (w *Window) freeName(n string, wrong func(string) string) string {
	if len(n) > maxName-8 {
		n = strings.ToValidUTF8(n[:maxName-8], "")
	}
	try := n
	for i := 2; i < 10_000 && wrong(try) != ""; i++ {
		try = n + strconv.Itoa(i)
	}
	return try
}

func (w *Window) create(name string, chosen int, t Template) {
	script := name + ".lua"
	if t.Script != "" {
		script = t.Script
	}
	owner := ""
	for _, p := range w.d.Engine.Processes() {
		owner = p.Owner
	}
	if owner == "" {
		owner = ao.Address("owner")
	}
	var p ao.ProcessInfo
	w.do("Making "+name, func(ctx context.Context) (err error) {
		source := t.Source
		if t.Script != "" {
			if source, err = w.readSource(script); err != nil {
				return err
			}
		}
		if err = w.d.Project.AddProcess(name, script, t.Source, t.Messages); err != nil {
			return err
		}
		p, err = w.d.Engine.Spawn(ctx, SpawnRequest{Name: name, Script: script, Source: source, Owner: owner})
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			w.newProcessFrom(name, chosen, err.Error())
			return
		}
		w.refreshNames()
		w.choose(p.ID)
		w.readScripts()
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
	w.confirm("Delete "+p.Name, "The process leaves the project. Its script stays. Undo at the foot, or Process › Bring back "+p.Name+", makes it good until Patchbay ends.", "Delete", func() {
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
