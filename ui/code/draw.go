package code

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"patchbay/engine/lua53/syntax"
	"patchbay/ui/code/text"
	"patchbay/ui/theme"
)

// CreateRenderer draws the editor. Fyne calls it.
func (e *Editor) CreateRenderer() fyne.WidgetRenderer {
	e.ExtendBaseWidget(e)
	r := &renderer{e: e}
	r.caret = canvas.NewRectangle(color.Transparent)
	return r
}

// MinSize is small: an editor takes what it is given.
func (e *Editor) MinSize() fyne.Size {
	e.ExtendBaseWidget(e)
	return fyne.NewSize(160, 60)
}

// renderer draws what is on screen out of pools of rectangles, texts and lines that are kept from one drawing to the next, so that
// a keystroke allocates next to nothing and the painter finds its cached textures again.
type renderer struct {
	e     *Editor
	p     palette
	caret *canvas.Rectangle

	rects []*canvas.Rectangle
	texts []*canvas.Text
	waves []*canvas.Line
	nRect int
	nText int
	nWave int
	objs  []fyne.CanvasObject

	textHeight float32
	size       float32 // font size of this drawing
	glyphs     map[string]glyph
	glyphSize  float32
}

// glyph is how a character beyond ASCII fits its cells.
type glyph struct{ size, width float32 }

// palette is looked up once a drawing.
type palette struct {
	back, line, sel, gutter, number, numberHere, caret, bracket, match, invisible color.Color
	cover, good, warn, bad, badBack, dim, text, border, bar                       color.Color
	kind                                                                          [16]color.Color
}

func (p *palette) load() {
	c := theme.Color
	*p = palette{
		back: c(theme.CodeBackground), line: c(theme.CodeCurrentLine), sel: c(theme.CodeSelection), gutter: c(theme.CodeGutter),
		number: c(theme.CodeLineNumber), numberHere: c(theme.Text), caret: c(theme.CodeCaret), bracket: c(theme.CodeBracket),
		match: c(theme.CodeMatch), invisible: c(theme.CodeInvisible), cover: c(theme.Coverage), good: c(theme.Good), warn: c(theme.Warn),
		bad: c(theme.Bad), badBack: c(theme.BadBack), dim: c(theme.Dim), text: c(theme.Text), border: c(theme.Border), bar: c("scrollBar"),
	}
	name := c(theme.CodeName)
	for i := range p.kind {
		p.kind[i] = name
	}
	p.kind[syntax.KindKeyword] = c(theme.CodeKeyword)
	p.kind[syntax.KindBuiltin] = c(theme.CodeFunction)
	p.kind[syntax.KindFunction] = c(theme.CodeFunction)
	p.kind[syntax.KindString] = c(theme.CodeString)
	p.kind[syntax.KindNumber] = c(theme.CodeNumber)
	p.kind[syntax.KindComment] = c(theme.CodeComment)
	p.kind[syntax.KindOperator] = c(theme.CodeOperator)
	p.kind[syntax.KindError] = p.bad
}

func (p *palette) severity(s Severity) color.Color {
	switch s {
	case Error:
		return p.bad
	case Warning:
		return p.warn
	}
	return p.dim
}

// Destroy, MinSize, Objects, Layout and Refresh make renderer a fyne.WidgetRenderer.
func (r *renderer) Destroy()                     {}
func (r *renderer) MinSize() fyne.Size           { return fyne.NewSize(160, 60) }
func (r *renderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *renderer) Layout(fyne.Size)             { r.e.clampScroll(); r.build() }
func (r *renderer) Refresh()                     { r.build(); canvas.Refresh(r.e) }

// rect adds a filled rectangle.
func (r *renderer) rect(x, y, w, h float32, c color.Color) *canvas.Rectangle {
	if r.nRect == len(r.rects) {
		r.rects = append(r.rects, canvas.NewRectangle(c))
	}
	o := r.rects[r.nRect]
	r.nRect++
	o.FillColor, o.StrokeColor, o.StrokeWidth, o.CornerRadius = c, nil, 0, 0
	place(o, x, y, w, h)
	r.objs = append(r.objs, o)
	return o
}

