package lib

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// openHex makes the module .crypto.util.hex.
func (l *Lib) openHex() lua.LValue {
	where := inCrypto("util.hex")
	return l.table(
		lua53.Reg{Name: "stringToHex", Fn: func(c *lua53.Call) {
			s := stringArg(c, 1, where, "s")
			if !truthy(c.Arg(2)) {
				c.Alloc(int64(2 * len(s)))
				c.PushString(hexOf([]byte(s), lowerHex))
				return
			}
			line := c.Int(2)
			if line == 0 && len(s) > 1 {
				raise(c, where, "attempt to perform 'n%%%%0'")
			}
			b := buffer{c: c}
			for i := 0; i < len(s); i++ {
				b.str(hexOf([]byte{s[i]}, lowerHex))
				switch {
				case i == len(s)-1:
				case int64(i+1)%line == 0:
					b.str("\n")
				default:
					b.str(optString(c, 3, where, "sep"))
				}
			}
			c.PushString(b.done())
		}},
		lua53.Reg{Name: "hexToString", Fn: func(c *lua53.Call) {
			s := stringArg(c, 1, where, "hs")
			c.Alloc(int64(len(s)))
			if !truthy(c.Arg(2)) {
				s = squeeze(s)
				for i := 0; i < len(s); i++ {
					if b := s[i]; (b < '0' || b > '9') && (b < 'A' || b > 'Z') && (b < 'a' || b > 'z') {
						raise(c, where, "invalid hex string")
					}
				}
				if len(s)%2 != 0 {
					raise(c, where, "invalid hex string")
				}
			}
			out := make([]byte, 0, len(s))
			for i := 0; i < len(s); i++ {
				if i+1 < len(s) {
					if v, ok := hexPair(s[i], s[i+1]); ok {
						out = append(out, v)
						i++
						continue
					}
				}
				out = append(out, s[i]) // what is no pair of digits stays
			}
			c.PushString(string(out))
		}},
	)
}

// squeeze takes white space out.
func squeeze(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if b := s[i]; b != ' ' && (b < '\t' || b > '\r') {
			out = append(out, b)
		}
	}
	return string(out)
}

