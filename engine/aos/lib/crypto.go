package lib

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib/cipher"
	"patchbay/engine/lua53"
)

// inCrypto is the place of errors in the crypto modules, by module.
func inCrypto(name string) at { return at(`[string ".crypto.` + name + `"]:40: `) }

// crypto is what the crypto modules of a process remember.
type crypto struct {
	isaac  cipher.Isaac
	isaacT uint32 // the transaction in which it was saved last
	// recent are the streams made last, so that a digest can read them without a
	// call for each byte.
	recent [8]recentStream
	next   int
}

type recentStream struct {
	fn *lua.LFunction
	st *byteStream
}

// cryptoModules are the modules of .crypto.
func cryptoModules() []module {
	return []module{
		{".crypto", (*Lib).openCrypto},
		{".crypto.init", (*Lib).openCrypto},
		{".crypto.util", (*Lib).openCryptoUtil},
		{".crypto.util.init", (*Lib).openCryptoUtil},
		{".crypto.util.bit", (*Lib).openCryptoBit},
		{".crypto.util.queue", (*Lib).openQueue},
		{".crypto.util.stream", (*Lib).openStream},
		{".crypto.util.hex", (*Lib).openHex},
		{".crypto.util.array", (*Lib).openArray},
		{".crypto.digest", (*Lib).openDigest},
		{".crypto.digest.init", (*Lib).openDigest},
		{".crypto.digest.md2", (*Lib).openMD2},
		{".crypto.digest.md4", (*Lib).openMD4},
		{".crypto.digest.md5", (*Lib).openMD5},
		{".crypto.digest.sha1", (*Lib).openSHA1},
		{".crypto.digest.sha2_256", (*Lib).openSHA256},
		{".crypto.digest.sha2_512", (*Lib).openSHA512},
		{".crypto.digest.sha3", (*Lib).openSHA3},
		{".crypto.digest.blake2b", (*Lib).openBlake2b},
		{".crypto.cipher", (*Lib).openCipher},
		{".crypto.cipher.init", (*Lib).openCipher},
		{".crypto.cipher.aes", (*Lib).openAES},
		{".crypto.cipher.issac", (*Lib).openIsaac},
		{".crypto.cipher.morus", (*Lib).openMorus},
		{".crypto.cipher.norx", (*Lib).openNorx},
		{".crypto.mac", (*Lib).openMac},
		{".crypto.mac.init", (*Lib).openMac},
		{".crypto.mac.hmac", (*Lib).openHmac},
		{".crypto.kdf", (*Lib).openKdf},
		{".crypto.kdf.init", (*Lib).openKdf},
		{".crypto.kdf.pbkdf2", (*Lib).openPbkdf2},
		{".crypto.cipher.aes128", openBlockCipher(128)},
		{".crypto.cipher.aes192", openBlockCipher(192)},
		{".crypto.cipher.aes256", openBlockCipher(256)},
		{".crypto.cipher.mode.cbc", openMode("cbc")},
		{".crypto.cipher.mode.ecb", openMode("ecb")},
		{".crypto.cipher.mode.cfb", openMode("cfb")},
		{".crypto.cipher.mode.ofb", openMode("ofb")},
		{".crypto.cipher.mode.ctr", openMode("ctr")},
		{".crypto.padding.zero", (*Lib).openPadding},
	}
}

// versioned is a table with aos' version of the crypto modules and what else it
// holds: names and values in turn.
func (l *Lib) versioned(fields ...any) *lua53.Table {
	t := l.s.NewTable()
	l.set(t, "_version", lua.LString("0.0.1"))
	for i := 0; i+1 < len(fields); i += 2 {
		name, okn := fields[i].(string)
		v, okv := fields[i+1].(lua.LValue)
		if okn && okv {
			l.set(t, name, v)
		}
	}
	return t
}

// part is a field of a module, or the module itself for an empty name.
func (l *Lib) part(module, name string) lua.LValue {
	v := l.Require(".crypto." + module)
	if t, ok := v.(*lua53.Table); ok && name != "" {
		return t.GetString(name)
	}
	return v
}

