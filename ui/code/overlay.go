package code

import (
	"strconv"

	"fyne.io/fyne/v2"
)

func itoa(n int) string { return strconv.Itoa(n) }

// children places what lies over the text: the find bar, the list of places, completion, help.
func (e *Editor) children(*renderer) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	size := e.Size()
	if f := &e.find; f.open {
		least := f.bar.MinSize()
		w := max(least.Width, min(em(430), size.Width-barSize-12))
		place(f.bar, max(0, size.Width-w-barSize-6), 6, w, least.Height)
		out = append(out, f.bar)
	}
	out = append(out, e.picker.object(e)...)
	out = append(out, e.complete.object(e)...)
	return append(out, e.tip.object(e)...)
}

// escape closes what lies over the text, one thing at a time, then the selection.
func (e *Editor) escape() {
	switch {
	case e.tip.hide():
		e.Refresh()
	case e.picker.close(e):
	case e.find.open:
		e.HideFind()
	case e.single():
		e.Refresh()
	case !e.sel.Empty():
		e.moveTo(e.sel.Caret, false, false)
	}
}
