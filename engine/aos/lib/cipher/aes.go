// Package cipher holds the ciphers of aos' `.crypto` module as they answer there
// (spec aos-runtime §10): AES with aos' own way of padding and of carrying the
// initialisation vector, ISAAC used as a Vigenère stream, MORUS-1280 and
// NORX64-4-1.
package cipher

import (
	"crypto/aes"
	"errors"
	"fmt"
)

// Mode is a mode of operation of AES.
type Mode int

// The modes by their names in aos; an unknown name means CBC there.
const (
	CBC Mode = iota
	ECB
	CFB
	OFB
	CTR
)

// ModeOf returns the mode of a name.
func ModeOf(name string) Mode {
	switch name {
	case "ECB":
		return ECB
	case "CFB":
		return CFB
	case "OFB":
		return OFB
	case "CTR":
		return CTR
	}
	return CBC
}

// ErrKey says that an AES key is too short; bytes beyond the key size are ignored.
var ErrKey = errors.New("the key is too short")

const blockSize = 16

// EncryptAES encrypts data. keyBits is 128, 192 or 256. aos feeds the vector and
// the data through one stream: the first block of both together is the vector
// (in ECB, which has none, it is encrypted like data), the rest is padded with
// zeros to whole blocks.
func EncryptAES(data, key, iv []byte, mode Mode, keyBits int) ([]byte, error) {
	return run(data, key, iv, mode, keyBits, false)
}

// DecryptAES is the way back. The zeros of the padding stay.
func DecryptAES(data, key, iv []byte, mode Mode, keyBits int) ([]byte, error) {
	return run(data, key, iv, mode, keyBits, true)
}

func run(data, key, iv []byte, mode Mode, keyBits int, decrypt bool) ([]byte, error) {
	in := append(append(make([]byte, 0, len(iv)+len(data)+blockSize), iv...), data...)
	for len(in)%blockSize != 0 {
		in = append(in, 0)
	}
	out := make([]byte, 0, len(in))
	var vector, tmp [blockSize]byte
	if mode != ECB {
		if len(in) == 0 {
			return out, nil
		}
		copy(vector[:], in)
		in = in[blockSize:]
	}
	if len(in) == 0 {
		return out, nil // the key is not looked at before there is a block
	}
	if len(key) < keyBits/8 {
		return nil, fmt.Errorf("%w: %d bytes given, %d needed", ErrKey, len(key), keyBits/8)
	}
	c, err := aes.NewCipher(key[:keyBits/8])
	if err != nil {
		return nil, fmt.Errorf("cipher: %w", err)
	}
	for ; len(in) > 0; in = in[blockSize:] {
		block := in[:blockSize]
		switch {
		case mode == ECB && decrypt:
			c.Decrypt(tmp[:], block)
		case mode == ECB:
			c.Encrypt(tmp[:], block)
		case mode == CBC && decrypt:
			c.Decrypt(tmp[:], block)
			xor(&tmp, vector[:])
			copy(vector[:], block)
		case mode == CBC:
			tmp = vector
			xor(&tmp, block)
			c.Encrypt(tmp[:], tmp[:])
			vector = tmp
		case mode == CFB:
			c.Encrypt(tmp[:], vector[:])
			xor(&tmp, block)
			vector = tmp
			if decrypt {
				copy(vector[:], block)
			}
		case mode == OFB:
			c.Encrypt(tmp[:], vector[:])
			vector = tmp
			xor(&tmp, block)
		default:
			c.Encrypt(tmp[:], vector[:])
			xor(&tmp, block)
			count(&vector)
		}
		out = append(out, tmp[:]...)
	}
	return out, nil
}

func xor(a *[blockSize]byte, b []byte) {
	for i := range a {
		a[i] ^= b[i]
	}
}

// count adds one to the last eight bytes of the counter block; a carry out of
// them is lost.
func count(v *[blockSize]byte) {
	for i := blockSize - 1; i >= 8; i-- {
		v[i]++
		if v[i] != 0 {
			return
		}
	}
}
