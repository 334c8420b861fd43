package syntax

import (
	"fmt"
	"strings"
)

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokName
	tokString
	tokNumber
	tokOp // an operator, a punctuation mark or a reserved word
)

type token struct {
	kind       tokenKind
	text       string // name, operator, reserved word; the value of a string
	num        Number
	wide       Wide
	start, end int // bytes in the source
	line, col  int32
}

// MaxSource is the largest source that is read, in bytes.
const MaxSource = 64 << 20

// maxLines keeps line numbers in an int32, as PUC does.
const maxLines = 1<<31 - 8

type lexer struct {
	src       string
	name      string // of the chunk, as messages show it
	p         int
	line      int32
	lineStart int
	// luerl: bytes beyond ASCII in string literals are read as luerl reads them.
	luerl   bool
	foreign []Pos // literals that have such bytes
	odd     bool  // the literal under way has
}

// fail raises a lexical error; the text from start to p is what it is near.
func (l *lexer) fail(start int, near bool, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if near {
		msg += " near '" + l.src[start:l.p] + "'"
	}
	l.raise(msg, start, l.p, false)
}

func (l *lexer) raise(msg string, start, end int, incomplete bool) {
	line, from := l.line, l.lineStart
	if start < from {
		// The token began on an earlier line; mark it from where it began.
		line -= int32(strings.Count(l.src[start:from], "\n"))
		from = strings.LastIndexByte(l.src[:start], '\n') + 1
	}
	if i := strings.IndexByte(l.src[start:end], '\n'); i >= 0 {
		end = start + i
	}
	panic(&Error{
		Msg:  fmt.Sprintf("%s:%d: %s", l.name, l.line, msg),
		Line: int(line), Col: start - from + 1, EndCol: max(end, start) - from + 1,
		Incomplete: incomplete,
	})
}

func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return 0
}

// newline skips a line break: \n, \r, \r\n or \n\r.
func (l *lexer) newline() {
	c := l.src[l.p]
	l.p++
	if n := l.at(l.p); l.p < len(l.src) && (n == '\n' || n == '\r') && n != c {
		l.p++
	}
	l.line++
	l.lineStart = l.p
	if l.line >= maxLines {
		l.raise("chunk has too many lines", l.p, l.p, false)
	}
}

func (l *lexer) next() token {
	for l.p < len(l.src) {
		c := l.src[l.p]
		switch {
		case c == '\n' || c == '\r':
			l.newline()
			continue
		case isSpace(c):
			l.p++
			continue
		case c == '-' && l.at(l.p+1) == '-':
			start := l.p
			l.p += 2
			if level := longBracket(l.src, l.p); level >= 0 {
				l.long(start, level, "comment")
				continue
			}
			for l.p < len(l.src) && l.src[l.p] != '\n' && l.src[l.p] != '\r' {
				l.p++
			}
			continue
		}
		break
	}
	t := token{start: l.p, line: l.line, col: int32(l.p - l.lineStart + 1)}
	if l.p >= len(l.src) {
		t.end = l.p
		return t
	}
	c := l.src[l.p]
	switch {
	case isAlpha(c):
		for l.p < len(l.src) && isAlnum(l.src[l.p]) {
			l.p++
		}
		t.text = l.src[t.start:l.p]
		t.kind = tokName
		if IsKeyword(t.text) {
			t.kind = tokOp
		}
	case isDigit(c) || c == '.' && isDigit(l.at(l.p+1)):
		l.p = numeralEnd(l.src, l.p)
		n, ok := ParseNumeral(l.src[t.start:l.p])
		if !ok {
			l.fail(t.start, true, "malformed number")
		}
		t.kind, t.num, t.text = tokNumber, n, l.src[t.start:l.p]
		if len(t.text) > 15 {
			t.wide = wide(t.text)
		}
	case c == '"' || c == '\'':
		t.kind, t.text = tokString, l.short(c)
		l.seen(t)
	case c == '[' && (l.at(l.p+1) == '[' || l.at(l.p+1) == '='):
		level := longBracket(l.src, l.p)
		if level < 0 {
			q := l.p + 1
			for l.at(q) == '=' {
				q++
			}
			l.p = q
			l.fail(t.start, true, "invalid long string delimiter")
		}
		t.kind, t.text = tokString, l.bytes(l.long(t.start, level, "string"))
		l.seen(t)
	default:
		n := operatorLen(l.src, l.p)
		if n == 0 {
			n = 1 // the parser complains
		}
		l.p += n
		t.kind, t.text = tokOp, l.src[t.start:l.p]
	}
	t.end = l.p
	return t
}

// long reads a long string or comment; p is at its first bracket.
func (l *lexer) long(start, level int, what string) string {
	begin := l.line
	l.p += level + 2
	if c := l.at(l.p); l.p < len(l.src) && (c == '\n' || c == '\r') {
		l.newline()
	}
	var b strings.Builder
	from := l.p
	for l.p < len(l.src) {
		switch c := l.src[l.p]; {
		case c == ']' && closesLong(l.src, l.p, level):
			b.WriteString(l.src[from:l.p])
			l.p += level + 2
			return b.String()
		case c == '\n' || c == '\r':
			b.WriteString(l.src[from:l.p])
			b.WriteByte('\n')
			l.newline()
			from = l.p
		default:
			l.p++
		}
	}
	l.raise(fmt.Sprintf("unfinished long %s (starting at line %d) near <eof>", what, begin), start, l.p, true)
	return ""
}

