package lib

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib/bint"
	"patchbay/engine/lua53"
)

// inBint is the place of an error that the library raises with error(), or that
// comes up in its own code.
const inBint at = `[string ".bint"]:560: `

// What lua-bint asserts.
const (
	notABint     = "value cannot be represented by a bint"
	notIntegral  = "value has not integer representation"
	noInteger    = "value has no integer representation"
	divideByZero = "attempt to divide by zero"
)

// bintClass is the integers of one width: what require(".bint")(bits) returns. A
// number is an ordinary table, a list of words of wordBits bits, least
// significant first, whose metatable is the class; scripts can look inside, and
// json.encode writes it as that list.
type bintClass struct {
	l        *Lib
	ar       *bint.Arith
	meta     *lua53.Table
	wordBits int
	ints     []int64 // scratch: the words of a number
	// Scratch numbers: operands, results.
	x, y, z, q, r []uint64
	text          []byte
	// linear and square are the gas of going over the words, and of going over them
	// for each word.
	linear, square int64
}

// openBint makes the module .bint: a function of the width and the word size.
func (l *Lib) openBint() lua.LValue {
	return l.function("bint", func(c *lua53.Call) {
		bits := bintSize(c, 1, 256)
		word := bintSize(c, 2, 32)
		c.Push(l.bintClass(c, bits, word).meta)
	})
}

// bintSize reads a size argument, as lua-bint's arithmetic on it would.
func bintSize(c *lua53.Call, i int, def int64) int64 {
	v := c.Arg(i)
	if !truthy(v) {
		return def
	}
	n, ok := lua53.CoerceNumber(v)
	if !ok {
		raise(c, inBint, "attempt to perform arithmetic on a %s value (local '%s')", typeName(c, v), [...]string{"bits", "wordbits"}[i-1])
	}
	if n.IsInt {
		return n.Int
	}
	return int64(math.Floor(n.Float))
}

// bintClass returns the class of a width, the same one each time.
func (l *Lib) bintClass(c *lua53.Call, bits, word int64) *bintClass {
	key := bits*64 + word
	if b, ok := l.bints[key]; ok {
		return b
	}
	if word == 0 {
		raise(c, inBint, "attempt to perform 'n%%%%0'")
	}
	assert(c, bits%word == 0, inBint, "bitsize is not multiple of word bitsize")
	assert(c, 2*word <= 64, inBint, "word bitsize must be half of the lua integer bitsize")
	assert(c, bits >= 64, inBint, "bitsize must be >= 64")
	assert(c, word >= 8, inBint, "wordbits must be at least 8")
	assert(c, bits%8 == 0, inBint, "bitsize must be multiple of 8")
	c.Alloc(bits) // scratch space and the class; bits is bounded by the object limit
	b := &bintClass{l: l, ar: bint.New(int(bits)), meta: l.s.NewTableSized(0, 96), wordBits: int(word)}
	b.ints = make([]int64, bits/word)
	for _, p := range []*[]uint64{&b.x, &b.y, &b.z, &b.q, &b.r} {
		*p = b.ar.Make()
	}
	if n := bits / 64; n > 8 {
		b.linear, b.square = n/4, n*n/2
	}
	b.open()
	l.bints[key] = b
	if tx := l.s.Transaction(); tx != 0 {
		l.s.Save(func() { delete(l.bints, key) })
	}
	return b
}

// open fills the class table.
func (b *bintClass) open() {
	l := b.l
	l.set(b.meta, "__index", b.meta)
	l.set(b.meta, "bits", lua53.MakeInt(int64(b.ar.Bits())))
	for _, group := range [][]lua53.Reg{b.makers(), b.converters(), b.predicates(), b.inPlace(), b.arithmetic(), b.bitwise(), b.comparisons()} {
		l.define(b.meta, group)
	}
	call := l.table(lua53.Reg{Name: "__call", Fn: func(c *lua53.Call) { c.Push(b.construct(c, c.Arg(2))) }})
	l.s.SetMetatable(b.meta, call)
}

