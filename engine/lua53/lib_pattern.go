package lua53

// Lua patterns. A pattern is compiled once into a list of items with byte sets and then matched by a
// backtracking machine whose recursion mirrors PUC's do_match call for call: "pattern too complex"
// (MAXCCALLS) is raised for the same subjects. Errors of malformed patterns are items as well, so that
// they are raised only when matching reaches them, as PUC does.

import "errors"

const (
	maxCaptures   = 32  // LUA_MAXCAPTURES
	maxMatchDepth = 200 // MAXCCALLS of lstrlib.c
)

type patOp uint8

const (
	opEnd      patOp = iota // the pattern is used up: success
	opEOS                   // '$' as the last character
	opOpen                  // '('
	opPos                   // '()'
	opClose                 // ')'
	opBalance               // %bxy
	opFrontier              // %f[set]
	opBackRef               // %1 … %9 (and %0, which is an error)
	opErr                   // malformed from here on
	opOne                   // one character of the set
	opOpt                   // x?
	opStar                  // x*
	opPlus                  // x+
	opMin                   // x-
)

type byteSet [256]bool

type patItem struct {
	op   patOp
	lit  bool // the set is the single byte a
	any  bool // the set is all bytes
	a, b byte // literal; the arguments of %b; the digit of a back reference
	set  *byteSet
	err  error
}

// pattern is a compiled Lua pattern without its leading '^'. It is immutable.
type pattern struct {
	items    []patItem
	anchored bool
}

// compilePattern never fails: what is malformed becomes an opErr item. With anchor set a leading '^'
// anchors the pattern (gmatch knows no anchor: there '^' is a plain character).
func compilePattern(p string, anchor bool) *pattern { return new(setCache).compile(p, anchor) }

// setCache shares the sets of single characters and of classes between patterns.
type setCache struct {
	full         *byteSet
	lits, escape [256]*byteSet
}

func (sc *setCache) compile(p string, anchor bool) *pattern {
	c := &pattern{}
	i := 0
	if anchor && len(p) > 0 && p[0] == '^' {
		c.anchored = true
		i = 1
	}
	for i < len(p) {
		ch := p[i]
		switch {
		case ch == '(':
			if i+1 < len(p) && p[i+1] == ')' {
				c.add(patItem{op: opPos})
				i += 2
			} else {
				c.add(patItem{op: opOpen})
				i++
			}
			continue
		case ch == ')':
			c.add(patItem{op: opClose})
			i++
			continue
		case ch == '$' && i+1 == len(p):
			c.add(patItem{op: opEOS})
			i++
			continue
		case ch == '%' && i+1 < len(p) && p[i+1] == 'b':
			if i+3 >= len(p) {
				return c.fail("malformed pattern (missing arguments to '%b')")
			}
			c.add(patItem{op: opBalance, a: p[i+2], b: p[i+3]})
			i += 4
			continue
		case ch == '%' && i+1 < len(p) && p[i+1] == 'f':
			i += 2
			if i >= len(p) || p[i] != '[' {
				return c.fail("missing '[' after '%f' in pattern")
			}
			end, err := classEnd(p, i)
			if err != nil {
				return c.failErr(err)
			}
			c.add(patItem{op: opFrontier, set: bracketSet(p, i, end-1)})
			i = end
			continue
		case ch == '%' && i+1 < len(p) && isDigit(p[i+1]):
			c.add(patItem{op: opBackRef, a: p[i+1]})
			i += 2
			continue
		}
		end, err := classEnd(p, i)
		if err != nil {
			return c.failErr(err)
		}
		it := sc.single(p, i, end)
		i = end
		if i < len(p) {
			switch p[i] {
			case '?':
				it.op = opOpt
				i++
			case '*':
				it.op = opStar
				i++
			case '+':
				it.op = opPlus
				i++
			case '-':
				it.op = opMin
				i++
			}
		}
		c.add(it)
	}
	c.add(patItem{op: opEnd})
	return c
}

