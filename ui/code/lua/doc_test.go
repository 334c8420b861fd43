package lua_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"patchbay/engine/lua53/syntax"
	"patchbay/ui/code/lua"
	"patchbay/ui/code/text"
)

// fresh colours a text from its start, as a check on what Doc keeps up to date.
func fresh(b *text.Buffer) [][]syntax.Span {
	out := make([][]syntax.Span, b.Len())
	var st syntax.LineState
	for i := range out {
		out[i], st = syntax.LexLine(b.Line(i), st, nil)
	}
	return out
}

// TestColoursStayRightWhileEditing edits at random, looks at lines at random, and compares with colouring from scratch.
func TestColoursStayRightWhileEditing(t *testing.T) {
	parts := []string{"--[[", "]]", "[==[", "]==]", "\n", "\n", "x", `"`, "'", "\\", "--", "local x = 1", "end", "function f()", "\\z"}
	gen := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 12).Draw(t, "parts"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		b := text.New(gen.Draw(t, "text") + "\n" + gen.Draw(t, "more"))
		d := lua.New(b)
		pos := func(name string) text.Pos {
			l := rapid.IntRange(0, b.Len()-1).Draw(t, name+"Line")
			return text.Pos{Line: l, Col: rapid.IntRange(0, len(b.Line(l))).Draw(t, name+"Col")}
		}
		t.Repeat(map[string]func(*rapid.T){
			"edit": func(t *rapid.T) {
				r := text.Sel{Anchor: pos("a"), Caret: pos("b")}.Range()
				b.Apply(text.At(r.From), text.Command, text.Edit{Range: r, Text: gen.Draw(t, "ins")})
			},
			"type": func(t *rapid.T) {
				p := pos("p")
				b.Apply(text.At(p), text.Typing, text.Edit{Range: text.Range{From: p, To: p}, Text: rapid.SampledFrom(parts).Draw(t, "s")})
			},
			"undo": func(*rapid.T) { b.Undo() },
			"look": func(t *rapid.T) { d.Spans(rapid.IntRange(0, b.Len()-1).Draw(t, "line")) },
			"check": func(t *rapid.T) {
				want := fresh(b)
				from := rapid.IntRange(0, b.Len()-1).Draw(t, "from")
				for i := from; i < b.Len(); i++ {
					if got := d.Spans(i); !slices.Equal(got, want[i]) {
						t.Fatalf("line %d of %q: %v, want %v", i, b.Text(), got, want[i])
					}
				}
			},
		})
	})
}

func TestMatch(t *testing.T) {
	src := `function f(a)
  for i = 1, #a do
    if a[i] then print(a[(i)]) elseif x then y() else z() end
  end
  while true do break end
  repeat local s = "end ( [" -- end )
  until s
end`
	b := text.New(src)
	d := lua.New(b)
	words := func(rs []text.Range) string {
		var out []string
		for _, r := range rs {
			out = append(out, fmt.Sprintf("%d:%s", r.From.Line+1, b.Slice(r)))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		line, col int
		want      string
	}{
		{1, 1, "1:function 8:end"},
		{8, 1, "1:function 8:end"},
		{8, 4, "1:function 8:end"},
		{2, 3, "2:for 2:do 4:end"},
		{2, 18, "2:for 2:do 4:end"},
		{4, 3, "2:for 2:do 4:end"},
		{3, 5, "3:if 3:then 3:elseif 3:then 3:else 3:end"},
		{3, 35, "3:if 3:then 3:elseif 3:then 3:else 3:end"},
		{3, 50, "3:if 3:then 3:elseif 3:then 3:else 3:end"},
		{5, 3, "5:while 5:do 5:end"},
		{6, 3, "6:repeat 7:until"},
		{7, 3, "6:repeat 7:until"},
		{1, 11, "1:( 1:)"},
		{3, 9, "3:[ 3:]"},
		{6, 22, ""}, // within the string
		{5, 17, ""}, // break
	} {
		got := words(d.Match(text.Pos{Line: c.line - 1, Col: c.col - 1}))
		if got != c.want {
			t.Errorf("%d:%d: %s, want %s", c.line, c.col, got, c.want)
		}
	}
}

func TestIndentAfter(t *testing.T) {
	for _, c := range []struct {
		line string
		in   string
	}{
		{"function f()", "  "},
		{"local x = {", "  "},
		{"f(function(a)", "  "},
		{"if x then", "  "},
		{"else", "  "},
		{"elseif y then", "  "},
		{"for i = 1, 2 do", "  "},
		{"while x do", "  "},
		{"repeat", "  "},
		{"do", "  "},
		{"end", ""},
		{"until x", ""},
		{"x = 1", ""},
		{"if x then return end", ""},
		{"f(a, {b})", ""},
		{"}, {", "  "},
		{"end, function()", "  "},
		{"-- if then", ""},
		{`x = "do"`, ""},
		{"  if a then b() else", "    "},
		{"function f() return g(function()", "  "},
		{"end)", ""},
		{"})", ""},
	} {
		b := text.New(c.line)
		if got := lua.New(b).IndentAfter(b.End(), "  "); got != c.in {
			t.Errorf("after %q: %q, want %q", c.line, got, c.in)
		}
	}
}

func TestIndentUnit(t *testing.T) {
	for want, src := range map[string]string{
		"  ": "if x then\n  y\nend\n", "    ": "if x then\n    y\n    if z then\n        a\n    end\nend\n", "\t": "do\n\tx\nend\n",
	} {
		if got := lua.IndentUnit(text.New(src)); got != want {
			t.Errorf("%q: %q", src, got)
		}
	}
	if got := lua.IndentUnit(text.New("")); got != "  " {
		t.Errorf("empty: %q", got)
	}
}

func BenchmarkKeyInTenThousandLines(b *testing.B) {
	buf := text.New(strings.Repeat("local x = { 1, 'two', three } -- four\n", 10_000))
	d := lua.New(buf)
	d.Spans(9_999)
	p := text.Pos{Line: 5_000, Col: 3}
	b.ResetTimer()
	for b.Loop() {
		buf.Apply(text.At(p), text.Typing, text.Edit{Range: text.Range{From: p, To: p}, Text: "x"})
		for i := 4_980; i < 5_040; i++ {
			d.Spans(i)
		}
		buf.Undo()
	}
}
