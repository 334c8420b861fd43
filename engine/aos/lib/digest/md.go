// Package digest holds the message digests of aos' `.crypto` module as they
// answer there (spec aos-runtime §10). Where aos' results are the standard's, Go's
// library does the work; where they are not — the padding of SHA-512 for some
// lengths, of SHA-3 and Keccak for one, the last block of BLAKE2b — the
// deviation is kept, because a script must see what a node would compute.
package digest

import (
	"encoding/binary"
	"math/bits"
)

// md2Table is the substitution table of MD2, made of the digits of pi (RFC 1319).
var md2Table = [256]byte{
	41, 46, 67, 201, 162, 216, 124, 1, 61, 54, 84, 161, 236, 240, 6, 19,
	98, 167, 5, 243, 192, 199, 115, 140, 152, 147, 43, 217, 188, 76, 130, 202,
	30, 155, 87, 60, 253, 212, 224, 22, 103, 66, 111, 24, 138, 23, 229, 18,
	190, 78, 196, 214, 218, 158, 222, 73, 160, 251, 245, 142, 187, 47, 238, 122,
	169, 104, 121, 145, 21, 178, 7, 63, 148, 194, 16, 137, 11, 34, 95, 33,
	128, 127, 93, 154, 90, 144, 50, 39, 53, 62, 204, 231, 191, 247, 151, 3,
	255, 25, 48, 179, 72, 165, 181, 209, 215, 94, 146, 42, 172, 86, 170, 198,
	79, 184, 56, 210, 150, 164, 125, 182, 118, 252, 107, 226, 156, 116, 4, 241,
	69, 157, 112, 89, 100, 113, 135, 32, 134, 91, 207, 101, 230, 45, 168, 2,
	27, 96, 37, 173, 174, 176, 185, 246, 28, 70, 97, 105, 52, 64, 126, 15,
	85, 71, 163, 35, 221, 81, 175, 58, 195, 92, 249, 206, 186, 197, 234, 38,
	44, 83, 13, 110, 133, 40, 132, 9, 211, 223, 205, 244, 65, 129, 77, 82,
	106, 220, 55, 200, 108, 193, 171, 250, 36, 225, 123, 8, 12, 189, 177, 74,
	120, 136, 149, 139, 227, 99, 232, 109, 233, 203, 213, 254, 59, 0, 29, 57,
	242, 239, 183, 14, 102, 88, 208, 228, 166, 119, 114, 248, 235, 117, 75, 10,
	49, 68, 80, 180, 143, 237, 31, 26, 219, 153, 141, 51, 159, 17, 131, 20,
}

// MD2 is the digest of RFC 1319.
func MD2(msg []byte) [16]byte {
	var state [48]byte
	var sum [16]byte
	block := func(b []byte) {
		for i := 0; i < 16; i++ {
			state[16+i] = b[i]
			state[32+i] = state[i] ^ b[i]
		}
		t := byte(0)
		for round := 0; round < 18; round++ {
			for i := range state {
				state[i] ^= md2Table[t]
				t = state[i]
			}
			t += byte(round)
		}
		last := sum[15]
		for i := 0; i < 16; i++ {
			sum[i] ^= md2Table[b[i]^last]
			last = sum[i]
		}
	}
	for ; len(msg) >= 16; msg = msg[16:] {
		block(msg[:16])
	}
	var tail [16]byte
	n := copy(tail[:], msg)
	for i := n; i < 16; i++ {
		tail[i] = byte(16 - n)
	}
	block(tail[:])
	tail = sum
	block(tail[:])
	return [16]byte(state[:16])
}

// MD4 is the digest of RFC 1320.
func MD4(msg []byte) [16]byte {
	h := [4]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}
	length := uint64(len(msg)) * 8
	for ; len(msg) >= 64; msg = msg[64:] {
		md4Block(&h, msg)
	}
	tail := make([]byte, 0, 128)
	tail = append(append(tail, msg...), 0x80)
	for len(tail)%64 != 56 {
		tail = append(tail, 0)
	}
	tail = binary.LittleEndian.AppendUint64(tail, length)
	for ; len(tail) > 0; tail = tail[64:] {
		md4Block(&h, tail)
	}
	var out [16]byte
	for i, v := range h {
		binary.LittleEndian.PutUint32(out[4*i:], v)
	}
	return out
}

// md4Round is one of the three rounds: the order in which it takes the words of
// the block, its rotations and what it adds.
type md4Round struct {
	order [16]int
	shift [4]int
	plus  uint32
}

func md4Block(h *[4]uint32, p []byte) {
	rounds := [3]md4Round{
		{[16]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, [4]int{3, 7, 11, 19}, 0},
		{[16]int{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}, [4]int{3, 5, 9, 13}, 0x5a827999},
		{[16]int{0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}, [4]int{3, 9, 11, 15}, 0x6ed9eba1},
	}
	var x [16]uint32
	for i := range x {
		x[i] = binary.LittleEndian.Uint32(p[4*i:])
	}
	a, b, c, d := h[0], h[1], h[2], h[3]
	for r := range rounds {
		round := &rounds[r]
		for i, k := range round.order {
			var f uint32
			switch r {
			case 0:
				f = b&c | ^b&d
			case 1:
				f = b&c | b&d | c&d
			default:
				f = b ^ c ^ d
			}
			a, b, c, d = d, bits.RotateLeft32(a+f+x[k]+round.plus, round.shift[i%4]), b, c
		}
	}
	h[0] += a
	h[1] += b
	h[2] += c
	h[3] += d
}
