package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is a text broken into lines. How high it is follows from the width
// that [Paragraph.Fit] was told last: call that before asking for its MinSize.
type Paragraph struct {
	widget.BaseWidget
	// Pad is space left and right; MaxLines is how many lines are shown, 0 for all.
	Pad      float32
	MaxLines int

	run   Run
	width float32
	most  int // MaxLines as it was when the text was broken
	lines []string
}

var _ fyne.Widget = (*Paragraph)(nil)

// NewParagraph makes an empty paragraph.
func NewParagraph() *Paragraph {
	p := &Paragraph{}
	p.ExtendBaseWidget(p)
	return p
}

// Set shows another text.
func (p *Paragraph) Set(r Run) {
	if r == p.run {
		return
	}
	p.run = r
	p.wrap()
	p.Refresh()
}

// Text is the whole text, also what is not on screen.
func (p *Paragraph) Text() string { return p.run.Text }

// Fit breaks the text to a width, and to MaxLines.
func (p *Paragraph) Fit(width float32) {
	if width != p.width || p.MaxLines != p.most {
		p.width = width
		p.wrap()
	}
}

// longestParagraph is how many bytes are ever broken into lines.
const longestParagraph = 4000

func (p *Paragraph) wrap() {
	p.lines, p.most = nil, p.MaxLines
	if p.run.Text == "" {
		return
	}
	r := p.run
	if len(r.Text) > longestParagraph {
		r.Text = r.Text[:longestParagraph]
	}
	p.lines = Wrap(r, p.width-2*p.Pad)
	if n := p.MaxLines; n > 0 && len(p.lines) > n {
		p.lines = p.lines[:n]
		p.lines[n-1] += " …"
	}
}

const paragraphLine = 18

// CreateRenderer is part of fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer { return &paragraphRenderer{p: p} }

type paragraphRenderer struct {
	p       *Paragraph
	texts   []*canvas.Text
	objects []fyne.CanvasObject
}

func (r *paragraphRenderer) Destroy()                     {}
func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *paragraphRenderer) MinSize() fyne.Size {
	return fyne.NewSize(40, float32(len(r.p.lines))*paragraphLine)
}

func (r *paragraphRenderer) Layout(s fyne.Size) {
	r.p.Fit(s.Width)
	r.objects = r.objects[:0]
	for i, line := range r.p.lines {
		if i == len(r.texts) {
			r.texts = append(r.texts, canvas.NewText("", color.Transparent))
		}
		run, t := r.p.run, r.texts[i]
		run.Text = line
		run.Cut(s.Width - 2*r.p.Pad)
		run.draw(t)
		m := t.MinSize()
		t.Resize(m)
		t.Move(fyne.NewPos(r.p.Pad, float32(i)*paragraphLine+(paragraphLine-m.Height)/2))
		r.objects = append(r.objects, t)
	}
}

func (r *paragraphRenderer) Refresh() {
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
