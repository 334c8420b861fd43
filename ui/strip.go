package ui

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/code"
	"patchbay/ui/kit"
	"patchbay/ui/problems"
	"patchbay/ui/theme"
)

// strip is the sentence below the editor about the mark at the caret, or about
// the worst mark of the script.
type strip struct {
	w       *Window
	content *fyne.Container
	lines   *stripLines
	mark    code.Mark
	shown   bool
}

func newStrip(w *Window) *strip {
	s := &strip{w: w, lines: &stripLines{}}
	s.lines.ExtendBaseWidget(s.lines)
	s.lines.tapped = s.open
	s.content = kit.NewStack(nil, kit.NewLine(), container.New(kit.Pad{Left: 12, Top: 6, Right: 12, Bottom: 6}, s.lines))
	s.content.Hide()
	return s
}

// update chooses the mark to speak of.
func (s *strip) update() {
	x := s.w.Files.Active()
	var m code.Mark
	ok := false
	if x != nil {
		if m, ok = x.Editor.MarkAtCaret(); !ok {
			for _, k := range x.Editor.Marks() {
				if !ok || k.Severity > m.Severity {
					m, ok = k, true
				}
			}
		}
	}
	if ok == s.shown && m == s.mark {
		return
	}
	changed := ok != s.shown
	s.mark, s.shown = m, ok
	s.lines.set(m)
	s.content.Hidden = !ok
	if changed || ok {
		s.w.relayoutEditor()
	}
}

// tick follows marks that the editor found by itself, and a changed width.
func (s *strip) tick() {
	s.update()
	if s.shown && s.lines.rewrapped {
		s.lines.rewrapped = false
		s.w.relayoutEditor()
	}
}

// Text is the sentence, "" without one.
func (s *strip) Text() string {
	if !s.shown {
		return ""
	}
	return s.lines.text()
}

func (s *strip) open() {
	if x := s.w.Files.Active(); x != nil && s.shown {
		x.Reveal(s.mark.Line, max(s.mark.Col, 1))
		s.w.focus(x.Editor)
		s.w.gatherProblems()
		s.w.Bottom.Select(TabProblems)
		where, m := problems.Where(x.Title(), s.mark.Line, s.mark.Col), s.mark
		s.w.Problems.Choose(func(p problems.Problem) bool {
			return p.Where == where || strings.Contains(m.Message, p.Message)
		})
	}
}

func (w *Window) relayoutEditor() {
	if w.leftRows != nil {
		w.leftRows.First.Refresh()
	}
}

// stripLines draws a sign, the place in bold and a wrapped sentence.
type stripLines struct {
	widget.BaseWidget
	mark      code.Mark
	tapped    func()
	lines     int
	rewrapped bool
}

var (
	_ fyne.Tappable      = (*stripLines)(nil)
	_ desktop.Cursorable = (*stripLines)(nil)
)

func (l *stripLines) set(m code.Mark) {
	l.mark = m
	l.Refresh()
}

func (l *stripLines) place() string {
	if l.mark.Col > 0 {
		return fmt.Sprintf("%d:%d", l.mark.Line, l.mark.Col)
	}
	return fmt.Sprintf("line %d", l.mark.Line)
}

func (l *stripLines) text() string {
	return "▲ " + l.place() + "  " + l.mark.Message
}

// Tapped goes to the place and shows the list of problems.
func (l *stripLines) Tapped(*fyne.PointEvent) {
	if l.tapped != nil {
		l.tapped()
	}
}

// Cursor is a hand.
func (l *stripLines) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (l *stripLines) CreateRenderer() fyne.WidgetRenderer {
	return &stripRenderer{l: l}
}

type stripRenderer struct {
	l       *stripLines
	texts   []*canvas.Text
	objects []fyne.CanvasObject
}

const stripLine = 18

func (r *stripRenderer) Destroy()                     {}
func (r *stripRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *stripRenderer) MinSize() fyne.Size {
	return fyne.NewSize(80, float32(max(r.l.lines, 1))*stripLine)
}

func (r *stripRenderer) Layout(s fyne.Size) {
	l := r.l
	c := theme.Warn
	sign := "▲ "
	switch l.mark.Severity {
	case code.Error:
		c, sign = theme.Bad, "● "
	case code.Info:
		c, sign = theme.Accent, "• "
	}
	head := kit.Run{Text: sign + l.place(), Bold: true, Color: c}
	x := head.Width() + 10
	lines := kit.Wrap(kit.Dim(strings.TrimSpace(l.mark.Message)), max(s.Width-x, 100))
	if len(lines) > 3 {
		lines = lines[:3]
		lines[2] += " …"
	}
	why := kit.Run{Text: "Why?", Color: theme.Accent}
	if l.mark.Rule != "" {
		last := kit.Dim(lines[len(lines)-1])
		if x+last.Width()+8+why.Width() > s.Width && len(lines) < 4 {
			lines = append(lines, "")
		}
	}
	if len(lines) != l.lines {
		l.lines = len(lines)
		l.rewrapped = true
	}
	for len(r.texts) < len(lines)+2 {
		r.texts = append(r.texts, canvas.NewText("", color.Transparent))
	}
	draw := func(t *canvas.Text, run kit.Run, x, y float32) {
		t.Text, t.Color = run.Text, theme.Color(run.Color)
		t.TextSize = theme.Size("text")
		t.TextStyle = fyne.TextStyle{Bold: run.Bold}
		m := t.MinSize()
		t.Resize(m)
		t.Move(fyne.NewPos(x, y+(stripLine-m.Height)/2))
		r.objects = append(r.objects, t)
	}
	r.objects = r.objects[:0]
	draw(r.texts[0], head, 0, 0)
	for i, s := range lines {
		draw(r.texts[i+1], kit.Dim(s), x, float32(i)*stripLine)
	}
	if l.mark.Rule != "" {
		last := kit.Dim(lines[len(lines)-1])
		if last.Text != "" {
			x += last.Width() + 8
		}
		draw(r.texts[len(lines)+1], why, x, float32(len(lines)-1)*stripLine)
	}
}

func (r *stripRenderer) Refresh() {
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}
