package lib

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"hash"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib/digest"
	"patchbay/engine/lua53"
)

// ofStream makes a digest function that reads a stream.
func (l *Lib) ofStream(name string, sum func(msg []byte) []byte) lua.LValue {
	where := inCrypto("digest." + name)
	return l.function(name, func(c *lua53.Call) {
		msg := l.drain(c, c.Arg(1), where)
		hashGas(c, len(msg))
		out := sum(msg)
		c.Push(l.shown(out, func() lua.LValue { return l.bytesTable(out) }))
	})
}

func (l *Lib) openMD2() lua.LValue {
	return l.ofStream("md2", func(msg []byte) []byte { s := digest.MD2(msg); return s[:] })
}

func (l *Lib) openMD4() lua.LValue {
	return l.ofStream("md4", func(msg []byte) []byte { s := digest.MD4(msg); return s[:] })
}

func (l *Lib) openMD5() lua.LValue {
	return l.ofStream("md5", func(msg []byte) []byte { s := md5.Sum(msg); return s[:] })
}

// blockHash is a SHA-1 or SHA-256 that a script drives itself: init, update,
// finish in any order. Like the library's it shows its chaining value at any time;
// finish adds the padding as if it were data.
type blockHash struct {
	l    *Lib
	make func() hash.Hash
	h    hash.Hash
	n    uint64 // bytes so far, padding included
	tx   uint32
}

func (b *blockHash) save() {
	if !b.l.touch(&b.tx) {
		return
	}
	state, n := b.marshal(), b.n
	b.l.s.Save(func() {
		b.h, b.n = b.make(), n
		if u, ok := b.h.(encoding.BinaryUnmarshaler); ok && u.UnmarshalBinary(state) != nil {
			b.h.Reset()
		}
	})
}

func (b *blockHash) marshal() []byte {
	if m, ok := b.h.(encoding.BinaryMarshaler); ok {
		if state, err := m.MarshalBinary(); err == nil {
			return state
		}
	}
	return nil
}

// sum is the chaining value: what the hash marshals after four bytes of name.
func (b *blockHash) sum() []byte {
	if state := b.marshal(); len(state) >= 4+b.h.Size() {
		return state[4 : 4+b.h.Size()]
	}
	return make([]byte, b.h.Size())
}

func (b *blockHash) init() {
	b.save()
	b.h.Reset()
	b.n = 0
}

func (b *blockHash) write(p []byte) {
	b.save()
	b.h.Write(p)
	b.n += uint64(len(p))
}

func (b *blockHash) finish() {
	pad := make([]byte, 1, 72)
	pad[0] = 0x80
	for (b.n+uint64(len(pad)))%64 != 56 {
		pad = append(pad, 0)
	}
	b.write(binary.BigEndian.AppendUint64(pad, b.n*8))
}

// object is the table a script sees.
func (b *blockHash) object(where at) *lua53.Table {
	l := b.l
	t := l.s.NewTable()
	method := func(name string, f func(c *lua53.Call)) {
		l.set(t, name, l.function(name, func(c *lua53.Call) {
			f(c)
			c.Push(t)
		}))
	}
	method("init", func(*lua53.Call) { b.init() })
	method("update", func(c *lua53.Call) {
		p := l.drain(c, c.Arg(1), where)
		hashGas(c, len(p))
		b.write(p)
	})
	method("finish", func(*lua53.Call) { b.finish() })
	show := func(name string, f func(c *lua53.Call)) { l.set(t, name, l.function(name, f)) }
	show("asBytes", func(c *lua53.Call) { c.Push(l.bytesTable(b.sum())) })
	show("asHex", func(c *lua53.Call) { c.PushString(hexOf(b.sum(), lowerHex)) })
	show("asString", func(c *lua53.Call) { c.PushString(string(b.sum())) })
	return t
}

// blockModule makes the module of a blockHash: lower digests a stream, upper makes
// an object to drive.
func (l *Lib) blockModule(name, lower, upper string, create func() hash.Hash) lua.LValue {
	where := inCrypto("digest." + name)
	fresh := func() *blockHash { return &blockHash{l: l, make: create, h: create()} }
	return l.table(
		lua53.Reg{Name: lower, Fn: func(c *lua53.Call) {
			b := fresh()
			p := l.drain(c, c.Arg(1), where)
			hashGas(c, len(p))
			b.write(p)
			b.finish()
			c.Push(b.object(where))
		}},
		lua53.Reg{Name: upper, Fn: func(c *lua53.Call) { c.Push(fresh().object(where)) }},
	)
}

