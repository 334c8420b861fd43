package digest

import (
	"encoding/binary"
	"math/bits"
)

// blakeIV are the initial values of SHA-512, which BLAKE2b shares (RFC 7693).
var blakeIV = [8]uint64{
	0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
	0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
}

// blakeOrder is the order of the message words in each round.
var blakeOrder = [10][16]int{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	{14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
	{11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
	{7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
	{9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
	{2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
	{12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
	{13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
	{6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
	{10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}

// blakeLanes are the columns, then the diagonals that a round mixes.
var blakeLanes = [8][4]int{
	{0, 4, 8, 12},
	{1, 5, 9, 13},
	{2, 6, 10, 14},
	{3, 7, 11, 15},
	{0, 5, 10, 15},
	{1, 6, 11, 12},
	{2, 7, 8, 13},
	{3, 4, 9, 14},
}

// BLAKE2b is aos' blake2b: size is the digest's length in bytes (1 to 64), key may
// be empty and has at most 64 bytes. A message whose blocks are all full has an
// empty last block, where the standard marks the last full one.
func BLAKE2b(msg, key []byte, size int) []byte {
	h := blakeIV
	h[0] ^= 0x01010000 ^ uint64(len(key))<<8 ^ uint64(size)
	var count uint64
	var block [128]byte
	if len(key) > 0 {
		copy(block[:], key)
		count = 128
		blakeBlock(&h, block[:], count, false)
	}
	for ; len(msg) >= 128; msg = msg[128:] {
		count += 128
		blakeBlock(&h, msg, count, false)
	}
	clear(block[:])
	copy(block[:], msg)
	blakeBlock(&h, block[:], count+uint64(len(msg)), true)
	out := make([]byte, 0, 64)
	for _, v := range h {
		out = binary.LittleEndian.AppendUint64(out, v)
	}
	return out[:size]
}

func blakeBlock(h *[8]uint64, p []byte, count uint64, last bool) {
	var m, v [16]uint64
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(p[8*i:])
	}
	copy(v[:8], h[:])
	copy(v[8:], blakeIV[:])
	v[12] ^= count
	if last {
		v[14] = ^v[14]
	}
	for round := 0; round < 12; round++ {
		order := &blakeOrder[round%10]
		for i, l := range blakeLanes {
			a, b, c, d := v[l[0]], v[l[1]], v[l[2]], v[l[3]]
			a += b + m[order[2*i]]
			d = bits.RotateLeft64(d^a, -32)
			c += d
			b = bits.RotateLeft64(b^c, -24)
			a += b + m[order[2*i+1]]
			d = bits.RotateLeft64(d^a, -16)
			c += d
			b = bits.RotateLeft64(b^c, -63)
			v[l[0]], v[l[1]], v[l[2]], v[l[3]] = a, b, c, d
		}
	}
	for i := range h {
		h[i] ^= v[i] ^ v[i+8]
	}
}
