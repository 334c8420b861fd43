package difftest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// A literal is a value in both worlds.
type literal struct {
	text string
	make func(s *lua53.State) lua.LValue
}

func str(v string) literal {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(v); i++ {
		fmt.Fprintf(&b, "\\%03d", v[i])
	}
	b.WriteByte('"')
	return literal{b.String(), func(*lua53.State) lua.LValue { return lua.LString(v) }}
}

func integer(n int64) literal {
	text := strconv.FormatInt(n, 10)
	if n == math.MinInt64 {
		text = "math.mininteger"
	}
	return literal{text, func(*lua53.State) lua.LValue { return lua53.MakeInt(n) }}
}

func float(f float64) literal {
	text := strconv.FormatFloat(f, 'x', -1, 64)
	switch {
	case math.IsInf(f, 1):
		text = "math.huge"
	case math.IsInf(f, -1):
		text = "-math.huge"
	case f != f:
		text = "-(0/0)"
	}
	return literal{text, func(*lua53.State) lua.LValue { return lua53.MakeFloat(f) }}
}

func list(items ...literal) literal {
	var texts []string
	for _, it := range items {
		texts = append(texts, it.text)
	}
	return literal{"{" + strings.Join(texts, ", ") + "}", func(s *lua53.State) lua.LValue {
		t := s.NewTable()
		for i, it := range items {
			s.SetInt(t, int64(i+1), it.make(s))
		}
		return t
	}}
}

var other = []literal{
	{"nil", func(*lua53.State) lua.LValue { return lua.LNil }},
	{"true", func(*lua53.State) lua.LValue { return lua.LTrue }},
	{"{}", func(s *lua53.State) lua.LValue { return s.NewTable() }},
}

type libGen struct {
	r      *rand.Rand
	strict bool // arguments are what they should be
}

func (l *libGen) pick(s ...string) string { return s[l.r.IntN(len(s))] }

// arg makes an argument of the kind that a letter stands for: s string, p pattern, f format, k pack format, r
// replacement, i integer, n number, t table, x anything, d date format.
func (l *libGen) arg(kind byte) literal {
	if kind == 'x' && l.strict {
		kind = 'n'
	}
	if l.r.IntN(25) == 0 && !l.strict {
		return l.arg("sinx"[l.r.IntN(4)])
	}
	switch kind {
	case 's':
		switch l.r.IntN(4) {
		case 0:
			const bytes = "ab1 =.%()\x00\xe9\n[]xyz"
			b := make([]byte, l.r.IntN(12))
			for i := range b {
				b[i] = bytes[l.r.IntN(len(bytes))]
			}
			return str(string(b))
		case 1:
			return str(l.pick("10", "0x1F", "1e2", " 7 ", "9223372036854775807", "-0x8000000000000000", "1e309", "inf", "0x.8p1", "3.0", "", "1 2", "1e", "0x"))
		}
		return str(l.pick("hello world", "x=1, y=2", "(a(b)c)", "aéz€", "\xff\xfe", "  trim  ", "aaaaaaaa", "THE (quick) fox", "key = value", "a.b-c", "\xed\xa0\x80x", "\xf4\x8f\xbf\xbf", "12ab34"))
	case 'p':
		p := ""
		for i := 1 + l.r.IntN(4); i > 0; i-- {
			p += l.pick("%a", "%d", ".", "a", "[a-c]", "[^%s]", "%s", "(", ")", "()", "%b()", "%f[%w]", "%1", "[]]", "[^]]", "[a-]", "[%w_]", "%.", "%%", "x", "$", "^", "%S", "%X", "[%d.]", "%g", "%z", "[\xe9]", "[") +
				l.pick("", "", "", "*", "+", "-", "?")
		}
		return str(l.pick("", "", "^") + p + l.pick("", "", "$"))
	case 'f':
		f := ""
		for i := 1 + l.r.IntN(2); i > 0; i-- {
			f += l.pick("", "a", "%%") + "%" + l.pick("", "", "-", "+", " ", "#", "0", "-0", "+ ", "#0", "+#") + l.pick("", "", "5", "12", "1", "99") + l.pick("", "", ".", ".0", ".3", ".10", ".15", ".20", ".99") +
				l.pick("d", "i", "u", "x", "X", "o", "c", "e", "E", "f", "g", "G", "a", "A", "s", "q", "y")
		}
		return str(f)
	case 'k':
		f := ""
		for i := 1 + l.r.IntN(4); i > 0; i-- {
			f += l.pick("b", "B", "h", "H", "i", "I", "i3", "I7", "j", "J", "T", "f", "d", "n", "s1", "s2", "s", "z", "c3", "c0", "c", "x", "X", "Xi4", "Xd", "<", ">", "=", "!", "!4", "!2", " ", "i16", "I9", "l", "L", "!3", "i17", "y")
		}
		return str(f)
	case 'r':
		return str(l.pick("", "x", "%0", "<%1>", "%2", "%%", "%", "%x", "%0%0", "\x00"))
	case 'd':
		f := l.pick("", "!")
		for i := 1 + l.r.IntN(3); i > 0; i-- {
			f += "%" + l.pick("a", "A", "b", "B", "c", "C", "d", "D", "e", "F", "g", "G", "h", "H", "I", "j", "m", "M", "n", "p", "r", "R", "S", "t", "T", "u", "U", "V", "w", "W", "x", "X", "y", "Y", "z", "%", "Ey", "Od", "Q", "E", "s")
		}
		return str(f)
	case 'D':
		return integer(l.r.Int64N(8e9) - 3e9)
	case 'i':
		switch l.r.IntN(3) {
		case 0:
			return integer([]int64{math.MaxInt64, math.MinInt64, 1 << 53, 1 << 32, -1 << 31, 255, 256, 64, 32, 31}[l.r.IntN(10)])
		case 1:
			return float([]float64{3, 2, 0, -1, 2.5, 1 << 53, 1 << 62}[l.r.IntN(7)])
		}
		return integer(int64(l.r.IntN(16)) - 5)
	case 'I':
		return integer(int64(l.r.IntN(12)) - 4)
	case 'n':
		switch l.r.IntN(5) {
		case 0:
			return integer(l.r.Int64() >> l.r.IntN(60))
		case 1:
			return float([]float64{0, math.Copysign(0, -1), 0.5, 1.5, -2.5, 1e15, 1e16, 1e100, 1e308, 5e-324, math.Inf(1), math.Inf(-1), math.Float64frombits(0x7FF8000000000000), math.Pi, 1e-5, 123456789.125, 1 << 63, -1 << 63, 2.5, 3.5, 1e21, 0.1}[l.r.IntN(22)])
		case 2:
			return float(math.Ldexp(l.r.Float64()*2-1, l.r.IntN(80)-40))
		case 3:
			return float(math.Float64frombits(l.r.Uint64() &^ (1 << 62)))
		}
		return l.arg('i')
	case 't':
		var items []literal
		k := "sni"[l.r.IntN(3)]
		strict := l.strict
		l.strict = true // no nil: the length of a table with holes is anything
		defer func() { l.strict = strict }()
		for i := l.r.IntN(6); i > 0; i-- {
			items = append(items, l.arg(k))
		}
		return list(items...)
	}
	switch l.r.IntN(4) {
	case 0:
		return other[l.r.IntN(len(other))]
	case 1:
		return l.arg('n')
	}
	return l.arg('s')
}

