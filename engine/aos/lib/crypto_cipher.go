package lib

import (
	"bytes"
	"errors"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib/cipher"
	"patchbay/engine/lua53"
)

// openAES makes the module .crypto.cipher.aes.
func (l *Lib) openAES() lua.LValue {
	return l.table(
		lua53.Reg{Name: "encrypt", Fn: func(c *lua53.Call) {
			l.aes(c, []byte(aesString(c, 1)), cipher.EncryptAES)
		}},
		lua53.Reg{Name: "decrypt", Fn: func(c *lua53.Call) {
			// The text is in hexadecimal digits; it ends at what is none.
			var data []byte
			for _, v := range hexValues(c, inCrypto("util.array")) {
				b, ok := lua53.ToInteger(v)
				if !ok {
					break
				}
				data = append(data, byte(b))
			}
			l.aes(c, data, cipher.DecryptAES)
		}},
	)
}

func aesString(c *lua53.Call, i int) string {
	s, ok := text(c.Arg(i))
	if !ok {
		raise(c, inCrypto("util.array"), "bad argument #1 to 'byte' (string expected, got %s)", typeName(c, c.Arg(i)))
	}
	return s
}

// aes runs the cipher over data with the arguments key, iv, mode and key length
// from the second on.
func (l *Lib) aes(c *lua53.Call, data []byte, run func(data, key, iv []byte, mode cipher.Mode, bits int) ([]byte, error)) {
	key := []byte(aesString(c, 2))
	iv := make([]byte, 16)
	if c.Arg(3) != lua.LNil {
		iv = []byte(aesString(c, 3))
	}
	mode := cipher.CBC
	if s, ok := c.Arg(4).(lua.LString); ok {
		mode = cipher.ModeOf(string(s))
	}
	bits := int64(128)
	if n, ok := lua53.ToInteger(c.Arg(5)); ok && (n == 192 || n == 256) {
		bits = n
	}
	hashGas(c, len(data))
	c.Alloc(int64(len(data)))
	out, err := run(data, key, iv, mode, int(bits))
	if err != nil {
		raise(c, inCrypto("cipher.aes"+strconv.FormatInt(bits, 10)), "bad argument #1 to 'bxor' (number expected, got nil)")
	}
	c.Push(l.drained(out))
}

// drained is an object that gives out bytes once, in one of three forms, because
// the library takes them out of a queue; after that it is empty.
func (l *Lib) drained(out []byte) *lua53.Table {
	var tx uint32
	take := func() []byte {
		if l.touch(&tx) {
			old := out
			l.s.Save(func() { out = old })
		}
		b := out
		out = nil
		return b
	}
	return l.table(
		lua53.Reg{Name: "asBytes", Fn: func(c *lua53.Call) { c.Push(l.bytesTable(take())) }},
		lua53.Reg{Name: "asHex", Fn: func(c *lua53.Call) { c.PushString(hexOf(take(), upperHex)) }},
		lua53.Reg{Name: "asString", Fn: func(c *lua53.Call) { c.PushString(string(take())) }},
	)
}

// isaac returns the generator, about to change.
func (l *Lib) isaac() *cipher.Isaac {
	k := &l.crypto
	if l.touch(&k.isaacT) {
		old := k.isaac
		l.s.Save(func() { k.isaac = old })
	}
	return &k.isaac
}

