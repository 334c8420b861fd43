package text_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"patchbay/ui/code/text"
)

// fragments are what texts under test are made of: everything that has ever broken an editor.
var fragments = []string{"a", "b", " ", "  ", "\n", "\r\n", "\r", "\t", "é", "漢", "😀", "👩‍👩‍👧", "e\u0301", "\x00", "\xff", "\xe2\x82", "\ufeff", "\u202e", "end", "local x = 1"}

func texts() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments), 0, 30).Draw(t, "parts"), "")
	})
}

// naive is the model: one string, edited by offsets.
type naive struct {
	s, eol string
	undo   []string
	redo   []string
}

// offset turns a place into a byte offset.
func (n *naive) offset(p text.Pos) int {
	at := 0
	for range p.Line {
		at += strings.Index(n.s[at:], n.eol) + len(n.eol)
	}
	return at + p.Col
}

func (n *naive) lines() []string { return strings.Split(n.s, n.eol) }

func drawPos(t *rapid.T, b *text.Buffer, name string) text.Pos {
	l := rapid.IntRange(0, b.Len()-1).Draw(t, name+"Line")
	return text.Pos{Line: l, Col: rapid.IntRange(0, len(b.Line(l))).Draw(t, name+"Col")}
}

func TestBufferAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := texts().Draw(t, "text")
		b := text.New(start)
		if b.Text() != start {
			t.Fatalf("reading changed the text: %q", b.Text())
		}
		m := &naive{s: start, eol: "\n"}
		if b.CRLF() {
			m.eol = "\r\n"
		}
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				if got := b.Text(); got != m.s {
					t.Fatalf("buffer %q\nmodel  %q", got, m.s)
				}
				if b.Size() != len(m.s) {
					t.Fatalf("size %d, want %d", b.Size(), len(m.s))
				}
				if b.Len() != len(m.lines()) {
					t.Fatalf("%d lines, want %d", b.Len(), len(m.lines()))
				}
			},
			"edit": func(t *rapid.T) {
				r := text.Sel{Anchor: drawPos(t, b, "a"), Caret: drawPos(t, b, "b")}.Range()
				s := text.FromOutside(texts().Draw(t, "new"))
				if r.Empty() && s == "" {
					return
				}
				m.undo, m.redo = append(m.undo, m.s), nil
				m.s = m.s[:m.offset(r.From)] + strings.ReplaceAll(s, "\n", m.eol) + m.s[m.offset(r.To):]
				b.Break()
				b.Apply(text.At(r.From), text.Command, text.Edit{Range: r, Text: s})
			},
			"group": func(t *rapid.T) {
				before, changed := m.s, false
				b.Group(text.Sel{}, func() {
					for range rapid.IntRange(0, 3).Draw(t, "edits") {
						r := text.Sel{Anchor: drawPos(t, b, "a"), Caret: drawPos(t, b, "b")}.Range()
						s := text.FromOutside(texts().Draw(t, "new"))
						m.s = m.s[:m.offset(r.From)] + strings.ReplaceAll(s, "\n", m.eol) + m.s[m.offset(r.To):]
						changed = changed || !r.Empty() || s != ""
						b.Apply(text.At(r.From), text.Command, text.Edit{Range: r, Text: s})
					}
				})
				if changed {
					m.undo, m.redo = append(m.undo, before), nil
				}
			},
			"undo": func(t *rapid.T) {
				if _, ok := b.Undo(); ok != (len(m.undo) > 0) {
					t.Fatalf("undo: %v with %d steps", ok, len(m.undo))
				}
				if n := len(m.undo); n > 0 {
					m.redo = append(m.redo, m.s)
					m.s, m.undo = m.undo[n-1], m.undo[:n-1]
				}
			},
			"redo": func(t *rapid.T) {
				if _, ok := b.Redo(); ok != (len(m.redo) > 0) {
					t.Fatalf("redo: %v with %d steps", ok, len(m.redo))
				}
				if n := len(m.redo); n > 0 {
					m.undo = append(m.undo, m.s)
					m.s, m.redo = m.redo[n-1], m.redo[:n-1]
				}
			},
			"reload": func(t *rapid.T) {
				s := texts().Draw(t, "outside")
				eol := m.eol
				if n := strings.Count(s, "\n"); n > 0 && strings.Count(s, "\r\n") == n {
					eol = "\r\n"
				} else if n > 0 {
					eol = "\n"
				}
				if eol != m.eol {
					t.Skip() // undo does not bring line ends back
				}
				if s == m.s {
					return
				}
				m.undo, m.redo = append(m.undo, m.s), nil
				m.s = s
				b.ReplaceAll(text.Sel{}, s)
			},
		})
		for range m.undo {
			b.Undo()
		}
		if b.Text() != start && len(m.undo) > 0 {
			t.Fatalf("undoing all gives %q, want %q", b.Text(), start)
		}
	})
}

