package lib

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// inBase64 is the place of errors in the module .base64.
const inBase64 at = `[string ".base64"]:110: `

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// openBase64 makes the module .base64. Its encoders and decoders are tables that a
// script can make and look into: code → byte (64 is the padding) and back.
func (l *Lib) openBase64() lua.LValue {
	return l.table(
		lua53.Reg{Name: "makeencoder", Fn: func(c *lua53.Call) { c.Push(l.base64Table(c, false)) }},
		lua53.Reg{Name: "makedecoder", Fn: func(c *lua53.Call) { c.Push(l.base64Table(c, true)) }},
		lua53.Reg{Name: "decode", Fn: base64Decode},
		lua53.Reg{Name: "encode", Fn: base64Encode},
	)
}

// base64Alphabet is the alphabet with the last two characters and the padding as
// given in the arguments.
func base64Alphabet(c *lua53.Call) [65]byte {
	var a [65]byte
	copy(a[:], base64Digits)
	for i, def := range []byte("+/=") {
		a[62+i] = def
		v := c.Arg(i + 1)
		if !truthy(v) {
			continue
		}
		s, ok := v.(lua.LString)
		if !ok {
			raise(c, inBase64, "attempt to index a %s value (local 'char')", typeName(c, v))
		}
		if s == "" {
			raise(c, inBase64, "index is nil")
		}
		a[62+i] = s[0]
	}
	return a
}

func (l *Lib) base64Table(c *lua53.Call, decoder bool) *lua53.Table {
	a := base64Alphabet(c)
	t := c.NewTable(0, len(a))
	for i := range a {
		code, char := int64(i), int64(a[i])
		if decoder {
			code, char = char, code
		}
		l.s.SetInt(t, code, lua53.MakeInt(char))
	}
	return t
}

// base64Text reads the text argument.
func base64Text(c *lua53.Call, name, act string) string {
	s, ok := c.Arg(1).(lua.LString)
	if !ok {
		raise(c, inBase64, "attempt to %s a %s value (local '%s')", act, typeName(c, c.Arg(1)), name)
	}
	return string(s)
}

func base64Encode(c *lua53.Call) {
	s := base64Text(c, "str", "get length of")
	var codes [65]byte
	if v := c.Arg(2); truthy(v) {
		for i := range codes {
			b, ok := lua53.CoerceInteger(index(c, inBase64, v, lua53.MakeInt(int64(i)), "local 'encoder'"))
			if !ok || b < 0 || b > 255 {
				raise(c, inBase64, "bad argument #1 to 'char' (value out of range)")
			}
			codes[i] = byte(b)
		}
	} else {
		copy(codes[:], base64Digits+"+/=")
	}
	size := (len(s) + 2) / 3 * 4
	c.Alloc(int64(size))
	c.Charge(int64(size / 8))
	out := make([]byte, 0, size)
	for ; len(s) >= 3; s = s[3:] {
		v := uint(s[0])<<16 | uint(s[1])<<8 | uint(s[2])
		out = append(out, codes[v>>18], codes[v>>12&63], codes[v>>6&63], codes[v&63])
	}
	switch len(s) {
	case 2:
		v := uint(s[0])<<16 | uint(s[1])<<8
		out = append(out, codes[v>>18], codes[v>>12&63], codes[v>>6&63], codes[64])
	case 1:
		v := uint(s[0]) << 16
		out = append(out, codes[v>>18], codes[v>>12&63], codes[64], codes[64])
	}
	c.PushString(string(out))
}

// base64Codes is a decoder as a table by byte; -1 is nothing.
func base64Codes(c *lua53.Call) (codes [256]int64, s62, s63 byte) {
	for i := range codes {
		codes[i] = -1
	}
	v := c.Arg(2)
	if !truthy(v) {
		for i, b := range []byte(base64Digits + "+/=") {
			codes[b] = int64(i)
		}
		return codes, '+', '/'
	}
	t := pairsOf(c, inBase64, v)
	has62, has63 := false, false
	for k, code := range t.All {
		b, okb := lua53.ToInteger(k)
		i, oki := lua53.ToInteger(code)
		if !okb || !oki || b < 0 || b > 255 {
			continue
		}
		codes[b] = i
		switch i {
		case 62:
			s62, has62 = byte(b), true
		case 63:
			s63, has63 = byte(b), true
		}
	}
	if !has62 || !has63 {
		raise(c, inBase64, "bad argument #1 to 'char' (number expected, got nil)")
	}
	return codes, s62, s63
}

// base64Decode drops characters outside of the alphabet. A text that ends within a
// group is an error, as arithmetic on the missing characters is in the library.
func base64Decode(c *lua53.Call) {
	s := base64Text(c, "b64", "index")
	codes, s62, s63 := base64Codes(c)
	c.Alloc(int64(len(s)))
	c.Charge(int64(len(s) / 8))
	kept := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b == '=' || b == s62 || b == s63 || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' {
			kept = append(kept, b)
		}
	}
	n, padding := len(kept), 0
	switch {
	case n >= 2 && kept[n-1] == '=' && kept[n-2] == '=':
		padding = 2
	case n >= 1 && kept[n-1] == '=':
		padding = 1
	}
	whole := n
	if padding > 0 {
		whole = n - 4
	}
	out := make([]byte, 0, n/4*3+3)
	at := func(i int) int64 {
		if i < 0 || i >= n || codes[kept[i]] < 0 {
			raise(c, inBase64, "attempt to perform arithmetic on a nil value (field '?')")
		}
		return codes[kept[i]]
	}
	for i := 0; i < whole; i += 4 {
		v := at(i)<<18 + at(i+1)<<12 + at(i+2)<<6 + at(i+3)
		out = append(out, byte(v>>16), byte(v>>8), byte(v))
	}
	switch padding {
	case 1:
		v := at(n-4)<<18 + at(n-3)<<12 + at(n-2)<<6
		out = append(out, byte(v>>16), byte(v>>8))
	case 2:
		v := at(n-4)<<18 + at(n-3)<<12
		out = append(out, byte(v>>16))
	}
	c.PushString(string(out))
}