// libCalls are the functions with the kinds of their arguments; behind '?' they are optional.
var libCalls = []struct{ name, args string }{
	{"string.format", "fnn"},
	{"string.format", "fsn"},
	{"string.format", "fsi"},
	{"string.format", "fn"},
	{"string.format", "fnn"},
	{"string.find", "sp?ix"},
	{"string.match", "sp?I"},
	{"string.find", "sp?I"},
	{"string.gsub", "spr?I"},
	{"string.match", "sp"},
	{"string.sub", "si?i"},
	{"string.byte", "s?II"},
	{"string.char", "?iii"},
	{"string.rep", "sI?s"},
	{"string.upper", "s"},
	{"string.lower", "s"},
	{"string.reverse", "s"},
	{"string.len", "x"},
	{"string.pack", "knnsn"},
	{"string.pack", "kiisi"},
	{"string.pack", "kII"},
	{"string.packsize", "k"},
	{"string.unpack", "ks?I"},
	{"string.unpack", "ks"},
	{"tonumber", "s"},
	{"tonumber", "si"},
	{"tonumber", "x"},
	{"tostring", "n"},
	{"tostring", "x"},
	{"math.floor", "n"},
	{"math.ceil", "n"},
	{"math.abs", "n"},
	{"math.max", "nnn"},
	{"math.min", "xn"},
	{"math.fmod", "nn"},
	{"math.fmod", "ii"},
	{"math.modf", "n"},
	{"math.tointeger", "x"},
	{"math.type", "x"},
	{"math.ult", "ii"},
	{"math.sqrt", "n"},
	{"math.frexp", "n"},
	{"math.ldexp", "nI"},
	{"math.log", "n"},
	{"math.pow", "nn"},
	{"math.pow", "nn"},
	{"math.exp", "n"},
	{"math.log", "nI"},
	{"bit32.band", "?nii"},
	{"bit32.bor", "ii"},
	{"bit32.bxor", "ii"},
	{"bit32.bnot", "i"},
	{"bit32.lshift", "iI"},
	{"bit32.rshift", "iI"},
	{"bit32.arshift", "ii"},
	{"bit32.lrotate", "ii"},
	{"bit32.rrotate", "ii"},
	{"bit32.extract", "iI?I"},
	{"bit32.replace", "iiI?I"},
	{"bit32.btest", "ii"},
	{"utf8.char", "?III"},
	{"utf8.len", "s?II"},
	{"utf8.codepoint", "s?II"},
	{"utf8.offset", "sI?I"},
	{"table.concat", "t?sII"},
	{"table.unpack", "t?II"},
	{"table.pack", "?xx"},
	{"select", "I?xx"},
	{"os.date", "dD"},
	{"os.date", "dD"},
	{"rawlen", "x"},
	{"rawequal", "xx"},
	{"type", "?x"},
	{"next", "t"},
	{"assert", "?xx"},
}

