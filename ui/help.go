package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/kit"
)

// emptyTree says what to do when the cache shows no key.
func (w *Window) emptyTree() []string {
	if w.pid == "" {
		return []string{"No process runs yet.", "Process › New process… makes one from a template."}
	}
	if w.shown >= 0 {
		if s := w.store.slots[w.shown]; s != nil && s.Number == 0 && s.Result.Failed() {
			return []string{"The script was not loaded, so nothing is exposed.", "Mend it and press Run."}
		}
	}
	return []string{
		"This process has exposed nothing yet.",
		"A script exposes state with Send({ device = \"patch@1.0\", cache = { … } }).",
	}
}

// emptySlots says what to do when there is no slot.
func (w *Window) emptySlots() []string {
	if w.pid == "" {
		return []string{"No process runs yet.", "Process › New process… makes one from a template."}
	}
	return []string{"No slot yet.", "Fill the form at the left and press Send."}
}

// steps are the five steps of the tour.
func (w *Window) steps() [][2]string {
	return [][2]string{
		{"1 of 5 · The script", "At the left is the script of your process. Change it and press Run (" + w.keyName("R") + "): the process evaluates it at once, as a real one would, and keeps its state."},
		{"2 of 5 · A message", "Below it you write messages: who sends, which action, which tags. Press Send (" + w.keyName("Enter") + "). Dry run shows what would happen without keeping it."},
		{"3 of 5 · The slots", "Every message is a slot with its output, its outbox and its error. Click one, or move the slider at the foot, and the whole window shows the state of that time."},
		{"4 of 5 · The cache", "At the right is what the process exposed with patch@1.0. Keys that changed light up. ▲ marks what a HyperBEAM node would answer differently, and says why."},
		{"5 of 5 · The address", "Choose a key and press Copy URL: that path answers on this machine now, and on a HyperBEAM node once you deploy. Everything you can do is in the palette, " + w.keyName("Shift+P") + "."},
	}
}

// showTour shows the first steps, one at a time.
func (w *Window) showTour() {
	if w.win == nil {
		return
	}
	steps := w.steps()
	at := 0
	head := widget.NewLabel("")
	head.TextStyle = fyne.TextStyle{Bold: true}
	text := widget.NewLabel("")
	text.Wrapping = fyne.TextWrapWord
	var d *dialog.CustomDialog
	back := widget.NewButton("Back", nil)
	next := widget.NewButton("Next", nil)
	next.Importance = widget.HighImportance
	show := func() {
		head.SetText(steps[at][0])
		text.SetText(steps[at][1])
		if at == 0 {
			back.Disable()
		} else {
			back.Enable()
		}
		if at == len(steps)-1 {
			next.SetText("Start")
		} else {
			next.SetText("Next")
		}
	}
	done := func() {
		w.d.Settings.Set("tour", "seen")
		d.Hide()
	}
	back.OnTapped = func() { at = max(0, at-1); show() }
	next.OnTapped = func() {
		if at == len(steps)-1 {
			done()
			return
		}
		at++
		show()
	}
	d = dialog.NewCustomWithoutButtons("First steps", container.New(kit.Min{Width: 440, Height: 120}, container.NewVBox(head, text)), w.win)
	d.SetButtons([]fyne.CanvasObject{widget.NewButton("Skip", done), back, next})
	show()
	d.Show()
}

// about shows what this is, with versions.
func (w *Window) about() {
	if w.win == nil {
		return
	}
	text := "A workbench for authors of AO processes.\nWhat you see here is what a HyperBEAM node will answer;\nif it would not be, Patchbay tells you before you deploy.\n\n" +
		strings.Join(w.d.Versions, "\n")
	d := dialog.NewCustom("Patchbay "+w.d.Version, "Close", widget.NewLabel(text), w.win)
	d.Show()
}
