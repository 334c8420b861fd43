package ui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/compose"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// clipboard is the desktop's.
func (w *Window) clipboard() fyne.Clipboard { return fyne.CurrentApp().Clipboard() }

// copy puts text on the clipboard and says so.
func (w *Window) copy(text, what string) {
	w.clipboard().SetContent(text)
	w.say("Copied the " + what)
}

// focus gives an object the keyboard.
func (w *Window) focus(o fyne.Focusable) {
	if w.win != nil && o != nil {
		w.win.Canvas().Focus(o)
	}
}

// confirm asks before something that cannot simply be taken back. The keyboard is
// on the button that does it; Escape is Cancel.
func (w *Window) confirm(title, text, yes string, ok func()) {
	if w.win == nil {
		return
	}
	var m *kit.Modal
	cancel := kit.NewButton(kit.Quiet, "Cancel", func() { m.Hide() })
	do := kit.NewButton(kit.Strong, yes, func() {
		m.Hide()
		ok()
	})
	body := kit.NewText(text, theme.Text, lines(text, askWidth))
	m = kit.ShowModal(w.win.Canvas(), kit.Dialog{Title: title, Body: body, Buttons: []*kit.Button{cancel, do}, Width: askWidth})
}

// askWidth is how wide a dialog that asks is.
const askWidth = 460

// lines is how many lines a text needs in a dialog of a width.
func lines(text string, width float32) int {
	return len(kit.Wrap(kit.Plain(text), width-kit.DialogPad))
}

// question asks for a text.
type question struct {
	title, label string
	// text is what stands there at first, selected, so that typing replaces it.
	text string
	yes  string // the button; "" is OK
	// lines is the height of a field of several lines, 0 for one line.
	lines int
	// check says what is wrong with a text, "" when nothing is. It never waits. With
	// once it is only asked when the text is given, otherwise at every change.
	check func(string) string
	once  bool
	// wrong is what was wrong with text when it was given before, "" at first.
	wrong string
	ok    func(string)
}

// attempt is a question whose answer is worked on in the background. When that
// fails it is asked again, with what was typed and why it failed.
func (w *Window) attempt(q question, name string, work func(ctx context.Context, s string) error, done func(s string)) {
	q.ok = func(s string) {
		w.do(name, func(ctx context.Context) error { return work(ctx, s) }, func(err error) {
			if err == nil {
				done(s)
				return
			}
			w.fail(err)
			if w.win != nil && w.win.Canvas().Overlays().Top() == nil {
				q.text, q.wrong = s, err.Error()
				w.attempt(q, name, work, done)
			}
		})
	}
	w.question(q)
}

// askChecked asks for a text that has to be right, on several lines when there is
// none to start from: check says what is wrong with it, and then the dialog stays
// with what was typed.
func (w *Window) askChecked(title, label, text string, check func(string) string, ok func(string)) {
	q := question{title: title, label: label, text: text, check: check, once: true, ok: ok}
	if text == "" && strings.Contains(title, "Import") {
		q.lines = 10
	}
	w.question(q)
}

