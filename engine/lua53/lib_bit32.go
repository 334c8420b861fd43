package lua53

// bit32 is Lua 5.2's library, which 5.3 keeps: all results are unsigned 32-bit numbers. Where two arguments are
// wrong, the second is blamed by the functions in which PUC looks at it first.

func (s *State) openBit32() {
	s.Library("bit32", []Reg{
		{"arshift", bitArshift},
		{"band", func(c *Call) { c.PushInt(int64(bitFold(c, ^uint32(0), func(a, b uint32) uint32 { return a & b }))) }},
		{"bnot", func(c *Call) { c.PushInt(int64(^uint32(c.Int(1)))) }},
		{"bor", func(c *Call) { c.PushInt(int64(bitFold(c, 0, func(a, b uint32) uint32 { return a | b }))) }},
		{"btest", func(c *Call) { c.PushBool(bitFold(c, ^uint32(0), func(a, b uint32) uint32 { return a & b }) != 0) }},
		{"bxor", func(c *Call) { c.PushInt(int64(bitFold(c, 0, func(a, b uint32) uint32 { return a ^ b }))) }},
		{"extract", bitExtract},
		{"lrotate", func(c *Call) { n := c.Int(2); bitRotate(c, uint32(c.Int(1)), n) }},
		{"lshift", func(c *Call) { n := c.Int(2); bitShift(c, uint32(c.Int(1)), n) }},
		{"replace", bitReplace},
		{"rrotate", func(c *Call) { n := c.Int(2); bitRotate(c, uint32(c.Int(1)), -n) }},
		{"rshift", func(c *Call) { n := c.Int(2); bitShift(c, uint32(c.Int(1)), -n) }},
	})
}

func bitFold(c *Call, r uint32, op func(a, b uint32) uint32) uint32 {
	for i := 1; i <= c.N(); i++ {
		r = op(r, uint32(c.Int(i)))
	}
	return r
}

// bitShift shifts left, for negative n right.
func bitShift(c *Call, r uint32, n int64) {
	switch {
	case n <= -32 || n >= 32:
		r = 0
	case n < 0:
		r >>= uint(-n)
	default:
		r <<= uint(n)
	}
	c.PushInt(int64(r))
}

func bitArshift(c *Call) {
	r, n := uint32(c.Int(1)), c.Int(2)
	if n < 0 || r&(1<<31) == 0 {
		bitShift(c, r, -n)
		return
	}
	c.PushInt(int64(uint32(int32(r) >> uint(min(n, 31)))))
}

func bitRotate(c *Call, r uint32, n int64) {
	k := uint(n) & 31
	c.PushInt(int64(r<<k | r>>(32-k)))
}

// bitField reads field and width from arguments arg and arg+1.
func bitField(c *Call, arg int) (field, width uint) {
	f, w := c.Int(arg), c.OptInt(arg+1, 1)
	if f < 0 {
		c.ArgErrorf(arg, "field cannot be negative")
	}
	if w <= 0 {
		c.ArgErrorf(arg+1, "width must be positive")
	}
	if f > 32 || w > 32 || f+w > 32 {
		c.Errorf("trying to access non-existent bits")
	}
	return uint(f), uint(w)
}

func bitExtract(c *Call) {
	r := uint32(c.Int(1))
	f, w := bitField(c, 2)
	c.PushInt(int64(r >> f & uint32(1<<w-1)))
}

func bitReplace(c *Call) {
	r, v := uint32(c.Int(1)), uint32(c.Int(2))
	f, w := bitField(c, 3)
	m := uint32(1<<w - 1)
	c.PushInt(int64(r&^(m<<f) | v&m<<f))
}
