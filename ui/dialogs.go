package ui

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/compose"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
	"patchbay/ui/tree"
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

// confirm asks before something that cannot simply be taken back.
func (w *Window) confirm(title, text, yes string, ok func()) {
	if w.win == nil {
		return
	}
	d := dialog.NewConfirm(title, text, func(agreed bool) {
		if agreed {
			ok()
		}
	}, w.win)
	d.SetConfirmText(yes)
	d.SetDismissText("Cancel")
	d.SetConfirmImportance(widget.HighImportance)
	d.Show()
}

// ask asks for a text; several lines when there is none to start from.
func (w *Window) ask(title, label, text string, ok func(string)) {
	w.askChecked(title, label, text, nil, ok)
}

// askChecked is ask for a text that has to be right: check says what is wrong with
// it, and then the dialog stays with what was typed.
func (w *Window) askChecked(title, label, text string, check func(string) string, ok func(string)) {
	if w.win == nil {
		return
	}
	var e *kit.Entry
	size := fyne.NewSize(460, 200)
	pasted := "" // too long to be shown
	wrong := kit.NewParagraph()
	wrong.MaxLines = 5
	if text == "" && strings.Contains(title, "Import") {
		e = kit.NewMultiline(label)
		e.SetMinRowsVisible(10)
		e.MaxPaste, e.MaxLines = compose.MaxEdited, 400
		size = fyne.NewSize(620, 420)
	} else {
		e = kit.NewEntry("")
		e.SetText(text)
	}
	wrong.Fit(size.Width - 40)
	box := kit.NewStack(e, widget.NewLabel(label), e, wrong)
	say := func(s string) {
		wrong.Set(kit.Run{Text: s, Color: theme.Bad})
		box.Refresh()
	}
	e.OnRefused = func(s string) {
		if !e.MultiLine {
			say(fmt.Sprintf("Not pasted: the clipboard holds %s bytes, which is too long for a line.", tree.Thousands(int64(len(s)))))
			return
		}
		pasted = s
		e.SetText(fmt.Sprintf("(%s bytes from the clipboard)", tree.Thousands(int64(len(s)))))
		e.Disable()
	}
	var d *dialog.CustomDialog
	accept := func() {
		s := e.Text
		if pasted != "" {
			s = pasted
		}
		if check == nil && strings.TrimSpace(s) == "" {
			say("There is nothing here yet.")
			return
		}
		if check != nil {
			if bad := check(s); bad != "" {
				say(bad)
				return
			}
		}
		d.Hide()
		ok(s)
	}
	e.OnSubmitted = func(string) { accept() }
	e.OnEscape = func() { d.Hide() }
	d = dialog.NewCustomWithoutButtons(title, box, w.win)
	okButton := widget.NewButton("OK", accept)
	okButton.Importance = widget.HighImportance
	d.SetButtons([]fyne.CanvasObject{widget.NewButton("Cancel", func() { d.Hide() }), okButton})
	d.Resize(size)
	d.Show()
	w.focus(e)
}

// choice is a line of a list to choose from.
type choice struct {
	title, note, keys string
	run               func()
	off               bool
}

// pick shows a searchable list over the window: the palette, scripts to open,
// processes to show.
func (w *Window) pick(hint string, all []choice) {
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
		if i < 0 || i >= len(shown) || shown[i].off || shown[i].run == nil {
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
		for _, x := range all {
			if fuzzy(s, x.title+" "+x.note) {
				shown = append(shown, x)
			}
		}
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
	list.SetSelected(min(0, len(shown)-1))
	size := c.Size()
	width, height := min(620, size.Width-40), min(420, size.Height-80)
	box := container.New(kit.Min{Width: width, Height: height},
		kit.NewStack(list, container.New(kit.Pad{Left: 4, Top: 2, Right: 4, Bottom: 6}, entry), list))
	pop = widget.NewModalPopUp(box, c)
	pop.Show()
	c.Focus(entry)
}

// fuzzy says whether all words of s are in text, in any order.
func fuzzy(s, text string) bool {
	text = strings.ToLower(text)
	for _, word := range strings.Fields(strings.ToLower(s)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// openDialog lists the project's scripts.
func (w *Window) openDialog() {
	var list []string
	var err error
	w.loop.async(func() { list, err = w.d.Project.Scripts() }, func() {
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

// dropped opens .lua files that were dragged into the window.
func (w *Window) dropped(_ fyne.Position, uris []fyne.URI) {
	for _, u := range uris {
		p := u.Path()
		if !strings.HasSuffix(p, ".lua") {
			w.fail(errors.New(filepath.Base(p) + " is not a .lua script"))
			continue
		}
		w.openScript(p)
	}
}

// Quit closes the window, after asking when there is unsaved text.
func (w *Window) Quit() {
	quit := func() {
		w.Close()
		if w.d.Quit != nil {
			w.d.Quit()
		} else if w.win != nil {
			w.win.Close()
		}
	}
	var d []string
	for _, k := range w.Files.Modified() {
		d = append(d, k.Title())
	}
	if len(d) > 0 {
		w.confirm("Unsaved changes", strings.Join(d, ", ")+" not saved. A draft is kept and offered next time.", "Quit", quit)
		return
	}
	quit()
}
