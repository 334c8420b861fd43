package lua

import (
	"strings"

	"patchbay/engine/lua53/syntax"
	"patchbay/ui/code/text"
)

// IndentUnit finds what one step of indentation is in a text: a tab, or as many spaces as its least indented lines have; two
// spaces when nothing is indented.
func IndentUnit(b *text.Buffer) string {
	tabs, counts := 0, map[int]int{}
	prev := 0
	for i := 0; i < min(b.Len(), 2000); i++ {
		l := b.Line(i)
		if len(l) > longestColoured || strings.TrimSpace(l) == "" {
			continue
		}
		in := text.Indent(l)
		if strings.HasPrefix(in, "\t") {
			tabs++
			continue
		}
		if step := len(in) - prev; step > 1 && step <= 8 {
			counts[step]++
		}
		prev = len(in)
	}
	best, n := 2, 0
	for _, step := range []int{2, 4, 3, 8} {
		if counts[step] > n {
			best, n = step, counts[step]
		}
	}
	if tabs > n {
		return "\t"
	}
	return strings.Repeat(" ", best)
}

// opened counts what line i opens, up to column col, that it does not close again.
func (d *Doc) opened(i, col int) int {
	depth := 0
	for _, t := range d.tokens(i, nil) {
		if t.at.To.Col > col {
			break
		}
		switch t.word {
		case "then", "else": // "if x then" opens once, by its if; an else at the start of a line opens again
			if t.word == "else" && depth <= 0 {
				depth = 1
			}
		case "elseif":
			if depth <= 0 {
				depth = 1
			}
		default:
			r, _ := role(t.word)
			if r < 0 && depth <= 0 {
				depth = 0 // what closes at the start of the line was opened above; the line stands back already
				continue
			}
			depth += r
		}
	}
	return depth
}

// IndentAfter gives the white space with which the line after a break at p starts.
func (d *Doc) IndentAfter(p text.Pos, unit string) string {
	l := d.buf.Line(p.Line)
	in := text.Indent(l)
	if p.Col < len(in) {
		return in[:p.Col]
	}
	if d.InText(p) {
		return in
	}
	if d.opened(p.Line, p.Col) > 0 {
		return in + unit
	}
	return in
}

// InText reports whether p lies within a string or a comment.
func (d *Doc) InText(p text.Pos) bool {
	for _, s := range d.Spans(p.Line) {
		l := d.buf.Line(p.Line)
		broken := s.Kind == syntax.KindError && s.Start < len(l) && (l[s.Start] == '"' || l[s.Start] == '\'') // a string without its end
		switch {
		case s.Start >= p.Col || s.Kind != syntax.KindString && s.Kind != syntax.KindComment && !broken:
		case p.Col < s.End, s.Kind == syntax.KindComment && p.Col == s.End:
			return true
		case p.Col == s.End && s.End <= len(l) && !ended(l[s.Start:s.End]):
			return true
		}
	}
	return false
}

// ended reports whether a string, as far as it stands on one line, has its closing quote.
func ended(s string) bool {
	last := s[len(s)-1]
	switch s[0] {
	case '"', '\'':
		if len(s) < 2 || last != s[0] {
			return false
		}
		n := 0
		for n < len(s)-1 && s[len(s)-2-n] == '\\' {
			n++
		}
		return n%2 == 0
	default:
		return last == ']' || last == '"' || last == '\''
	}
}

// Closes reports whether a text starts with what closes a block or bracket: such a line stands one step back.
func Closes(s string) bool {
	s = strings.TrimLeft(s, " \t")
	for _, w := range []string{"}", ")", "]"} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	for _, w := range []string{"end", "else", "elseif", "until"} {
		if strings.HasPrefix(s, w) && (len(s) == len(w) || !wordByte(s[len(w)])) {
			return true
		}
	}
	return false
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// Reindent gives the white space that line i should start with once its first word closes a block (end, else, until, a closing
// bracket): that of the line on which the block opens. ok is false when the line needs no change.
func (d *Doc) Reindent(i int) (indent string, ok bool) {
	l := d.buf.Line(i)
	in := text.Indent(l)
	if !Closes(l[len(in):]) {
		return "", false
	}
	toks := d.tokens(i, nil)
	if len(toks) == 0 || toks[0].at.From.Col != len(in) {
		return "", false
	}
	back, ok := d.scanBack(i, 0, family(toks[0].word), toks[0].word, matchReach)
	if !ok || back[0].From.Line == i {
		return "", false
	}
	want := text.Indent(d.buf.Line(back[0].From.Line))
	return want, want != in
}