// openIsaac makes the module .crypto.cipher.issac.
func (l *Lib) openIsaac() lua.LValue {
	where := inCrypto("cipher.issac")
	next := func(c *lua53.Call) lua.LValue {
		v, ok, err := l.isaac().Next()
		if err != nil {
			raise(c, where, "%v", err)
		}
		if !ok {
			return lua.LNil
		}
		return lua53.MakeInt(int64(v))
	}
	number := func(c *lua53.Call) lua.LValue {
		v := next(c)
		if v == lua.LNil {
			raise(c, where, "attempt to perform arithmetic on a nil value")
		}
		return v
	}
	return l.table(
		lua53.Reg{Name: "seedIsaac", Fn: func(c *lua53.Call) {
			l.isaac().Seed(stringArg(c, 1, where, "seed"), c.Bool(2))
		}},
		lua53.Reg{Name: "getRandomChar", Fn: func(c *lua53.Call) {
			c.Push(c.Arith("+", c.Arith("%", number(c), lua53.MakeInt(95)), lua53.MakeInt(32)))
		}},
		lua53.Reg{Name: "random", Fn: func(c *lua53.Call) {
			low, high := c.Arg(1), c.Arg(2)
			if !truthy(low) {
				low = lua53.MakeInt(0)
			}
			if !truthy(high) {
				high = lua53.MakeFloat(1<<31 - 1)
			}
			if truthy(c.Arg(3)) {
				l.isaac().Seed(stringArg(c, 3, where, "seed"), true)
			} else {
				l.isaac().Seed(l.mathRandom(c), false)
			}
			span := c.Arith("+", c.Arith("-", high, low), lua53.MakeInt(1))
			c.Push(c.Arith("+", c.Arith("%", number(c), span), low))
		}},
		lua53.Reg{Name: "getRandom", Fn: func(c *lua53.Call) { c.Push(next(c)) }},
		lua53.Reg{Name: "encrypt", Fn: func(c *lua53.Call) {
			msg, key := stringArg(c, 1, where, "msg"), stringArg(c, 2, where, "seed")
			hashGas(c, len(msg))
			c.Alloc(int64(len(msg)))
			out := l.isaac().Crypt(msg, key, false)
			chars := l.pieces(single(out))
			c.Push(l.joined(chars))
		}},
		lua53.Reg{Name: "decrypt", Fn: func(c *lua53.Call) {
			msg, key := stringArg(c, 1, where, "encrypted"), stringArg(c, 2, where, "seed")
			hashGas(c, len(msg))
			c.Alloc(int64(len(msg)))
			c.PushString(string(l.isaac().Crypt(msg, key, true)))
		}},
	)
}

// mathRandom is tostring(math.random(2^31-1)), whatever math.random is now.
func (l *Lib) mathRandom(c *lua53.Call) string {
	where := inCrypto("cipher.issac")
	m := index(c, where, l.s.Globals().GetString("math"), lua.LString("random"), "global 'math'")
	return c.ToString(first(c, m, lua53.MakeFloat(1<<31-1)))
}

// joined is an object that shows a list of strings: as the list, and joined.
func (l *Lib) joined(list *lua53.Table) *lua53.Table {
	join := func(c *lua53.Call) []byte {
		var out []byte
		for i := int64(1); i <= list.Len(); i++ {
			s, ok := text(list.GetInt(i))
			if !ok {
				raise(c, "", "invalid value (%s) at index %d in table for 'concat'", typeName(c, list.GetInt(i)), i)
			}
			out = append(out, s...)
		}
		c.Alloc(int64(len(out)))
		return out
	}
	return l.table(
		lua53.Reg{Name: "asBytes", Fn: func(c *lua53.Call) { c.Push(list) }},
		lua53.Reg{Name: "asString", Fn: func(c *lua53.Call) { c.PushString(string(join(c))) }},
		lua53.Reg{Name: "asHex", Fn: func(c *lua53.Call) { c.PushString(hexOf(join(c), lowerHex)) }},
	)
}

