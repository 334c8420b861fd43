package lua53

import (
	"fmt"
	"strings"
)

// Results of matcher.run that are no position.
const (
	noMatch = -1 // the pattern does not match here
	aborted = -2 // an error is in matcher.err
)

// Lengths of captures that are no length.
const (
	capOpen     = -1
	capPosition = -2
)

type capture struct{ start, len int }

// matcher runs one pattern over one subject. It may be used for many start positions; it is not safe
// for concurrent use. Captures are valid until the next match.
type matcher struct {
	pay
	src   string
	pat   *pattern
	err   error
	depth int
	level int
	caps  [maxCaptures]capture
}

func newMatcher(m meter, src string, pat *pattern) *matcher {
	return &matcher{pay: pay{m: m}, src: src, pat: pat}
}

// at tries to match at position s and returns the end of the match, noMatch or aborted.
func (m *matcher) at(s int) int {
	if err := m.step(1); err != nil {
		return m.abort(err)
	}
	m.level = 0
	m.depth = 0
	if it := &m.pat.items[0]; it.lit && (it.op == opOne || it.op == opPlus) && (s >= len(m.src) || m.src[s] != it.a) {
		return noMatch // by far the most frequent outcome of a search
	}
	return m.run(s, 0)
}

// search finds the first match at or after s. It returns start and end, or noMatch or aborted as start.
func (m *matcher) search(s int) (int, int) {
	first := &m.pat.items[0]
	skip := first.lit && (first.op == opOne || first.op == opPlus)
	for {
		if skip && !m.pat.anchored {
			if s > len(m.src) {
				return noMatch, 0
			}
			k := strings.IndexByte(m.src[s:], first.a)
			if k < 0 {
				k = len(m.src) - s
			}
			if err := m.step(int64(k)/16 + 1); err != nil {
				return m.abort(err), 0
			}
			s += k
		}
		switch e := m.at(s); {
		case e >= 0:
			return s, e
		case e == aborted:
			return aborted, 0
		}
		if m.pat.anchored || s >= len(m.src) {
			return noMatch, 0
		}
		s++
	}
}

// finish charges what the matches so far have cost.
func (m *matcher) finish() error {
	if m.err != nil {
		return m.err
	}
	return m.settle()
}

func (m *matcher) abort(err error) int {
	m.err = err
	return aborted
}

func (m *matcher) abortf(format string, args ...any) int {
	return m.abort(fmt.Errorf(format, args...))
}

// run matches the items from p on at position s: PUC's do_match.
func (m *matcher) run(s, p int) int {
	if m.depth++; m.depth > maxMatchDepth {
		return m.abortf("pattern too complex")
	}
	r := m.items(s, p)
	m.depth--
	return r
}

func (m *matcher) items(s, p int) int {
	for n := int64(1); ; n++ {
		it := &m.pat.items[p]
		switch it.op {
		case opOne:
			if s >= len(m.src) || !it.set[m.src[s]] {
				m.owed += n
				return noMatch
			}
			s++
		case opEnd:
			m.owed += n
			return s
		case opOpt:
			if s < len(m.src) && it.set[m.src[s]] {
				if r := m.run(s+1, p+1); r != noMatch {
					return r
				}
			}
		case opStar:
			return m.maxExpand(s, p, 0)
		case opPlus:
			return m.maxExpand(s, p, 1)
		case opMin:
			return m.minExpand(s, p)
		case opEOS:
			if s != len(m.src) {
				return noMatch
			}
			return s
		case opOpen:
			return m.open(s, p+1, capOpen)
		case opPos:
			return m.open(s, p+1, capPosition)
		case opClose:
			return m.close(s, p+1)
		case opBalance:
			if s = m.balance(s, it.a, it.b); s < 0 {
				return s
			}
		case opFrontier:
			var before, here byte
			if s > 0 {
				before = m.src[s-1]
			}
			if s < len(m.src) {
				here = m.src[s]
			}
			if it.set[before] || !it.set[here] {
				return noMatch
			}
		case opBackRef:
			if s = m.backRef(s, it.a); s < 0 {
				return s
			}
		default:
			return m.abort(it.err)
		}
		p++
	}
}