func (c *pattern) add(it patItem) { c.items = append(c.items, it) }

func (c *pattern) fail(msg string) *pattern { return c.failErr(errors.New(msg)) }

func (c *pattern) failErr(err error) *pattern {
	c.add(patItem{op: opErr, err: err})
	return c
}

// classEnd returns the index behind the single-character class that starts at i.
func classEnd(p string, i int) (int, error) {
	c := p[i]
	i++
	switch c {
	case '%':
		if i >= len(p) {
			return 0, errors.New("malformed pattern (ends with '%')")
		}
		return i + 1, nil
	case '[':
		if i < len(p) && p[i] == '^' {
			i++
		}
		for first := true; first || i >= len(p) || p[i] != ']'; first = false { // a ']' in first place is a member
			if i >= len(p) {
				return 0, errors.New("malformed pattern (missing ']')")
			}
			esc := p[i] == '%'
			i++
			if esc && i < len(p) {
				i++
			}
		}
		return i + 1, nil
	}
	return i, nil
}

func (sc *setCache) single(p string, i, end int) patItem {
	it := patItem{op: opOne}
	ch := p[i]
	switch ch {
	case '.':
		it.any = true
		if sc.full == nil {
			sc.full = new(byteSet)
			for i := range sc.full {
				sc.full[i] = true
			}
		}
		it.set = sc.full
		return it
	case '[':
		it.set = bracketSet(p, i, end-1)
		return it
	case '%':
		if ch = p[i+1]; isClassLetter(ch) {
			if sc.escape[ch] == nil {
				sc.escape[ch] = new(byteSet)
				addClass(sc.escape[ch], ch)
			}
			it.set = sc.escape[ch]
			return it
		}
	}
	it.lit, it.a = true, ch
	if sc.lits[ch] == nil {
		sc.lits[ch] = new(byteSet)
		sc.lits[ch][ch] = true
	}
	it.set = sc.lits[ch]
	return it
}

// bracketSet reads the set whose '[' is at i and whose ']' is at end.
func bracketSet(p string, i, end int) *byteSet {
	s := new(byteSet)
	neg := false
	i++
	if p[i] == '^' {
		neg = true
		i++
	}
	for ; i < end; i++ {
		switch {
		case p[i] == '%':
			i++
			addClass(s, p[i])
		case p[i+1] == '-' && i+2 < end:
			for c := int(p[i]); c <= int(p[i+2]); c++ {
				s[c] = true
			}
			i += 2
		default:
			s[p[i]] = true
		}
	}
	if neg {
		for c := range s {
			s[c] = !s[c]
		}
	}
	return s
}

func isClassLetter(cl byte) bool {
	switch cl | 0x20 {
	case 'a', 'c', 'd', 'g', 'l', 'p', 's', 'u', 'w', 'x', 'z':
		return isAlpha(cl)
	}
	return false
}

// addClass adds what %cl stands for to s: a class, its complement for a capital, or the character itself.
func addClass(s *byteSet, cl byte) {
	if !isClassLetter(cl) {
		s[cl] = true
		return
	}
	neg := cl&0x20 == 0
	for c := range s {
		if inClass(byte(c), cl|0x20) != neg {
			s[c] = true
		}
	}
}

// inClass answers for the C locale; %z is deprecated but still there.
func inClass(c, lower byte) bool {
	switch lower {
	case 'a':
		return isAlpha(c)
	case 'c':
		return c < 32 || c == 127
	case 'd':
		return isDigit(c)
	case 'g':
		return c > 32 && c < 127
	case 'l':
		return c >= 'a' && c <= 'z'
	case 'p':
		return c > 32 && c < 127 && !isAlpha(c) && !isDigit(c)
	case 's':
		return isSpace(c)
	case 'u':
		return c >= 'A' && c <= 'Z'
	case 'w':
		return isAlpha(c) || isDigit(c)
	case 'x':
		return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
	}
	return c == 0 // 'z'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isSpace(c byte) bool { return c == ' ' || c >= 9 && c <= 13 }
