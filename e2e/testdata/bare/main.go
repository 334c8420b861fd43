// Command bare is a Fyne window that shows a word and nothing else: what
// Patchbay's window is measured against in the same run.
package main

import (
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
	w.SetContent(container.NewVBox(widget.NewLabel("Bare")))
	w.ShowAndRun()
}
