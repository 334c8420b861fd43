package ui

import (
	"context"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

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
		if !slices.Contains(names, m.Draft.Action) {
			names = append(names, m.Draft.Action)
		}
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

const emptyScript = `-- A process that counts what it is asked.
Count = Count or 0

Handlers.add("Ping", "Ping", function(msg)
  Count = Count + 1
  Send({ device = "patch@1.0", cache = { count = Count } })
  msg.reply({ Data = "Pong " .. Count })
end)
`
