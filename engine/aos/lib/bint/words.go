package bint

// lua-bint keeps a number as a table of words of a size the script may choose
// (32 bits unless told otherwise). These two functions are the bridge.

// Words is how many words of wordBits bits a number has; the width is a multiple
// of the word.
func (a *Arith) Words(wordBits int) int { return a.bits / wordBits }

// Word returns word i (from 0) of x.
func (a *Arith) Word(x []uint64, i, wordBits int) uint64 {
	pos := i * wordBits
	j, s := pos/64, uint(pos%64)
	v := x[j] >> s
	if int(s)+wordBits > 64 && j+1 < a.n {
		v |= x[j+1] << (64 - s)
	}
	return v & (1<<uint(wordBits) - 1)
}

// OrWord puts word i (from 0) into x, whose bits there must be zero.
func (a *Arith) OrWord(x []uint64, i, wordBits int, w uint64) {
	w &= 1<<uint(wordBits) - 1
	pos := i * wordBits
	j, s := pos/64, uint(pos%64)
	x[j] |= w << s
	if int(s)+wordBits > 64 && j+1 < a.n {
		x[j+1] |= w >> (64 - s)
	}
}

// SetLE sets z from little-endian bytes; missing bytes are zero, extra ones (the
// most significant) are dropped.
func (a *Arith) SetLE(z []uint64, b []byte) {
	clear(z)
	for i := 0; i < len(b) && i < a.n*8; i++ {
		z[i/8] |= uint64(b[i]) << uint(i%8*8)
	}
	z[a.n-1] &= a.top
}

// AppendLE appends the bytes of x, least significant first; the width must be a
// multiple of 8.
func (a *Arith) AppendLE(dst []byte, x []uint64) []byte {
	for i := 0; i < a.bits/8; i++ {
		dst = append(dst, byte(x[i/8]>>uint(i%8*8)))
	}
	return dst
}