// openArray makes the module .crypto.util.array: lists of bytes.
func (l *Lib) openArray() lua.LValue {
	where := inCrypto("util.array")
	values := func(c *lua53.Call, i int, what string) []lua.LValue {
		return arrayValues(c, c.Arg(i), where, what)
	}
	// method calls a function of a queue.
	method := func(c *lua53.Call, q lua.LValue, name string) lua.LValue {
		f := index(c, where, q, lua.LString(name), "local 'queue'")
		if !callable(c, f) {
			raise(c, where, "attempt to call a %s value (field '%s')", typeName(c, f), name)
		}
		return f
	}
	return l.table(
		lua53.Reg{Name: "size", Fn: func(c *lua53.Call) { c.PushInt(sizeOf(c, c.Arg(1), where)) }},
		lua53.Reg{Name: "fromString", Fn: func(c *lua53.Call) {
			s, ok := text(c.Arg(1))
			if !ok {
				raise(c, where, "bad argument #1 to 'byte' (string expected, got %s)", typeName(c, c.Arg(1)))
			}
			c.Charge(int64(len(s)))
			c.Push(l.bytesTable([]byte(s)))
		}},
		lua53.Reg{Name: "toString", Fn: func(c *lua53.Call) {
			c.PushString(string(charsOf(c, values(c, 1, "local 'bytes'"), where)))
		}},
		lua53.Reg{Name: "fromStream", Fn: func(c *lua53.Call) {
			c.Push(l.listOf(drainValues(c, c.Arg(1), where)))
		}},
		lua53.Reg{Name: "readFromQueue", Fn: func(c *lua53.Call) {
			t := l.s.NewTable()
			for i := int64(1); i <= c.Int(2); i++ {
				l.s.SetInt(t, i, first(c, method(c, c.Arg(1), "pop")))
			}
			c.Push(t)
		}},
		lua53.Reg{Name: "writeToQueue", Fn: func(c *lua53.Call) {
			for i := int64(1); i <= sizeOf(c, c.Arg(2), where); i++ {
				c.Call(method(c, c.Arg(1), "push"), index(c, where, c.Arg(2), lua53.MakeInt(i), "local 'array'"))
			}
		}},
		lua53.Reg{Name: "toStream", Fn: func(c *lua53.Call) { c.Push(l.queueOf(values(c, 1, "local 'array'"))) }},
		lua53.Reg{Name: "fromHex", Fn: func(c *lua53.Call) { c.Push(l.listOf(hexValues(c, where))) }},
		lua53.Reg{Name: "toHex", Fn: func(c *lua53.Call) {
			c.PushString(hexText(c, values(c, 1, "local 'array'"), where))
		}},
		lua53.Reg{Name: "concat", Fn: func(c *lua53.Call) {
			c.Push(l.listOf(append(values(c, 1, "local 'a'"), values(c, 2, "local 'b'")...)))
		}},
		lua53.Reg{Name: "truncate", Fn: func(c *lua53.Call) {
			t := l.s.NewTable()
			for i := int64(1); i <= c.Int(2); i++ {
				l.s.SetInt(t, i, index(c, where, c.Arg(1), lua53.MakeInt(i), "local 'a'"))
				c.Charge(1)
			}
			c.Push(t)
		}},
		lua53.Reg{Name: "XOR", Fn: func(c *lua53.Call) {
			t := l.s.NewTable()
			for k, v := range pairsOf(c, where, c.Arg(1)).All {
				w := index(c, where, c.Arg(2), k, "local 'b'")
				l.s.Set(t, k, lua53.MakeInt(int64(word32(c, 1, v, where)^word32(c, 2, w, where))))
				c.Charge(1)
			}
			c.Push(t)
		}},
		lua53.Reg{Name: "substitute", Fn: l.lookUp(where, 1, func(c *lua53.Call, v lua.LValue) lua.LValue {
			return index(c, where, c.Arg(2), v, "local 'sbox'")
		})},
		lua53.Reg{Name: "permute", Fn: l.lookUp(where, 2, func(c *lua53.Call, v lua.LValue) lua.LValue {
			return index(c, where, c.Arg(1), v, "local 'input'")
		})},
		lua53.Reg{Name: "copy", Fn: l.lookUp(where, 1, func(_ *lua53.Call, v lua.LValue) lua.LValue { return v })},
		lua53.Reg{Name: "slice", Fn: func(c *lua53.Call) {
			n := sizeOf(c, c.Arg(1), where)
			bound := func(i int, def int64) int64 {
				v := c.OptInt(i, def)
				if v < 0 {
					v += n + 1
				}
				return v
			}
			t := l.s.NewTable()
			for i, stop := bound(2, 1), bound(3, n); i <= stop; i++ {
				if v := index(c, where, c.Arg(1), lua53.MakeInt(i), "local 'input'"); v != lua.LNil {
					l.s.Append(t, v)
				}
				c.Charge(1)
			}
			c.Push(t)
		}},
	)
}

// lookUp makes a table with the keys of argument i and what pick makes of its values.
func (l *Lib) lookUp(where at, i int, pick func(c *lua53.Call, v lua.LValue) lua.LValue) func(*lua53.Call) {
	return func(c *lua53.Call) {
		t := l.s.NewTable()
		for k, v := range pairsOf(c, where, c.Arg(i)).All {
			l.s.Set(t, k, pick(c, v))
			c.Charge(1)
		}
		c.Push(t)
	}
}

// sizeOf is #v.
func sizeOf(c *lua53.Call, v lua.LValue, where at) int64 {
	switch x := v.(type) {
	case *lua53.Table:
		if x.Metatable() == nil {
			return x.Len()
		}
	case lua.LString:
	default:
		raise(c, where, "attempt to get length of a %s value (local 'array')", typeName(c, v))
	}
	return c.Len(v)
}

// word32 is an operand of bit32.bxor.
func word32(c *lua53.Call, i int, v lua.LValue, where at) uint32 {
	n, ok := lua53.CoerceInteger(v)
	if !ok {
		raise(c, where, "bad argument #%d to 'bxor' (number expected, got %s)", i, typeName(c, v))
	}
	return uint32(n)
}
