package lib

import (
	"testing"
)

func TestCryptoUtils(t *testing.T) {
	const setup = `c = require(".crypto") A, H, S, Q = c.utils.array, c.utils.hex, c.utils.stream, c.utils.queue
		function show(t) local r = {} for i, v in ipairs(t) do r[i] = tostring(v) end return table.concat(r, ",") end
		function upto(n) local i = 0 return function() i = i + 1 if i <= n then return i end end end`
	probes(t, setup, map[string]string{
		`H.stringToHex(""), H.stringToHex("a\255"), H.stringToHex("abcd", 2), H.stringToHex("abc", 5, ":")`: " 61ff 6162\n6364 61:62:63",
		`H.hexToString("61 62\n63"), H.hexToString("zz61"), H.hexToString("6x", true)`:                      `abc zza 6x`,
		`H.hexToString("616")`: `error: [string ".crypto.util.hex"]:N: invalid hex string`,
		`H.hexToString("6-")`:  `error: [string ".crypto.util.hex"]:N: invalid hex string`,
		`show(A.fromString("abc")), A.toString({ 97, 98 }), A.toHex({ 1, 255 }), show(A.fromHex("01FFff"))`:                                    `97,98,99 ab 01FF 1,255,255`,
		`show(A.fromHex("01fF02")), A.fromHex("01fF02")[3]`:                                                                                    `1 2`,
		`show(A.concat({ 1 }, { 2, 3 })), show(A.truncate({ 1, 2, 3 }, 2)), show(A.slice({ 1, 2, 3 }, 2)), show(A.slice({ 1, 2, 3 }, -2, -2))`: `1,2,3 1,2 2,3 2`,
		`show(A.concat({ 1 }, { 2, 3 })), A.size({ 1, 2 })`:                                                                                    `1,2,3 2`,
		`show(A.XOR({ 1, 2 }, { 3, 4 })), show(A.copy({ 7 })), show(A.substitute({ 1, 2 }, { 9, 8 })), show(A.permute({ 5, 6 }, { 2, 1 }))`:    `2,6 7 9,8 6,5`,
		`A.XOR({ 1 }, {})`: `error: [string ".crypto.util.array"]:N: bad argument #2 to 'bxor' (number expected, got nil)`,
		`show(A.fromStream(upto(3))), show(S.toArray(S.fromString("ab"))), S.toString(S.fromArray({ 104, 105 })), S.toHex(S.fromHex("0aFF"))`: `1,2,3 97,98 hi 0AFF`,
		`show(S.toArray(A.toStream({ 1, 2 })))`: `1,2`,
		`A.toString({ 300 })`:                   `error: [string ".crypto.util.array"]:N: bad argument #1 to 'char' (value out of range)`,
		`(function() local q = Q() q.push("a") q.push("b") local x = q.pop() return x, q.size(), q.getHead(), q.getTail(), q.pop(), q.pop() end)()`: `a 1 2 1 b nil`,
		`(function() local q = Q() A.writeToQueue(q, { 1, 2, 3 }) local r = show(A.readFromQueue(q, 2)) q.reset() return r, q.size() end)()`:        `1,2 0`,
		`(function() local s = S.fromString("ab") s() return show(S.toArray(s)), s() end)()`:                                                        `98`,
	})
}

func TestDigests(t *testing.T) {
	const setup = `c = require(".crypto") d = c.digest S, A = c.utils.stream.fromString, c.utils.array
		function bytes(s) local i = 0 return function() i = i + 1 return s:byte(i) end end`
	probes(t, setup, map[string]string{
		`d.md5(bytes("abc")).asHex(), d.md5(S("abc")).asHex()`: `900150983cd24fb0d6963f7d28e17f72 900150983cd24fb0d6963f7d28e17f72`,
		`d.sha1(bytes("abc")).asHex()`:                         `a9993e364706816aba3e25717850c26c9cd0d89d`,
		`(function() local x = S("abc") x() return d.md5(x).asHex() == d.md5(S("bc")).asHex(), d.md5(x).asHex() end)()`: `true d41d8cd98f00b204e9800998ecf8427e`,
		`d.sha2_256("plain string")`: `error: [string ".crypto.digest.sha2_256"]:N: attempt to call a string value`,
		`d.sha2_512(nil)`:            `error: [string ".crypto.digest.sha2_512"]:N: attempt to get length of a nil value (local 'msg')`,
		`#d.sha2_512("abc").asBytes(), d.sha2_512("abc").asBytes()[1], #d.sha2_512("abc").asString()`:        `8 -2472698702324467014 64`,
		`d.sha3_256("abc").asBytes, d.md5(S("abc")).asBytes()[1]`:                                            `nil 144`,
		`d.blake2b("abc", 2).asBytes()[1] == d.blake2b("abc", 2).asString():sub(1, 1), d.blake2b("abc", 65)`: `true nil illegal parameters`,
		`#d.blake2b("abc", 20, "key").asString()`:                                                            `20`,
		// Objects to drive by hand: in parts, again after init, shown at any time.
		`(function() local x = require(".crypto.digest.sha2_256").SHA2_256() x.update(S("a")).update(S("bc")).finish() return x.asHex() end)()`:                                                                `ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad`,
		`(function() local x = require(".crypto.digest.sha1").SHA1() local a = x.asHex() x.update(S("zzz")).finish().init().update(S("abc")).finish() return a, x.asHex(), #x.asBytes(), #x.asString() end)()`: `67452301efcdab8998badcfe10325476c3d2e1f0 a9993e364706816aba3e25717850c26c9cd0d89d 20 20`,
		`(function() local x = d.sha1(S("abc")) x.update(S("d")).finish() return x.asHex() == d.sha1(S("abc\128" .. ("\0"):rep(59) .. "\24d")).asHex() end)()`:                                                 `true`,
	})
}