// is tells whether v is a number of this class.
func (b *bintClass) is(v lua.LValue) (*lua53.Table, bool) {
	t, ok := v.(*lua53.Table)
	return t, ok && t.Metatable() == b.meta
}

// load reads the words of a number of this class. A script may have spoilt them.
func (b *bintClass) load(c *lua53.Call, t *lua53.Table, dst []uint64) {
	if !t.ReadInts(b.ints) {
		raise(c, inBint, "attempt to perform arithmetic on a nil value (field '?')")
	}
	if b.wordBits == 32 {
		for i, w := range b.ints {
			if i&1 == 0 {
				dst[i/2] = uint64(uint32(w))
			} else {
				dst[i/2] |= uint64(uint32(w)) << 32
			}
		}
		return
	}
	clear(dst)
	for i, w := range b.ints {
		b.ar.OrWord(dst, i, b.wordBits, uint64(w))
	}
}

// words puts the words of x into ints.
func (b *bintClass) words(x []uint64) {
	if b.wordBits == 32 {
		for i := range b.ints {
			b.ints[i] = int64(uint32(x[i/2] >> uint(i&1*32)))
		}
		return
	}
	for i := range b.ints {
		b.ints[i] = int64(b.ar.Word(x, i, b.wordBits))
	}
}

// wrap makes a new number of the class.
func (b *bintClass) wrap(x []uint64) *lua53.Table {
	b.words(x)
	return b.l.s.NewInts(b.meta, b.ints)
}

// store overwrites the words of a number in place.
func (b *bintClass) store(t *lua53.Table, x []uint64) {
	b.words(x)
	for i, w := range b.ints {
		b.l.s.SetInt(t, int64(i+1), lua53.MakeInt(w))
	}
}

// luaInteger is what lua-bint takes for an integer: an integer, a float with an
// exact integer value, or a string that reads as one of them.
func luaInteger(v lua.LValue) (int64, bool) { return lua53.CoerceInteger(v) }

// convert is bint.tobint: it reads a number of this class, an integer, a float
// with an integer value or a string of digits into dst.
func (b *bintClass) convert(c *lua53.Call, v lua.LValue, dst []uint64) bool {
	switch x := v.(type) {
	case *lua53.Table:
		if x.Metatable() != b.meta {
			return false
		}
		b.load(c, x, dst)
		return true
	case lua.LString:
		return b.parse(c, string(x), dst)
	}
	i, ok := lua53.ToInteger(v)
	if ok {
		b.ar.SetInt64(dst, i)
	}
	return ok
}

// parse is bint.fromstring: decimal, 0x or 0b digits with an optional sign.
func (b *bintClass) parse(c *lua53.Call, s string, dst []uint64) bool {
	digits, neg := s, false
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		neg = digits[0] == '-'
		digits = digits[1:]
	}
	base := 10
	if len(digits) > 2 && digits[0] == '0' {
		switch digits[1] {
		case 'x', 'X':
			base, digits = 16, digits[2:]
		case 'b', 'B':
			base, digits = 2, digits[2:]
		}
	}
	return b.digits(c, digits, base, neg, dst)
}

func (b *bintClass) digits(c *lua53.Call, digits string, base int, neg bool, dst []uint64) bool {
	if len(digits) > 200 {
		c.Charge(int64(len(digits)/16) * (2 + b.linear))
	}
	if !b.ar.SetDigits(dst, digits, base) {
		return false
	}
	if neg {
		b.ar.Neg(dst, dst)
	}
	return true
}

// baseStep is how many digits lua-bint hands to tonumber at once.
func baseStep(base int64) int {
	step, power, limit := 0, int64(1), math.MaxInt64/base
	for {
		step++
		power *= base
		if power >= limit {
			return step
		}
	}
}

