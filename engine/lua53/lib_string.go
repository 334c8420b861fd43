package lua53

import (
	"math"
	"strings"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// stringLib holds what the string library remembers between calls: compiled patterns.
type stringLib struct {
	s        *State
	patterns map[patternKey]*pattern
	sets     setCache
}

type patternKey struct {
	text   string
	anchor bool
}

// maxCachedPatterns bounds the cache; when it is full it starts again.
const maxCachedPatterns = 256

// openLibraries opens string, table, math, utf8, bit32, os and io.
func (s *State) openLibraries() {
	s.openString()
	s.openTable()
	s.openMath()
	s.openUTF8()
	s.openBit32()
	s.openOS()
	s.openIO()
}

func (s *State) openString() {
	l := &stringLib{s: s, patterns: map[patternKey]*pattern{}}
	t := s.Library("string", []Reg{
		{"byte", strByte},
		{"char", strChar},
		{"dump", strDump},
		{"find", l.find},
		{"format", strFormat},
		{"gmatch", l.gmatch},
		{"gsub", l.gsub},
		{"len", strLen},
		{"lower", strLower},
		{"match", l.match},
		{"rep", strRep},
		{"reverse", strReverse},
		{"sub", strSub},
		{"upper", strUpper},
		{"pack", strPack},
		{"packsize", strPackSize},
		{"unpack", strUnpack},
	})
	meta := s.NewTable()
	s.Set(meta, lua.LString("__index"), t)
	s.SetStringMetatable(meta)
}

// pattern returns p compiled. What compiling costs is charged whether it is remembered or not, so that gas
// does not depend on what ran before.
func (l *stringLib) pattern(c *Call, p string, anchor bool) *pattern {
	c.Charge(int64(len(p))*8 + 1)
	k := patternKey{p, anchor}
	if pat, ok := l.patterns[k]; ok {
		return pat
	}
	pat := l.sets.compile(p, anchor)
	if len(p) > 1024 {
		return pat
	}
	if len(l.patterns) >= maxCachedPatterns {
		clear(l.patterns)
	}
	l.patterns[k] = pat
	return pat
}

// stringHeader is what a string costs beside its bytes.
const stringHeader = 16

// cut returns s[i:j] and accounts for it. Go's substrings keep the whole string alive, so a small piece of a
// large one is copied: what a script holds must be near what was accounted for.
func (c *Call) cut(s string, i, j int) string {
	c.Alloc(int64(j-i) + stringHeader)
	p := s[i:j]
	if len(s) > 64 && 2*len(p) < len(s) {
		return strings.Clone(p)
	}
	return p
}

// byteStrings holds the strings of one byte ready made, so that s:sub(i, i) does not allocate.
var byteStrings = func() (b [256]val) {
	for i := range b {
		b[i] = strVal(string([]byte{byte(i)}))
	}
	return b
}()

// cutVal is cut as a value.
func (c *Call) cutVal(s string, i, j int) val {
	if j-i == 1 {
		return byteStrings[s[i]]
	}
	return strVal(c.cut(s, i, j))
}

// buffer collects a result string and pays for it as it grows.
type buffer struct {
	c    *Call
	b    []byte
	paid int64
}

// need pays for n more bytes. Whoever appends to b calls it first.
func (b *buffer) need(n int) {
	want := int64(len(b.b)) + int64(n)
	if want <= b.paid {
		return
	}
	limit := b.c.s.limits.Object
	if want > limit {
		b.c.Alloc(want) // says that it is too large
	}
	more := max(want-b.paid, min(max(b.paid, 64), limit-b.paid))
	b.c.Alloc(more)
	b.c.Charge(more / 32)
	b.paid += more
}

func (b *buffer) str(s string) {
	b.need(len(s))
	b.b = append(b.b, s...)
}

func (b *buffer) byte(ch byte) {
	b.need(1)
	b.b = append(b.b, ch)
}

// push makes the collected bytes the next result.
func (b *buffer) push() {
	if len(b.b) > 4096 && cap(b.b)-len(b.b) < len(b.b)/4 {
		b.c.push(strVal(owned(b.b)))
		return
	}
	b.c.push(strVal(string(b.b)))
}

// owned makes a string of bytes that nobody will write to again, without a copy.
func owned(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// fromEnd turns a position that may count from the end into one from the start (posrelat).
func fromEnd(pos int64, length int) int64 {
	switch {
	case pos >= 0:
		return pos
	case pos < -int64(length):
		return 0
	}
	return int64(length) + pos + 1
}

func strLen(c *Call) { c.PushInt(int64(len(c.Str(1)))) }

func strSub(c *Call) {
	s := c.Str(1)
	i := fromEnd(c.Int(2), len(s))
	j := fromEnd(c.OptInt(3, -1), len(s))
	i = max(i, 1)
	j = min(j, int64(len(s)))
	if i > j {
		c.PushString("")
		return
	}
	c.push(c.cutVal(s, int(i-1), int(j)))
}

func strReverse(c *Call) {
	s := c.Str(1)
	c.Alloc(int64(len(s)) + stringHeader)
	c.Charge(int64(len(s)) / 16)
	b := make([]byte, len(s))
	for i := range b {
		b[i] = s[len(s)-1-i]
	}
	c.PushString(owned(b))
}

func strLower(c *Call) { mapCase(c, 'A', 'Z') }

func strUpper(c *Call) { mapCase(c, 'a', 'z') }

// mapCase flips the case of the ASCII letters from … to.
func mapCase(c *Call, from, to byte) {
	s := c.Str(1)
	c.Alloc(int64(len(s)) + stringHeader)
	c.Charge(int64(len(s)) / 16)
	for i := 0; i < len(s); i++ {
		if s[i] < from || s[i] > to {
			continue
		}
		b := []byte(s)
		for ; i < len(b); i++ {
			if b[i] >= from && b[i] <= to {
				b[i] ^= 0x20
			}
		}
		s = owned(b)
	}
	c.PushString(s)
}

func strRep(c *Call) {
	s, n, sep := c.Str(1), c.Int(2), c.OptStr(3, "")
	if n <= 0 {
		c.PushString("")
		return
	}
	l := int64(len(s) + len(sep))
	if l > math.MaxInt32/n { // PUC's MAXSIZE
		c.Errorf("resulting string too large")
	}
	total := l*n - int64(len(sep))
	c.Alloc(total + stringHeader)
	c.Charge(total / 32)
	if sep == "" || n == 1 {
		if s == "" {
			n = 0
		}
		c.PushString(strings.Repeat(s, int(n)))
		return
	}
	if l == 0 {
		c.PushString("")
		return
	}
	c.PushString(strings.Repeat(s+sep, int(n-1)) + s)
}

func strByte(c *Call) {
	s := c.Str(1)
	i := fromEnd(c.OptInt(2, 1), len(s))
	j := fromEnd(c.OptInt(3, i), len(s))
	i = max(i, 1)
	j = min(j, int64(len(s)))
	if i > j {
		return
	}
	if j-i >= maxResults {
		c.Errorf("stack overflow (string slice too long)")
	}
	c.Charge((j - i) / 4)
	for ; i <= j; i++ {
		c.PushInt(int64(s[i-1]))
	}
}

// maxResults is how many values a function may return, as many as fit on PUC's stack.
const maxResults = 999_000

func strChar(c *Call) {
	if c.N() == 1 {
		if n := c.Int(1); uint64(n) <= 255 {
			c.push(byteStrings[n])
			return
		}
	}
	b := make([]byte, c.N())
	for i := range b {
		n := c.Int(i + 1)
		if uint64(n) > 255 {
			c.ArgErrorf(i+1, "value out of range")
		}
		b[i] = byte(n)
	}
	c.Alloc(int64(len(b)) + stringHeader)
	c.PushString(owned(b))
}

// strDump refuses: there is no binary form of functions here.
func strDump(c *Call) {
	c.Func(1)
	c.Errorf("unable to dump given function")
}
