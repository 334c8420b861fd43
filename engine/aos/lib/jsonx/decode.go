package jsonx

import (
	"fmt"
	"strings"

	"patchbay/engine/lua53/syntax"
)

// MaxDepth is how deep arrays and objects may be nested; beyond it the library in
// Lua would have run out of stack.
const MaxDepth = 16000

// A Sink takes the values of a document in order. Between Begin and End come the
// elements; in an object a Key comes before each. An error ends the decoding and
// is handed on unchanged.
type Sink interface {
	Null() error
	Bool(b bool) error
	Number(n syntax.Number) error
	String(s string) error
	BeginArray() error
	EndArray() error
	BeginObject() error
	Key(s string) error
	EndObject() error
}

// SyntaxError says what is wrong with a document and where.
type SyntaxError struct {
	Msg string
	// Line and Col count from 1, Col in bytes; both are 0 for an error that has no
	// place in aos' wording.
	Line, Col int
}

// Error is aos' wording: "<text> at line L col C".
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Msg
	}
	return fmt.Sprintf("%s at line %d col %d", e.Msg, e.Line, e.Col)
}

// Decode reads one document and tells sink of it. The strings handed over do not
// share memory with doc.
func Decode(doc string, sink Sink) error {
	d := decoder{doc: doc, sink: sink}
	return d.run()
}

type decoder struct {
	doc  string
	sink Sink
	// open holds the brackets that are open: '[' or '{'.
	open []byte
	buf  []byte // of strings with escapes
}

// fail makes an error at byte i (from 0), which may be behind the end.
func (d *decoder) fail(i int, msg string) error {
	before := d.doc[:min(i, len(d.doc))]
	line := 1 + strings.Count(before, "\n")
	return &SyntaxError{Msg: msg, Line: line, Col: i - strings.LastIndexByte(before, '\n')}
}

// space skips white space.
func (d *decoder) space(i int) int {
	for i < len(d.doc) {
		switch d.doc[i] {
		case ' ', '\t', '\r', '\n':
			i++
		default:
			return i
		}
	}
	return i
}

// run is the whole grammar as one loop; open is its stack.
func (d *decoder) run() error {
	i := d.space(0)
	for {
		var err error
		if i, err = d.value(i); err != nil {
			return err
		}
		// A value, or the beginning of an array or object, is behind us.
		for fresh := d.justOpened(i); ; fresh = false {
			if len(d.open) == 0 {
				if i = d.space(i); i < len(d.doc) {
					return d.fail(i, "trailing garbage")
				}
				return nil
			}
			i = d.space(i)
			var next bool
			if i, next, err = d.between(i, fresh); err != nil {
				return err
			}
			if next {
				break
			}
		}
	}
}

// justOpened tells whether byte i follows a bracket that value has opened.
func (d *decoder) justOpened(i int) bool {
	return len(d.open) > 0 && i > 0 && (d.doc[i-1] == '[' || d.doc[i-1] == '{')
}

// between handles what may stand after an element, or after an opening bracket
// when fresh is set. It reports true with the place of the next value, false when
// the array or object was closed.
func (d *decoder) between(i int, fresh bool) (int, bool, error) {
	array := d.open[len(d.open)-1] == '['
	closing, missing := byte('}'), "expected '}' or ','"
	if array {
		closing, missing = ']', "expected ']' or ','"
	}
	if !fresh {
		switch {
		case i < len(d.doc) && d.doc[i] == closing:
			return d.close(i, array)
		case i >= len(d.doc) || d.doc[i] != ',':
			return i, false, d.fail(i+1, missing) // aos counts one further here
		}
		i = d.space(i + 1)
	}
	if i < len(d.doc) && d.doc[i] == closing {
		return d.close(i, array)
	}
	if array {
		return i, true, nil
	}
	i, err := d.key(i)
	return i, true, err
}

func (d *decoder) close(i int, array bool) (int, bool, error) {
	d.open = d.open[:len(d.open)-1]
	if array {
		return i + 1, false, d.sink.EndArray()
	}
	return i + 1, false, d.sink.EndObject()
}

// key reads a key with its colon and returns where the value begins.
func (d *decoder) key(i int) (int, error) {
	if i >= len(d.doc) || d.doc[i] != '"' {
		return i, d.fail(i, "expected string for key")
	}
	s, i, err := d.text(i)
	if err != nil {
		return i, err
	}
	i = d.space(i)
	if i >= len(d.doc) || d.doc[i] != ':' {
		return i, d.fail(i, "expected ':' after key")
	}
	return d.space(i + 1), d.sink.Key(s)
}

// value reads a value that is not an array or object, or opens one.
func (d *decoder) value(i int) (int, error) {
	if i >= len(d.doc) {
		return i, d.fail(i, "unexpected character ''")
	}
	switch c := d.doc[i]; {
	case c == '"':
		s, i, err := d.text(i)
		if err != nil {
			return i, err
		}
		return i, d.sink.String(s)
	case c == '-' || c >= '0' && c <= '9':
		return d.number(i)
	case c == 't' || c == 'f' || c == 'n':
		return d.literal(i)
	case c == '[' || c == '{':
		if len(d.open) >= MaxDepth {
			return i, &SyntaxError{Msg: "stack overflow"}
		}
		d.open = append(d.open, c)
		if c == '[' {
			return i + 1, d.sink.BeginArray()
		}
		return i + 1, d.sink.BeginObject()
	default:
		return i, d.fail(i, "unexpected character '"+d.doc[i:i+1]+"'")
	}
}

