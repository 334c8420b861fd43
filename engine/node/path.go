package node

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"patchbay/patchdev"
)

// maxSegment is the longest path segment that a node takes (spec hyperbeam-http §2.1).
const maxSegment = 512

// param is one key and value that a path or a query gives to a step.
type param struct {
	key string
	val patchdev.Value
}

// step is one segment of a path: a key, resolved on what the steps before
// yielded, perhaps read as another device and with parameters.
type step struct {
	name   string
	device string
	params []param
}

// errPath is a path or query that a node cannot parse: a 500.
type errPath struct{ reason string }

func (e *errPath) Error() string { return e.reason }

func badPath(format string, a ...any) error { return &errPath{fmt.Sprintf(format, a...)} }

// parsePath reads the escaped path of a URL into steps, as the profile's
// generation does (spec hyperbeam-http §2.1): percent-decode everything first, then
// split; empty segments do not count; nothing is cleaned.
func parsePath(escaped string, p *patchdev.Profile) ([]step, error) {
	path, err := unescape(escaped)
	if err != nil {
		return nil, err
	}
	if p.DoubleDecode {
		// A second decoding that fails leaves the text as it is: only the first one
		// sees what the client wrote.
		if again, err := unescape(path); err == nil {
			path = again
		}
	}
	steps := make([]step, 0, 6)
	depth, quoted, start := 0, false, 0
	for i := 0; i <= len(path); i++ {
		if i < len(path) {
			switch c := path[i]; {
			case c == '"' && p.NameValue:
				quoted = !quoted
				continue
			case quoted:
				continue
			case c == '(':
				depth++
				continue
			case c == ')':
				depth--
				continue
			case c != '/' || depth > 0:
				continue
			}
		}
		segment := path[start:i]
		start = i + 1
		if segment == "" {
			continue
		}
		if len(segment) > maxSegment {
			return nil, badPath("a path segment of %d bytes is longer than %d", len(segment), maxSegment)
		}
		if err := appendSegment(&steps, segment, p); err != nil {
			return nil, err
		}
	}
	if depth != 0 {
		return nil, badPath("parentheses in the path do not match")
	}
	return steps, nil
}

// unescape decodes %xx once. A plus sign stays one.
func unescape(s string) (string, error) {
	at := strings.IndexByte(s, '%')
	if at < 0 {
		return s, nil
	}
	out := append(make([]byte, 0, len(s)), s[:at]...)
	for i := at; i < len(s); i++ {
		if s[i] != '%' {
			out = append(out, s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", badPath("a percent sign without two hex digits")
		}
		hi, ok1 := hexDigit(s[i+1])
		lo, ok2 := hexDigit(s[i+2])
		if !ok1 || !ok2 {
			return "", badPath("%q is no percent escape", s[i:i+3])
		}
		out = append(out, hi<<4|lo)
		i += 2
	}
	return string(out), nil
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// isID says whether a segment means a stored message.
func isID(s string) bool { return len(s) == 43 || len(s) == 42 || len(s) == 32 }

// appendSegment parses one segment. A segment in parentheses is a path of its
// own, whose steps take the segment's place.
func appendSegment(steps *[]step, s string, p *patchdev.Profile) error {
	if len(s) > 1 && s[0] == '(' && s[len(s)-1] == ')' {
		inner, err := parsePath(escapeAgain(s[1:len(s)-1]), p)
		if err != nil {
			return err
		}
		*steps = append(*steps, inner...)
		return nil
	}
	if isID(s) {
		*steps = append(*steps, step{name: s})
		return nil
	}
	cut := "~&+"
	switch {
	case p.NameValue:
		cut = "~&+ ="
	case p.IndexPage: // June 2025 and later
		cut = "~&+ "
	}
	name, mods := splitTop(s, cut)
	st := step{name: name}
	if !p.NameValue && strings.HasPrefix(mods, "+") || strings.HasPrefix(mods, " ") {
		return badPath("the segment %q has %q after its name, which no node can read", s, mods[:1])
	}
	for mods != "" {
		mod := mods[0]
		end := "~&"
		if mod == '=' {
			end = "&" // a tilde belongs to the value
		}
		body, rest := splitTop(mods[1:], end)
		mods = rest
		switch mod {
		case '~':
			if strings.HasPrefix(body, "(") && strings.HasSuffix(body, ")") {
				body = body[1 : len(body)-1]
			}
			st.device = body
		case '&':
			key, val, err := parseParam(body, p)
			if err != nil {
				return err
			}
			st.params = append(st.params, param{key, val})
		case '=': // name=V: the step's own name is a parameter too
			st.params = append(st.params, param{strings.ToLower(name), patchdev.String(unquote(body))})
		case '+': // name+type=V; without a value it is cut off
			if typ, v, ok := strings.Cut(body, "="); ok {
				val, err := typed(typ, unquote(v))
				if err != nil {
					return err
				}
				st.params = append(st.params, param{strings.ToLower(name), val})
			}
		}
	}
	*steps = append(*steps, st)
	return nil
}

// escapeAgain protects percent signs of text that was decoded already.
func escapeAgain(s string) string { return strings.ReplaceAll(s, "%", "%25") }

// splitTop cuts s before the first byte of cut that is outside parentheses and quotes.
func splitTop(s, cut string) (string, string) {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth <= 0 && strings.IndexByte(cut, c) >= 0:
			return s[:i], s[i:]
		}
	}
	return s, ""
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// parseParam reads key, key=value or key+type=value. A key alone is true.
func parseParam(s string, p *patchdev.Profile) (string, patchdev.Value, error) {
	key, val, has := strings.Cut(s, "=")
	key = strings.ReplaceAll(key, " ", "+") // in a query, a plus may have become a space
	key, typ, isTyped := strings.Cut(key, "+")
	if p.NameValue {
		val = unquote(val)
	}
	switch {
	case isTyped:
		v, err := typed(typ, val)
		return key, v, err
	case !has:
		return key, patchdev.Bool(true), nil
	}
	return key, patchdev.String(val), nil
}

func typed(typ, s string) (patchdev.Value, error) {
	switch typ {
	case "integer":
		i, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, badPath("%q is not an integer", s)
		}
		return patchdev.Int(i), nil
	case "float":
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, badPath("%q is not a float", s)
		}
		return patchdev.Float(f), nil
	case "atom":
		switch s {
		case "true":
			return patchdev.Bool(true), nil
		case "false":
			return patchdev.Bool(false), nil
		}
		return patchdev.String(s), nil
	case "list":
		var vals []patchdev.Value
		for s != "" {
			part, rest := splitTop(s, ",")
			s = strings.TrimPrefix(rest, ",")
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			v, err := listItem(part)
			if err != nil {
				return nil, err
			}
			vals = append(vals, v)
		}
		return patchdev.NewList(vals...), nil
	case "binary", "resolve", "":
		return patchdev.String(s), nil
	case "map":
		v, err := patchdev.ParseJSON([]byte(s))
		if t, ok := v.(*patchdev.Table); ok && err == nil {
			return t, nil
		}
		return nil, badPath("%q is not a map", s)
	}
	return nil, badPath("there is no type %q", typ)
}