// place moves and resizes an object, if it is not there yet: each change makes the window draw again.
func place(o fyne.CanvasObject, x, y, w, h float32) {
	if p := fyne.NewPos(x, y); o.Position() != p {
		o.Move(p)
	}
	if s := fyne.NewSize(max(0, w), max(0, h)); o.Size() != s { // painters take no negative sizes
		o.Resize(s)
	}
}

// text adds a text whose upper left corner is that of a cell.
func (r *renderer) text(x, y float32, s string, size, width float32, c color.Color) {
	if r.nText == len(r.texts) {
		t := canvas.NewText("", c)
		t.TextStyle.Monospace = true
		r.texts = append(r.texts, t)
	}
	o := r.texts[r.nText]
	r.nText++
	o.Text, o.Color, o.TextSize = s, c, size
	place(o, x, y+(r.e.cell.Height-r.textHeight)/2, width, r.textHeight)
	r.objs = append(r.objs, o)
}

// build draws everything anew.
func (r *renderer) build() {
	e := r.e
	e.measure()
	r.p.load()
	r.size = e.FontSize()
	if r.glyphSize != r.size {
		r.glyphs, r.glyphSize = map[string]glyph{}, r.size
		r.textHeight = fyne.MeasureText("M", r.size, fyne.TextStyle{Monospace: true}).Height
	}
	r.objs, r.nRect, r.nText, r.nWave = r.objs[:0], 0, 0, 0
	size := e.Size()
	r.rect(0, 0, size.Width, size.Height, r.p.back)
	first, last := e.rows()
	r.surfaces(first, last)
	for i := first; i <= last; i++ {
		r.line(i, e.y(i))
		r.squiggles(i)
	}
	r.gutter(first, last)
	r.drawCaret()
	r.bars()
	r.objs = append(r.objs, e.children(r)...)
}

// y is where a line starts on the widget.
func (e *Editor) y(line int) float32 { return float32(line)*e.cell.Height - e.top }

// surfaces draws what lies behind the text: the current line, matches, the selection, brackets.
func (r *renderer) surfaces(first, last int) {
	e := r.e
	size := e.Size()
	for i := first; i <= last && len(e.tint) > 0; i++ {
		if c, ok := e.tint[i]; ok {
			r.rect(0, e.y(i), size.Width, e.cell.Height, theme.Color(c))
		}
	}
	if l := e.sel.Caret.Line; l >= first && l <= last && e.sel.Empty() && e.tint == nil {
		r.rect(0, e.y(l), size.Width, e.cell.Height, r.p.line)
	}
	for _, m := range e.occurrences(first, last) {
		r.ranges(m, first, last, r.p.bracket, false)
	}
	for _, m := range e.find.visible(e, first, last) {
		r.ranges(m, first, last, r.p.match, false)
	}
	c := r.p.sel
	if !e.focused && !e.find.open && !e.picker.open {
		c = theme.Color(theme.CodeSelectionBg)
	}
	if s := e.sel.Range(); !s.Empty() {
		r.ranges(s, first, last, c, true)
	}
	for _, x := range e.extra {
		if s := x.Range(); !s.Empty() {
			r.ranges(s, first, last, c, true)
		}
	}
	if e.sel.Empty() && e.focused {
		for _, b := range e.doc.Match(e.sel.Caret) {
			if b.From.Line >= first && b.From.Line <= last {
				r.ranges(b, first, last, r.p.bracket, false)
			}
		}
	}
}

