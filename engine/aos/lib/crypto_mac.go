package lib

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib/digest"
	"patchbay/engine/lua53"
)

// hashOf is the digest of a name that createHmac and pbkdf2 know; no name is sha1.
func hashOf(c *lua53.Call, v lua.LValue, where at) (digest.Hash, string) {
	switch v {
	case lua.LNil, lua.LString("sha1"):
		return digest.SHA1, "sha1"
	case lua.LString("sha256"):
		return digest.SHA256, "sha2_256"
	}
	name, ok := text(v)
	if !ok {
		raise(c, where, "attempt to concatenate a %s value (local 'algorithm')", typeName(c, v))
	}
	raise(c, where, "Unsupported algorithm: %s", name)
	return nil, ""
}

// hmac is an HMAC that a script drives itself, over any digest object.
type hmac struct {
	l            *Lib
	block        int64
	makeDigest   lua.LValue
	digest       lua.LValue
	inner, outer []byte
	tx           uint32
}

func (h *hmac) save() {
	if h.l.touch(&h.tx) {
		old := *h
		h.l.s.Save(func() { old.tx = h.tx; *h = old })
	}
}

var inHmac = inCrypto("mac.hmac")

// call calls a method of a digest object.
func (h *hmac) call(c *lua53.Call, o lua.LValue, name string, args ...lua.LValue) lua.LValue {
	f := index(c, inHmac, o, lua.LString(name), "upvalue 'digest'")
	if !callable(c, f) {
		raise(c, inHmac, "attempt to call a %s value (field '%s')", typeName(c, f), name)
	}
	return first(c, f, args...)
}

// stream makes a stream over bytes.
func (h *hmac) stream(b []byte) lua.LValue { return h.l.newStream(lua.LString(b)) }

// setKey hashes a key that is longer than a block, fills it up and makes the pads.
func (h *hmac) setKey(c *lua53.Call, key lua.LValue) {
	if h.makeDigest == lua.LNil {
		raise(c, inHmac, "Digest not set")
	}
	size := sizeOf(c, key, inCrypto("util.array"))
	k := arrayBytes(c, key, inHmac, "local 'key'")
	if size > h.block {
		d := h.call(c, first(c, h.makeDigest), "update", h.stream(k))
		k = arrayBytes(c, h.call(c, h.call(c, d, "finish"), "asBytes"), inHmac, "local 'key'")
	}
	c.Alloc(2 * max(h.block, 0))
	inner, outer := make([]byte, max(h.block, 0)), make([]byte, max(h.block, 0))
	copy(inner, k)
	copy(outer, k)
	for i := range inner {
		inner[i] ^= 0x36
		outer[i] ^= 0x5c
	}
	h.save()
	h.inner, h.outer = inner, outer
}

func (h *hmac) start(c *lua53.Call) {
	h.call(c, h.call(c, h.digest, "init"), "update", h.stream(h.inner))
}

func (h *hmac) finish(c *lua53.Call) {
	inner := arrayBytes(c, h.call(c, h.call(c, h.digest, "finish"), "asBytes"), inHmac, "local 'inner'")
	d := h.call(c, h.call(c, h.digest, "init"), "update", h.stream(h.outer))
	h.call(c, h.call(c, d, "update", h.stream(inner)), "finish")
}

func (h *hmac) object() *lua53.Table {
	l := h.l
	t := l.s.NewTable()
	method := func(name string, f func(c *lua53.Call)) {
		l.set(t, name, l.function(name, func(c *lua53.Call) {
			f(c)
			c.Push(t)
		}))
	}
	method("setBlockSize", func(c *lua53.Call) {
		n := c.Int(1)
		h.save()
		h.block = n
	})
	method("setDigest", func(c *lua53.Call) {
		h.save()
		h.makeDigest = c.Arg(1)
		h.digest = first(c, h.makeDigest)
	})
	method("setKey", func(c *lua53.Call) { h.setKey(c, c.Arg(1)) })
	method("init", h.start)
	method("update", func(c *lua53.Call) { h.call(c, h.digest, "update", c.Arg(1)) })
	method("finish", h.finish)
	for _, name := range []string{"asBytes", "asHex", "asString"} {
		l.set(t, name, l.function(name, func(c *lua53.Call) { c.Push(h.call(c, h.digest, name)) }))
	}
	return l.holding(t, func(visit func(lua.LValue)) {
		visit(h.makeDigest)
		visit(h.digest)
	})
}

func (l *Lib) newHmac() *hmac {
	return &hmac{l: l, block: 64, makeDigest: lua.LNil, digest: lua.LNil}
}

// digestMaker is the function that makes a digest object of a name.
func (l *Lib) digestMaker(name string) lua.LValue {
	if name == "sha1" {
		return l.part("digest.sha1", "SHA1")
	}
	return l.part("digest.sha2_256", "SHA2_256")
}

// openHmac makes the module .crypto.mac.hmac. hmac works with blocks of 32 bytes,
// where RFC 2104 has 64.
func (l *Lib) openHmac() lua.LValue {
	return l.table(
		lua53.Reg{Name: "hmac", Fn: func(c *lua53.Call) {
			_, name := hashOf(c, c.Arg(3), inHmac)
			h := l.newHmac()
			h.block = 32
			h.makeDigest = l.digestMaker(name)
			h.digest = first(c, h.makeDigest)
			h.setKey(c, c.Arg(2))
			h.start(c)
			h.call(c, h.digest, "update", c.Arg(1))
			h.finish(c)
			c.Push(h.object())
		}},
		lua53.Reg{Name: "HMAC", Fn: func(c *lua53.Call) { c.Push(l.newHmac().object()) }},
	)
}