// word returns where the word at i ends: at white space, a comma or a closing
// bracket, whatever stands before.
func (d *decoder) word(i int) int {
	for i < len(d.doc) {
		switch d.doc[i] {
		case ' ', '\t', '\r', '\n', ']', '}', ',':
			return i
		}
		i++
	}
	return i
}

func (d *decoder) number(i int) (int, error) {
	end := d.word(i)
	text := d.doc[i:end]
	n, ok := smallInt(text)
	if !ok {
		if n, ok = syntax.StringToNumber(text); !ok {
			return i, d.fail(i, "invalid number '"+text+"'")
		}
	}
	return end, d.sink.Number(n)
}

// smallInt reads the plain integers that most numbers are.
func smallInt(s string) (syntax.Number, bool) {
	digits := strings.TrimPrefix(s, "-")
	if len(digits) == 0 || len(digits) > 18 {
		return syntax.Number{}, false
	}
	var v int64
	for i := 0; i < len(digits); i++ {
		c := digits[i] - '0'
		if c > 9 {
			return syntax.Number{}, false
		}
		v = v*10 + int64(c)
	}
	if len(digits) < len(s) {
		v = -v
	}
	return syntax.Number{IsInt: true, Int: v}, true
}

func (d *decoder) literal(i int) (int, error) {
	end := d.word(i)
	switch d.doc[i:end] {
	case "true":
		return end, d.sink.Bool(true)
	case "false":
		return end, d.sink.Bool(false)
	case "null":
		return end, d.sink.Null()
	}
	return i, d.fail(i, "invalid literal '"+d.doc[i:end]+"'")
}

// text reads the string whose opening quote is at i and returns where it ends.
func (d *decoder) text(i int) (string, int, error) {
	start := i + 1
	for j := start; j < len(d.doc); j++ {
		switch c := d.doc[j]; {
		case c == '"':
			return strings.Clone(d.doc[start:j]), j + 1, nil
		case c == '\\':
			d.buf = append(d.buf[:0], d.doc[start:j]...)
			return d.escaped(i, j)
		case c < ' ':
			return "", j, d.fail(j, "control character in string")
		}
	}
	return "", i, d.fail(i, "expected closing quote for string")
}

// escaped goes on from the first backslash, at j; what came before is in buf.
func (d *decoder) escaped(i, j int) (string, int, error) {
	for j < len(d.doc) {
		c := d.doc[j]
		switch {
		case c == '"':
			return string(d.buf), j + 1, nil
		case c < ' ':
			return "", j, d.fail(j, "control character in string")
		case c != '\\':
			d.buf = append(d.buf, c)
			j++
			continue
		}
		if j+1 >= len(d.doc) {
			return "", j, d.fail(j, "invalid escape char '' in string")
		}
		switch c := d.doc[j+1]; c {
		case '"', '\\', '/':
			d.buf = append(d.buf, c)
		case 'b':
			d.buf = append(d.buf, '\b')
		case 'f':
			d.buf = append(d.buf, '\f')
		case 'n':
			d.buf = append(d.buf, '\n')
		case 'r':
			d.buf = append(d.buf, '\r')
		case 't':
			d.buf = append(d.buf, '\t')
		case 'u':
			n, err := d.unicode(j)
			if err != nil {
				return "", j, err
			}
			j += n
			continue
		default:
			return "", j, d.fail(j, "invalid escape char '"+d.doc[j+1:j+2]+"' in string")
		}
		j += 2
	}
	return "", i, d.fail(i, "expected closing quote for string")
}

// unicode reads the \u at j, appends its character and returns how long it was. A
// high surrogate is joined with whatever \u follows, as aos does it.
func (d *decoder) unicode(j int) (int, error) {
	n, ok := hex4(d.doc, j+2)
	if !ok {
		return 0, d.fail(j, "invalid unicode escape in string")
	}
	used := 6
	if n >= 0xd800 && n < 0xdc00 && strings.HasPrefix(d.doc[j+6:], `\u`) {
		if low, ok := hex4(d.doc, j+8); ok {
			n = (n-0xd800)*0x400 + (low - 0xdc00) + 0x10000
			used = 12
		}
	}
	switch {
	case n <= 0x7f:
		d.buf = append(d.buf, byte(n))
	case n <= 0x7ff:
		d.buf = append(d.buf, byte(0xc0|n>>6), byte(0x80|n&0x3f))
	case n <= 0xffff:
		d.buf = append(d.buf, byte(0xe0|n>>12), byte(0x80|n>>6&0x3f), byte(0x80|n&0x3f))
	case n <= 0x10ffff:
		d.buf = append(d.buf, byte(0xf0|n>>18), byte(0x80|n>>12&0x3f), byte(0x80|n>>6&0x3f), byte(0x80|n&0x3f))
	default:
		return 0, &SyntaxError{Msg: fmt.Sprintf("invalid unicode codepoint '%x'", n)}
	}
	return used, nil
}

// hex4 reads four hexadecimal digits.
func hex4(s string, i int) (int, bool) {
	if i+4 > len(s) {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s[i : i+4]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		n = n<<4 | int(c)
	}
	return n, true
}