// question shows a field; what is wrong with a text is told below it, and the
// dialog stays with what was typed until it is right or given up.
func (w *Window) question(q question) {
	if w.win == nil {
		return
	}
	var e *kit.Entry
	width := float32(askWidth)
	if q.lines > 0 {
		e = kit.NewMultiline("")
		e.SetMinRowsVisible(q.lines)
		e.MaxPaste, e.MaxLines = compose.MaxEdited, 400
		width = 620
	} else {
		e = kit.NewEntry("")
	}
	e.SetText(q.text)
	note := kit.NewText(q.wrong, theme.Bad, max(2+q.lines/5, lines(q.wrong, width)))
	pasted := "" // too long to be shown
	e.OnRefused = func(s string) {
		if !e.MultiLine {
			note.Set(fmt.Sprintf("Not pasted: the clipboard holds %s bytes, which is too long for a line.", kit.Thousands(int64(len(s)))))
			return
		}
		pasted = s
		e.SetText(fmt.Sprintf("(%s bytes from the clipboard)", kit.Thousands(int64(len(s)))))
		e.Disable()
	}
	text := func() string {
		if pasted != "" {
			return pasted
		}
		return e.Text
	}
	var m *kit.Modal
	wrong := func() string {
		s := text()
		switch {
		case q.check != nil:
			return q.check(s)
		case strings.TrimSpace(s) == "":
			return "There is nothing here yet."
		}
		return ""
	}
	accept := func() {
		if bad := wrong(); bad != "" {
			note.Set(bad)
			kit.Focus(e)
			return
		}
		m.Hide()
		q.ok(text())
	}
	e.OnChanged = func(s string) {
		switch {
		case pasted != "":
		case q.once || q.check == nil || s == q.text || strings.TrimSpace(s) == "":
			note.Set("")
		default:
			note.Set(wrong())
		}
	}
	e.OnSubmitted = func(string) { accept() }
	e.OnEscape = func() { m.Hide() }
	yes := q.yes
	if yes == "" {
		yes = "OK"
	}
	if q.lines > 0 {
		q.label += " (" + w.keyName("Enter") + ": " + yes + ")"
		w.accept = accept
	}
	label := container.New(kit.Pad{Bottom: 3}, kit.NewText(q.label, theme.Dim, lines(q.label, width)))
	m = kit.ShowModal(w.win.Canvas(), kit.Dialog{
		Title: q.title, Body: kit.NewStack(e, label, e, note), Focus: e, Width: width, OnHide: func() { w.accept = nil },
		Buttons: []*kit.Button{kit.NewButton(kit.Quiet, "Cancel", func() { m.Hide() }), kit.NewButton(kit.Strong, yes, accept)},
	})
	if q.lines == 0 {
		e.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

// choice is a line of a list to choose from.
type choice struct {
	title, note, keys string
	run               func()
	// off: it cannot be done now. stays: it is only to be read.
	off, stays bool
}

// How many rows a list to choose from shows at least and at most.
const (
	leastPicked = 4
	mostPicked  = 15
)

// pick shows a searchable list over the window: the palette, scripts to open,
// processes to show.
func (w *Window) pick(hint string, all []choice) { w.pickFrom(hint, "", all, nil) }

// pickFrom is pick with a text that stands there at first, and with choices that are
// made of what is typed.
func (w *Window) pickFrom(hint, text string, all []choice, made func(typed string) []choice) {
	if w.win == nil {
		return
	}
	c := w.win.Canvas()
	shown := all
	var pop *widget.PopUp
	entry := kit.NewEntry(hint)
	list := kit.NewList(func() int { return len(shown) }, func(i int, r *kit.Row) {
		x := shown[i]
		title := kit.Plain(x.title)
		if x.off {
			title = kit.Dim(x.title)
		}
		runs := []kit.Run{title}
		if x.note != "" {
			runs = append(runs, kit.Dim("   "+x.note))
		}
		if x.keys != "" {
			r.AddRight(14, 0, kit.Mono(x.keys, "patchbayDim"))
		}
		r.Add(14, 0, runs...)
	})
	run := func(i int) {
		if i < 0 || i >= len(shown) || shown[i].off || shown[i].stays || shown[i].run == nil {
			return
		}
		pop.Hide()
		shown[i].run()
	}
	list.OnSelected = func(i int) {}
	list.OnTapped = func(i int, _ float32) bool { run(i); return true }
	list.OnActivated = run
	list.Empty = func() []string { return []string{"Nothing is called that."} }
	entry.OnChanged = func(s string) {
		shown = nil
		if made != nil {
			shown = append(shown, made(s)...)
		}
		shown = append(shown, ranked(s, all)...)
		list.SetSelected(min(0, len(shown)-1))
		list.ScrollTo(0, 0)
	}
	entry.OnKey = func(k fyne.KeyName) bool {
		switch k {
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
			list.TypedKey(&fyne.KeyEvent{Name: k})
			return true
		case fyne.KeyReturn, fyne.KeyEnter:
			run(list.Selected())
			return true
		}
		return false
	}
	entry.OnEscape = func() { pop.Hide() }
	list.OnEscape = entry.OnEscape
	list.SetSelected(min(0, len(shown)-1))
	entry.SetText(text)
	size := c.Size()
	head := container.New(kit.Pad{Left: 4, Top: 2, Right: 4, Bottom: 6}, entry)
	rows := mostPicked // whole ones, and no more than there can be
	if made == nil {
		rows = max(leastPicked, min(len(all), mostPicked))
	}
	height := head.MinSize().Height + float32(rows)*theme.Size(theme.SizeRow)
	box := container.New(kit.Min{Width: min(620, size.Width-40), Height: min(height, size.Height-80)}, kit.NewStack(list, head, list))
	pop = widget.NewModalPopUp(kit.Framed(box, 0), c)
	pop.Show()
	c.Focus(entry)
}

// ranked are the choices that a text means, those first whose title it begins, or
// begins the words of. All words of the text must be in title, note or keys, in any
// order; when nothing has them, their letters in the right order are enough.
func ranked(s string, all []choice) []choice {
	words := strings.Fields(strings.ToLower(s))
	if len(words) == 0 {
		return all
	}
	var best [4][]choice
	for _, x := range all {
		title := strings.ToLower(x.title)
		switch text := title + " " + strings.ToLower(x.note+" "+x.keys); {
		case strings.HasPrefix(title, strings.Join(words, " ")):
			best[0] = append(best[0], x)
		case each(words, func(w string) bool { return strings.HasPrefix(title, w) || strings.Contains(title, " "+w) }):
			best[1] = append(best[1], x)
		case each(words, func(w string) bool { return strings.Contains(text, w) }):
			best[2] = append(best[2], x)
		case inOrder(strings.Join(words, ""), title):
			best[3] = append(best[3], x)
		}
	}
	out := slices.Concat(best[:3]...)
	if len(out) == 0 {
		return best[3]
	}
	return out
}

func each(words []string, ok func(string) bool) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !ok(w) })
}

