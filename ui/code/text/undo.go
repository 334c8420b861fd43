package text

import "strings"

// undoBudget bounds the bytes that undo keeps; the oldest steps go first, the newest always stays.
const undoBudget = 64 << 20

// step is what one undo takes back.
type step struct {
	do, back      []Edit // in the order in which they are to be applied
	before, after Sel
	kind          Kind
	state         uint64 // the state that this step leads to
}

func (s *step) bytes() int {
	n := 64
	for i := range s.do {
		n += len(s.do[i].Text) + len(s.back[i].Text)
	}
	return n
}

// Apply makes edits as one step of undo, in order, each in coordinates of the text that the one before left behind. before is
// the selection that undo brings back; the returned place is the end of the last inserted text, which becomes the selection
// that redo brings back until [Buffer.After] says another. Text from outside goes through [FromOutside] first.
func (b *Buffer) Apply(before Sel, kind Kind, edits ...Edit) Pos {
	end := before.Caret
	st := step{before: before, kind: kind}
	for _, e := range edits {
		e.Range = b.clipRange(e.Range)
		if e.Empty() && e.Text == "" {
			continue
		}
		inv := b.replace(e)
		st.do = append(st.do, e)
		st.back = append(st.back, inv)
		end = inv.To
	}
	if len(st.do) == 0 {
		return end
	}
	st.after = At(end)
	b.redo = nil
	b.lastState++
	st.state = b.lastState
	if n := len(b.undo); n > 0 && !b.broken && b.merge(&b.undo[n-1], &st) {
		return end
	}
	b.broken = false
	b.undo = append(b.undo, st)
	b.undoBytes += st.bytes()
	for b.undoBytes > undoBudget && len(b.undo) > 1 {
		b.undoBytes -= b.undo[0].bytes()
		b.base = b.undo[0].state
		b.undo = b.undo[1:]
	}
	return end
}

// merge joins next to the step top when a person would think of both as one: a word being typed, characters being deleted.
func (b *Buffer) merge(top, next *step) bool {
	if top.kind != next.kind || next.kind == Command || len(top.do) != 1 || len(next.do) != 1 || top.state == b.saved {
		return false
	}
	t, n := &top.do[0], &next.do[0]
	tb, nb := &top.back[0], &next.back[0]
	switch next.kind {
	case Typing:
		if n.From != tb.To || !n.Empty() || strings.Contains(n.Text, "\n") || strings.Contains(t.Text, "\n") {
			return false
		}
		if wasSpace := strings.HasSuffix(t.Text, " "); wasSpace && n.Text != " " {
			return false // a new word is a new step
		}
		t.Text += n.Text
		tb.To = nb.To
		b.undoBytes += len(n.Text)
	case Deleting:
		if n.Text != "" || t.Text != "" || strings.Contains(nb.Text, "\n") || strings.Contains(tb.Text, "\n") {
			return false
		}
		switch {
		case n.To == t.From: // backspace
			t.From = n.From
			tb.From, tb.To = n.From, n.From
			tb.Text = nb.Text + tb.Text
		case n.From == t.From: // delete
			t.To.Col += len(nb.Text)
			tb.Text += nb.Text
		default:
			return false
		}
		b.undoBytes += len(nb.Text)
	}
	top.after, top.state = next.after, next.state
	return true
}

// After says which selection belongs to the state after the last step, when it is not the end of the inserted text.
func (b *Buffer) After(s Sel) {
	if n := len(b.undo); n > 0 {
		b.undo[n-1].after = s
	}
}

