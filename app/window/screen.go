//go:build !headless

package window

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"

	"patchbay/ui"
)

// fitScreen makes the window no larger than the screen, and puts it in its middle
// when it was. Fyne says nothing of screens, so this asks the library below it,
// which Fyne has started by now; main goroutine, after the window is shown, because
// its scale is not known before.
func (d *desktop) fitScreen() {
	m := glfw.GetPrimaryMonitor()
	if m == nil {
		return
	}
	_, _, width, height := m.GetWorkarea()
	c := d.win.Canvas()
	size := c.Size()
	if fits := ui.FitScreen(size, fyne.NewSize(float32(width), float32(height)), c.Scale()); fits != size {
		d.win.Resize(fits)
		d.win.CenterOnScreen()
	}
}
