package code

import (
	"patchbay/ui/code/text"
)

// motion gives where the caret goes from p. vertical motions keep the column that the caret aims at.
type motion func(e *Editor, p text.Pos) (to text.Pos, vertical bool)

func charLeft(e *Editor, p text.Pos) (text.Pos, bool) {
	if p.Col > 0 {
		return text.Pos{Line: p.Line, Col: e.ruler.Prev(e.buf.Line(p.Line), p.Col)}, false
	}
	if p.Line > 0 {
		return text.Pos{Line: p.Line - 1, Col: len(e.buf.Line(p.Line - 1))}, false
	}
	return p, false
}

func charRight(e *Editor, p text.Pos) (text.Pos, bool) {
	if l := e.buf.Line(p.Line); p.Col < len(l) {
		return text.Pos{Line: p.Line, Col: e.ruler.Next(l, p.Col)}, false
	}
	if p.Line+1 < e.buf.Len() {
		return text.Pos{Line: p.Line + 1}, false
	}
	return p, false
}

// backspace goes left by a character, or by a step of indentation within it.
func backspace(e *Editor, p text.Pos) (text.Pos, bool) {
	l := e.buf.Line(p.Line)
	if in := text.Indent(l); p.Col > 0 && p.Col <= len(in) && e.unit != "\t" && l[p.Col-1] == ' ' {
		n := len(e.unit)
		to := (p.Col - 1) / n * n
		for i := to; i < p.Col; i++ {
			if l[i] != ' ' {
				return charLeft(e, p)
			}
		}
		return text.Pos{Line: p.Line, Col: to}, false
	}
	return charLeft(e, p)
}

func wordLeft(e *Editor, p text.Pos) (text.Pos, bool)  { return e.buf.WordLeft(p), false }
func wordRight(e *Editor, p text.Pos) (text.Pos, bool) { return e.buf.WordRight(p), false }

func (e *Editor) vertical(p text.Pos, n int) (text.Pos, bool) {
	line := p.Line + n
	if line < 0 {
		return text.Pos{}, false
	}
	if line >= e.buf.Len() {
		return e.buf.End(), false
	}
	return text.Pos{Line: line, Col: e.ruler.Col(e.buf.Line(line), float32(e.wantCell))}, true
}

func lineUp(e *Editor, p text.Pos) (text.Pos, bool)   { return e.vertical(p, -1) }
func lineDown(e *Editor, p text.Pos) (text.Pos, bool) { return e.vertical(p, 1) }

func pageUp(e *Editor, p text.Pos) (text.Pos, bool) {
	return e.vertical(p, -min(e.page(), max(1, p.Line)))
}

func pageDown(e *Editor, p text.Pos) (text.Pos, bool) {
	return e.vertical(p, min(e.page(), max(1, e.buf.Len()-1-p.Line)))
}

// lineStart goes to the first character of the line, and from there to its very start.
func lineStart(e *Editor, p text.Pos) (text.Pos, bool) {
	in := len(text.Indent(e.buf.Line(p.Line)))
	if p.Col == in {
		in = 0
	}
	return text.Pos{Line: p.Line, Col: in}, false
}

func lineEnd(e *Editor, p text.Pos) (text.Pos, bool) {
	return text.Pos{Line: p.Line, Col: len(e.buf.Line(p.Line))}, false
}

func textStart(*Editor, text.Pos) (text.Pos, bool) { return text.Pos{}, false }
func textEnd(e *Editor, _ text.Pos) (text.Pos, bool) {
	return e.buf.End(), false
}

// moveBy moves the caret; without extend a selection collapses, to its near end for a step left or right.
func (e *Editor) moveBy(m motion, extend bool) {
	e.buf.Break()
	e.complete.hide()
	from := e.sel.Caret
	to, vertical := m(e, from)
	if !extend && !e.sel.Empty() {
		r := e.sel.Range()
		if left, _ := charLeft(e, from); to == left && from != left && !vertical {
			to = r.From
		} else if right, _ := charRight(e, from); to == right && from != right && !vertical {
			to = r.To
		}
	}
	e.moveTo(to, extend, vertical)
	if !e.batch {
		e.keepEnds()
	}
}

// moveTo puts the caret at p.
func (e *Editor) moveTo(p text.Pos, extend, vertical bool) {
	s := text.Sel{Anchor: p, Caret: p}
	if extend {
		s.Anchor = e.sel.Anchor
	}
	e.keepWant = vertical
	e.setSel(s)
	e.keepWant = false
	e.tip.hide()
	e.reveal(p)
	e.Refresh()
}

// JumpToPartner moves the caret between the two ends of the bracket pair or block that it touches.
func (e *Editor) JumpToPartner() {
	e.single()
	if p, ok := e.doc.Partner(e.sel.Caret); ok {
		e.buf.Break()
		e.moveTo(p, false, false)
		e.center(p)
	}
}

// SelectAll selects the whole text without scrolling.
func (e *Editor) SelectAll() {
	e.single()
	e.buf.Break()
	e.setSel(text.Sel{Caret: e.buf.End()})
	e.Refresh()
}

// SelectLines selects the whole lines of the selection; once more takes in the next line.
func (e *Editor) SelectLines() {
	e.single()
	r := e.sel.Range()
	to := text.Pos{Line: r.To.Line + 1}
	if to.Line >= e.buf.Len() {
		to = e.buf.End()
	}
	e.buf.Break()
	e.setSel(text.Sel{Anchor: text.Pos{Line: r.From.Line}, Caret: to})
	e.Refresh()
}
