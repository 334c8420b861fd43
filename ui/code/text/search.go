package text

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Query is what is looked for.
type Query struct {
	Text string
	// Case tells upper from lower case, Word wants whole words, Regexp takes Text as a regular expression (RE2 syntax, one line
	// at a time).
	Case, Word, Regexp bool
}

// Search is a compiled query. A plain text may span lines ("\n"); a regular expression is matched line by line.
type Search struct {
	q     Query
	re    *regexp.Regexp
	lines []string // a plain text of several lines, else nil
	plain string   // a plain text of one line that needs no regular expression; in lower case when case does not count
}

// ErrEmptyQuery is given for a query without text.
var ErrEmptyQuery = errors.New("nothing to look for")

// Compile reads a query. The error of a bad regular expression says what is wrong with it.
func Compile(q Query) (*Search, error) {
	if q.Text == "" {
		return nil, ErrEmptyQuery
	}
	s := &Search{q: q}
	if !q.Regexp && !strings.Contains(q.Text, "\n") && (q.Case || isPlain(q.Text)) {
		s.plain = q.Text
		if !q.Case {
			s.plain = strings.ToLower(q.Text)
		}
		return s, nil
	}
	pat := q.Text
	if !q.Regexp {
		if strings.Contains(pat, "\n") {
			s.lines = strings.Split(pat, "\n")
			return s, nil
		}
		pat = regexp.QuoteMeta(pat)
	}
	if !q.Case {
		pat = `(?i)` + pat
	}
	re, err := regexp.Compile(pat)
	if err != nil {
		msg := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		msg = strings.Replace(msg, "`(?i)", "`", 1) // our own flag
		return nil, fmt.Errorf("not a regular expression: %s", msg)
	}
	s.re = re
	return s, nil
}

// find gives the first match in a line at or after col, with its groups.
func (s *Search) find(line string, col int) []int {
	for col <= len(line) {
		m := s.findFrom(line, col)
		if m == nil {
			return nil
		}
		if !s.q.Word || wholeWord(line, m[0], m[1]) {
			return m
		}
		_, n := utf8.DecodeRuneInString(line[m[0]:])
		col = m[0] + max(1, n)
	}
	return nil
}

// findFrom matches from col on while ^ and \b still see what stands before it.
func (s *Search) findFrom(line string, col int) []int {
	if s.plain != "" {
		i := s.index(line[col:])
		if i < 0 {
			return nil
		}
		return []int{col + i, col + i + len(s.plain)}
	}
	if !s.q.Regexp || col == 0 {
		m := s.re.FindStringSubmatchIndex(line[col:])
		for i := range m {
			if m[i] >= 0 {
				m[i] += col
			}
		}
		return m
	}
	for _, m := range s.re.FindAllStringSubmatchIndex(line, -1) {
		if m[0] >= col {
			return m
		}
	}
	return nil
}

// index finds the plain text.
func (s *Search) index(l string) int {
	if s.q.Case {
		return strings.Index(l, s.plain)
	}
	lo := s.plain[0]
	up := lo
	if lo >= 'a' && lo <= 'z' {
		up -= 'a' - 'A'
	}
	for i := 0; i+len(s.plain) <= len(l); i++ {
		if (l[i] == lo || l[i] == up) && foldEqual(l[i:i+len(s.plain)], s.plain) {
			return i
		}
	}
	return -1
}

