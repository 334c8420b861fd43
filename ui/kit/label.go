package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Label is a line of runs, cut to the room it has.
type Label struct {
	widget.BaseWidget
	// Pad is space left and right. MinWidth, when above zero, is the least width in
	// place of the text's own: then the text is cut rather than the window widened.
	Pad      float32
	MinWidth float32
	// End aligns the text at the right edge.
	End  bool
	runs []Run
}

// NewLabel makes a label.
func NewLabel(runs ...Run) *Label {
	l := &Label{runs: runs}
	l.ExtendBaseWidget(l)
	return l
}

// SetRuns shows other text.
func (l *Label) SetRuns(runs ...Run) {
	if len(runs) == len(l.runs) {
		same := true
		for i := range runs {
			same = same && runs[i] == l.runs[i]
		}
		if same {
			return
		}
	}
	l.runs = runs
	l.Refresh()
}

// Text is the shown text.
func (l *Label) Text() string { return Plaintext(l.runs) }

// CreateRenderer is part of fyne.Widget.
func (l *Label) CreateRenderer() fyne.WidgetRenderer {
	r := &labelRenderer{l: l, v: newRowView()}
	return r
}

type labelRenderer struct {
	l *Label
	v *rowView
}

func (r *labelRenderer) Destroy()                     {}
func (r *labelRenderer) Objects() []fyne.CanvasObject { return r.v.objects }

func (r *labelRenderer) MinSize() fyne.Size {
	w := r.l.MinWidth
	if w == 0 {
		for i := range r.l.runs {
			w += r.l.runs[i].Width()
		}
	}
	return fyne.NewSize(w+2*r.l.Pad, 20)
}

func (r *labelRenderer) Layout(s fyne.Size) {
	row := Row{}
	if r.l.End {
		row.AddRight(r.l.Pad, s.Width-2*r.l.Pad+1, r.l.runs...)
	} else {
		row.Cells = []Cell{{X: r.l.Pad, Width: 0, Runs: r.l.runs}}
	}
	r.v.draw(&row, 0, s.Width+10, s.Height, "")
	if r.l.End {
		for _, t := range r.v.texts[:r.v.used] {
			t.Move(t.Position().AddXY(-10, 0))
		}
	}
}

func (r *labelRenderer) Refresh() {
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}