// bytes is a piece of a string literal as it is written. luerl takes the bytes of
// a source for characters and encodes those of literals: what is beyond ASCII is
// encoded twice.
func (l *lexer) bytes(s string) string {
	i := 0
	for i < len(s) && s[i] < 0x80 {
		i++
	}
	if i == len(s) {
		return s
	}
	l.odd = true
	if !l.luerl {
		return s
	}
	b := []byte(s[:i])
	for ; i < len(s); i++ {
		b = appendUTF8(b, uint32(s[i]))
	}
	return string(b)
}

// seen notes a string literal.
func (l *lexer) seen(t token) {
	if l.odd {
		l.odd = false
		l.foreign = append(l.foreign, Pos{t.line, t.col})
	}
}

func closesLong(s string, p, level int) bool {
	end := p + level + 1
	if end >= len(s) || s[end] != ']' {
		return false
	}
	for i := p + 1; i < end; i++ {
		if s[i] != '=' {
			return false
		}
	}
	return true
}

// short reads a string in quotes.
func (l *lexer) short(quote byte) string {
	start := l.p
	l.p++
	from := l.p
	var b []byte
	for {
		if l.p >= len(l.src) {
			l.raise("unfinished string near <eof>", start, l.p, true)
		}
		switch c := l.src[l.p]; c {
		case quote:
			text := l.bytes(l.src[from:l.p])
			l.p++
			if b == nil {
				return text
			}
			return string(append(b, text...))
		case '\n', '\r':
			l.fail(start, true, "unfinished string")
		case '\\':
			b = append(b, l.bytes(l.src[from:l.p])...)
			if b == nil {
				b = []byte{}
			}
			b = l.escape(start, b)
			from = l.p
		default:
			l.p++
		}
	}
}

// escape reads an escape sequence; p is at its backslash.
func (l *lexer) escape(start int, b []byte) []byte {
	l.p++
	if l.p >= len(l.src) {
		return b // the caller finds the end of the text
	}
	c := l.src[l.p]
	if i := strings.IndexByte("abfnrtv\\\"'", c); i >= 0 {
		l.p++
		return append(b, "\a\b\f\n\r\t\v\\\"'"[i])
	}
	switch {
	case c == '\n' || c == '\r':
		l.newline()
		return append(b, '\n')
	case c == 'x':
		l.p++
		v := l.hexDigit(start)<<4 | l.hexDigit(start)
		return append(b, byte(v))
	case c == 'z':
		l.p++
		for l.p < len(l.src) && isSpace(l.src[l.p]) {
			if l.src[l.p] == '\n' || l.src[l.p] == '\r' {
				l.newline()
			} else {
				l.p++
			}
		}
		return b
	case c == 'u':
		return l.unicode(start, b)
	case isDigit(c):
		v := 0
		for i := 0; i < 3 && l.p < len(l.src) && isDigit(l.src[l.p]); i++ {
			v = v*10 + int(l.src[l.p]-'0')
			l.p++
		}
		if v > 255 {
			l.badEscape(start, "decimal escape too large")
		}
		return append(b, byte(v))
	}
	l.badEscape(start, "invalid escape sequence")
	return nil
}

// badEscape complains and shows the string up to the character at fault.
func (l *lexer) badEscape(start int, msg string) {
	if l.p < len(l.src) {
		l.p++
	}
	l.fail(start, true, "%s", msg)
}

func (l *lexer) hexDigit(start int) uint64 {
	v, ok := hexValue(l.at(l.p))
	if l.p >= len(l.src) || !ok {
		l.badEscape(start, "hexadecimal digit expected")
	}
	l.p++
	return v
}

func (l *lexer) unicode(start int, b []byte) []byte {
	l.p++
	if l.at(l.p) != '{' {
		l.badEscape(start, "missing '{'")
	}
	l.p++
	v := l.hexDigit(start)
	for {
		d, ok := hexValue(l.at(l.p))
		if !ok {
			break
		}
		v = v<<4 | d
		if v > 0x10FFFF {
			l.badEscape(start, "UTF-8 value too large")
		}
		l.p++
	}
	if l.at(l.p) != '}' {
		l.badEscape(start, "missing '}'")
	}
	l.p++
	return appendUTF8(b, uint32(v))
}

// appendUTF8 encodes any value up to 0x7FFFFFFF, surrogates included.
func appendUTF8(b []byte, x uint32) []byte {
	if x < 0x80 {
		return append(b, byte(x))
	}
	var t [8]byte
	n := 1
	mfb := uint32(0x3f)
	for {
		t[8-n] = byte(0x80 | x&0x3f)
		n++
		x >>= 6
		mfb >>= 1
		if x <= mfb {
			break
		}
	}
	t[8-n] = byte(^mfb<<1 | x)
	return append(b, t[8-n:]...)
}