func (l *Lib) openCrypto() lua.LValue {
	return l.versioned(
		"digest", l.part("digest.init", ""),
		"utils", l.part("util.init", ""),
		"cipher", l.part("cipher.init", ""),
		"random", l.part("cipher.issac", "random"),
		"mac", l.part("mac.init", ""),
		"kdf", l.part("kdf.init", ""),
	)
}

func (l *Lib) openCryptoUtil() lua.LValue {
	return l.versioned(
		"bit", l.part("util.bit", ""),
		"queue", l.part("util.queue", ""),
		"stream", l.part("util.stream", ""),
		"hex", l.part("util.hex", ""),
		"array", l.part("util.array", ""),
	)
}

// openCryptoBit is the library bit32 itself.
func (l *Lib) openCryptoBit() lua.LValue {
	if t, ok := l.loaded.GetString("bit32").(*lua53.Table); ok {
		return t
	}
	return l.s.NewTable()
}

func (l *Lib) openDigest() lua.LValue {
	return l.versioned(
		"md2", l.part("digest.md2", ""),
		"md4", l.part("digest.md4", ""),
		"md5", l.part("digest.md5", ""),
		"sha1", l.part("digest.sha1", "sha1"),
		"sha2_256", l.part("digest.sha2_256", "sha2_256"),
		"sha2_512", l.part("digest.sha2_512", ""),
		"sha3_256", l.part("digest.sha3", "sha3_256"),
		"sha3_512", l.part("digest.sha3", "sha3_512"),
		"keccak256", l.part("digest.sha3", "keccak256"),
		"keccak512", l.part("digest.sha3", "keccak512"),
		"blake2b", l.part("digest.blake2b", ""),
	)
}

func (l *Lib) openCipher() lua.LValue {
	return l.versioned(
		"issac", l.part("cipher.issac", ""),
		"morus", l.part("cipher.morus", ""),
		"aes", l.part("cipher.aes", ""),
		"norx", l.part("cipher.norx", ""),
	)
}

func (l *Lib) openMac() lua.LValue {
	return l.versioned("createHmac", l.part("mac.hmac", "hmac"))
}

func (l *Lib) openKdf() lua.LValue {
	return l.versioned("pbkdf2", l.part("kdf.pbkdf2", "pbkdf2"))
}

// touch tells whether a piece of Go state must be saved before it changes: once a
// transaction. tx remembers the last time.
func (l *Lib) touch(tx *uint32) bool {
	now := l.s.Transaction()
	if now == 0 || now == *tx {
		return false
	}
	*tx = now
	return true
}

// stringArg reads a string argument of a crypto function; a number counts as its
// text. Otherwise it raises what the library's use of it does.
func stringArg(c *lua53.Call, i int, where at, what string) string {
	s, ok := text(c.Arg(i))
	if !ok {
		raise(c, where, "attempt to get length of a %s value (local '%s')", typeName(c, c.Arg(i)), what)
	}
	return s
}

// optString is stringArg with "" for nil.
func optString(c *lua53.Call, i int, where at, what string) string {
	if !truthy(c.Arg(i)) {
		return ""
	}
	return stringArg(c, i, where, what)
}

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
)

// hexOf writes bytes as hexadecimal digits.
func hexOf(b []byte, digits string) string {
	out := make([]byte, 0, 2*len(b))
	for _, x := range b {
		out = append(out, digits[x>>4], digits[x&15])
	}
	return string(out)
}

// bytesTable makes a list of bytes.
func (l *Lib) bytesTable(b []byte) *lua53.Table {
	ints := make([]int64, len(b))
	for i, x := range b {
		ints[i] = int64(x)
	}
	return l.s.NewInts(nil, ints)
}

// shown is an object that gives out bytes in three forms.
func (l *Lib) shown(out []byte, bytes func() lua.LValue) *lua53.Table {
	return l.table(
		lua53.Reg{Name: "asBytes", Fn: func(c *lua53.Call) { c.Push(bytes()) }},
		lua53.Reg{Name: "asHex", Fn: func(c *lua53.Call) {
			c.Alloc(int64(2 * len(out)))
			c.PushString(hexOf(out, lowerHex))
		}},
		lua53.Reg{Name: "asString", Fn: func(c *lua53.Call) { c.PushString(string(out)) }},
	)
}

// hashGas is what digesting or encrypting n bytes costs.
func hashGas(c *lua53.Call, n int) { c.Charge(int64(20 + n/4)) }
