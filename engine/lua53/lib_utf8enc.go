package lua53

// maxCodePoint is the largest code that utf8.char and \u{} of Lua 5.3 encode.
const maxCodePoint = 0x10FFFF

// appendUTF8 encodes as luaO_utf8esc does: surrogates too.
func appendUTF8(dst []byte, c uint32) []byte {
	switch {
	case c < 0x80:
		return append(dst, byte(c))
	case c < 0x800:
		return append(dst, 0xC0|byte(c>>6), 0x80|byte(c&0x3F))
	case c < 0x10000:
		return append(dst, 0xE0|byte(c>>12), 0x80|byte(c>>6&0x3F), 0x80|byte(c&0x3F))
	}
	return append(dst, 0xF0|byte(c>>18), 0x80|byte(c>>12&0x3F), 0x80|byte(c>>6&0x3F), 0x80|byte(c&0x3F))
}

// decodeUTF8 decodes the sequence at the start of s, as PUC 5.3 does: overlong forms and codes above
// 10FFFF are invalid, surrogates are not. n is 0 for an invalid sequence. Behind the end stands a zero
// byte, as in C.
func decodeUTF8(s string) (code uint32, n int) {
	if s == "" {
		return 0, 1
	}
	c := uint32(s[0])
	if c < 0x80 {
		return c, 1
	}
	limits := [...]uint32{0xFF, 0x7F, 0x7FF, 0xFFFF}
	var res uint32
	count := 0
	for ; c&0x40 != 0; c <<= 1 {
		count++
		if count >= len(s) || s[count]&0xC0 != 0x80 {
			return 0, 0
		}
		res = res<<6 | uint32(s[count]&0x3F)
		if count > 3 {
			return 0, 0
		}
	}
	res |= c & 0x7F << uint(count*5)
	if count > 3 || count == 0 || res > maxCodePoint || res <= limits[count] {
		return 0, 0
	}
	return res, count + 1
}

// isContinuation says whether s[i] continues a sequence; out of range it does not.
func isContinuation(s string, i int64) bool {
	return i >= 0 && i < int64(len(s)) && s[i]&0xC0 == 0x80
}
