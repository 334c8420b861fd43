package digest

import (
	"crypto/sha1"
	"crypto/sha256"
)

// Hash is a digest that HMAC and PBKDF2 can use.
type Hash func(msg []byte) []byte

// SHA1 and SHA256 are the two that aos offers for it.
func SHA1(msg []byte) []byte { s := sha1.Sum(msg); return s[:] }

// SHA256 is aos' sha2_256.
func SHA256(msg []byte) []byte { s := sha256.Sum256(msg); return s[:] }

// HMAC authenticates msg. The block size is the caller's: aos' createHmac uses 32
// where RFC 2104 has 64, so its results are nobody else's.
func HMAC(h Hash, key, msg []byte, block int) []byte {
	if len(key) > block {
		key = h(key)
	}
	inner := make([]byte, block, block+len(msg))
	outer := make([]byte, block, block+64)
	copy(inner, key)
	copy(outer, key)
	for i := range inner {
		inner[i] ^= 0x36
		outer[i] ^= 0x5c
	}
	return h(append(outer, h(append(inner, msg...))...))
}

// PBKDF2 derives size bytes of key (RFC 8018) with HMAC of block size 64.
func PBKDF2(h Hash, password, salt []byte, iterations, size int) []byte {
	out := make([]byte, 0, size)
	for block := uint32(1); len(out) < size; block++ {
		u := HMAC(h, password, append(append([]byte(nil), salt...), byte(block>>24), byte(block>>16), byte(block>>8), byte(block)), 64)
		sum := append([]byte(nil), u...)
		for i := 1; i < iterations; i++ {
			u = HMAC(h, password, u, 64)
			for k := range sum {
				sum[k] ^= u[k]
			}
		}
		out = append(out, sum...)
	}
	return out[:size]
}
