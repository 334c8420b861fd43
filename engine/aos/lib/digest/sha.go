package digest

import (
	"crypto/sha512"
	"encoding"
	"encoding/binary"
	"math/bits"
)

// SHA512 is aos' sha2_512: SHA-512, but the length is written in 8 bytes where
// the standard has 16, so that messages whose length leaves 112 to 118 over
// blocks of 128 fit in one block less and have another digest.
func SHA512(msg []byte) [64]byte {
	if over := len(msg) % 128; over < 112 || over > 118 {
		return sha512.Sum512(msg)
	}
	h := sha512.New()
	h.Write(msg)
	pad := make([]byte, 128-len(msg)%128)
	pad[0] = 0x80
	binary.BigEndian.PutUint64(pad[len(pad)-8:], uint64(len(msg))*8)
	h.Write(pad)
	// Only whole blocks were written: what the hash would marshal, after four
	// bytes of name, is the chaining value, which is the digest.
	m, ok := h.(encoding.BinaryMarshaler)
	if !ok {
		return sha512.Sum512(msg)
	}
	state, err := m.MarshalBinary()
	if err != nil || len(state) < 4+64 {
		return sha512.Sum512(msg)
	}
	return [64]byte(state[4 : 4+64])
}

// The first padding byte tells the Keccak of the competition from SHA-3.
const (
	keccakPad = 0x01
	sha3Pad   = 0x06
)

// SHA3 is aos' sha3_256 and sha3_512: size is the digest's length in bytes, 32 or 64.
func SHA3(msg []byte, size int) []byte { return sponge(msg, size, sha3Pad) }

// Keccak is aos' keccak256 and keccak512.
func Keccak(msg []byte, size int) []byte { return sponge(msg, size, keccakPad) }

// sponge absorbs msg and returns size bytes. Its padding is aos': when the first
// padding byte fills the last block exactly, a whole block of zeros follows,
// which the standard does not add.
func sponge(msg []byte, size int, pad byte) []byte {
	rate := 200 - 2*size
	var st [25]uint64
	absorb := func(b []byte) {
		for i := 0; i < rate/8; i++ {
			st[i] ^= binary.LittleEndian.Uint64(b[8*i:])
		}
		keccakF(&st)
	}
	for ; len(msg) >= rate; msg = msg[rate:] {
		absorb(msg)
	}
	tail := make([]byte, 2*rate)
	n := copy(tail, msg)
	tail[n] = pad
	if n+1 < rate {
		tail = tail[:rate]
	}
	tail[len(tail)-1] |= 0x80
	for ; len(tail) > 0; tail = tail[rate:] {
		absorb(tail)
	}
	out := make([]byte, 0, 8*25)
	for _, v := range st {
		out = binary.LittleEndian.AppendUint64(out, v)
	}
	return out[:size]
}

// keccakF is the permutation of FIPS 202, its round constants made by the LFSR
// that defines them.
func keccakF(st *[25]uint64) {
	lfsr := uint8(1)
	for round := 0; round < 24; round++ {
		var parity [5]uint64
		for x := 0; x < 5; x++ {
			parity[x] = st[x] ^ st[x+5] ^ st[x+10] ^ st[x+15] ^ st[x+20]
		}
		for x := 0; x < 5; x++ {
			d := parity[(x+4)%5] ^ bits.RotateLeft64(parity[(x+1)%5], 1)
			for y := 0; y < 25; y += 5 {
				st[x+y] ^= d
			}
		}
		x, y, last := 1, 0, st[1]
		for t := 0; t < 24; t++ {
			x, y = y, (2*x+3*y)%5
			i := x + 5*y
			st[i], last = bits.RotateLeft64(last, (t+1)*(t+2)/2), st[i]
		}
		for y := 0; y < 25; y += 5 {
			row := [5]uint64(st[y : y+5])
			for x := 0; x < 5; x++ {
				st[y+x] = row[x] ^ ^row[(x+1)%5]&row[(x+2)%5]
			}
		}
		for j := uint(0); j < 7; j++ {
			if lfsr&1 != 0 {
				st[0] ^= 1 << (1<<j - 1)
			}
			if lfsr&0x80 != 0 {
				lfsr = lfsr<<1 ^ 0x71
			} else {
				lfsr <<= 1
			}
		}
	}
}