// foldEqual compares with a text in lower case ASCII of the same length.
func foldEqual(s, lower string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func wholeWord(line string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(line[:from])
	after, _ := utf8.DecodeRuneInString(line[to:])
	first, _ := utf8.DecodeRuneInString(line[from:])
	last, _ := utf8.DecodeLastRuneInString(line[:to])
	joins := func(a, b rune) bool {
		return class(a) == 1 && class(b) == 1 && a != utf8.RuneError && b != utf8.RuneError
	}
	return (from == 0 || !joins(before, first)) && (to == len(line) || !joins(last, after))
}

// at gives the match of a text of several lines that starts in line i at or after col.
func (s *Search) several(b *Buffer, i, col int) (Range, bool) {
	n := len(s.lines)
	if i+n > b.Len() {
		return Range{}, false
	}
	eq := func(a, c string) bool {
		if s.q.Case {
			return a == c
		}
		return strings.EqualFold(a, c)
	}
	l, first, last := b.Line(i), s.lines[0], s.lines[n-1]
	from := len(l) - len(first)
	end := b.Line(i + n - 1)
	if from < col || !eq(l[from:], first) || len(end) < len(last) || !eq(end[:len(last)], last) {
		return Range{}, false
	}
	for k := 1; k < n-1; k++ {
		if !eq(b.Line(i+k), s.lines[k]) {
			return Range{}, false
		}
	}
	return Range{Pos{i, from}, Pos{i + n - 1, len(last)}}, true
}

// inLine gives the first match that starts in line i at or after col.
func (s *Search) inLine(b *Buffer, i, col int) (Range, bool) {
	if s.lines != nil {
		return s.several(b, i, col)
	}
	m := s.find(b.Line(i), col)
	if m == nil {
		return Range{}, false
	}
	return Range{Pos{i, m[0]}, Pos{i, m[1]}}, true
}

// Next gives the first match at or after p, going on at the top when there is none below. An empty match at p itself counts only
// when there is no other.
func (s *Search) Next(b *Buffer, p Pos) (Range, bool) {
	p = b.Clip(p)
	for n := 0; n <= b.Len(); n++ {
		i, col := (p.Line+n)%b.Len(), 0
		if n == 0 {
			col = p.Col
		}
		r, ok := s.inLine(b, i, col)
		if ok && r.Empty() && r.From == p && n == 0 {
			_, w := utf8.DecodeRuneInString(b.Line(i)[p.Col:])
			if w == 0 {
				continue
			}
			r, ok = s.inLine(b, i, p.Col+w)
		}
		if ok {
			return r, true
		}
	}
	return Range{}, false
}

// Prev gives the last match that ends at or before p, going on at the bottom when there is none above.
func (s *Search) Prev(b *Buffer, p Pos) (Range, bool) {
	p = b.Clip(p)
	for n := 0; n <= b.Len(); n++ {
		i := ((p.Line-n)%b.Len() + b.Len()) % b.Len()
		var last Range
		found := false
		for _, r := range s.Line(b, i, 0) {
			if n == 0 && p.Before(r.To) || n == 0 && r.Empty() && r.From == p {
				continue
			}
			last, found = r, true
		}
		if found {
			return last, true
		}
	}
	return Range{}, false
}

// Line gives all matches that start in line i, at most limit; 0 is no limit.
func (s *Search) Line(b *Buffer, i, limit int) []Range {
	if s.lines != nil {
		if r, ok := s.several(b, i, 0); ok {
			return []Range{r}
		}
		return nil
	}
	var out []Range
	l := b.Line(i)
	if s.plain != "" {
		for col := 0; limit <= 0 || len(out) < limit; {
			m := s.find(l, col)
			if m == nil {
				break
			}
			out = append(out, Range{Pos{i, m[0]}, Pos{i, m[1]}})
			col = m[1]
		}
		return out
	}
	n := -1
	if limit > 0 {
		n = limit
	}
	for _, m := range s.re.FindAllStringIndex(l, n) {
		if !s.q.Word || wholeWord(l, m[0], m[1]) {
			out = append(out, Range{Pos{i, m[0]}, Pos{i, m[1]}})
		}
	}
	return out
}

// All gives the matches of the whole buffer, at most limit.
func (s *Search) All(b *Buffer, limit int) []Range {
	var out []Range
	for i := 0; i < b.Len() && len(out) < limit; i++ {
		for _, r := range s.Line(b, i, limit-len(out)) {
			if n := len(out); n > 0 && r.From.Before(out[n-1].To) {
				continue
			}
			out = append(out, r)
		}
	}
	return out
}

// Replacement gives what a match is replaced by: for a regular expression $1, ${name} and $0 stand for its groups and \n, \t for
// line break and tab; otherwise the text itself.
func (s *Search) Replacement(b *Buffer, r Range, with string) string {
	if !s.q.Regexp || s.lines != nil {
		return with
	}
	l := b.Line(r.From.Line)
	with = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\$`, "$$").Replace(with)
	m := s.re.FindStringSubmatchIndex(l)
	if m == nil || m[0] != r.From.Col {
		for _, k := range s.re.FindAllStringSubmatchIndex(l, -1) {
			if k[0] == r.From.Col {
				m = k
				break
			}
		}
	}
	if m == nil {
		return with
	}
	return string(s.re.ExpandString(nil, with, l, m))
}
