package code

import "fyne.io/fyne/v2"

type picker struct{}

func (p *picker) close(*Editor) bool                 { return false }
func (p *picker) object(*Editor) []fyne.CanvasObject { return nil }

// ShowGoToLine asks for a line number.
func (e *Editor) ShowGoToLine() {}

// ShowSymbols lists the functions and handlers of the script.
func (e *Editor) ShowSymbols() {}
