package compose

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

type jsField struct {
	name  string
	value any
}

type jsObject []jsField

// spread names a field that stands for all of another object.
const spread = "..."

// unknown is an expression that is not a literal: createSigner(wallet).
type unknown struct{ expr string }

// jsParser reads literals of JavaScript, JSON among them, and names of constants
// that stand before them.
type jsParser struct {
	s    string
	i    int
	vars map[string]any
}

const maxNesting = 64

func (p *jsParser) space() {
	for p.i < len(p.s) {
		switch c := p.s[p.i]; {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			p.i++
		case strings.HasPrefix(p.s[p.i:], "//"):
			n := strings.IndexByte(p.s[p.i:], '\n')
			if n < 0 {
				n = len(p.s) - p.i
			}
			p.i += n
		case strings.HasPrefix(p.s[p.i:], "/*"):
			n := strings.Index(p.s[p.i+2:], "*/")
			if n < 0 {
				p.i = len(p.s)
				return
			}
			p.i += n + 4
		default:
			return
		}
	}
}

func (p *jsParser) peek() byte {
	p.space()
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *jsParser) value(depth int) (any, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("it is nested more than %d deep", maxNesting)
	}
	switch c := p.peek(); c {
	case 0:
		return nil, fmt.Errorf("it ends in the middle")
	case '{':
		return p.object(depth)
	case '[':
		start := p.i
		p.i++
		out := []any{}
		for {
			if p.peek() == ']' {
				p.i++
				return p.chained(start, out)
			}
			v, all, err := p.element(depth + 1)
			if err != nil {
				return nil, err
			}
			if list, is := v.([]any); is && all {
				out = append(out, list...)
			} else {
				out = append(out, v)
			}
			if err := p.comma(']'); err != nil {
				return nil, err
			}
		}
	case '"', '\'', '`':
		start := p.i
		s, err := p.str(c)
		if err != nil {
			return nil, err
		}
		if next := p.peek(); next != 0 && strings.IndexByte(",}])", next) < 0 && next != ';' && !p.newStatement() && !p.wordNext() {
			p.i = start // "a" + b
			return p.bare()
		}
		if c == '`' && strings.Contains(s, "${") {
			return p.template(s), nil
		}
		return s, nil
	}
	return p.bare()
}

func (p *jsParser) object(depth int) (any, error) {
	p.i++
	obj := jsObject{}
	for {
		c := p.peek()
		var name string
		switch {
		case c == 0:
			return nil, fmt.Errorf("it ends before the closing }")
		case c == '}':
			p.i++
			return obj, nil
		case c == '"' || c == '\'' || c == '`':
			s, err := p.str(c)
			if err != nil {
				return nil, err
			}
			name = s
		case c == '.': // ...spread
			v, _, err := p.element(depth + 1)
			if err != nil {
				return nil, err
			}
			if o, is := v.(jsObject); is {
				obj = append(obj, o...)
			} else {
				obj = append(obj, jsField{spread, v})
			}
			if err := p.comma('}'); err != nil {
				return nil, err
			}
			continue
		default:
			start := p.i
			for p.i < len(p.s) && isIdent(p.s[p.i]) {
				p.i++
			}
			if name = p.s[start:p.i]; name == "" {
				return nil, fmt.Errorf("expected a name, found %q", rest(p.s[p.i:]))
			}
		}
		switch p.peek() {
		case ':':
			p.i++
			v, err := p.value(depth + 1)
			if err != nil {
				return nil, err
			}
			obj = append(obj, jsField{name, v})
		default: // { data } stands for a variable
			obj = append(obj, jsField{name, p.named(name)})
		}
		if err := p.comma('}'); err != nil {
			return nil, err
		}
	}
}

func isIdent(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$'
}

func rest(s string) string {
	if len(s) > 12 {
		n := 12
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		return s[:n] + "…"
	}
	return s
}

func (p *jsParser) comma(end byte) error {
	switch p.peek() {
	case ',':
		p.i++
		return nil
	case end:
		return nil
	case 0:
		return fmt.Errorf("it ends before %q", end)
	}
	return fmt.Errorf("expected a comma or %q, found %q", end, rest(p.s[p.i:]))
}

// bare reads a number, true, false, null, a constant's name, or skips an expression.
func (p *jsParser) bare() (any, error) {
	if v, ok := p.conversion(0); ok {
		return v, nil
	}
	start, depth := p.i, 0
loop:
	for p.i < len(p.s) {
		switch c := p.s[p.i]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				break loop
			}
			depth--
		case ',', ';':
			if depth == 0 {
				break loop
			}
		case '\n':
			if word := strings.TrimSpace(p.s[start:p.i]); depth == 0 && (simple.MatchString(word) || word == "") {
				if word == "" {
					break
				}
				break loop
			}
		case '"', '\'', '`':
			if _, err := p.str(c); err != nil {
				return nil, err
			}
			continue
		}
		p.i++
	}
	word := strings.TrimSpace(p.s[start:p.i])
	switch word {
	case "":
		return nil, fmt.Errorf("expected a value, found %q", rest(p.s[p.i:]))
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null", "undefined":
		return nil, nil
	}
	if f, err := strconv.ParseFloat(word, 64); err == nil {
		return f, nil
	}
	if simple.MatchString(word) {
		return p.named(word), nil
	}
	return unknown{word}, nil
}

// simple is a word alone.
var simple = regexp.MustCompile(`^[\w$.+-]+$`)

func (p *jsParser) str(quote byte) (string, error) {
	var b strings.Builder
	for p.i++; p.i < len(p.s); p.i++ {
		c := p.s[p.i]
		switch {
		case c == quote:
			p.i++
			return b.String(), nil
		case c == '\\' && p.i+1 < len(p.s):
			p.i++
			p.escape(&b)
		default:
			b.WriteByte(c)
		}
	}
	return "", fmt.Errorf("a text that begins with %c is not closed", quote)
}

func (p *jsParser) escape(b *strings.Builder) {
	switch c := p.s[p.i]; c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case '\n':
	case 'u':
		if p.i+4 < len(p.s) {
			if n, err := strconv.ParseUint(p.s[p.i+1:p.i+5], 16, 32); err == nil {
				p.i += 4
				r := rune(n)
				if r >= 0xd800 && r < 0xdc00 && strings.HasPrefix(p.s[p.i+1:], `\u`) && p.i+6 < len(p.s) {
					if lo, err := strconv.ParseUint(p.s[p.i+3:p.i+7], 16, 32); err == nil && lo >= 0xdc00 && lo < 0xe000 {
						r = 0x10000 + (r-0xd800)<<10 + (rune(lo) - 0xdc00)
						p.i += 6
					}
				}
				b.WriteRune(r)
			}
		}
	default:
		b.WriteByte(c)
	}
}
