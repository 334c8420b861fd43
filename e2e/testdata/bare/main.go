// Command bare is a Fyne window that shows a word and nothing else, or with the
// argument "entry" one that can be typed into: what Patchbay's window is measured
// against in the same run.
package main

import (
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("dev.patchbay.Bare")
	w := a.NewWindow("Bare")
	w.SetMaster()
	w.Resize(fyne.NewSize(1280, 800))
	if len(os.Args) > 1 && os.Args[1] == "entry" {
		entry := widget.NewMultiLineEntry()
		entry.SetText("-- zzzz")
		entry.CursorColumn = len(entry.Text)
		w.SetContent(entry)
		w.Canvas().Focus(entry)
	} else {
		w.SetContent(container.NewVBox(widget.NewLabel("Bare")))
	}
	w.ShowAndRun()
}