// LibraryCalls makes n calls of library functions with arguments that often fit, as Lua text and as answers of
// the engine.
func LibraryCalls(seed uint64, n int) (calls, answers []string) {
	l := &libGen{r: rand.New(rand.NewPCG(seed, 77))}
	s := lua53.New(lua53.Options{Clock: func() int64 { return engineTime }})
	defer s.Close()
	for range n {
		call := libCalls[l.r.IntN(len(libCalls))]
		fn := s.Globals().GetString(call.name)
		if lib, name, ok := strings.Cut(call.name, "."); ok {
			fn = s.Globals().GetString(lib).(*lua53.Table).GetString(name)
		}
		// Overflow of field + width is undefined in C; os.date without a time is now.
		l.strict = call.name == "bit32.extract" || call.name == "bit32.replace" || call.name == "os.date" || call.name == "string.format" || call.name == "string.rep" || call.name == "tostring"
		var texts []string
		var args []lua.LValue
		optional := false
		for i := 0; i < len(call.args); i++ {
			if call.args[i] == '?' {
				optional = true
				continue
			}
			if call.name != "os.date" && (optional && l.r.IntN(3) == 0 || l.r.IntN(60) == 0) {
				break
			}
			a := l.arg(call.args[i])
			texts = append(texts, a.text)
			args = append(args, a.make(s))
		}
		calls = append(calls, "P(pcall("+strings.Join(append([]string{call.name}, texts...), ", ")+"))")
		s.ResetBudget()
		res, err := s.Call(context.Background(), fn, args...)
		answers = append(answers, showAnswer(s, res, err))
	}
	return calls, answers
}

// showAnswer writes what P of the prelude writes for pcall's results.
func showAnswer(s *lua53.State, res []lua.LValue, err error) string {
	out := []string{"true"}
	if err != nil {
		var e *lua53.Error
		if !errors.As(err, &e) || e.Cause != nil {
			return "INTERNAL " + err.Error()
		}
		out, res = []string{"false"}, []lua.LValue{e.Value}
	}
	for _, v := range res {
		out = append(out, showValue(s, v))
	}
	return strings.Join(out, " ")
}

func showValue(s *lua53.State, v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		return quote(string(v))
	case *lua53.Table, *lua.LFunction, *lua53.Coroutine:
		return s.Name(v)
	}
	return s.ToString(v)
}

// quote is %q.
func quote(v string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c == '"' || c == '\\' || c == '\n':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 32 || c == 127:
			if i+1 < len(v) && v[i+1] >= '0' && v[i+1] <= '9' {
				fmt.Fprintf(&b, "\\%03d", c)
			} else {
				fmt.Fprintf(&b, "\\%d", c)
			}
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// CompareCalls makes n library calls on both sides. skipped are calls in a batch that lua5.3 did not finish.
func CompareCalls(ref *Reference, seed uint64, n int) (found []Disagreement, skipped int, err error) {
	const batch = 100
	calls, got := LibraryCalls(seed, n)
	var progs []string
	for i := 0; i < n; i += batch {
		progs = append(progs, Prelude+strings.Join(calls[i:min(n, i+batch)], "\nprint'\\1-'\n"))
	}
	outs, err := ref.RunBatch(progs)
	if err != nil {
		return nil, 0, err
	}
	for b, o := range outs {
		want := strings.Split(strings.TrimSuffix(o, "\n"), "\n\x01-\n")
		from := b * batch
		if to := min(n, from+batch); len(want) != to-from {
			skipped += to - from
			continue
		}
		for i, w := range want {
			if g := got[from+i]; Fold(w) != Fold(g) {
				found = append(found, Disagreement{Seed: seed, Source: calls[from+i], Want: w, Got: g})
			}
		}
	}
	return found, skipped, nil
}
