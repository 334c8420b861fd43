package code

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/code/lua"
	"patchbay/ui/code/text"
	"patchbay/ui/theme"
)

const (
	hoverAfter = 450 * time.Millisecond // the pointer rests so long before help comes
	tipWidth   = 430
)

// tipLine is a paragraph of a tip.
type tipLine struct {
	s     string
	color fyne.ThemeColorName
	mono  bool
}

// tip is help over the text: on the word or mark under the pointer, or on the arguments of the call being typed.
type tip struct {
	box   *tipBox
	shown bool
	at    text.Range // what it is about
	call  bool       // it is about a call being typed: open is its bracket
	open  text.Pos
	since time.Time // the pointer rests since
	armed bool      // and waits for help
	where fyne.Position
}

// hide takes the tip away and reports whether there was one.
func (t *tip) hide() bool {
	was := t.shown
	t.shown, t.call, t.armed = false, false, false
	return was
}

// hoverMoved starts the wait for help anew.
func (e *Editor) hoverMoved(p fyne.Position) {
	t := &e.tip
	t.where, t.since, t.armed = p, e.opt.Now(), true
	if t.shown && !t.call && !t.at.Contains(e.posAt(p)) {
		t.hide()
		t.armed = true
		e.Refresh()
	}
}

// hoverTick shows help once the pointer has rested.
func (e *Editor) hoverTick(now time.Time) {
	t := &e.tip
	if !t.armed || !e.mouse.inside || t.shown || e.mouse.grip != gripNone || now.Sub(t.since) < hoverAfter {
		return
	}
	t.armed = false
	p := e.posAt(t.where)
	inGutter := t.where.X < e.gutter()-4
	if !inGutter && t.where.X > e.point(text.Pos{Line: p.Line, Col: len(e.buf.Line(p.Line))}).X+e.cell.Width {
		return // beyond the text of the line
	}
	if y := t.where.Y + e.top; int(y/e.cell.Height) >= e.buf.Len() {
		return
	}
	if lines, at := e.helpAt(p, inGutter); len(lines) > 0 {
		e.showTip(lines, at)
	}
}

// helpAt collects what is to be said about a place: its marks, then the API's help.
func (e *Editor) helpAt(p text.Pos, wholeLine bool) ([]tipLine, text.Range) {
	var lines []tipLine
	at := text.Range{From: p, To: p}
	for _, k := range e.marks.at(p.Line) {
		from, to := k.span(e.buf)
		if !wholeLine && (p.Col < from || p.Col > to) {
			continue
		}
		c := theme.Dim
		switch k.Severity {
		case Error:
			c = theme.Bad
		case Warning:
			c = theme.Warn
		}
		at = text.Range{From: text.Pos{Line: p.Line, Col: from}, To: text.Pos{Line: p.Line, Col: to}}
		lines = append(lines, tipLine{s: k.Message, color: c})
	}
	if wholeLine {
		return lines, at
	}
	if lib := e.knownAPI(); lib != nil {
		if en, r, ok := e.doc.Help(lib, p); ok {
			if len(lines) == 0 {
				at = r
			}
			lines = append(lines, apiLines(en)...)
		}
	}
	return lines, at
}

func apiLines(en lua.Entry) []tipLine {
	return []tipLine{{s: en.Signature, color: theme.CodeFunction, mono: true}, {s: en.Help, color: theme.Text}}
}

// ShowHelp shows help on the name at the caret, as hovering does.
func (e *Editor) ShowHelp() {
	if lines, at := e.helpAt(e.sel.Caret, false); len(lines) > 0 {
		e.showTip(lines, at)
	}
}

func (e *Editor) showTip(lines []tipLine, at text.Range) {
	if e.tip.box == nil {
		e.tip.box = &tipBox{}
		e.tip.box.ExtendBaseWidget(e.tip.box)
	}
	e.tip.hide()
	e.tip.shown, e.tip.at = true, at
	e.tip.box.lines = lines
	e.Refresh()
}

// callTip shows the arguments of the function whose bracket was typed just before the caret, and goes away with the bracket.
func (e *Editor) callTip() {
	lib := e.knownAPI()
	p := e.sel.Caret
	if lib == nil || p.Col == 0 || e.complete.shown {
		return
	}
	en, r, ok := e.doc.Help(lib, text.Pos{Line: p.Line, Col: p.Col - 1})
	if !ok || !en.Func {
		return
	}
	e.showTip(apiLines(en), r)
	e.tip.call, e.tip.open = true, text.Pos{Line: p.Line, Col: p.Col - 1}
}

// keepCallTip hides the help on a call once the caret has left its arguments. It reports whether help on a call is shown.
func (e *Editor) keepCallTip() bool {
	t := &e.tip
	if !t.shown || !t.call {
		return false
	}
	p := e.sel.Caret
	l := e.buf.Line(p.Line)
	if p.Line != t.open.Line || p.Col <= t.open.Col || t.open.Col >= len(l) || l[t.open.Col] != '(' {
		t.hide()
		return false
	}
	depth := 0
	for c := t.open.Col; c < p.Col && c < len(l); c++ {
		if l[c] != '(' && l[c] != ')' || e.doc.InText(text.Pos{Line: p.Line, Col: c + 1}) {
			continue
		}
		if l[c] == '(' {
			depth++
		} else if depth--; depth == 0 {
			t.hide()
			return false
		}
	}
	return true
}

// object places the tip above what it is about, or below when there is no room.
func (t *tip) object(e *Editor) []fyne.CanvasObject {
	if !t.shown {
		return nil
	}
	size := e.Size()
	w := max(140, min(em(tipWidth), size.Width-20))
	t.box.layout(w)
	p := e.point(t.at.From)
	x := max(e.gutter()-6, min(p.X-6, size.Width-t.box.want.Width-barSize-4))
	y := p.Y - t.box.want.Height - 3
	if y < 0 {
		y = p.Y + e.cell.Height + 3
	}
	place(t.box, x, y, t.box.want.Width, t.box.want.Height)
	t.box.Refresh()
	return []fyne.CanvasObject{t.box}
}

// tipBox draws a tip.
type tipBox struct {
	widget.BaseWidget
	lines []tipLine
	objs  []fyne.CanvasObject
	want  fyne.Size
}

func (b *tipBox) layout(width float32) {
	b.objs = b.objs[:0]
	y, used := float32(6), float32(60)
	for _, l := range b.lines {
		size, style := em(12.5), fyne.TextStyle{Monospace: l.mono}
		if l.mono {
			size = em(12)
		}
		for _, s := range wrap(l.s, width-20, size, style, 8) {
			t := label(s, 10, y, size, theme.Color(l.color), style)
			used = max(used, t.Size().Width)
			b.objs = append(b.objs, t)
			y += size * 1.45
		}
		y += 3
	}
	b.want = fyne.NewSize(used+20, y+3)
	b.objs = append([]fyne.CanvasObject{frame(b.want)}, b.objs...)
}

// CreateRenderer draws the tip. Fyne calls it.
func (b *tipBox) CreateRenderer() fyne.WidgetRenderer { return &tipRenderer{b} }

type tipRenderer struct{ b *tipBox }

func (r *tipRenderer) Destroy()                     {}
func (r *tipRenderer) MinSize() fyne.Size           { return r.b.want }
func (r *tipRenderer) Objects() []fyne.CanvasObject { return r.b.objs }
func (r *tipRenderer) Layout(fyne.Size)             {}
func (r *tipRenderer) Refresh()                     { canvas.Refresh(r.b) }
