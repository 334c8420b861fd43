package code

import (
	"slices"
	"strings"
	"time"

	"patchbay/ui/code/lua"
	"patchbay/ui/code/text"
)

// typingPause ends a run of typing: what is typed after it is undone by itself.
const typingPause = time.Second

// apply makes edits as one undo step and puts the caret behind the last of them.
func (e *Editor) apply(kind text.Kind, edits ...text.Edit) bool {
	if e.readOnly {
		return false
	}
	now := e.opt.Now()
	if now.Sub(e.lastEdit) > typingPause {
		e.buf.Break()
	}
	e.lastEdit = now
	v := e.buf.Version()
	for _, ed := range edits {
		e.shiftEnds(ed)
	}
	end := e.buf.Apply(e.sel, kind, edits...)
	if e.buf.Version() == v {
		return false
	}
	e.setSel(text.At(end))
	return true
}

// finish follows edits: it keeps the selection that redo brings back, scrolls and tells the owner.
func (e *Editor) finish(s text.Sel) {
	e.setSel(s)
	e.buf.After(s)
	e.reveal(s.Caret)
	e.afterChange()
}

// Insert replaces the selection by a text as one undo step, as pasting does.
func (e *Editor) Insert(s string) {
	if e.apply(text.Command, text.Edit{Range: e.sel.Range(), Text: text.FromOutside(s)}) {
		e.finish(e.sel)
	}
}

// TypedRune inserts a character; brackets and quotes come in pairs where that is wanted.
func (e *Editor) TypedRune(r rune) {
	if e.readOnly {
		return
	}
	if len(e.extra) > 0 {
		e.each(func() { e.typeOne(r) })
		return
	}
	if e.typePair(r) {
		e.complete.typed(e, r)
		return
	}
	if e.typeOne(r) {
		e.complete.typed(e, r)
	}
}

// typeOne types a character at the caret as it is.
func (e *Editor) typeOne(r rune) bool {
	if !e.apply(text.Typing, text.Edit{Range: e.sel.Range(), Text: string(r)}) {
		return false
	}
	e.reindentTyped(r)
	e.finish(e.sel)
	return true
}

// reindentTyped moves a line back once what was typed makes its first word close a block.
func (e *Editor) reindentTyped(r rune) {
	if !strings.ContainsRune("defl})]", r) {
		return
	}
	p := e.sel.Caret
	l := e.buf.Line(p.Line)
	in := text.Indent(l)
	if p.Col > len(l) || !lua.Closes(l[:p.Col]) || strings.TrimSpace(l[:p.Col]) != strings.TrimSpace(l) {
		return
	}
	// Only where the indentation is the one we gave: what an author set by hand stays.
	if p.Line == 0 {
		return
	}
	prev := p.Line - 1
	for prev > 0 && strings.TrimSpace(e.buf.Line(prev)) == "" {
		prev--
	}
	given := e.doc.IndentAfter(text.Pos{Line: prev, Col: len(e.buf.Line(prev))}, e.unit)
	want, ok := e.doc.Reindent(p.Line)
	if !ok || in != given {
		return
	}
	col := p.Col + len(want) - len(in)
	e.buf.Apply(text.At(p), text.Command, text.Edit{Range: text.Range{From: text.Pos{Line: p.Line}, To: text.Pos{Line: p.Line, Col: len(in)}}, Text: want})
	e.sel = text.At(text.Pos{Line: p.Line, Col: col})
}

// newline breaks the line and indents the next; between an opening and a closing bracket it makes room for a line.
func (e *Editor) newline() {
	r := e.sel.Range()
	in := e.doc.IndentAfter(r.From, e.unit)
	l := e.buf.Line(r.To.Line)
	rest := l[min(r.To.Col, len(l)):]
	lead := len(text.Indent(rest))
	ins := "\n" + in
	if r.From.Col == 0 && r.Empty() {
		ins, lead = "\n", 0 // a break before the line pushes it down as it is
	}
	r.To.Col += lead
	after := ""
	if len(in) > len(text.Indent(e.buf.Line(r.From.Line))) && lua.Closes(rest) {
		after = "\n" + text.Indent(e.buf.Line(r.From.Line))
	}
	if !e.apply(text.Command, text.Edit{Range: r, Text: ins + after}) {
		return
	}
	p := e.sel.Caret
	if after != "" {
		p = text.Pos{Line: p.Line - 1, Col: len(e.buf.Line(p.Line - 1))}
	}
	e.complete.hide()
	e.finish(text.At(p))
}