// listItem reads one item of a typed list: quoted text, perhaps with its type
// before it, as nodes write lists in headers; a number; a boolean; or a word.
func listItem(s string) (patchdev.Value, error) {
	if text := unquote(s); len(text) < len(s) {
		if typ, v, ok := strings.Cut(strings.TrimPrefix(text, "(ao-type-"), ") "); ok && strings.HasPrefix(text, "(ao-type-") {
			return typed(typ, v)
		}
		return patchdev.String(text), nil
	}
	switch s {
	case "?1":
		return patchdev.Bool(true), nil
	case "?0":
		return patchdev.Bool(false), nil
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return patchdev.Int(i), nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && strings.Contains(s, ".") {
		return patchdev.Float(f), nil
	}
	return patchdev.String(s), nil
}

// query are the parameters of the query string: for all steps, or for the n-th.
type query struct {
	all    []param
	scoped map[int][]param // by number of the step, from 1
}

// parseQuery reads the query string itself: url.ParseQuery takes a plus for a
// space and refuses semicolons, which nodes do not. A key with a dot whose first
// part is no number is an error (§2.1.7).
func parseQuery(raw string, p *patchdev.Profile) (query, error) {
	var q query
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		key, val, has := strings.Cut(part, "=")
		escaped := strings.Contains(strings.ToLower(key), "%2b")
		key, err := unescape(key)
		if err != nil {
			return q, err
		}
		if val, err = unescape(val); err != nil {
			return q, err
		}
		text := key
		if has {
			text += "=" + val
		}
		var k string
		var v patchdev.Value
		if escaped && !p.TypedQuery {
			k, v = key, patchdev.String(val)
		} else if k, v, err = parseParam(text, p); err != nil {
			return q, err
		}
		if scope, rest, dotted := strings.Cut(k, "."); dotted {
			n, err := strconv.Atoi(scope)
			if err != nil {
				return q, badPath("the query key %q has a dot, and %q is not the number of a path segment", k, scope)
			}
			if q.scoped == nil {
				q.scoped = map[int][]param{}
			}
			q.scoped[n] = append(q.scoped[n], param{rest, v})
			continue
		}
		q.all = append(q.all, param{k, v})
	}
	return q, nil
}

// find returns the last value of a key, names compared without case.
func find(params []param, key string) (patchdev.Value, bool) {
	for i := len(params) - 1; i >= 0; i-- {
		if strings.EqualFold(params[i].key, key) {
			return params[i].val, true
		}
	}
	return nil, false
}
