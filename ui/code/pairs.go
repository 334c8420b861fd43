package code

import (
	"slices"
	"strings"
	"unicode/utf8"

	"patchbay/ui/code/text"
)

// typePair handles brackets and quotes: it surrounds a selection, types over a closing one that it put in itself, and closes what
// is opened before white space, a closing bracket or the end of the line. False leaves the character to be typed as usual.
func (e *Editor) typePair(r rune) bool {
	const open, shut = `([{"'`, `)]}"'`
	p := e.sel.Caret
	if i := e.autoEnd(p); i >= 0 && e.sel.Empty() && strings.ContainsRune(shut, r) {
		if l := e.buf.Line(p.Line); p.Col < len(l) && l[p.Col] == byte(r) {
			e.autoEnds = slices.Delete(e.autoEnds, i, i+1)
			e.moveTo(text.Pos{Line: p.Line, Col: p.Col + 1}, false, false)
			return true
		}
	}
	if e.typeOverBelow(r) {
		return true
	}
	i := strings.IndexRune(open, r)
	if i < 0 {
		return false
	}
	end := shut[i : i+1]
	if !e.sel.Empty() {
		rg, sel := e.sel.Range(), e.sel
		in := e.buf.Slice(rg)
		if !e.apply(text.Command, text.Edit{Range: rg, Text: string(r) + in + end}) {
			return true
		}
		grow := func(p text.Pos) text.Pos {
			if p == rg.From || p.Line == rg.From.Line {
				p.Col++
			}
			return p
		}
		e.finish(text.Sel{Anchor: grow(sel.Anchor), Caret: grow(sel.Caret)})
		return true
	}
	l := e.buf.Line(p.Line)
	if next := l[p.Col:]; next != "" && !strings.ContainsAny(next[:1], " \t)]},;") {
		return false
	}
	if e.doc.InText(p) {
		return false
	}
	if r == '"' || r == '\'' {
		if before, _ := utf8.DecodeLastRuneInString(l[:p.Col]); before == r || before == '\\' || isWord(before) {
			return false
		}
	}
	if !e.apply(text.Typing, text.Edit{Range: text.Range{From: p, To: p}, Text: string(r) + end}) {
		return true
	}
	at := text.Pos{Line: p.Line, Col: p.Col + 1}
	e.autoEnds = append(e.autoEnds, pair{p, at})
	e.finish(text.At(at))
	e.buf.Break()
	return true
}

// pair is an opening bracket and the closing one that we put in with it, which may be typed over while the caret is between them.
type pair struct{ open, shut text.Pos }

// autoEnd finds the pair whose closing bracket is at p.
func (e *Editor) autoEnd(p text.Pos) int {
	return slices.IndexFunc(e.autoEnds, func(a pair) bool { return a.shut == p })
}

// shiftEnds keeps the brackets that we put in where they are while something is typed, and forgets those that an edit touches.
func (e *Editor) shiftEnds(ed text.Edit) {
	if len(e.autoEnds) == 0 {
		return
	}
	end := text.EndOf(ed)
	shift := func(p text.Pos) text.Pos {
		if p.Line == ed.To.Line {
			p.Col += end.Col - ed.To.Col
		}
		p.Line += end.Line - ed.To.Line
		return p
	}
	keep := e.autoEnds[:0]
	for _, a := range e.autoEnds {
		switch {
		case !a.open.Before(ed.To): // before both
			a.open, a.shut = shift(a.open), shift(a.shut)
		case a.open.Before(ed.From) && !a.shut.Before(ed.To): // between them
			a.shut = shift(a.shut)
		case !a.shut.Before(ed.From): // touches one of them
			continue
		}
		keep = append(keep, a)
	}
	e.autoEnds = keep
}

// keepEnds forgets the pairs that the caret has left.
func (e *Editor) keepEnds() {
	e.autoEnds = slices.DeleteFunc(e.autoEnds, func(a pair) bool {
		return !a.open.Before(e.sel.Caret) || a.shut.Before(e.sel.Caret)
	})
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// typeOverBelow types over a closing bracket that a line break pushed to the next line: it comes up to the caret, as in "end)", or
// the empty line above it goes.
func (e *Editor) typeOverBelow(r rune) bool {
	p := e.sel.Caret
	line := e.buf.Line(p.Line)
	if !e.sel.Empty() || !strings.ContainsRune(")]}", r) || strings.TrimSpace(line[p.Col:]) != "" {
		return false
	}
	if p.Line+1 >= e.buf.Len() {
		return false
	}
	l := e.buf.Line(p.Line + 1)
	i := slices.IndexFunc(e.autoEnds, func(a pair) bool {
		return a.shut.Line == p.Line+1 && a.shut.Col < len(l) && l[a.shut.Col] == byte(r) && strings.TrimSpace(l[:a.shut.Col]) == ""
	})
	if i < 0 {
		return false
	}
	at := e.autoEnds[i].shut
	before := strings.TrimSpace(line[:p.Col])
	cut := text.Range{From: p, To: at}
	switch {
	case before == "": // the bracket keeps its own indentation
		cut = text.Range{From: text.Pos{Line: p.Line}, To: text.Pos{Line: at.Line}}
	case r == '}' && before != "end": // { and } of several lines stay on lines of their own
		cut.To = text.Pos{Line: at.Line, Col: at.Col}
		cut.From = cut.To
	}
	e.autoEnds = slices.Delete(e.autoEnds, i, i+1)
	to := text.Pos{Line: at.Line, Col: at.Col + 1}
	if !cut.Empty() {
		if !e.apply(text.Command, text.Edit{Range: cut}) {
			return false
		}
		to = text.Pos{Line: p.Line, Col: e.sel.Caret.Col + 1}
		if before == "" {
			to.Col = at.Col + 1
		}
		e.finish(text.At(to))
		return true
	}
	e.moveTo(to, false, false)
	return true
}

// pairAround widens the deletion of an opening bracket to the closing one that was put in with it.
func (e *Editor) pairAround(r text.Range) (text.Range, bool) {
	if len(e.autoEnds) == 0 || r.To != e.sel.Caret || r.From.Line != r.To.Line || r.To.Col-r.From.Col != 1 {
		return r, false
	}
	if i := e.autoEnd(r.To); i >= 0 && e.autoEnds[i].open == r.From {
		e.autoEnds = slices.Delete(e.autoEnds, i, i+1)
		r.To.Col++
		return r, true
	}
	return r, false
}