// ranges fills the background of a range; a selected line end is shown as half a cell.
func (r *renderer) ranges(s text.Range, first, last int, c color.Color, ends bool) {
	e := r.e
	for l := max(first, s.From.Line); l <= min(last, s.To.Line); l++ {
		line := e.buf.Line(l)
		from, to := float32(0), float32(0)
		if l == s.From.Line {
			from = float32(e.ruler.Cell(line, s.From.Col))
		}
		if l == s.To.Line {
			to = float32(e.ruler.Cell(line, s.To.Col))
		} else {
			to = float32(e.ruler.Width(line))
			if ends {
				to += 0.5
			}
		}
		x0 := max(e.gutter()-4, e.gutter()+from*e.cell.Width-e.left)
		x1 := min(e.Size().Width, e.gutter()+to*e.cell.Width-e.left)
		if x1 > x0 {
			r.rect(x0, e.y(l), x1-x0, e.cell.Height, c)
		}
	}
}

// line draws the text of a line, as far as it is visible.
func (r *renderer) line(i int, y float32) {
	e := r.e
	line := e.buf.Line(i)
	if line == "" {
		return
	}
	g, cw := e.gutter(), e.cell.Width
	c0 := int(e.left / cw)
	c1 := c0 + int((e.Size().Width-g)/cw) + 1
	spans := e.doc.Spans(i)
	at := 0
	end := 0
	e.ruler.Pieces(line, c0, func(p text.Piece) bool {
		end = p.Cell + p.Width
		if p.Cell > c1 {
			return false
		}
		for at < len(spans) && spans[at].End <= p.From {
			at++
		}
		x := g + float32(p.Cell)*cw - e.left
		switch p.Kind {
		case text.Plain:
			to := min(p.To, p.From+c1-p.Cell+1)
			for from := max(p.From, p.From+c0-p.Cell); from < to; {
				for at < len(spans) && spans[at].End <= from {
					at++
				}
				kind, stop := syntax.KindNone, to
				if at < len(spans) {
					if spans[at].Start <= from {
						kind, stop = spans[at].Kind, min(to, spans[at].End)
					} else {
						stop = min(to, spans[at].Start)
					}
				}
				r.run(line[from:stop], g+float32(p.Cell+from-p.From)*cw-e.left, y, kind)
				from = stop
			}
		case text.Glyph:
			kind := syntax.KindNone
			if at < len(spans) && spans[at].Start <= p.From {
				kind = spans[at].Kind
			}
			s := line[p.From:p.To]
			fit := r.fit(s, float32(p.Width)*cw)
			r.text(x+(float32(p.Width)*cw-fit.width)/2, y, s, fit.size, fit.width, r.p.kind[kind])
		case text.Label:
			r.rect(x, y+2, float32(p.Width)*cw, e.cell.Height-4, r.p.badBack).CornerRadius = 2
			r.text(x, y, text.LabelOf(line[p.From:p.To]), r.size, float32(p.Width)*cw, r.p.bad)
		}
		return true
	})
	e.seen(end)
}

// run draws printable ASCII without the spaces around it.
func (r *renderer) run(s string, x, y float32, kind syntax.Kind) {
	t := strings.TrimLeft(s, " ")
	if t == "" {
		return
	}
	x += float32(len(s)-len(t)) * r.e.cell.Width
	t = strings.TrimRight(t, " ")
	r.text(x, y, t, r.size, float32(len(t))*r.e.cell.Width, r.p.kind[kind&15])
}

// fit finds the size at which a character beyond ASCII fits into its cells: fonts that stand in for missing characters are wider.
func (r *renderer) fit(s string, width float32) glyph {
	if f, ok := r.glyphs[s]; ok {
		return f
	}
	if len(r.glyphs) > 4096 {
		clear(r.glyphs)
	}
	f := glyph{r.size, fyne.MeasureText(s, r.size, fyne.TextStyle{Monospace: true}).Width}
	if f.width > width {
		f.size = r.size * width / f.width
		f.width = width
	}
	r.glyphs[s] = f
	return f
}
