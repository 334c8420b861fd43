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
	if i := slices.Index(e.autoEnds, p); i >= 0 && e.sel.Empty() && strings.ContainsRune(shut, r) {
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
	e.autoEnds = append(e.autoEnds, at)
	e.finish(text.At(at))
	e.buf.Break()
	return true
}

// shiftEnds keeps the brackets that we put in where they are while something is typed between them, and forgets them otherwise.
func (e *Editor) shiftEnds(ed text.Edit) {
	if len(e.autoEnds) == 0 {
		return
	}
	end := text.EndOf(ed)
	keep := e.autoEnds[:0]
	for _, p := range e.autoEnds {
		if p.Before(ed.To) {
			continue
		}
		if p.Line == ed.To.Line {
			p.Col += end.Col - ed.To.Col
		}
		p.Line += end.Line - ed.To.Line
		keep = append(keep, p)
	}
	e.autoEnds = keep
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// typeOverBelow types over a closing bracket that a line break pushed to the next line: the empty line above it goes.
func (e *Editor) typeOverBelow(r rune) bool {
	p := e.sel.Caret
	if !e.sel.Empty() || !strings.ContainsRune(")]}", r) || strings.TrimSpace(e.buf.Line(p.Line)) != "" {
		return false
	}
	i := slices.IndexFunc(e.autoEnds, func(q text.Pos) bool { return q.Line == p.Line+1 })
	if i < 0 {
		return false
	}
	at := e.autoEnds[i]
	l := e.buf.Line(at.Line)
	if at.Col >= len(l) || l[at.Col] != byte(r) || strings.TrimSpace(l[:at.Col]) != "" {
		return false
	}
	if !e.apply(text.Command, text.Edit{Range: text.Range{From: text.Pos{Line: p.Line}, To: text.Pos{Line: at.Line}}}) {
		return false
	}
	if i := slices.Index(e.autoEnds, text.Pos{Line: p.Line, Col: at.Col}); i >= 0 {
		e.autoEnds = slices.Delete(e.autoEnds, i, i+1)
	}
	e.finish(text.At(text.Pos{Line: p.Line, Col: at.Col + 1}))
	return true
}

// pairAround widens the deletion of an opening bracket to the closing one that was put in with it.
func (e *Editor) pairAround(r text.Range) (text.Range, bool) {
	if len(e.autoEnds) == 0 || r.To != e.sel.Caret || r.From.Line != r.To.Line || r.To.Col-r.From.Col != 1 {
		return r, false
	}
	if i := slices.Index(e.autoEnds, r.To); i >= 0 {
		e.autoEnds = slices.Delete(e.autoEnds, i, i+1)
		r.To.Col++
		return r, true
	}
	return r, false
}
