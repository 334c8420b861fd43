package lua53

// string.format's conversions: what C's printf does in the C locale, without printf. The argument
// handling is in lib_string.go; here are pure functions on byte slices.

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// formatRoom is more than any number takes: 99 digits of precision behind 309 of 1e308.
const formatRoom = 512

// formatSpec is one conversion specification, '%' excluded.
type formatSpec struct {
	minus, plus, space, alt, zero bool
	width                         int
	prec                          int // -1: none given
	bare                          bool
	conv                          byte // 0 at the end of the format
}

// parseSpec reads the specification that starts behind the '%' at f[i:] and returns the index behind
// it. Like PUC it takes two digits of width and of precision and five flags.
func parseSpec(f string, i int) (formatSpec, int, error) {
	sp := formatSpec{prec: -1}
	start := i
	for ; i < len(f); i++ {
		switch f[i] {
		case '-':
			sp.minus = true
			continue
		case '+':
			sp.plus = true
			continue
		case ' ':
			sp.space = true
			continue
		case '#':
			sp.alt = true
			continue
		case '0':
			sp.zero = true
			continue
		}
		break
	}
	if i-start > 5 {
		return sp, i, fmt.Errorf("invalid format (repeated flags)")
	}
	number := func() (n int) {
		for k := 0; k < 2 && i < len(f) && isDigit(f[i]); k++ {
			n = n*10 + int(f[i]-'0')
			i++
		}
		return n
	}
	sp.width = number()
	if i < len(f) && f[i] == '.' {
		i++
		sp.prec = number()
	}
	if i < len(f) && isDigit(f[i]) {
		return sp, i, fmt.Errorf("invalid format (width or precision too long)")
	}
	sp.bare = i == start
	if i < len(f) {
		sp.conv = f[i]
		i++
	}
	return sp, i, nil
}

// pad appends prefix+body at least width wide; zeros go between the two.
func (sp *formatSpec) pad(dst []byte, prefix, body string, zeros bool) []byte {
	fill := sp.width - len(prefix) - len(body)
	switch {
	case fill <= 0:
		return append(append(dst, prefix...), body...)
	case sp.minus:
		return appendFill(append(append(dst, prefix...), body...), ' ', fill)
	case zeros && sp.zero:
		return append(appendFill(append(dst, prefix...), '0', fill), body...)
	}
	return append(append(appendFill(dst, ' ', fill), prefix...), body...)
}

func appendFill(dst []byte, c byte, n int) []byte {
	for ; n > 0; n-- {
		dst = append(dst, c)
	}
	return dst
}

func (sp *formatSpec) sign(neg bool) string {
	switch {
	case neg:
		return "-"
	case sp.plus:
		return "+"
	case sp.space:
		return " "
	}
	return ""
}

// appendInt formats for d, i, u, o, x, X.
func (sp *formatSpec) appendInt(dst []byte, n int64) []byte {
	var prefix, body string
	switch sp.conv {
	case 'd', 'i':
		u := uint64(n)
		if n < 0 {
			u = -u
		}
		prefix, body = sp.sign(n < 0), strconv.FormatUint(u, 10)
	case 'u':
		body = strconv.FormatUint(uint64(n), 10)
	case 'o':
		body = strconv.FormatUint(uint64(n), 8)
	default:
		body = strconv.FormatUint(uint64(n), 16)
		if sp.alt && n != 0 {
			prefix = "0x"
		}
		if sp.conv == 'X' {
			prefix, body = strings.ToUpper(prefix), strings.ToUpper(body)
		}
	}
	if sp.prec == 0 && n == 0 {
		body = ""
	}
	if len(body) < sp.prec {
		body = strings.Repeat("0", sp.prec-len(body)) + body
	}
	if sp.conv == 'o' && sp.alt && (body == "" || body[0] != '0') {
		body = "0" + body
	}
	return sp.pad(dst, prefix, body, sp.prec < 0)
}

// appendChar formats for c.
func (sp *formatSpec) appendChar(dst []byte, c byte) []byte {
	return sp.pad(dst, "", string([]byte{c}), false)
}

// appendString formats for s with modifiers.
func (sp *formatSpec) appendString(dst []byte, s string) []byte {
	if sp.prec >= 0 && sp.prec < len(s) {
		s = s[:sp.prec]
	}
	return sp.pad(dst, "", s, false)
}

