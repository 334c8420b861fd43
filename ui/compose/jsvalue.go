package compose

import (
	"fmt"
	"regexp"
	"strings"
)

// newStatement says whether what comes next begins a statement of its own: there
// need be no semicolon before it.
func (p *jsParser) newStatement() bool {
	return p.i < len(p.s) && (isIdent(p.s[p.i]) || p.s[p.i] == '$') && p.i > 0 && strings.Contains(p.s[:p.i], "\n")
}

// element reads a value that may stand for all of another list or object: ...x.
func (p *jsParser) element(depth int) (v any, all bool, err error) {
	p.space()
	if all = strings.HasPrefix(p.s[p.i:], spread); all {
		p.i += len(spread)
	}
	if v, err = p.value(depth); err != nil {
		return nil, all, err
	}
	if x, computed := v.(unknown); computed && all {
		v = unknown{spread + x.expr}
	}
	return v, all, nil
}

// sifted matches what takes holes out of a list: [a && { … }].filter(Boolean).
var sifted = regexp.MustCompile(`^\s*\.filter\(\s*(?:Boolean|\(?\w+\)?\s*=>\s*\w+)\s*\)`)

// chained looks at what is called on a list that ended here: what that gives is not
// known, unless it only takes holes out.
func (p *jsParser) chained(start int, list []any) (any, error) {
	if m := sifted.FindString(p.s[p.i:]); m != "" {
		p.i += len(m)
	}
	if p.peek() != '.' {
		return list, nil
	}
	if _, err := p.bare(); err != nil {
		return nil, err
	}
	return unknown{strings.TrimSpace(p.s[start:p.i])}, nil
}

// wordNext says whether a word follows that is no operator: a comma is missing.
func (p *jsParser) wordNext() bool {
	return wordStart.MatchString(p.s[p.i:]) && !operator.MatchString(p.s[p.i:])
}

var (
	wordStart = regexp.MustCompile(`^[A-Za-z_$'"{]`)
	operator  = regexp.MustCompile(`^(?:as|satisfies|in|instanceof)\b`)
)

// named is the value of a constant, or an expression by this name.
func (p *jsParser) named(name string) any {
	if v, ok := p.vars[name]; ok {
		return v
	}
	return unknown{name}
}

// template fills constants into a template text; anything else in it makes it an
// expression.
func (p *jsParser) template(s string) any {
	var b strings.Builder
	for rest := s; ; {
		before, after, ok := strings.Cut(rest, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, tail, ok := strings.Cut(after, "}")
		v, known := p.vars[strings.TrimSpace(name)]
		if !ok || !known {
			return unknown{"`" + s + "`"}
		}
		b.WriteString(text(v))
		rest = tail
	}
}

// constant matches the declaration of a name.
var constant = regexp.MustCompile(`(?:^|[\s;{])(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=\s*`)

// constants reads the constants that are given a literal before the call.
func (p *jsParser) constants() {
	p.vars = map[string]any{}
	for _, m := range constant.FindAllStringSubmatchIndex(p.s, 100) {
		q := jsParser{s: p.s, i: m[1], vars: p.vars}
		if v, err := q.value(0); err == nil {
			if _, open := v.(unknown); !open {
				p.vars[p.s[m[2]:m[3]]] = v
			}
		}
	}
}

// converted matches calls that only make a text of what is in them.
var converted = regexp.MustCompile(`^(JSON\.stringify|String|Number|BigInt)\s*\(`)

// conversion reads JSON.stringify({ … }) and String(5).
func (p *jsParser) conversion(depth int) (v any, ok bool) {
	m := converted.FindStringSubmatchIndex(p.s[p.i:])
	if m == nil {
		return nil, false
	}
	q := jsParser{s: p.s, i: p.i + m[1], vars: p.vars}
	v, err := q.value(depth + 1)
	if err != nil {
		return nil, false
	}
	if q.peek() == ',' { // JSON.stringify(x, null, 2)
		for q.i < len(q.s) && q.s[q.i] != ')' {
			q.i++
		}
	}
	if q.peek() != ')' {
		return nil, false
	}
	if p.s[p.i+m[2]:p.i+m[3]] == "JSON.stringify" {
		b, err := appendJS(nil, v)
		if err != nil {
			return nil, false
		}
		v = string(b)
	}
	p.i = q.i + 1
	return v, true
}

// appendJS writes a literal as JSON, the names of an object in their order.
func appendJS(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case jsObject:
		b = append(b, '{')
		for i, f := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, js(f.name)...), ':')
			var err error
			if b, err = appendJS(b, f.value); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	case []any:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ',')
			}
			var err error
			if b, err = appendJS(b, x); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	case string:
		return append(b, js(v)...), nil
	case nil:
		return append(b, "null"...), nil
	case unknown:
		return nil, fmt.Errorf("%s is computed", v.expr)
	}
	return append(b, text(v)...), nil
}