// maxExpand matches as many repetitions as there are, then gives them back one by one.
func (m *matcher) maxExpand(s, p, least int) int {
	it := &m.pat.items[p]
	end := s
	if it.any {
		end = len(m.src)
	} else {
		src, set := m.src, it.set
		for end < len(src) && set[src[end]] {
			end++
		}
	}
	if err := m.step(int64(end-s)/4 + 1); err != nil {
		return m.abort(err)
	}
	next := &m.pat.items[p+1]
	// What comes next is looked at here before a call is made for it, unless the call would be the one too deep.
	peek := next.op == opOne && m.depth < maxMatchDepth
	for e := end; e >= s+least; e-- {
		if err := m.step(1); err != nil {
			return m.abort(err)
		}
		if peek && (e >= len(m.src) || !next.set[m.src[e]]) {
			continue
		}
		if r := m.run(e, p+1); r != noMatch {
			return r
		}
	}
	return noMatch
}

// minExpand matches as few repetitions as will do.
func (m *matcher) minExpand(s, p int) int {
	it := &m.pat.items[p]
	next := &m.pat.items[p+1]
	peek := next.op == opOne && m.depth < maxMatchDepth
	for ; ; s++ {
		if err := m.step(1); err != nil {
			return m.abort(err)
		}
		if !peek || s < len(m.src) && next.set[m.src[s]] {
			if r := m.run(s, p+1); r != noMatch {
				return r
			}
		}
		if s >= len(m.src) || !it.set[m.src[s]] {
			return noMatch
		}
	}
}

func (m *matcher) open(s, p, what int) int {
	if m.level >= maxCaptures {
		return m.abortf("too many captures")
	}
	m.caps[m.level] = capture{s, what}
	m.level++
	r := m.run(s, p)
	if r == noMatch {
		m.level--
	}
	return r
}

func (m *matcher) close(s, p int) int {
	l := m.level - 1
	for l >= 0 && m.caps[l].len != capOpen {
		l--
	}
	if l < 0 {
		return m.abortf("invalid pattern capture")
	}
	m.caps[l].len = s - m.caps[l].start
	r := m.run(s, p)
	if r == noMatch {
		m.caps[l].len = capOpen
	}
	return r
}

func (m *matcher) balance(s int, open, close byte) int {
	if s >= len(m.src) || m.src[s] != open {
		return noMatch
	}
	nest := 1
	for i := s + 1; i < len(m.src); i++ {
		switch m.src[i] {
		case close: // first: for %bxx the second x closes
			if nest--; nest == 0 {
				if err := m.step(int64(i - s)); err != nil {
					return m.abort(err)
				}
				return i + 1
			}
		case open:
			nest++
		}
	}
	if err := m.step(int64(len(m.src) - s)); err != nil {
		return m.abort(err)
	}
	return noMatch
}

func (m *matcher) backRef(s int, digit byte) int {
	l := int(digit) - '1'
	if l < 0 || l >= m.level || m.caps[l].len == capOpen {
		return m.abortf("invalid capture index %%%d", l+1)
	}
	c := m.caps[l]
	if c.len < 0 { // a position capture: its length is taken for a huge one
		return noMatch
	}
	if err := m.step(int64(c.len)/8 + 1); err != nil {
		return m.abort(err)
	}
	if strings.HasPrefix(m.src[s:], m.src[c.start:c.start+c.len]) {
		return s + c.len
	}
	return noMatch
}

// count is the number of values a match yields: its captures, or the whole match if it has none.
func (m *matcher) count() int {
	if m.level == 0 {
		return 1
	}
	return m.level
}

// capture returns the i-th value (from 0) of the match s…e. pos is its value when it is a position
// capture, else 0.
func (m *matcher) capture(i, s, e int) (str string, pos int, err error) {
	if i >= m.level {
		if i != 0 {
			return "", 0, fmt.Errorf("invalid capture index %%%d", i+1)
		}
		return m.src[s:e], 0, nil
	}
	switch c := m.caps[i]; c.len {
	case capOpen:
		return "", 0, fmt.Errorf("unfinished capture")
	case capPosition:
		return "", c.start + 1, nil
	default:
		return m.src[c.start : c.start+c.len], 0, nil
	}
}

// plainPattern says whether p has no magic characters, so that a search for it is a plain one.
func plainPattern(p string) bool { return !strings.ContainsAny(p, "^$*+?.([%-") }
