package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// class parts characters into those that words are made of, space, and the rest.
func class(r rune) int {
	switch {
	case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return 1
	case unicode.IsSpace(r):
		return 0
	default:
		return 2
	}
}

// WordLeft gives the start of the word before p, as Ctrl+Left goes: over space first, and over a line end by itself.
func (b *Buffer) WordLeft(p Pos) Pos {
	p = b.Clip(p)
	if p.Col == 0 {
		if p.Line == 0 {
			return p
		}
		return Pos{p.Line - 1, len(b.lines[p.Line-1])}
	}
	l, col, seen := b.lines[p.Line], p.Col, 0
	for col > 0 {
		r, n := utf8.DecodeLastRuneInString(l[:col])
		k := class(r)
		if seen != 0 && k != seen {
			break
		}
		seen = k
		col -= n
	}
	return Pos{p.Line, col}
}

// WordRight gives the end of the word after p.
func (b *Buffer) WordRight(p Pos) Pos {
	p = b.Clip(p)
	l := b.lines[p.Line]
	if p.Col == len(l) {
		if p.Line == len(b.lines)-1 {
			return p
		}
		return Pos{p.Line + 1, 0}
	}
	col, seen := p.Col, 0
	for col < len(l) {
		r, n := utf8.DecodeRuneInString(l[col:])
		k := class(r)
		if seen != 0 && k != seen {
			break
		}
		seen = k
		col += n
	}
	return Pos{p.Line, col}
}

// WordAt gives the range of the word, of the run of signs or of the space at p, as a double click selects; between two the word wins.
func (b *Buffer) WordAt(p Pos) Range {
	p = b.Clip(p)
	l := b.lines[p.Line]
	if l == "" {
		return Range{p, p}
	}
	right, n := utf8.DecodeRuneInString(l[p.Col:])
	k := class(right)
	if left, m := utf8.DecodeLastRuneInString(l[:p.Col]); m > 0 && (n == 0 || k != 1 && class(left) == 1) {
		k = class(left)
	}
	from, to := p.Col, p.Col
	for from > 0 {
		r, m := utf8.DecodeLastRuneInString(l[:from])
		if class(r) != k {
			break
		}
		from -= m
	}
	for to < len(l) {
		r, m := utf8.DecodeRuneInString(l[to:])
		if class(r) != k {
			break
		}
		to += m
	}
	return Range{Pos{p.Line, from}, Pos{p.Line, to}}
}

// Name gives the dotted name that ends at or spans p ("ao.send", "string.format", "Handlers.utils"), for help on it.
func (b *Buffer) Name(p Pos) (string, Range) {
	p = b.Clip(p)
	l := b.lines[p.Line]
	name := func(c byte) bool {
		return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	from, to := p.Col, p.Col
	for from > 0 && (name(l[from-1]) || (l[from-1] == '.' || l[from-1] == ':') && from > 1 && name(l[from-2])) {
		from--
	}
	for to < len(l) && name(l[to]) {
		to++
	}
	return l[from:to], Range{Pos{p.Line, from}, Pos{p.Line, to}}
}

// Indent gives the white space at the start of a line.
func Indent(line string) string {
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}
