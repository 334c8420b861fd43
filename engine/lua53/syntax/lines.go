package syntax

import "strings"

// Kind says what a Span of a line is.
type Kind uint8

// The kinds of spans that LexLine reports. Text that belongs to no span (white
// space) has no kind of its own.
const (
	KindNone     Kind = iota
	KindKeyword       // and, break, do, … while; nil, true and false
	KindIdent         // a name
	KindBuiltin       // a name of the standard library, or self
	KindFunction      // a name that is being called or defined as a function
	KindString        // a string or a part of a long one, quotes included
	KindNumber        // a numeral
	KindComment       // a comment or a part of a long one
	KindOperator      // an operator or a punctuation mark
	KindError         // text that cannot be part of a program
)

// Span is a coloured range of a line; Start and End are byte offsets, End is
// exclusive.
type Span struct {
	Start, End int
	Kind       Kind
}

// LineState is what one line must know of the lines before it. The zero value
// is the start of a file. States are comparable: an editor that re-colours
// after a change may stop at the first line whose outgoing state is what it
// was before.
type LineState uint32

// The low three bits of a LineState say what is open at the end of the line,
// the rest holds the level of a long bracket.
const (
	lineNormal LineState = iota
	lineLongString
	lineLongComment
	lineDouble  // "…\ continues on the next line
	lineSingle  // '…\ continues on the next line
	lineDoubleZ // "…\z: white space is skipped, then the string goes on
	lineSingleZ
)

const (
	lineModeBits = 3
	lineModeMask = 1<<lineModeBits - 1
)

// LexLine splits one line (with or without its line break) into coloured spans,
// in order and without overlap, and appends them to dst. st is the state that
// the line before returned. Cost is linear in the line, whatever its bytes.
func LexLine(line string, st LineState, dst []Span) ([]Span, LineState) {
	line = strings.TrimRight(line, "\r\n")
	l := lineLexer{s: line, spans: dst}
	switch st & lineModeMask {
	case lineLongString:
		if !l.long(0, int(st>>lineModeBits), KindString) {
			return l.spans, st
		}
	case lineLongComment:
		if !l.long(0, int(st>>lineModeBits), KindComment) {
			return l.spans, st
		}
	case lineDouble, lineSingle, lineDoubleZ, lineSingleZ:
		mode := st & lineModeMask
		quote := byte('"')
		if mode == lineSingle || mode == lineSingleZ {
			quote = '\''
		}
		start := 0
		if mode == lineDoubleZ || mode == lineSingleZ {
			start = skipSpace(line, 0)
			if start == len(line) {
				return l.spans, st
			}
		}
		if next := l.quoted(start, start, quote); next != lineNormal {
			return l.spans, next
		}
	}
	return l.spans, l.rest()
}

type lineLexer struct {
	s     string
	p     int
	spans []Span
	// afterFunction is set between the word function and the name it defines.
	afterFunction bool
}

func (l *lineLexer) add(start, end int, k Kind) {
	if end > start {
		l.spans = append(l.spans, Span{start, end, k})
	}
	l.p = end
}

// long reads a long string or comment up to its closing bracket and says
// whether it closes on this line; start is where the span begins.
func (l *lineLexer) long(start, level int, k Kind) bool {
	if level > len(l.s) { // also keeps a state that LexLine never made harmless
		l.add(start, len(l.s), k)
		return false
	}
	closing := "]" + strings.Repeat("=", level) + "]"
	i := strings.Index(l.s[l.p:], closing)
	if i < 0 {
		l.add(start, len(l.s), k)
		return false
	}
	l.add(start, l.p+i+len(closing), k)
	return true
}

// quoted reads a short string from p up to its closing quote and returns the
// state of the next line.
func (l *lineLexer) quoted(start, p int, quote byte) LineState {
	s := l.s
	for p < len(s) {
		switch s[p] {
		case quote:
			l.add(start, p+1, KindString)
			return lineNormal
		case '\\':
			if p+1 >= len(s) {
				l.add(start, len(s), KindString)
				if quote == '"' {
					return lineDouble
				}
				return lineSingle
			}
			if s[p+1] == 'z' && skipSpace(s, p+2) == len(s) {
				l.add(start, len(s), KindString)
				if quote == '"' {
					return lineDoubleZ
				}
				return lineSingleZ
			}
			p += 2
		default:
			p++
		}
	}
	l.add(start, len(s), KindError) // an unfinished string ends with its line
	return lineNormal
}