// TestUndoOfTypingGivesTheTextBack undoes runs of merged typing and deleting.
func TestUndoOfTypingGivesTheTextBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := texts().Draw(t, "text")
		b := text.New(start)
		caret := b.End()
		history := map[uint64]string{}
		n := rapid.IntRange(1, 40).Draw(t, "n")
		for range n {
			history[b.Version()] = b.Text()
			switch rapid.SampledFrom([]string{"type", "type", "type", "back", "del", "move", "save"}).Draw(t, "what") {
			case "type":
				s := rapid.SampledFrom([]string{"a", "b", " ", "é", "\n"}).Draw(t, "s")
				caret = b.Apply(text.At(caret), text.Typing, text.Edit{Range: text.Range{From: caret, To: caret}, Text: s})
			case "back":
				from := caret
				if from.Col > 0 {
					from.Col--
				} else if from.Line > 0 {
					from = text.Pos{Line: from.Line - 1, Col: len(b.Line(from.Line - 1))}
				}
				caret = b.Apply(text.At(caret), text.Deleting, text.Edit{Range: text.Range{From: from, To: caret}})
			case "del":
				to := caret
				if to.Col < len(b.Line(to.Line)) {
					to.Col++
				} else if to.Line+1 < b.Len() {
					to = text.Pos{Line: to.Line + 1}
				}
				caret = b.Apply(text.At(caret), text.Deleting, text.Edit{Range: text.Range{From: caret, To: to}})
			case "move":
				caret = drawPos(t, b, "to")
				b.Break()
			case "save":
				b.MarkSaved()
			}
		}
		final := b.Text()
		steps := 0
		for {
			if _, ok := b.Undo(); !ok {
				break
			}
			steps++
		}
		if b.Text() != start {
			t.Fatalf("undo gives %q, want %q", b.Text(), start)
		}
		for range steps {
			if _, ok := b.Redo(); !ok {
				t.Fatal("a step is lost")
			}
		}
		if b.Text() != final {
			t.Fatalf("redo gives %q, want %q", b.Text(), final)
		}
	})
}

func typed(b *text.Buffer, s string) {
	for _, r := range s {
		p := b.End()
		b.Apply(text.At(p), text.Typing, text.Edit{Range: text.Range{From: p, To: p}, Text: string(r)})
	}
}

func TestOneUndoTakesBackAWord(t *testing.T) {
	b := text.New("")
	typed(b, "local total = 1")
	for _, want := range []string{"local total = ", "local total ", "local ", ""} {
		b.Undo()
		if b.Text() != want {
			t.Errorf("got %q, want %q", b.Text(), want)
		}
	}
}

func TestMovingTheCaretEndsARun(t *testing.T) {
	b := text.New("")
	typed(b, "ab")
	b.Break()
	typed(b, "cd")
	b.Undo()
	if b.Text() != "ab" {
		t.Errorf("got %q", b.Text())
	}
}

func TestModifiedFollowsUndoPastASave(t *testing.T) {
	b := text.New("x")
	if b.Modified() {
		t.Error("modified at first")
	}
	typed(b, "y")
	b.MarkSaved()
	typed(b, "z")
	if !b.Modified() {
		t.Error("not modified after typing")
	}
	b.Undo()
	if b.Modified() || b.Text() != "xy" {
		t.Errorf("the saved text %q counts as modified", b.Text())
	}
	b.Undo()
	if !b.Modified() || b.Text() != "x" {
		t.Errorf("undo stops at the save: %q", b.Text())
	}
	b.Redo()
	if b.Modified() {
		t.Error("redo to the saved text is modified")
	}
	b.Undo()
	typed(b, "y") // the same text by another way: not the saved step
	if !b.Modified() {
		t.Error("a new step counts as saved")
	}
}

