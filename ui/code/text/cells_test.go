package text_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"patchbay/ui/code/text"
)

func TestCells(t *testing.T) {
	for _, c := range []struct {
		line  string
		cells int
	}{
		{"", 0},
		{"abc", 3},
		{"\t", 4},
		{"a\tb", 5},
		{"abcd\t", 8},
		{"漢字", 4},
		{"é", 1},
		{"e\u0301x", 2},
		{"😀", 2},
		{"👩‍👩‍👧", 2},
		{"🇩🇪", 2},
		{"👍🏽", 2},
		{"❤️", 2},
		{"\x00", 2},
		{"\r", 2},
		{"\xff", 4},
		{"\u202e", 6},
		{"\ufeffx", 7},
		{"ａ", 2},
		{"½", 1},
		{"→", 1},
	} {
		var r text.Ruler
		if got := r.Width(c.line); got != c.cells {
			t.Errorf("%q takes %d cells, want %d", c.line, got, c.cells)
		}
	}
}

func TestCaretStepsOverWholeCharacters(t *testing.T) {
	line := "a\t漢👩‍👩‍👧e\u0301\xff\x00z"
	var r text.Ruler
	var right []int
	for col := 0; col < len(line); {
		next := r.Next(line, col)
		if next <= col {
			t.Fatalf("Next(%d) = %d", col, next)
		}
		right, col = append(right, next), next
	}
	if len(right) != 8 {
		t.Errorf("%d steps, want 8: %v", len(right), right)
	}
	for i := len(right) - 1; i > 0; i-- {
		if got := r.Prev(line, right[i]); got != right[i-1] {
			t.Errorf("Prev(%d) = %d, want %d", right[i], got, right[i-1])
		}
	}
}

// TestLongLinesMeasureAsShortOnes compares the remembered measures of long lines with plain counting.
func TestLongLinesMeasureAsShortOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := strings.NewReplacer("\n", "", "\r", "").Replace(texts().Draw(t, "part"))
		if part == "" {
			part = "x漢"
		}
		n := 9000/len(part) + 1
		line := strings.Repeat(part+" ", n)
		var r text.Ruler
		cell := 0
		r.Pieces(line, 0, func(p text.Piece) bool {
			if p.Cell != cell {
				t.Fatalf("piece at %d starts at cell %d, want %d", p.From, p.Cell, cell)
			}
			cell += p.Width
			return true
		})
		if r.Width(line) != cell {
			t.Fatalf("width %d, pieces %d", r.Width(line), cell)
		}
		for range 8 {
			col := rapid.IntRange(0, len(line)).Draw(t, "col")
			next := r.Next(line, col)
			if col < len(line) && (next <= col || r.Prev(line, next) > col) {
				t.Fatalf("Next(%d) = %d, Prev = %d", col, next, r.Prev(line, next))
			}
			c := r.Cell(line, next)
			if got := r.Col(line, float32(c)); got != next {
				t.Fatalf("col %d is cell %d is col %d", next, c, got)
			}
		}
	})
}

func TestSearch(t *testing.T) {
	b := text.New("Foo foo\nfoobar\nÄpfel äpfel\nfoo\nbar")
	for _, c := range []struct {
		q    text.Query
		want int
	}{
		{text.Query{Text: "foo"}, 4},
		{text.Query{Text: "foo", Case: true}, 3},
		{text.Query{Text: "foo", Word: true}, 3},
		{text.Query{Text: "äpfel"}, 2},
		{text.Query{Text: "äpfel", Case: true}, 1},
		{text.Query{Text: "^foo", Regexp: true}, 3},
		{text.Query{Text: `o+\b`, Regexp: true, Case: true}, 3},
		{text.Query{Text: "foo\nbar"}, 1},
		{text.Query{Text: "x*", Regexp: true}, 35},
		{text.Query{Text: ".", Case: true}, 0},
	} {
		s, err := text.Compile(c.q)
		if err != nil {
			t.Fatal(err)
		}
		all := s.All(b, 1000)
		if len(all) != c.want {
			t.Errorf("%+v: %d matches, want %d: %v", c.q, len(all), c.want, all)
		}
		if c.want == 0 {
			continue
		}
		// Going forward finds them in order and comes round; going back the other way.
		p := text.Pos{}
		for i := range all {
			r, ok := s.Next(b, p)
			if !ok || !r.Empty() && r != all[i] {
				t.Errorf("%+v: match %d is %v, want %v", c.q, i, r, all[i])
			}
			p = r.To
		}
		if r, ok := s.Prev(b, all[0].From); c.q.Text != "x*" && (!ok || r != all[len(all)-1]) {
			t.Errorf("%+v: before the first comes %v", c.q, r)
		}
	}
	if _, err := text.Compile(text.Query{Text: "(", Regexp: true}); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("bad expression: %v", err)
	}
}

func TestReplacement(t *testing.T) {
	b := text.New("let a = b")
	s, _ := text.Compile(text.Query{Text: `(\w+) = (\w+)`, Regexp: true})
	r, ok := s.Next(b, text.Pos{})
	if !ok {
		t.Fatal("no match")
	}
	if got := s.Replacement(b, r, `$2 =\n${1}x`); got != "b =\nax" {
		t.Errorf("got %q", got)
	}
	s, _ = text.Compile(text.Query{Text: "let"})
	if got := s.Replacement(b, r, "$1"); got != "$1" {
		t.Errorf("plain text was expanded: %q", got)
	}
}

func FuzzCompile(f *testing.F) {
	f.Add("a+", "b", "aab\naa", true)
	f.Fuzz(func(t *testing.T, q, with, s string, re bool) {
		c, err := text.Compile(text.Query{Text: q, Regexp: re})
		if err != nil {
			return
		}
		b := text.New(s)
		if r, ok := c.Next(b, text.Pos{}); ok {
			c.Replacement(b, r, with)
			c.Prev(b, r.From)
		}
	})
}

func TestEveryByteIsMeasured(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			if c == '\t' && at%4 == 3 {
				continue // a tab of one cell
			}
			b := []byte(strings.Repeat("x", 17))
			b[at] = byte(c)
			var r text.Ruler
			plain := c >= 0x20 && c < 0x7f
			if got := r.Width(string(b)); plain != (got == 17) {
				t.Fatalf("byte %#x at %d: %d cells", c, at, got)
			}
		}
	}
}