// appendFloat formats for a, A, e, E, f, g, G.
func (sp *formatSpec) appendFloat(dst []byte, f float64) []byte {
	neg := math.Signbit(f)
	abs := math.Abs(f)
	prefix := sp.sign(neg)
	var body string
	finite := true
	prec := sp.prec
	if prec < 0 {
		prec = 6
	}
	switch {
	case math.IsInf(f, 0):
		body, finite = "inf", false
	case math.IsNaN(f):
		body, finite = "nan", false
	default:
		switch sp.conv | 0x20 {
		case 'e':
			body = strconv.FormatFloat(abs, 'e', prec, 64)
			if sp.alt && prec == 0 {
				k := strings.IndexByte(body, 'e')
				body = body[:k] + "." + body[k:]
			}
		case 'f':
			body = strconv.FormatFloat(abs, 'f', prec, 64)
			if sp.alt && prec == 0 {
				body += "."
			}
		case 'g':
			body = shortestG(abs, prec, sp.alt)
		default:
			prefix += "0x"
			body = hexMantissa(abs, sp.prec, sp.alt)
		}
	}
	if sp.conv < 'a' {
		prefix, body = strings.ToUpper(prefix), strings.ToUpper(body)
	}
	return sp.pad(dst, prefix, body, finite)
}

// shortestG is C's %.<prec>g of a finite number that is not negative.
func shortestG(f float64, prec int, alt bool) string {
	if prec == 0 {
		prec = 1
	}
	e := strconv.FormatFloat(f, 'e', prec-1, 64)
	k := strings.IndexByte(e, 'e')
	mant, exp := e[:k], e[k+1:]
	x, _ := strconv.Atoi(exp)
	if x < -4 || x >= prec {
		return trimG(mant, alt) + "e" + exp
	}
	return trimG(strconv.FormatFloat(f, 'f', prec-1-x, 64), alt)
}

// trimG drops trailing zeros of the fraction; with the '#' flag it makes sure of a point instead.
func trimG(s string, alt bool) string {
	point := strings.IndexByte(s, '.') >= 0
	switch {
	case alt && !point:
		return s + "."
	case alt || !point:
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// hexMantissa is C's %a of a finite number that is not negative, without "0x". A subnormal number has
// the digit 0 before the point and the smallest exponent, as glibc prints it.
func hexMantissa(f float64, prec int, alt bool) string {
	bits := math.Float64bits(f)
	frac := bits & (1<<52 - 1)
	exp := int(bits>>52) & 0x7ff
	lead := uint64(1)
	switch {
	case exp != 0:
		exp -= 1023
	case frac == 0:
		lead = 0
	default:
		lead, exp = 0, -1022
	}
	digits := 13
	if prec >= 0 && prec < 13 {
		// Round half to even at the last digit that stays.
		shift := uint(4 * (13 - prec))
		all := lead<<52 | frac
		rest := all & (1<<shift - 1)
		all >>= shift
		if half := uint64(1) << (shift - 1); rest > half || rest == half && all&1 == 1 {
			all++
		}
		digits = prec
		lead = all >> uint(4*prec)
		frac = all & (1<<uint(4*prec) - 1)
	}
	s := ""
	if digits > 0 {
		s = fmt.Sprintf("%0*x", digits, frac)
	}
	if prec < 0 {
		s = strings.TrimRight(s, "0")
	} else if prec > 13 {
		s += strings.Repeat("0", prec-13)
	}
	if s != "" || alt {
		s = "." + s
	}
	return fmt.Sprintf("%d%sp%+d", lead, s, exp)
}

// appendQuoted is %q of a string: a literal that Lua reads back.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '\n':
			dst = append(dst, '\\', c)
		case c < 32 || c == 127:
			dst = append(dst, '\\')
			if i+1 < len(s) && isDigit(s[i+1]) {
				dst = append(dst, '0'+c/100, '0'+c/10%10, '0'+c%10)
			} else {
				dst = strconv.AppendUint(dst, uint64(c), 10)
			}
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// quotedInt and quotedFloat are %q of numbers.
func quotedInt(n int64) string {
	if n == math.MinInt64 {
		return "0x8000000000000000"
	}
	return strconv.FormatInt(n, 10)
}

func quotedFloat(f float64) string {
	sp := formatSpec{conv: 'a', prec: -1}
	return string(sp.appendFloat(nil, f))
}
