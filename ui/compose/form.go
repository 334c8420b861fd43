package compose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
)

// formTop is the space above the first line of the form.
const formTop = 6

// uses remembers a field for what is to be written into it.
func (p *Panel) uses(e *kit.Entry) func(bool) {
	return func(in bool) {
		if in {
			p.used = e
		}
		p.focused(e, in)
	}
}

// focused follows the keyboard, and scrolls to where it went.
func (p *Panel) focused(o fyne.CanvasObject, in bool) {
	switch {
	case in:
		p.at = o
		p.reveal()
	case p.at == o:
		p.at = nil
	}
}

// reveal scrolls the form to the field that has the keyboard, when it is not all to
// be seen.
func (p *Panel) reveal() {
	if p.at == nil {
		return
	}
	y, ok := placeIn(p.form, p.at)
	if !ok {
		return
	}
	top, view := y, p.scroll.Size().Height
	bottom := y + p.at.Size().Height + 2*formTop
	to := p.scroll.Offset.Y
	if bottom > to+view {
		to = bottom - view
	}
	to = max(min(to, top), 0)
	if to != p.scroll.Offset.Y {
		p.scroll.ScrollToOffset(fyne.NewPos(0, to))
	}
}

// placeIn is how far below the top of a container an object in it stands.
func placeIn(box *fyne.Container, o fyne.CanvasObject) (y float32, ok bool) {
	for _, x := range box.Objects {
		if x == o {
			return x.Position().Y, true
		}
		if inner, is := x.(*fyne.Container); is {
			if y, ok := placeIn(inner, o); ok {
				return inner.Position().Y + y, true
			}
		}
	}
	return 0, false
}

// row is a line of the form: a name at the right of its column, then the field.
func row(name string, field fyne.CanvasObject) *fyne.Container {
	l := kit.NewLabel(kit.Dim(name))
	l.End = true
	return rowWith(l, field)
}

func rowWith(name, field fyne.CanvasObject) *fyne.Container {
	return container.New(formRow{}, name, field)
}

// formRow lays a line of the form out.
type formRow struct{}

func (formRow) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[1].MinSize()
	return fyne.NewSize(labelWidth+12+m.Width, m.Height+6)
}

func (formRow) Layout(o []fyne.CanvasObject, s fyne.Size) {
	h := s.Height - 6
	lh := min(o[0].MinSize().Height, h)
	o[0].Resize(fyne.NewSize(labelWidth, lh))
	o[0].Move(fyne.NewPos(0, 3+(min(h, 32)-lh)/2))
	o[1].Resize(fyne.NewSize(max(60, s.Width-labelWidth-12), max(24, h)))
	o[1].Move(fyne.NewPos(labelWidth+12, 3))
}

// How many lines the note below the form has at most, so that in a low window two
// fields of the form and the buttons are left, which need leastForm.
const (
	leastNote = 2
	mostNote  = 7
	noteLine  = 18
	leastForm = 128
)

// snug puts the second object right below what the first one holds, and scrolls
// the first when both do not fit. note is the text in the second, which is as high
// as the width makes it.
type snug struct {
	inner fyne.CanvasObject
	note  *kit.Paragraph
}

func (s snug) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+30) // the note takes what there is
}

func (s snug) Layout(o []fyne.CanvasObject, size fyne.Size) {
	s.note.MaxLines = max(leastNote, min(mostNote, int((size.Height-leastForm)/noteLine)))
	s.note.Fit(size.Width)
	foot := o[1].MinSize().Height
	h := max(0, min(s.inner.MinSize().Height+10, size.Height-foot))
	o[0].Resize(fyne.NewSize(size.Width, h))
	o[0].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(size.Width, foot))
	o[1].Move(fyne.NewPos(0, h))
}

// kindCell puts the name of the Data field at the right of its column.
type kindCell struct{}

func (kindCell) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(labelWidth, o[0].MinSize().Height)
}

func (kindCell) Layout(o []fyne.CanvasObject, s fyne.Size) {
	m := o[0].MinSize()
	w := min(m.Width, s.Width+4)
	o[0].Resize(fyne.NewSize(w, m.Height))
	o[0].Move(fyne.NewPos(s.Width-w+4, (s.Height-m.Height)/2))
}
