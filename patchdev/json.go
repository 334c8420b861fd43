package patchdev

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSONOptions say how [AppendJSON] writes.
type JSONOptions struct {
	// Indent, when not empty, puts every member on a line of its own, indented
	// by so much a level.
	Indent string
	// FloatPoint keeps floats without fraction apart from integers: 5.0, not 5.
	FloatPoint bool
}

// AppendJSON appends v as plain JSON: tables as objects with sorted keys, lists
// as arrays, booleans as booleans, a nil value as null. Bytes that are not UTF-8
// become U+FFFD; NaN and infinities, which JSON has not, become null.
func AppendJSON(dst []byte, v Value, o JSONOptions) []byte {
	return appendJSON(dst, v, &o, 0)
}

func appendJSON(dst []byte, v Value, o *JSONOptions, depth int) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case String:
		return appendString(dst, string(v))
	case Int:
		return strconv.AppendInt(dst, int64(v), 10)
	case Float:
		return appendFloat(dst, float64(v), o.FloatPoint)
	case Bool:
		return strconv.AppendBool(dst, bool(v))
	case Atom:
		return appendString(dst, string(v))
	case *List:
		if v.Len() == 0 {
			return append(dst, "[]"...)
		}
		dst = append(dst, '[')
		for i, x := range v.items() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendBreak(dst, o, depth+1)
			dst = appendJSON(dst, x, o, depth+1)
		}
		return append(appendBreak(dst, o, depth), ']')
	case *Table:
		if v.root == nil {
			return append(dst, "{}"...)
		}
		dst = append(dst, '{')
		dst = appendNode(dst, v.root, o, depth+1, true)
		return append(appendBreak(dst, o, depth), '}')
	}
	return append(dst, "null"...)
}

// appendNode writes the members below n. Walking the nodes here, instead of
// through an iterator, is what makes big tables fast.
func appendNode(dst []byte, n *node, o *JSONOptions, depth int, first bool) []byte {
	for i, k := range n.keys {
		if n.kids != nil {
			dst = appendNode(dst, n.kids[i], o, depth, first && i == 0)
			continue
		}
		if !first || i > 0 {
			dst = append(dst, ',')
		}
		dst = appendBreak(dst, o, depth)
		dst = appendString(dst, k)
		dst = append(dst, ':')
		if o.Indent != "" {
			dst = append(dst, ' ')
		}
		dst = appendJSON(dst, n.vals[i], o, depth)
	}
	return dst
}

func appendBreak(dst []byte, o *JSONOptions, depth int) []byte {
	if o.Indent == "" {
		return dst
	}
	dst = append(dst, '\n')
	for range depth {
		dst = append(dst, o.Indent...)
	}
	return dst
}

func appendFloat(dst []byte, f float64, point bool) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	start := len(dst)
	a := math.Abs(f)
	switch {
	case a != 0 && (a < 1e-6 || a >= 1e21):
		dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	case point && f == math.Trunc(f):
		return strconv.AppendFloat(dst, f, 'f', 1, 64)
	default:
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	if !point {
		return dst
	}
	// As Erlang writes it: a point always, no plus and no zeros in the exponent.
	text := string(dst[start:])
	mantissa, exponent, _ := strings.Cut(text, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	sign := ""
	if exponent[0] == '-' {
		sign = "-"
	}
	return append(append(dst[:start], mantissa...), "e"+sign+strings.TrimLeft(exponent, "+-0")...)
}

const hexDigits = "0123456789abcdef"

func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
			dst = append(append(dst, s[start:i]...), "\ufffd"...)
			i++
			start = i
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// ParseJSON reads one JSON value. A number without point and exponent that fits
// 64 bits is an Int, every other a Float. Members that are null are left out,
// null by itself is a nil value. Of a key that comes twice the last one counts.
//
// Errors are *JSONError.
func ParseJSON(text []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := parse(d, 0)
	if err != nil {
		return nil, &JSONError{Offset: int(d.InputOffset()), Err: err}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &JSONError{Offset: int(d.InputOffset()), Err: errors.New("something follows the value")}
	}
	return v, nil
}

// JSONError says at which byte a text is no JSON, counted from 0.
type JSONError struct {
	Offset int
	Err    error
}

func (e *JSONError) Error() string { return fmt.Sprintf("JSON, byte %d: %v", e.Offset, e.Err) }

// Unwrap returns what is wrong there.
func (e *JSONError) Unwrap() error { return e.Err }

// maxDepth bounds how deep JSON may nest.
const maxDepth = 1000

func parse(d *json.Decoder, depth int) (Value, error) {
	t, err := d.Token()
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	switch t := t.(type) {
	case string:
		return String(t), nil
	case bool:
		return Bool(t), nil
	case json.Number:
		if i, err := strconv.ParseInt(t.String(), 10, 64); err == nil {
			return Int(i), nil
		}
		f, err := strconv.ParseFloat(t.String(), 64)
		if err != nil {
			return nil, fmt.Errorf("the number %s is too great", t)
		}
		return Float(f), nil
	case json.Delim:
		if t == '[' {
			return parseList(d, depth)
		}
		return parseTable(d, depth)
	}
	return nil, nil
}

func parseList(d *json.Decoder, depth int) (Value, error) {
	var vals []Value
	for d.More() {
		v, err := parse(d, depth+1)
		if err != nil {
			return nil, err
		}
		vals = append(vals, v)
	}
	if _, err := d.Token(); err != nil {
		return nil, unexpected(err)
	}
	return NewList(vals...), nil
}

func parseTable(d *json.Decoder, depth int) (Value, error) {
	b := emptyTable.Edit()
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, unexpected(err)
		}
		v, err := parse(d, depth+1)
		if err != nil {
			return nil, err
		}
		b.Set(k.(string), v)
	}
	if _, err := d.Token(); err != nil {
		return nil, unexpected(err)
	}
	return b.Table(), nil
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
