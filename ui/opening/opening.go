// Package opening is what the window shows before there is a project in it: that it
// is being opened, or why it cannot be and what to do then.
//
// Everything here belongs to the UI goroutine and starts nothing but the animation
// of the bar, which [Wait.Stop] ends.
package opening

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// After how long a wait is told, and may be ended.
const (
	TellAfter = 500 * time.Millisecond
	QuitAfter = 2 * time.Second
)

// Wait is shown while a project is opened.
type Wait struct {
	bar     *widget.ProgressBarInfinite
	quit    *kit.Button
	box     *fyne.Container
	content fyne.CanvasObject
}

// NewWait makes the screen for a folder; quit ends the program.
func NewWait(dir string, quit func()) *Wait {
	w := &Wait{bar: widget.NewProgressBarInfinite(), quit: kit.NewButton(kit.Quiet, "Quit", quit)}
	w.bar.Stop() // until it is shown
	w.bar.Hide()
	w.quit.Hide()
	w.box = container.NewVBox(widget.NewLabel("Opening "+dir+" …"), w.bar, container.NewCenter(w.quit))
	w.content = container.NewCenter(w.box)
	return w
}

// Content is the widget tree.
func (w *Wait) Content() fyne.CanvasObject { return w.content }

// Waited shows what is due after a time: first that something goes on, then how to
// give up.
func (w *Wait) Waited(d time.Duration) {
	if d >= TellAfter && w.bar.Hidden {
		w.bar.Show()
		w.bar.Start()
	}
	if d >= QuitAfter {
		w.quit.Show()
	}
	w.box.Refresh()
}

// Stop ends the animation.
func (w *Wait) Stop() { w.bar.Stop() }

// Offers is what can be done about a project that cannot be opened.
type Offers struct{ Again, Other, Quit func() }

// failedWidth is how wide an error is told.
const failedWidth = 620

// Failed is shown when a project cannot be opened. The error can be selected and
// copied.
func Failed(err error, o Offers) fyne.CanvasObject {
	inset := fynetheme.InnerPadding() // as much as the label of the error has
	title := kit.NewLabel(kit.Run{Text: "This project cannot be opened", Bold: true, Size: fynetheme.SizeNameHeadingText})
	title.Pad = inset
	why := widget.NewLabel(err.Error())
	why.Wrapping = fyne.TextWrapWord
	why.Selectable = true
	why.Resize(fyne.NewSize(failedWidth, 1)) // how high it is follows from how wide it was
	calm := kit.NewText("No file was touched. Mend it and try again, or open another folder.", theme.Dim, 2)
	buttons := kit.NewBar(40, nil,
		kit.NewButton(kit.Strong, "Try again", o.Again),
		kit.NewButton(kit.Quiet, "Open another folder…", o.Other),
		kit.NewButton(kit.Quiet, "Quit", o.Quit))
	buttons.Layout.(*kit.Bar).Pad = inset
	box := kit.NewStack(nil, container.New(kit.Pad{Bottom: 8}, title), why, container.New(kit.Pad{Left: inset, Top: 8, Bottom: 6}, calm), buttons)
	return container.NewCenter(container.New(kit.Min{Width: failedWidth}, box))
}
