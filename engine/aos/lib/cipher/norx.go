package cipher

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Sizes of NORX64-4-1 in bytes.
const (
	NorxKeySize   = 32
	NorxNonceSize = 32
	norxTag       = 32
	norxRate      = 96
)

// ErrAuth says that the tag of a NORX message is wrong, ErrSealed that the message
// is shorter than a tag.
var (
	ErrAuth = errors.New("auth failure")
	//lint:ignore ST1005 what the Lua library says, to the letter
	ErrSealed = errors.New("assertion failed!")
)

// norx is the state: sixteen words, rows of four.
type norx [16]uint64

// The domain bytes that separate what is absorbed.
const (
	norxHeader  = 0x01
	norxPayload = 0x02
	norxTrailer = 0x04
	norxFinal   = 0x08
)

// mix is the quarter round G.
func (s *norx) mix(a, b, c, d int) {
	half := func(x, y uint64) uint64 { return x ^ y ^ x&y<<1 }
	for _, k := range [2][2]int{{8, 19}, {40, 63}} {
		s[a] = half(s[a], s[b])
		s[d] = bits.RotateLeft64(s[d]^s[a], -k[0])
		s[c] = half(s[c], s[d])
		s[b] = bits.RotateLeft64(s[b]^s[c], -k[1])
	}
}

// round is F: the columns, then the diagonals.
func (s *norx) round() {
	for i := 0; i < 4; i++ {
		s.mix(i, 4+i, 8+i, 12+i)
	}
	for i := 0; i < 4; i++ {
		s.mix(i, 4+(i+1)%4, 8+(i+2)%4, 12+(i+3)%4)
	}
}

// permute marks the state with a domain byte and runs four rounds.
func (s *norx) permute(tag uint64) {
	s[15] ^= tag
	for i := 0; i < 4; i++ {
		s.round()
	}
}

func (s *norx) addKey(key []byte) {
	for i := 0; i < 4; i++ {
		s[12+i] ^= binary.LittleEndian.Uint64(key[8*i:])
	}
}

func newNorx(key, nonce []byte) (*norx, error) {
	if len(key) < NorxKeySize || len(nonce) < NorxNonceSize {
		return nil, ErrShort
	}
	var s norx
	for i := range s {
		s[i] = uint64(i)
	}
	s.round()
	s.round()
	for i := 0; i < 4; i++ {
		s[i] = binary.LittleEndian.Uint64(nonce[8*i:])
		s[4+i] = binary.LittleEndian.Uint64(key[8*i:])
	}
	for i, parameter := range [4]uint64{64, 4, 1, 256} { // word, rounds, lanes, tag
		s[12+i] ^= parameter
	}
	s.permute(0)
	s.addKey(key)
	return &s, nil
}

// pad fills up a last block.
func pad(b []byte) []byte {
	out := make([]byte, norxRate)
	out[copy(out, b)] = 0x01
	out[norxRate-1] |= 0x80
	return out
}

// absorb takes in data that stays in the clear.
func (s *norx) absorb(data []byte, tag uint64) {
	if len(data) == 0 {
		return
	}
	for ; ; data = data[norxRate:] {
		block := data
		last := len(data) < norxRate
		if last {
			block = pad(data)
		}
		s.permute(tag)
		for i := 0; i < norxRate/8; i++ {
			s[i] ^= binary.LittleEndian.Uint64(block[8*i:])
		}
		if last {
			return
		}
	}
}

// payload encrypts or decrypts data, which is not empty, block by block; after the
// last full one there is always a shorter one, which may be empty.
func (s *norx) payload(data []byte, decrypt bool) []byte {
	if len(data) == 0 {
		return nil
	}
	out := make([]byte, 0, len(data)+norxRate)
	for ; ; data = data[norxRate:] {
		s.permute(norxPayload)
		n := min(len(data), norxRate)
		last := len(data) < norxRate
		var stream [norxRate]byte
		for i := 0; i < norxRate/8; i++ {
			binary.LittleEndian.PutUint64(stream[8*i:], s[i])
		}
		for i := 0; i < n; i++ {
			out = append(out, data[i]^stream[i])
		}
		plain := data[:n]
		if decrypt {
			plain = out[len(out)-n:]
		}
		if last {
			plain = pad(plain)
		}
		for i := 0; i < norxRate/8; i++ {
			s[i] ^= binary.LittleEndian.Uint64(plain[8*i:])
		}
		if last {
			return out
		}
	}
}

func (s *norx) tag(key []byte) []byte {
	s.permute(norxFinal)
	s.addKey(key)
	s.permute(0)
	s.addKey(key)
	var out []byte
	for i := 12; i < 16; i++ {
		out = binary.LittleEndian.AppendUint64(out, s[i])
	}
	return out
}

// EncryptNorx returns the pieces of the result as aos keeps them: words of 8 bytes
// for every full block of 96, the rest (empty when nothing is left over, absent
// when there was no text at all), the tag.
func EncryptNorx(key, nonce, plain, header, trailer []byte) ([][]byte, error) {
	s, err := newNorx(key, nonce)
	if err != nil {
		return nil, err
	}
	s.absorb(header, norxHeader)
	sealed := s.payload(plain, false)
	s.absorb(trailer, norxTrailer)
	var out [][]byte
	if len(sealed) > 0 {
		full := len(sealed) / norxRate * norxRate
		for i := 0; i < full; i += 8 {
			out = append(out, sealed[i:i+8])
		}
		out = append(out, sealed[full:])
	}
	return append(out, s.tag(key)), nil
}

// DecryptNorx is the way back. ErrAuth says that the tag is wrong.
func DecryptNorx(key, nonce, sealed, header, trailer []byte) ([]byte, error) {
	if len(sealed) < norxTag {
		return nil, ErrSealed
	}
	s, err := newNorx(key, nonce)
	if err != nil {
		return nil, err
	}
	end := len(sealed) - norxTag
	s.absorb(header, norxHeader)
	plain := s.payload(sealed[:end], true)
	s.absorb(trailer, norxTrailer)
	if string(s.tag(key)) != string(sealed[end:]) {
		return nil, ErrAuth
	}
	return plain, nil
}