func TestLineEnds(t *testing.T) {
	for _, c := range []struct {
		name, in string
		crlf     bool
		lines    int
	}{
		{"unix", "a\nb\n", false, 3},
		{"windows", "a\r\nb\r\n", true, 3},
		{"mixed stays mixed", "a\r\nb\nc", false, 3},
		{"old mac is one line", "a\rb", false, 1},
		{"empty", "", false, 1},
		{"CR at the end", "a\r", false, 1},
	} {
		b := text.New(c.in)
		if b.CRLF() != c.crlf || b.Len() != c.lines || b.Text() != c.in {
			t.Errorf("%s: crlf %v, %d lines, %q", c.name, b.CRLF(), b.Len(), b.Text())
		}
	}
	b := text.New("a\r\nb")
	typed(b, "\nc")
	if got := b.Text(); got != "a\r\nb\r\nc" {
		t.Errorf("a break typed into a windows file gives %q", got)
	}
}

func TestWords(t *testing.T) {
	b := text.New("local x_1 = a.b  -- 漢字 ok")
	var stops []int
	for p := (text.Pos{}); ; {
		q := b.WordRight(p)
		if q == p {
			break
		}
		stops, p = append(stops, q.Col), q
	}
	want := []int{5, 9, 11, 13, 14, 15, 19, 26, 29}
	if len(stops) != len(want) {
		t.Fatalf("got %v, want %v", stops, want)
	}
	for i := range want {
		if stops[i] != want[i] {
			t.Fatalf("got %v, want %v", stops, want)
		}
	}
	if w := b.WordAt(text.Pos{Col: 7}); w.From.Col != 6 || w.To.Col != 9 {
		t.Errorf("word at 7: %v", w)
	}
	if n, _ := b.Name(text.Pos{Col: 15}); n != "a.b" {
		t.Errorf("name %q", n)
	}
}

func TestIndentAndComment(t *testing.T) {
	in := []string{"  a", "", "    b"}
	out, _ := text.ToggleComment(in, "--")
	if strings.Join(out, "|") != "  -- a||  --   b" {
		t.Errorf("comment: %q", out)
	}
	back, _ := text.ToggleComment(out, "--")
	if strings.Join(back, "|") != strings.Join(in, "|") {
		t.Errorf("uncomment: %q", back)
	}
	for in, want := range map[string]string{"  x": "x", "   x": " x", "\tx": "x", " \tx": "x", "x": "x"} {
		if got := text.Outdent(in, "  "); got != want {
			t.Errorf("outdent %q: %q", in, got)
		}
	}
}

func FuzzBuffer(f *testing.F) {
	f.Add("a\r\nb\n", 0, 1, 1, 0, "x\ny")
	f.Add("\xff\x00", 0, 0, 9, 9, "")
	f.Fuzz(func(t *testing.T, s string, l1, c1, l2, c2 int, ins string) {
		b := text.New(s)
		if b.Text() != s {
			t.Fatal("reading changed the text")
		}
		var r text.Ruler
		sel := text.Sel{Anchor: text.Pos{Line: l1, Col: c1}, Caret: text.Pos{Line: l2, Col: c2}}
		b.Apply(sel, text.Command, text.Edit{Range: sel.Range(), Text: text.FromOutside(ins)})
		for i := range min(b.Len(), 20) {
			l := b.Line(i)
			if w := r.Width(l); r.Col(l, float32(w)) != len(l) {
				t.Fatalf("the end of %q is not at its width", l)
			}
		}
		b.WordLeft(b.Clip(sel.Caret))
		b.WordRight(b.Clip(sel.Anchor))
		b.WordAt(b.Clip(sel.Caret))
		b.Name(b.Clip(sel.Caret))
		b.Undo()
		if b.Text() != s {
			t.Fatal("undo did not give the text back")
		}
	})
}