// base reads a base argument; ok is false when it is out of range.
func (b *bintClass) base(c *lua53.Call, i int) (base int, ok bool) {
	v := c.Arg(i)
	if !truthy(v) {
		return 10, true
	}
	n, isNum := lua53.ToNumber(v)
	if !isNum {
		raise(c, inBint, "attempt to compare number with %s", typeName(c, v))
	}
	f := n.Float
	if n.IsInt {
		f = float64(n.Int)
	}
	if f < 2 || f > 36 || f != f {
		return 0, false
	}
	if f != math.Floor(f) {
		raise(c, inBint, "bad argument #2 to 'tonumber' (number has no integer representation)")
	}
	return int(f), true
}

// fromBase is bint.frombase. Short texts go through tonumber, which is kinder to
// white space than what reads the long ones.
func (b *bintClass) fromBase(c *lua53.Call) {
	s, ok := c.Arg(1).(lua.LString)
	if !ok {
		return
	}
	base, ok := b.base(c, 2)
	if !ok {
		return
	}
	digits, neg := string(s), false
	if len(digits) < baseStep(int64(base)) {
		digits = strings.Trim(digits, " \f\n\r\t\v")
	}
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		neg = digits[0] == '-'
		digits = digits[1:]
	}
	if b.digits(c, digits, base, neg, b.z) {
		c.Push(b.wrap(b.z))
	}
}

// construct is bint.new: a new number of anything convertible. Like lua-bint it
// hands back what is neither number nor string and not false.
func (b *bintClass) construct(c *lua53.Call, v lua.LValue) lua.LValue {
	if b.convert(c, v, b.z) {
		return b.wrap(b.z)
	}
	_, isString := v.(lua.LString)
	assert(c, truthy(v) && !isString && !lua53.IsNumber(v), inBint, notABint)
	return v
}

// need is construct for operands: it reads v into dst or raises.
func (b *bintClass) need(c *lua53.Call, v lua.LValue, dst []uint64, message string) {
	assert(c, b.convert(c, v, dst), inBint, message)
}

// needInteger is the count of a shift or rotation.
func (b *bintClass) needInteger(c *lua53.Call, v lua.LValue) int64 {
	if t, ok := b.is(v); ok {
		b.load(c, t, b.q)
		return b.ar.Int64(b.q)
	}
	i, ok := luaInteger(v)
	if !ok {
		raise(c, inBint, noInteger)
	}
	return i
}

// number is bint.tonumber: an integer if it fits in 64 bits, else a float.
func (b *bintClass) number(c *lua53.Call, v lua.LValue) (lua53.Number, bool) {
	if t, ok := b.is(v); ok {
		b.load(c, t, b.q)
		if b.ar.IsInt64(b.q) {
			return lua53.Number{IsInt: true, Int: b.ar.Int64(b.q)}, true
		}
		c.Charge(b.square)
		return lua53.Number{Float: b.ar.Float64(b.q)}, true
	}
	return lua53.CoerceNumber(v)
}

// numeric applies an operator to both operands as Lua numbers: what lua-bint does
// when one of them is not integral.
func (b *bintClass) numeric(c *lua53.Call, op string, x, y lua.LValue) lua.LValue {
	return b.numericNamed(c, op, x, y, "", "")
}

// numericNamed is numeric where the library has given the operands names.
func (b *bintClass) numericNamed(c *lua53.Call, op string, x, y lua.LValue, nameX, nameY string) lua.LValue {
	nx, okx := b.number(c, x)
	ny, oky := b.number(c, y)
	switch {
	case !okx:
		raise(c, inBint, "attempt to perform arithmetic on a nil value%s", nameX)
	case !oky:
		raise(c, inBint, "attempt to perform arithmetic on a nil value%s", nameY)
	}
	if nx.IsInt && ny.IsInt && ny.Int == 0 && (op == "//" || op == "%") {
		raise(c, inBint, divideByZero) // the library divides before it takes a remainder
	}
	return c.Arith(op, lua53.MakeNumber(nx), lua53.MakeNumber(ny))
}