func TestCiphers(t *testing.T) {
	const setup = `c = require(".crypto") k16, k32 = "0123456789abcdef", ("0123456789abcdef"):rep(2) aes = c.cipher.aes
		function back(text, mode, bits, key)
			local e = aes.encrypt(text, key or k32, k16, mode, bits).asHex()
			return aes.decrypt(e, key or k32, k16, mode, bits).asString()
		end`
	probes(t, setup, map[string]string{
		`back("hello world 1234"), back("hello", "CFB", 192), back("hello", "OFB", 256):sub(1, 5), back(("x"):rep(40), "CTR"):sub(1, 40) == ("x"):rep(40)`: "hello world 1234 hello\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00 hello true",
		`back("hello", "ECB"):sub(33, 37)`: `hello`,
		`(function() local e = aes.encrypt("hello", k16) local a = #e.asBytes() return a, e.asHex(), #e.asString() end)()`: `16  0`,
		`aes.encrypt("hello", "short")`: `error: [string ".crypto.cipher.aes128"]:N: bad argument #1 to 'bxor' (number expected, got nil)`,
		`aes.encrypt(nil, k16)`:         `error: [string ".crypto.util.array"]:N: bad argument #1 to 'byte' (string expected, got nil)`,
		`c.cipher.issac.decrypt(c.cipher.issac.encrypt("a Top Secret secret", "key").asString(), "key")`:                                `a Top Secret secret`,
		`c.cipher.issac.encrypt("a Top Secret secret", "this is my secret key").asHex()`:                                                `204657272d52274c5c5a7d405e23715051376b`,
		`c.random(1, 10, "seed") == c.random(1, 10, "seed"), math.type(c.random(nil, nil, "seed")), math.type(c.random(1, 10, "seed"))`: `true float integer`,
		`c.cipher.morus.variant, c.cipher.norx.variant, c.cipher.morus.nonce_size, c.cipher.norx.key_size`:                              `Morus-1280 NORX 64-4-1 16 32`,
		`c.cipher.morus.decrypt(k16, k16, c.cipher.morus.encrypt(k16, k16, "hello").asString())`:                                        `hello`,
		`c.cipher.morus.decrypt(k16, k16, ("x"):rep(20))`:                                                                               `nil decrypt error`,
		`c.cipher.morus.encrypt("k", k16, "")`:                                                                                          `error: [string ".crypto.cipher.morus"]:N: key must be 16 or 32 bytes`,
		`c.cipher.morus.encrypt(("\0"):rep(16), ("\0"):rep(16), "").asHex()`:                                                            `5bd2cba68ea7e72f6b3d0c155f39f962`,
		`#c.cipher.morus.encrypt(k16, k16, ("x"):rep(40), "ad").asBytes()`:                                                              `4`,
		`c.cipher.norx.decrypt(k32, k32, c.cipher.norx.encrypt(k32, k32, "hello", "h", "t").asString(), "h", "t")`:                      `hello`,
		`c.cipher.norx.decrypt(k32, k32, ("x"):rep(40))`:                                                                                `nil auth failure`,
		`c.cipher.norx.encrypt(k16, k32, "x")`:                                                                                          `error: [string ".crypto.cipher.norx"]:N: bad argument #2 to 'unpack' (data string too short)`,
	})
}