// inOrder says whether the letters of s come in text one after the other.
func inOrder(s, text string) bool {
	for _, r := range s {
		i := strings.IndexRune(text, r)
		if i < 0 {
			return false
		}
		text = text[i+utf8.RuneLen(r):]
	}
	return true
}

// openDialog lists the project's scripts.
func (w *Window) openDialog() {
	var list []string
	w.do("Looking for scripts", func(context.Context) (err error) {
		list, err = w.d.Project.Scripts()
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		all := make([]choice, 0, len(list))
		for _, s := range list {
			note := ""
			if w.Files.Find(w.abs(s)) != nil {
				note = "open"
			}
			all = append(all, choice{title: s, note: note, run: func() { w.openScript(s) }})
		}
		w.pick("open a script of the project", all)
	})
}

// dropped opens .lua files that were dragged into the window, and project folders.
func (w *Window) dropped(_ fyne.Position, uris []fyne.URI) {
	for _, u := range uris {
		p := u.Path()
		switch {
		case strings.EqualFold(filepath.Ext(p), ".lua"):
			w.openScript(p)
		case filepath.Base(p) == "patchbay.toml" && w.d.OpenProject != nil:
			w.switchProject(filepath.Dir(p))
		case filepath.Ext(p) == "" && w.d.OpenProject != nil: // a folder
			w.switchProject(p)
		default:
			w.fail(errors.New(filepath.Base(p) + " is not a .lua script: drop scripts, or a project's folder"))
		}
	}
}

// Quit closes the window, after asking when there is unsaved text. What is being written
// is waited for, unless Quit is asked for once more.
func (w *Window) Quit() {
	quit := func() {
		w.Close()
		if w.d.Quit != nil {
			w.d.Quit()
		} else if w.win != nil {
			w.win.Close()
		}
	}
	ask := func() {
		w.quits = false
		var d []string
		for _, k := range w.Files.Modified() {
			d = append(d, k.Title())
		}
		if len(d) > 0 {
			text := d[0] + " is not saved. A draft of it is kept, and offered next time."
			if len(d) > 1 {
				text = strings.Join(d, ", ") + " are not saved. Drafts of them are kept, and offered next time."
			}
			w.confirm("Unsaved changes", text, "Quit", quit)
			return
		}
		quit()
	}
	if w.quits {
		ask()
		return
	}
	w.quits = true
	w.Files.Settled(func() {
		if w.quits {
			ask()
		}
	})
}