var inPbkdf2 = inCrypto("kdf.pbkdf2")

// kdf is a PBKDF2 that a script drives itself, over any object like an HMAC.
type kdf struct {
	l                   *Lib
	block, size, rounds int64
	salt, password, prf lua.LValue
	key                 *lua53.Table
	tx                  uint32
}

func (k *kdf) save() {
	if k.l.touch(&k.tx) {
		old := *k
		k.l.s.Save(func() { old.tx = k.tx; *k = old })
	}
}

// finish derives the key through the object's own methods.
func (k *kdf) finish(c *lua53.Call) {
	call := func(o lua.LValue, name string, args ...lua.LValue) lua.LValue {
		f := index(c, inPbkdf2, o, lua.LString(name), "upvalue 'PRF'")
		if !callable(c, f) {
			raise(c, inPbkdf2, "attempt to call a %s value (field '%s')", typeName(c, f), name)
		}
		return first(c, f, args...)
	}
	var out []byte
	blocks := int64(math.Ceil(float64(k.size) / float64(k.block)))
	for b := int64(1); b <= blocks; b++ {
		s := append(arrayBytes(c, k.salt, inPbkdf2, "local 'a'"), byte(b>>24), byte(b>>16), byte(b>>8), byte(b))
		call(k.prf, "setKey", k.password)
		var sum []byte
		for i := int64(1); i <= k.rounds; i++ {
			call(call(k.prf, "init"), "update", k.l.newStream(lua.LString(s)))
			s = arrayBytes(c, call(call(k.prf, "finish"), "asBytes"), inPbkdf2, "local 's'")
			if sum == nil {
				sum = append([]byte(nil), s...)
				continue
			}
			for j := range min(len(sum), len(s)) {
				sum[j] ^= s[j]
			}
		}
		out = append(out, sum...)
	}
	if int64(len(out)) > k.size {
		out = out[:max(k.size, 0)]
	}
	k.save()
	k.key = k.l.bytesTable(out)
}

func (k *kdf) object() *lua53.Table {
	l := k.l
	t := l.s.NewTable()
	setter := func(name string, f func(c *lua53.Call)) {
		l.set(t, name, l.function(name, func(c *lua53.Call) {
			k.save()
			f(c)
			c.Push(t)
		}))
	}
	setter("setBlockLen", func(c *lua53.Call) { k.block = max(c.Int(1), 1) })
	setter("setDKeyLen", func(c *lua53.Call) { k.size = c.Int(1) })
	setter("setIterations", func(c *lua53.Call) { k.rounds = c.Int(1) })
	setter("setSalt", func(c *lua53.Call) { k.salt = c.Arg(1) })
	setter("setPassword", func(c *lua53.Call) { k.password = c.Arg(1) })
	setter("setPRF", func(c *lua53.Call) { k.prf = c.Arg(1) })
	setter("finish", k.finish)
	values := func(c *lua53.Call) []lua.LValue {
		return arrayValues(c, k.derived(), inCrypto("util.array"), "local 'array'")
	}
	show := func(name string, f func(c *lua53.Call)) { l.set(t, name, l.function(name, f)) }
	show("asBytes", func(c *lua53.Call) { c.Push(k.derived()) })
	show("asHex", func(c *lua53.Call) { c.PushString(hexText(c, values(c), inPbkdf2)) })
	show("asString", func(c *lua53.Call) { c.PushString(string(charsOf(c, values(c), inPbkdf2))) })
	return t
}

// derived is the key as a value: nil before finish.
func (k *kdf) derived() lua.LValue {
	if k.key == nil {
		return lua.LNil
	}
	return k.key
}

// openPbkdf2 makes the module .crypto.kdf.pbkdf2.
func (l *Lib) openPbkdf2() lua.LValue {
	fresh := func() *kdf {
		return &kdf{l: l, block: 16, size: 256, rounds: 4096, salt: lua.LNil, password: lua.LNil, prf: lua.LNil}
	}
	return l.table(
		lua53.Reg{Name: "pbkdf2", Fn: func(c *lua53.Call) {
			h, name := hashOf(c, c.Arg(5), inPbkdf2)
			password := arrayBytes(c, c.Arg(1), inHmac, "local 'key'")
			salt := arrayBytes(c, c.Arg(2), inPbkdf2, "local 'a'")
			rounds, size := c.Int(3), max(c.Int(4), 0)
			// The library makes a whole block for every 16 bytes of key.
			c.Charge(min(rounds, 1<<31) * min(size/16+1, 1<<20) * 40)
			c.Alloc(size)
			prf := l.newHmac()
			prf.makeDigest = l.digestMaker(name)
			prf.digest = first(c, prf.makeDigest)
			k := fresh()
			k.size, k.rounds, k.salt, k.password, k.prf = size, rounds, c.Arg(2), c.Arg(1), prf.object()
			k.key = l.bytesTable(digest.PBKDF2(h, password, salt, int(rounds), int(size)))
			c.Push(k.object())
		}},
		lua53.Reg{Name: "PBKDF2", Fn: func(c *lua53.Call) { c.Push(fresh().object()) }},
	)
}