func (l *lineLexer) rest() LineState {
	for {
		l.p = skipSpace(l.s, l.p)
		if l.p >= len(l.s) {
			return lineNormal
		}
		if next := l.token(); next != lineNormal {
			return next
		}
	}
}

func (l *lineLexer) token() LineState {
	s, p := l.s, l.p
	c := s[p]
	switch {
	case c == '-' && strings.HasPrefix(s[p:], "--"):
		l.p += 2
		if level := longBracket(s, l.p); level >= 0 {
			l.p += level + 2
			if !l.long(p, level, KindComment) {
				return lineLongComment | LineState(level)<<lineModeBits
			}
			return lineNormal
		}
		l.add(p, len(s), KindComment)
	case c == '#' && p == 0 && strings.HasPrefix(s, "#!"):
		l.add(0, len(s), KindComment)
	case isAlpha(c):
		l.word()
	case isDigit(c) || c == '.' && p+1 < len(s) && isDigit(s[p+1]):
		end := numeralEnd(s, p)
		kind := KindNumber
		if _, ok := ParseNumeral(s[p:end]); !ok {
			kind = KindError
		}
		l.add(p, end, kind)
	case c == '"' || c == '\'':
		return l.quoted(p, p+1, c)
	case c == '[':
		if level := longBracket(s, p); level >= 0 {
			l.p += level + 2
			if !l.long(p, level, KindString) {
				return lineLongString | LineState(level)<<lineModeBits
			}
			return lineNormal
		}
		l.add(p, p+1, KindOperator)
	default:
		if n := operatorLen(s, p); n > 0 {
			l.add(p, p+n, KindOperator)
			if c != '.' && c != ':' {
				l.afterFunction = false
			}
			return lineNormal
		}
		end := p + 1
		for end < len(s) && s[end] >= 0x80 { // keep a rune in one piece
			end++
		}
		l.add(p, end, KindError)
	}
	return lineNormal
}

func (l *lineLexer) word() {
	s, p := l.s, l.p
	end := p
	for end < len(s) && isAlnum(s[end]) {
		end++
	}
	w := s[p:end]
	if _, ok := keywords[w]; ok {
		l.afterFunction = w == "function"
		l.add(p, end, KindKeyword)
		return
	}
	next := skipSpace(s, end)
	calls := next < len(s) && (s[next] == '(' || s[next] == '{' || s[next] == '"' || s[next] == '\'' ||
		s[next] == '[' && longBracket(s, next) >= 0)
	field := p > 0 && (s[p-1] == '.' && !strings.HasSuffix(s[:p], "..") || s[p-1] == ':' && !strings.HasSuffix(s[:p], "::"))
	kind := KindIdent
	switch {
	case l.isBuiltin(w, p, field):
		kind = KindBuiltin
	case calls, l.afterFunction && (next >= len(s) || s[next] != '.' && s[next] != ':'):
		kind = KindFunction
	}
	l.add(p, end, kind)
}

// isBuiltin knows the standard names: globals and, after their table, the
// fields of the standard tables.
func (l *lineLexer) isBuiltin(w string, p int, field bool) bool {
	if !field {
		_, ok := builtinNames[w]
		return ok
	}
	if l.s[p-1] != '.' || len(l.spans) < 2 {
		return false
	}
	table := l.spans[len(l.spans)-2]
	if table.Kind != KindBuiltin || table.End != p-1 {
		return false
	}
	fields, ok := builtinNames[l.s[table.Start:table.End]]
	return ok && strings.Contains(fields, " "+w+" ")
}

func skipSpace(s string, p int) int {
	for p < len(s) && isSpace(s[p]) {
		p++
	}
	return p
}

// longBracket returns the level of the long bracket that opens at p, or -1.
func longBracket(s string, p int) int {
	if p >= len(s) || s[p] != '[' {
		return -1
	}
	q := p + 1
	for q < len(s) && s[q] == '=' {
		q++
	}
	if q < len(s) && s[q] == '[' {
		return q - p - 1
	}
	return -1
}

func operatorLen(s string, p int) int {
	if strings.HasPrefix(s[p:], "...") {
		return 3
	}
	if p+1 < len(s) {
		switch s[p : p+2] {
		case "==", "~=", "<=", ">=", "//", "<<", ">>", "::", "..":
			return 2
		}
	}
	if strings.IndexByte("+-*/%^#&~|<>=(){}[];:,.", s[p]) >= 0 {
		return 1
	}
	return 0
}