func TestMacKdf(t *testing.T) {
	const setup = `c = require(".crypto") S, A = c.utils.stream.fromString, c.utils.array.fromString h = require(".crypto.mac.hmac") p = require(".crypto.kdf.pbkdf2")`
	probes(t, setup, map[string]string{
		`c.mac.createHmac(S("ao"), A("key"), "sha256").asHex()`: `91dd3641da6d3315fa47f1b78f53a5a770c7a4c2c722627a9cda8e33dd9819b4`,
		`c.mac.createHmac(S("ao"), A("key")).asHex() == c.mac.createHmac(S("ao"), A("key"), "sha1").asHex(), #c.mac.createHmac(S("ao"), A("key")).asBytes()`: `true 20`,
		`c.mac.createHmac(S("ao"), A("key"), "md5")`: `error: [string ".crypto.mac.hmac"]:N: Unsupported algorithm: md5`,
		`h.HMAC().setDigest(require(".crypto.digest.sha1").SHA1).setKey(A("Jefe")).init().update(S("what do ya want for nothing?")).finish().asHex()`: `effcdf6ae5eb2fa2d27416d5f184df9c259a7c79`,
		`h.HMAC().setKey(A("x"))`:                               `error: [string ".crypto.mac.hmac"]:N: Digest not set`,
		`c.kdf.pbkdf2(A("password"), A("salt"), 2, 20).asHex()`: `EA6C014DC72D6F8CCD1ED92ACE1D41F0D8DE8957`,
		`#c.kdf.pbkdf2(A("password"), A("salt"), 1, 70, "sha256").asBytes(), c.kdf.pbkdf2(A("p"), A("s"), 1, 3).asString() == c.kdf.pbkdf2(A("p"), A("s"), 1, 30).asString():sub(1, 3)`:             `70 true`,
		`p.PBKDF2().setPRF(h.HMAC().setDigest(require(".crypto.digest.sha1").SHA1)).setBlockLen(16).setDKeyLen(20).setIterations(2).setSalt(A("salt")).setPassword(A("password")).finish().asHex()`: `EA6C014DC72D6F8CCD1ED92ACE1D41F0D8DE8957`,
	})
}

// The pieces of AES, put together by hand, do what aes.encrypt does.
func TestCipherPieces(t *testing.T) {
	m := newMachine(t)
	m.run(t, `c = require(".crypto") A, S = c.utils.array, c.utils.stream
		function hand(dir, mode, bits, data, key, iv)
			local o = require(".crypto.cipher.mode." .. mode:lower())[dir]().setKey(A.fromString(key))
				.setBlockCipher(require(".crypto.cipher.aes" .. bits)).setPadding(require(".crypto.padding.zero"))
			return o.init().update(S.fromString(iv)).update(data).finish()
		end
		key, iv = ("0123456789abcdef"):rep(2), "fedcba98\255\255\255\255\255\255\255\254"
		for _, mode in ipairs { "CBC", "ECB", "CFB", "OFB", "CTR" } do
			for _, bits in ipairs { 128, 192, 256 } do
				for _, n in ipairs { 0, 1, 15, 16, 17, 100 } do
					local text = ("patchbay"):rep(20):sub(1, n)
					local want = c.cipher.aes.encrypt(text, key, iv, mode, bits).asHex()
					local got = hand("Cipher", mode, bits, S.fromString(text), key, iv).asHex()
					assert(got == want, mode .. bits .. " " .. n .. ": " .. got .. " " .. want)
					local plain = c.cipher.aes.decrypt(want, key, iv, mode, bits).asString()
					assert(hand("Decipher", mode, bits, S.fromHex(want), key, iv).asString() == plain, mode .. bits .. " back")
				end
			end
		end`)
}

// What objects of the crypto modules remember is taken back as well.
func TestCryptoRollback(t *testing.T) {
	m := newMachine(t)
	m.run(t, `c = require(".crypto") S = c.utils.stream.fromString
		s = S("abcdef") s() q = c.utils.queue() q.push(1) q.push(2) q.pop()
		x = require(".crypto.digest.sha1").SHA1().update(S("a"))
		e = c.cipher.aes.encrypt("hello", "0123456789abcdef")
		c.cipher.issac.seedIsaac("seed", true) c.cipher.issac.getRandom()
		function state() return s(), q.pop(), q.size(), x.update(S("bc")).finish().asHex(), e.asHex(), c.cipher.issac.getRandom() end`)
	m.s.Begin()
	first := m.eval(t, `state()`)
	m.run(t, `q.push(9) q.reset() x.init() for i = 1, 600 do c.cipher.issac.getRandom() end c.cipher.issac.encrypt("a", "b")`)
	m.s.Rollback()
	m.s.Begin()
	if again := m.eval(t, `state()`); again != first {
		t.Errorf("got %s, want %s", again, first)
	}
	m.s.Commit()
}

func BenchmarkSHA256(b *testing.B) {
	benchCall(b, `local c = require(".crypto") local text = ("x"):rep(1000)
		function f() return c.digest.sha2_256(c.utils.stream.fromString(text)).asHex() end`, "f")
}
