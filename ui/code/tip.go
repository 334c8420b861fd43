package code

import (
	"time"

	"fyne.io/fyne/v2"
)

type tip struct{ shown bool }

func (t *tip) hide() bool {
	was := t.shown
	t.shown = false
	return was
}
func (t *tip) object(*Editor) []fyne.CanvasObject { return nil }
func (e *Editor) hoverMoved(fyne.Position)        {}
func (e *Editor) hoverTick(time.Time)             {}