func (l *Lib) openSHA1() lua.LValue { return l.blockModule("sha1", "sha1", "SHA1", sha1.New) }

func (l *Lib) openSHA256() lua.LValue {
	return l.blockModule("sha2_256", "sha2_256", "SHA2_256", sha256.New)
}

// digestArg reads the text of which a digest is made. The library asks for its length,
// which a number has not; padded says that it then puts something behind it, which
// does not go with a table.
func digestArg(c *lua53.Call, where at, what string, padded bool) string {
	v := c.Arg(1)
	if lua53.IsNumber(v) {
		raise(c, where, "attempt to get length of a number value (local '%s')", what)
	}
	if _, ok := v.(*lua53.Table); ok && padded {
		raise(c, where, "attempt to concatenate a table value (local '%s')", what)
	}
	return stringArg(c, 1, where, what)
}

// openSHA512 makes the module .crypto.digest.sha2_512, a function. Its asBytes
// gives the eight words, not bytes.
func (l *Lib) openSHA512() lua.LValue {
	where := inCrypto("digest.sha2_512")
	return l.function("sha2_512", func(c *lua53.Call) {
		msg := digestArg(c, where, "msg", true)
		hashGas(c, len(msg))
		sum := digest.SHA512([]byte(msg))
		c.Push(l.shown(sum[:], func() lua.LValue {
			ints := make([]int64, 8)
			for i := range ints {
				ints[i] = int64(binary.BigEndian.Uint64(sum[8*i:]))
			}
			return l.s.NewInts(nil, ints)
		}))
	})
}

// openSHA3 makes the module .crypto.digest.sha3, whose results have no asBytes.
func (l *Lib) openSHA3() lua.LValue {
	where := inCrypto("digest.sha3")
	t := l.s.NewTable()
	for _, d := range []struct {
		name string
		size int
		sum  func(msg []byte, size int) []byte
	}{{"sha3_256", 32, digest.SHA3}, {"sha3_512", 64, digest.SHA3}, {"keccak256", 32, digest.Keccak}, {"keccak512", 64, digest.Keccak}} {
		l.set(t, d.name, l.function(d.name, func(c *lua53.Call) {
			msg := digestArg(c, where, "buffer", true)
			hashGas(c, len(msg))
			out := d.sum([]byte(msg), d.size)
			c.Push(l.table(
				lua53.Reg{Name: "asString", Fn: func(c *lua53.Call) { c.PushString(string(out)) }},
				lua53.Reg{Name: "asHex", Fn: func(c *lua53.Call) { c.PushString(hexOf(out, lowerHex)) }},
			))
		}))
	}
	return t
}

// openBlake2b makes the module .crypto.digest.blake2b: blake2b(data, size, key).
// Its asBytes gives one-character strings.
func (l *Lib) openBlake2b() lua.LValue {
	where := inCrypto("digest.blake2b")
	return l.function("blake2b", func(c *lua53.Call) {
		size := int64(64)
		if truthy(c.Arg(2)) {
			size = c.Int(2)
		}
		key := optString(c, 3, where, "key")
		if size < 1 || size > 64 || len(key) > 64 {
			c.PushNil()
			c.PushString("illegal parameters")
			return
		}
		msg := digestArg(c, where, "data", false)
		hashGas(c, len(msg))
		out := digest.BLAKE2b([]byte(msg), []byte(key), int(size))
		chars := l.pieces(single(out))
		c.Push(l.shown(out, func() lua.LValue { return chars }))
	})
}

// single cuts bytes into pieces of one.
func single(b []byte) [][]byte {
	out := make([][]byte, len(b))
	for i := range b {
		out[i] = b[i : i+1]
	}
	return out
}

// pieces makes a list of strings.
func (l *Lib) pieces(parts [][]byte) *lua53.Table {
	t := l.s.NewTable()
	for i, p := range parts {
		l.setInt(t, i+1, lua.LString(p))
	}
	return t
}
