package cipher

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Sizes of MORUS-1280 in bytes: a key may have 16 or 32.
const (
	MorusKeySize   = 32
	MorusNonceSize = 16
	morusBlock     = 32
	morusTag       = 16
)

// The errors of MORUS, worded as aos words them.
var (
	ErrMorusKey   = errors.New("key must be 16 or 32 bytes")
	ErrMorusNonce = errors.New("iv must be 16 bytes")
	ErrDecrypt    = errors.New("decrypt error")
	ErrShort      = errors.New("bad argument #2 to 'unpack' (data string too short)")
)

// MorusState is the state: five rows of four words.
type MorusState [5][4]uint64

// Update is one step of the state (the submission's StateUpdate): five rounds, of
// which all but the first take in the message block m.
func (s *MorusState) Update(m [4]uint64) {
	rotate := [5]int{13, 46, 38, 7, 4}
	turn := [5]int{1, 2, 3, 2, 1} // by how many words row i+3 is rotated
	for i := range s {
		row, near, far, moved := &s[i], &s[(i+1)%5], &s[(i+2)%5], &s[(i+3)%5]
		for k := range row {
			v := row[k] ^ near[k]&far[k] ^ moved[k]
			if i > 0 {
				v ^= m[k]
			}
			row[k] = bits.RotateLeft64(v, rotate[i])
		}
		old := *moved
		for k := range moved {
			moved[(k+turn[i])%4] = old[k]
		}
	}
}

// stream is the key stream block of the present state.
func (s *MorusState) stream() (c [4]uint64) {
	for k := range c {
		c[k] = s[0][k] ^ s[1][(k+1)%4] ^ s[2][k]&s[3][k]
	}
	return c
}

func words(b []byte) (w [4]uint64) {
	var full [morusBlock]byte
	copy(full[:], b)
	for i := range w {
		w[i] = binary.LittleEndian.Uint64(full[8*i:])
	}
	return w
}

func newMorus(key, nonce []byte) (*MorusState, error) {
	if len(key) != 16 && len(key) != 32 {
		return nil, ErrMorusKey
	}
	if len(nonce) != MorusNonceSize {
		return nil, ErrMorusNonce
	}
	k := words(key)
	if len(key) == 16 {
		k[2], k[3] = k[0], k[1]
	}
	ones := ^uint64(0)
	s := &MorusState{
		words(nonce), k,
		{ones, ones, ones, ones},
		{},
		{0x0d08050302010100, 0x6279e99059372215, 0xf12fc26d55183ddb, 0xdd28b57342311120},
	}
	for i := 0; i < 16; i++ {
		s.Update([4]uint64{})
	}
	for i := range k {
		s[1][i] ^= k[i]
	}
	return s, nil
}

func (s *MorusState) absorb(b []byte) {
	for ; len(b) > 0; b = b[min(len(b), morusBlock):] {
		s.Update(words(b[:min(len(b), morusBlock)]))
	}
}

// tag closes the state and returns the authentication tag.
func (s *MorusState) tag(size, extra int) []byte {
	for i := range s[4] {
		s[4][i] ^= s[0][i]
	}
	for i := 0; i < 10; i++ {
		s.Update([4]uint64{uint64(extra) << 3, uint64(size) << 3})
	}
	t := s.stream()
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, t[0]), t[1])
}

// EncryptMorus returns the pieces of the result in order: the additional data in
// the clear, the encrypted blocks of 32 bytes (the last may be shorter), the tag.
func EncryptMorus(key, nonce, plain, extra []byte) ([][]byte, error) {
	s, err := newMorus(key, nonce)
	if err != nil {
		return nil, err
	}
	s.absorb(extra)
	out := [][]byte{extra}
	for rest := plain; len(rest) > 0; {
		n := min(len(rest), morusBlock)
		m, c := words(rest[:n]), s.stream()
		block := make([]byte, 0, morusBlock)
		for k := range m {
			block = binary.LittleEndian.AppendUint64(block, m[k]^c[k])
		}
		s.Update(m)
		out = append(out, block[:n])
		rest = rest[n:]
	}
	return append(out, s.tag(len(plain), len(extra))), nil
}

// DecryptMorus takes what EncryptMorus returned, joined, with the length of the
// additional data at its start, and returns the plain text. ErrDecrypt says that
// the tag is wrong.
func DecryptMorus(key, nonce, sealed []byte, extra int) ([]byte, error) {
	s, err := newMorus(key, nonce)
	if err != nil {
		return nil, err
	}
	end := len(sealed) - morusTag
	if end < 0 || extra < 0 || extra > end {
		return nil, ErrShort
	}
	s.absorb(sealed[:extra])
	plain := make([]byte, 0, end-extra+morusBlock)
	for rest := sealed[extra:end]; len(rest) > 0; {
		n := min(len(rest), morusBlock)
		c, k := words(rest[:n]), s.stream()
		start := len(plain)
		for i := range c {
			plain = binary.LittleEndian.AppendUint64(plain, c[i]^k[i])
		}
		plain = plain[:start+n]
		s.Update(words(plain[start:]))
		rest = rest[n:]
	}
	if string(s.tag(end-extra, extra)) != string(sealed[end:]) {
		return nil, ErrDecrypt
	}
	return plain, nil
}