// FromOutside gives pasted text the line ends of a buffer.
func FromOutside(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// Group makes all that f does one step of undo, which brings back the selection before.
func (b *Buffer) Group(before Sel, f func()) {
	from := b.state()
	b.Break()
	f()
	n := len(b.undo)
	for n > 0 && b.undo[n-1].state != from {
		n--
	}
	steps := b.undo[n:]
	if len(steps) == 0 {
		return
	}
	all := step{before: before, after: steps[len(steps)-1].after, kind: Command, state: steps[len(steps)-1].state}
	for i := range steps {
		b.undoBytes -= steps[i].bytes()
		all.do = append(all.do, steps[i].do...)
		all.back = append(all.back, steps[i].back...)
	}
	b.undoBytes += all.bytes()
	b.undo = append(b.undo[:n], all)
	b.Break()
}

// Break ends a run of typing: the next edit is a step of its own. Call it when the caret moves and when time passes.
func (b *Buffer) Break() { b.broken = true }

// Undo takes the last step back and gives the selection that was there before it.
func (b *Buffer) Undo() (Sel, bool) {
	n := len(b.undo)
	if n == 0 {
		return Sel{}, false
	}
	st := b.undo[n-1]
	b.undo = b.undo[:n-1]
	b.undoBytes -= st.bytes()
	for i := len(st.back) - 1; i >= 0; i-- {
		b.replace(st.back[i])
	}
	b.redo = append(b.redo, st)
	b.broken = true
	return st.before, true
}

// Redo does again what Undo took back and gives the selection that was there after it.
func (b *Buffer) Redo() (Sel, bool) {
	n := len(b.redo)
	if n == 0 {
		return Sel{}, false
	}
	st := b.redo[n-1]
	b.redo = b.redo[:n-1]
	for _, e := range st.do {
		b.replace(e)
	}
	b.undo = append(b.undo, st)
	b.undoBytes += st.bytes()
	b.broken = true
	return st.after, true
}

// CanUndo and CanRedo report whether there is a step.
func (b *Buffer) CanUndo() bool { return len(b.undo) > 0 }

// CanRedo reports whether Redo has a step.
func (b *Buffer) CanRedo() bool { return len(b.redo) > 0 }

func (b *Buffer) state() uint64 {
	if n := len(b.undo); n > 0 {
		return b.undo[n-1].state
	}
	return b.base
}

// Modified reports whether the text differs from the saved one, as far as steps tell: undoing back to the saved state makes it
// unmodified again.
func (b *Buffer) Modified() bool { return b.state() != b.saved }

// MarkSaved says that the text as it is now is on disk. Undo goes on past it.
func (b *Buffer) MarkSaved() { b.saved, b.broken = b.state(), true }

// MarkUnsaved says that the text as it is now is on no disk: the file vanished or holds something else.
func (b *Buffer) MarkUnsaved() { b.saved = 0 }

// ReplaceAll makes the text s in one undoable step that touches only the lines that differ, and gives the selection as it is
// afterwards: what stands below the difference moves along with its lines. The line ends become those of s, also after an undo.
func (b *Buffer) ReplaceAll(before Sel, s string) Sel {
	eol := lineEnd(s)
	next := splitLines(s, eol)
	if len(next) == 1 { // nothing tells the ends: keep them
		eol = b.eol
	}
	b.eol = eol
	head := 0
	for head < len(next) && head < len(b.lines) && next[head] == b.lines[head] {
		head++
	}
	tail := 0
	for tail < len(next)-head && tail < len(b.lines)-head && next[len(next)-1-tail] == b.lines[len(b.lines)-1-tail] {
		tail++
	}
	if head == len(next) && head == len(b.lines) {
		return before
	}
	below, moved := len(b.lines)-tail, len(next)-len(b.lines)
	b.Break()
	b.Apply(before, Command, b.lineEdit(head, below, next[head:len(next)-tail]))
	follow := func(p Pos) Pos {
		if p.Line >= below {
			p.Line += moved
		}
		return b.Clip(p)
	}
	after := Sel{follow(before.Anchor), follow(before.Caret)}
	b.After(after)
	return after
}

// lineEdit is the edit that replaces the lines [from, to) by others; either side may be empty.
func (b *Buffer) lineEdit(from, to int, lines []string) Edit {
	body := strings.Join(lines, "\n")
	switch {
	case to < len(b.lines): // a line follows: take the line ends along
		if len(lines) > 0 {
			body += "\n"
		}
		return Edit{Range{Pos{from, 0}, Pos{to, 0}}, body}
	case from > 0: // a line precedes
		if len(lines) > 0 {
			body = "\n" + body
		}
		return Edit{Range{Pos{from - 1, len(b.lines[from-1])}, b.End()}, body}
	default:
		return Edit{Range{Pos{}, b.End()}, body}
	}
}