// newlineAbove opens an empty line above the caret's.
func (e *Editor) newlineAbove() {
	e.single()
	line := e.sel.Range().From.Line
	in := text.Indent(e.buf.Line(line))
	at := text.Pos{Line: line}
	if e.apply(text.Command, text.Edit{Range: text.Range{From: at, To: at}, Text: in + "\n"}) {
		e.finish(text.At(text.Pos{Line: line, Col: len(in)}))
	}
}

// erase removes the selection, or what lies between the caret and where a motion leads.
func (e *Editor) erase(m motion) {
	r := e.sel.Range()
	kind := text.Command
	if r.Empty() {
		to, _ := m(e, r.From)
		r = text.Sel{Anchor: r.From, Caret: to}.Range()
		kind = text.Deleting
		if next, ok := e.pairAround(r); ok {
			r, kind = next, text.Command
		}
	}
	if e.apply(kind, text.Edit{Range: r}) {
		e.finish(e.sel)
		if !e.batch {
			e.complete.erased(e)
		}
	}
}

// tab inserts white space up to the next stop, or indents the lines of a selection that spans several.
func (e *Editor) tab() {
	r := e.sel.Range()
	if r.From.Line != r.To.Line {
		e.indentLines(1)
		return
	}
	ins := "\t"
	if e.unit != "\t" {
		cell := e.ruler.Cell(e.buf.Line(r.From.Line), r.From.Col)
		ins = strings.Repeat(" ", len(e.unit)-cell%len(e.unit))
	}
	if e.apply(text.Command, text.Edit{Range: r, Text: ins}) {
		e.finish(e.sel)
	}
}

// selectedLines gives the lines that a command on lines works on: a selection that ends at the start of a line leaves it out.
func (e *Editor) selectedLines() (first, last int) {
	r := e.sel.Range()
	first, last = r.From.Line, r.To.Line
	if last > first && r.To.Col == 0 {
		last--
	}
	return first, last
}

// lines replaces the lines first…last by others as one step; sel maps the old selection to the new.
func (e *Editor) lines(first, last int, with []string, sel func(text.Pos) text.Pos) {
	old := e.sel
	r := text.Range{From: text.Pos{Line: first}, To: text.Pos{Line: last, Col: len(e.buf.Line(last))}}
	if e.apply(text.Command, text.Edit{Range: r, Text: strings.Join(with, "\n")}) {
		e.finish(text.Sel{Anchor: e.buf.Clip(sel(old.Anchor)), Caret: e.buf.Clip(sel(old.Caret))})
	}
}

// indentLines moves the selected lines by one step of indentation, in or out.
func (e *Editor) indentLines(by int) {
	e.single()
	first, last := e.selectedLines()
	out := make([]string, 0, last-first+1)
	grown := make([]int, 0, last-first+1)
	for i := first; i <= last; i++ {
		l := e.buf.Line(i)
		next := text.Outdent(l, e.unit)
		if by > 0 {
			next = text.IndentLine(l, e.unit)
		}
		out, grown = append(out, next), append(grown, len(next)-len(l))
	}
	e.lines(first, last, out, func(p text.Pos) text.Pos {
		if p.Line >= first && p.Line <= last && (p.Col > 0 || by < 0) {
			p.Col = max(0, p.Col+grown[p.Line-first])
		}
		return p
	})
}

// ToggleComment comments the selected lines out, or in again when all of them are comments.
func (e *Editor) ToggleComment() {
	e.single()
	first, last := e.selectedLines()
	in := make([]string, 0, last-first+1)
	for i := first; i <= last; i++ {
		in = append(in, e.buf.Line(i))
	}
	out, at := text.ToggleComment(in, "--")
	if slices.Equal(in, out) {
		return
	}
	e.lines(first, last, out, func(p text.Pos) text.Pos {
		if p.Line < first || p.Line > last || p.Col <= at {
			return p
		}
		p.Col = max(at, p.Col+len(out[p.Line-first])-len(in[p.Line-first]))
		return p
	})
}