// openMorus makes the module .crypto.cipher.morus.
func (l *Lib) openMorus() lua.LValue {
	where := inCrypto("cipher.morus")
	t := l.table(
		lua53.Reg{Name: "state_update", Fn: func(c *lua53.Call) { l.morusUpdate(c, where) }},
		lua53.Reg{Name: "encrypt", Fn: func(c *lua53.Call) {
			key, nonce := stringArg(c, 1, where, "key"), stringArg(c, 2, where, "iv")
			msg, extra := stringArg(c, 3, where, "m"), optString(c, 4, where, "ad")
			hashGas(c, len(msg)+len(extra))
			c.Alloc(int64(len(msg) + len(extra)))
			parts, err := cipher.EncryptMorus([]byte(key), []byte(nonce), []byte(msg), []byte(extra))
			assert(c, err == nil, where, errText(err))
			c.Push(l.joined(l.pieces(parts)))
		}},
		lua53.Reg{Name: "decrypt", Fn: func(c *lua53.Call) {
			key, nonce := stringArg(c, 1, where, "key"), stringArg(c, 2, where, "iv")
			msg := stringArg(c, 3, where, "e")
			extra := int64(0)
			if truthy(c.Arg(4)) {
				extra = c.Int(4)
			}
			hashGas(c, len(msg))
			c.Alloc(int64(len(msg)))
			out, err := cipher.DecryptMorus([]byte(key), []byte(nonce), []byte(msg), int(min(max(extra, 0), 1<<40)))
			l.pushPlain(c, where, out, err, cipher.ErrDecrypt)
		}},
	)
	l.set(t, "key_size", lua53.MakeInt(cipher.MorusKeySize))
	l.set(t, "nonce_size", lua53.MakeInt(cipher.MorusNonceSize))
	l.set(t, "variant", lua.LString("Morus-1280"))
	return t
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// pushPlain gives back a decrypted text, or nil and a message when its tag is wrong.
func (l *Lib) pushPlain(c *lua53.Call, where at, out []byte, err, wrongTag error) {
	switch {
	case err == nil:
		c.PushString(string(out))
	case errors.Is(err, wrongTag):
		c.PushNil()
		c.PushString(err.Error())
	case errors.Is(err, cipher.ErrShort):
		raise(c, where, "%v", err)
	default:
		assert(c, false, where, err.Error())
	}
}

// morusUpdate is the permutation on a list of twenty words, which it changes.
func (l *Lib) morusUpdate(c *lua53.Call, where at) {
	t := pairsOf(c, where, c.Arg(1))
	words := make([]int64, 20)
	if !t.ReadInts(words) {
		raise(c, where, "attempt to perform bitwise operation on a nil value (local 's00')")
	}
	var s cipher.MorusState
	for i, w := range words {
		s[i/4][i%4] = uint64(w)
	}
	var m [4]uint64
	for i := range m {
		m[i] = uint64(c.Int(i + 2))
	}
	s.Update(m)
	for i := range words {
		l.s.SetInt(t, int64(i+1), lua53.MakeInt(int64(s[i/4][i%4])))
	}
}

// openNorx makes the module .crypto.cipher.norx.
func (l *Lib) openNorx() lua.LValue {
	where := inCrypto("cipher.norx")
	t := l.table(
		lua53.Reg{Name: "encrypt", Fn: func(c *lua53.Call) {
			key, nonce, msg := stringArg(c, 1, where, "k"), stringArg(c, 2, where, "n"), stringArg(c, 3, where, "plain")
			header, trailer := optString(c, 4, where, "header"), optString(c, 5, where, "trailer")
			hashGas(c, len(msg)+len(header)+len(trailer))
			c.Alloc(int64(len(msg)))
			parts, err := cipher.EncryptNorx([]byte(key), []byte(nonce), []byte(msg), []byte(header), []byte(trailer))
			if err != nil {
				raise(c, where, "%v", err)
			}
			list, whole := l.pieces(parts), bytes.Join(parts, nil)
			c.Push(l.shown(whole, func() lua.LValue { return list }))
		}},
		lua53.Reg{Name: "decrypt", Fn: func(c *lua53.Call) {
			key, nonce, msg := stringArg(c, 1, where, "k"), stringArg(c, 2, where, "n"), stringArg(c, 3, where, "crypted")
			header, trailer := optString(c, 4, where, "header"), optString(c, 5, where, "trailer")
			hashGas(c, len(msg)+len(header)+len(trailer))
			c.Alloc(int64(len(msg)))
			out, err := cipher.DecryptNorx([]byte(key), []byte(nonce), []byte(msg), []byte(header), []byte(trailer))
			l.pushPlain(c, where, out, err, cipher.ErrAuth)
		}},
	)
	l.set(t, "key_size", lua53.MakeInt(cipher.NorxKeySize))
	l.set(t, "nonce_size", lua53.MakeInt(cipher.NorxNonceSize))
	l.set(t, "variant", lua.LString("NORX 64-4-1"))
	return t
}
