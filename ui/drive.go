package ui

import (
	"fyne.io/fyne/v2"

	"patchbay/ui/compose"
	"patchbay/ui/traffic"
)

// What stories drive by name where a person would use a menu or the mouse.

// RunCommand runs the command with this title, and says whether there is one.
func (w *Window) RunCommand(title string) bool {
	for _, c := range w.Commands() {
		if c.Title == title {
			c.Run()
			return true
		}
	}
	return false
}

// Status is the note at the foot.
func (w *Window) Status() string { return w.status.Text() }

// Header is the bar at the top.
func (w *Window) Header() fyne.CanvasObject { return w.head.content }

// Strip is the sentence below the editor, "" for none.
func (w *Window) Strip() string { return w.strip.Text() }

// OpenScript shows a script of the project.
func (w *Window) OpenScript(p string) { w.openScript(p) }

// ShowSlot moves the window to the state after a slot.
func (w *Window) ShowSlot(n int64) { w.showSlot(n) }

// Guess is what a path that nobody answered may have meant.
func (w *Window) Guess(e traffic.Exchange) traffic.Guess { return w.guess(e) }

// SaveMessage keeps a message in the project.
func (w *Window) SaveMessage(m compose.Saved) { w.saveMessage(m) }

// ProcessMenu lists the processes and what can be done with the one shown.
func (w *Window) ProcessMenu() *fyne.Menu { return w.processMenu() }

// SetProfile chooses the generation of nodes that is imitated.
func (w *Window) SetProfile(name string) { w.setProfile(name) }

// Dropped opens what was dragged into the window.
func (w *Window) Dropped(uris ...fyne.URI) { w.dropped(fyne.Position{}, uris) }