// MoveLines moves the selected lines by one, up (-1) or down (1).
func (e *Editor) MoveLines(by int) {
	e.single()
	first, last := e.selectedLines()
	lo, hi := first, last+1
	if by < 0 {
		lo, hi = first-1, last
	}
	if lo < 0 || hi >= e.buf.Len() {
		return
	}
	all := make([]string, 0, hi-lo+1)
	for i := lo; i <= hi; i++ {
		all = append(all, e.buf.Line(i))
	}
	if by < 0 {
		all = append(all[1:], all[0])
	} else {
		all = append([]string{all[len(all)-1]}, all[:len(all)-1]...)
	}
	e.lines(lo, hi, all, func(p text.Pos) text.Pos { p.Line += by; return p })
}

// DuplicateLines copies the selected lines; the caret goes to the copy below (1) or above (-1).
func (e *Editor) DuplicateLines(by int) {
	e.single()
	first, last := e.selectedLines()
	all := make([]string, 0, 2*(last-first+1))
	for range 2 {
		for i := first; i <= last; i++ {
			all = append(all, e.buf.Line(i))
		}
	}
	n := last - first + 1
	e.lines(first, last, all, func(p text.Pos) text.Pos {
		if by > 0 {
			p.Line += n
		}
		return p
	})
}

// DeleteLines removes the selected lines with their ends.
func (e *Editor) DeleteLines() {
	e.single()
	first, last := e.selectedLines()
	r := text.Range{From: text.Pos{Line: first}, To: text.Pos{Line: last + 1}}
	if last+1 >= e.buf.Len() {
		r.To = e.buf.End()
		if first > 0 {
			r.From = text.Pos{Line: first - 1, Col: len(e.buf.Line(first - 1))}
		}
	}
	cell := e.ruler.Cell(e.buf.Line(e.sel.Caret.Line), e.sel.Caret.Col)
	if e.apply(text.Command, text.Edit{Range: r}) {
		p := e.buf.Clip(text.Pos{Line: first})
		p.Col = e.ruler.Col(e.buf.Line(p.Line), float32(cell))
		e.finish(text.At(p))
	}
}

// Undo takes back the last step; Redo does it again.
func (e *Editor) Undo() { e.history(e.buf.Undo) }

// Redo does again what Undo took back.
func (e *Editor) Redo() { e.history(e.buf.Redo) }

func (e *Editor) history(f func() (text.Sel, bool)) {
	if e.readOnly {
		return
	}
	s, ok := f()
	if !ok {
		return
	}
	e.autoEnds, e.extra = nil, nil
	e.complete.hide()
	e.setSel(text.Sel{Anchor: e.buf.Clip(s.Anchor), Caret: e.buf.Clip(s.Caret)})
	e.center(e.sel.Caret)
	e.afterChange()
}

// CanUndo and CanRedo tell whether there is a step, for menus.
func (e *Editor) CanUndo() bool { return !e.readOnly && e.buf.CanUndo() }

// CanRedo tells whether Redo would do something.
func (e *Editor) CanRedo() bool { return !e.readOnly && e.buf.CanRedo() }

// Copy puts the selection on the clipboard; without one, the caret's line.
func (e *Editor) Copy() {
	s := e.Selected()
	e.lineCopied = ""
	if len(e.extra) > 0 {
		s = e.copyAll()
	}
	if s == "" {
		s = e.buf.Line(e.sel.Caret.Line) + "\n"
		e.lineCopied = s
	}
	e.opt.Clipboard().SetContent(s)
}

// Cut is Copy followed by deleting what was copied.
func (e *Editor) Cut() {
	e.Copy()
	if e.readOnly {
		return
	}
	if e.sel.Empty() && len(e.extra) == 0 {
		e.DeleteLines()
		return
	}
	e.each(func() {
		if e.apply(text.Command, text.Edit{Range: e.sel.Range()}) {
			e.finish(e.sel)
		}
	})
}

// Paste replaces the selection by the clipboard's text. A whole line that was copied without a selection goes above the caret's line.
func (e *Editor) Paste() {
	s := text.FromOutside(e.opt.Clipboard().Content())
	if s == "" {
		return
	}
	e.autoEnds = nil
	e.complete.hide()
	if len(e.extra) > 0 {
		e.pasteAll(s)
		return
	}
	if s == e.lineCopied && e.sel.Empty() {
		p := e.sel.Caret
		at := text.Pos{Line: p.Line}
		if e.apply(text.Command, text.Edit{Range: text.Range{From: at, To: at}, Text: s}) {
			e.finish(text.At(text.Pos{Line: p.Line + 1, Col: p.Col}))
		}
		return
	}
	e.Insert(s)
}
