package lib

import (
	"crypto/aes"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// The pieces that .crypto.cipher.aes is made of in aos are modules too: block
// ciphers, modes of operation, padding. They work on lists of bytes and on streams,
// and take pieces that a script brings.

const aesBlock = 16

// openBlockCipher makes .crypto.cipher.aes128 and its like: encrypt(key, block) and
// decrypt(key, block) on lists of bytes.
func openBlockCipher(bits int) func(l *Lib) lua.LValue {
	where := inCrypto("cipher.aes" + strconv.Itoa(bits))
	return func(l *Lib) lua.LValue {
		run := func(decrypt bool) func(*lua53.Call) {
			return func(c *lua53.Call) {
				key := arrayBytes(c, c.Arg(1), where, "local 'key'")
				block := arrayBytes(c, c.Arg(2), where, "local 'a'")
				if len(key) < bits/8 || len(block) < aesBlock {
					raise(c, where, "bad argument #1 to 'bxor' (number expected, got nil)")
				}
				a, err := aes.NewCipher(key[:bits/8])
				if err != nil {
					raise(c, where, "%v", err)
				}
				out := make([]byte, aesBlock)
				if decrypt {
					a.Decrypt(out, block[:aesBlock])
				} else {
					a.Encrypt(out, block[:aesBlock])
				}
				hashGas(c, aesBlock)
				c.Push(l.bytesTable(out))
			}
		}
		t := l.table(lua53.Reg{Name: "encrypt", Fn: run(false)}, lua53.Reg{Name: "decrypt", Fn: run(true)})
		l.set(t, "blockSize", lua53.MakeInt(aesBlock))
		return t
	}
}

// openPadding makes .crypto.padding.zero: a stream of zeros that fills up a block.
// It always gives two bytes more than needed.
func (l *Lib) openPadding() lua.LValue {
	where := inCrypto("padding.zero")
	return l.function("zero", func(c *lua53.Call) {
		size, count := c.Int(1), c.Int(2)
		if size == 0 {
			raise(c, where, "attempt to perform 'n%%%%0'")
		}
		rest := (count - 1) % size
		if rest < 0 {
			rest += size
		}
		left := size - rest + 1
		var tx uint32
		c.Push(l.function("", func(c *lua53.Call) {
			if left <= 0 {
				c.PushNil()
				return
			}
			if l.touch(&tx) {
				old := left
				l.s.Save(func() { left = old })
			}
			left--
			c.PushInt(0)
		}))
	})
}

// mode is a mode of operation at work: the object that Cipher() and Decipher()
// make. Everything it is given may be a script's own.
type mode struct {
	l       *Lib
	where   at
	name    string
	decrypt bool

	key, cipher, padding lua.LValue
	in, out              *queue
	iv                   []lua.LValue // nil before the first block, and always for ECB
	tx                   uint32
}

func (m *mode) save() {
	if m.l.touch(&m.tx) {
		old := *m
		m.l.s.Save(func() { old.tx = m.tx; *m = old })
	}
}

// openMode makes a module .crypto.cipher.mode.*.
func openMode(name string) func(l *Lib) lua.LValue {
	where := inCrypto("cipher.mode." + name)
	return func(l *Lib) lua.LValue {
		fresh := func(decrypt bool) func(*lua53.Call) {
			return func(c *lua53.Call) {
				m := &mode{l: l, where: where, name: name, decrypt: decrypt, key: lua.LNil, cipher: lua.LNil, padding: lua.LNil}
				c.Push(m.object())
			}
		}
		return l.table(lua53.Reg{Name: "Cipher", Fn: fresh(false)}, lua53.Reg{Name: "Decipher", Fn: fresh(true)})
	}
}

func (m *mode) object() *lua53.Table {
	l := m.l
	t := l.s.NewTable()
	method := func(name string, f func(c *lua53.Call)) {
		l.set(t, name, l.function(name, func(c *lua53.Call) {
			m.save()
			f(c)
			c.Push(t)
		}))
	}
	method("setKey", func(c *lua53.Call) { m.key = c.Arg(1) })
	method("setBlockCipher", func(c *lua53.Call) { m.cipher = c.Arg(1) })
	method("setPadding", func(c *lua53.Call) { m.padding = c.Arg(1) })
	method("init", func(*lua53.Call) { m.in, m.out, m.iv = &queue{l: l}, &queue{l: l}, nil })
	method("update", func(c *lua53.Call) { m.update(c, c.Arg(1)) })
	method("finish", func(c *lua53.Call) {
		m.ready(c)
		if !callable(c, m.padding) {
			raise(c, m.where, "attempt to call a %s value (upvalue 'padding')", typeName(c, m.padding))
		}
		m.update(c, first(c, m.padding, m.field(c, "blockSize"), lua53.MakeInt(m.in.head)))
	})
	show := func(name string, f func(c *lua53.Call)) {
		l.set(t, name, l.function(name, func(c *lua53.Call) {
			m.ready(c)
			f(c)
		}))
	}
	drain := func() []lua.LValue {
		var vals []lua.LValue
		for v := m.out.pop(); v != lua.LNil; v = m.out.pop() {
			vals = append(vals, v)
		}
		return vals
	}
	show("getOutputQueue", func(c *lua53.Call) { c.Push(m.out.object()) })
	show("asHex", func(c *lua53.Call) { c.PushString(hexText(c, drain(), m.where)) })
	show("asBytes", func(c *lua53.Call) { c.Push(l.listOf(drain())) })
	show("asString", func(c *lua53.Call) { c.PushString(string(charsOf(c, drain(), m.where))) })
	return l.holding(t, func(visit func(lua.LValue)) {
		visit(m.key)
		visit(m.cipher)
		visit(m.padding)
		for _, q := range []*queue{m.in, m.out} {
			if q != nil {
				q.held(visit)
			}
		}
		for _, v := range m.iv {
			visit(v)
		}
	})
}

// ready raises when init was not called.
func (m *mode) ready(c *lua53.Call) {
	if m.in == nil {
		raise(c, m.where, "attempt to index a nil value (upvalue 'inputQueue')")
	}
}

func (m *mode) field(c *lua53.Call, name string) lua.LValue {
	return index(c, m.where, m.cipher, lua.LString(name), "upvalue 'blockCipher'")
}

func (m *mode) update(c *lua53.Call, stream lua.LValue) {
	m.ready(c)
	if !callable(c, stream) {
		raise(c, m.where, "attempt to call a %s value (local 'messageStream')", typeName(c, stream))
	}
	size, ok := lua53.ToInteger(m.field(c, "blockSize"))
	if !ok {
		raise(c, m.where, "attempt to compare nil with number")
	}
	for v := first(c, stream); v != lua.LNil; v = first(c, stream) {
		m.in.push(v)
		if m.in.head-m.in.tail < size {
			continue
		}
		block := make([]lua.LValue, size)
		for i := range block {
			block[i] = m.in.pop()
		}
		if m.iv == nil && m.name != "ecb" {
			m.iv = block
			continue
		}
		for _, o := range m.block(c, block) {
			m.out.push(o)
		}
	}
}

// block turns one block of input into one of output.
func (m *mode) block(c *lua53.Call, in []lua.LValue) []lua.LValue {
	switch m.name {
	case "ecb":
		if m.decrypt {
			return m.run(c, "decrypt", in)
		}
		return m.run(c, "encrypt", in)
	case "cbc":
		if m.decrypt {
			out := m.xor(c, m.iv, m.run(c, "decrypt", in))
			m.iv = in
			return out
		}
		m.iv = m.run(c, "encrypt", m.xor(c, m.iv, in))
		return m.iv
	}
	pad := m.run(c, "encrypt", m.iv)
	out := m.xor(c, pad, in)
	switch {
	case m.name == "ofb":
		m.iv = pad
	case m.name == "cfb" && m.decrypt:
		m.iv = in
	case m.name == "cfb":
		m.iv = out
	default:
		m.count(c)
	}
	return out
}

// run calls the block cipher.
func (m *mode) run(c *lua53.Call, name string, block []lua.LValue) []lua.LValue {
	f := m.field(c, name)
	if !callable(c, f) {
		raise(c, m.where, "attempt to call a %s value (field '%s')", typeName(c, f), name)
	}
	return arrayValues(c, first(c, f, m.key, m.l.listOf(block)), m.where, "local 'out'")
}

func (m *mode) xor(c *lua53.Call, a, b []lua.LValue) []lua.LValue {
	out := make([]lua.LValue, len(a))
	for i, v := range a {
		out[i] = lua53.MakeInt(int64(word32(c, 1, v, m.where) ^ word32(c, 2, get(b, i), m.where)))
	}
	return out
}

// count adds one to the last eight bytes of the counter.
func (m *mode) count(c *lua53.Call) {
	iv := append([]lua.LValue(nil), m.iv...)
	for i := len(iv) - 1; i >= max(len(iv)-8, 0); i-- {
		n := word32(c, 1, iv[i], m.where) + 1
		iv[i] = lua53.MakeInt(int64(n & 0xff))
		if n <= 0xff {
			break
		}
	}
	m.iv = iv
}
