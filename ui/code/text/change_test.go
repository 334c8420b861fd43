package text_test

import (
	"testing"

	"pgregory.net/rapid"

	"patchbay/ui/code/text"
)

// TestPlacesMoveWithTheText marks a place by a character that occurs nowhere else, edits around it, and finds it again.
func TestPlacesMoveWithTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := text.New(texts().Draw(t, "text"))
		at := drawPos(t, b, "mark")
		b.Apply(text.At(at), text.Command, text.Edit{Range: text.Range{From: at, To: at}, Text: "§"})
		p := at
		b.Watch(func(c text.Change) { p = c.Move(p, true) })
		for range rapid.IntRange(1, 6).Draw(t, "edits") {
			r := text.Sel{Anchor: drawPos(t, b, "a"), Caret: drawPos(t, b, "b")}.Range()
			inside := text.Pos{Line: p.Line, Col: p.Col + 1}
			if r.Contains(inside) || r.From == p && !r.Empty() || !r.From.Before(p) && r.From.Line == p.Line && r.From.Col <= p.Col+1 && !r.Empty() {
				continue // it would be replaced
			}
			b.Apply(text.At(r.From), text.Command, text.Edit{Range: r, Text: text.FromOutside(texts().Draw(t, "new"))})
			l := b.Line(p.Line)
			if p.Col+2 > len(l) || l[p.Col:p.Col+2] != "§" {
				t.Fatalf("the mark is not at %v of %q", p, b.Text())
			}
		}
	})
}
