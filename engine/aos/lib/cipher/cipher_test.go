package cipher

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// count up from a byte.
func ramp(from, n, step int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(from + i*step)
	}
	return b
}

// The recording `crypto`.
func TestAESRecorded(t *testing.T) {
	out, err := EncryptAES([]byte("hello world 1234"), []byte("0123456789abcdef"), []byte("fedcba9876543210"), CBC, 128)
	if err != nil || hex.EncodeToString(out) != "78f990ec2fb12219c8392af557b202d7" {
		t.Fatalf("%x, %v", out, err)
	}
}

// With whole blocks and a whole vector the modes are the usual ones.
func TestAESAgainstStandard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int{128, 192, 256}).Draw(t, "bits")
		key := rapid.SliceOfN(rapid.Byte(), size/8, size/8+3).Draw(t, "key")
		iv := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "iv")
		iv[8] &= 0x7f // the carry out of the low half is lost in aos
		n := rapid.IntRange(0, 5).Draw(t, "blocks") * 16
		data := rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "data")
		c, err := aes.NewCipher(key[:size/8])
		if err != nil {
			t.Fatal(err)
		}
		for _, mode := range []Mode{CBC, CFB, OFB, CTR, ECB} {
			got, err := EncryptAES(data, key, iv, mode, size)
			if err != nil {
				t.Fatal(err)
			}
			want := make([]byte, n)
			switch mode {
			case CBC:
				cipher.NewCBCEncrypter(c, iv).CryptBlocks(want, data)
			case CFB:
				//lint:ignore SA1019 the mode is aos' choice, not ours
				cipher.NewCFBEncrypter(c, iv).XORKeyStream(want, data)
			case OFB:
				//lint:ignore SA1019 as above
				cipher.NewOFB(c, iv).XORKeyStream(want, data)
			case CTR:
				cipher.NewCTR(c, iv).XORKeyStream(want, data)
			default:
				want = make([]byte, n+16)
				for i, in := 0, append(append([]byte(nil), iv...), data...); i < len(in); i += 16 {
					c.Encrypt(want[i:], in[i:])
				}
			}
			if !bytes.Equal(got, want) {
				t.Fatalf("mode %d: %x, want %x", mode, got, want)
			}
			back, err := DecryptAES(got, key, iv, mode, size)
			if mode == ECB {
				back = back[16:] // of the vector, decrypted: no use to anybody
				if !bytes.Equal(back[:16], iv) {
					t.Fatal("ECB")
				}
				back = back[16:]
			}
			if err != nil || !bytes.Equal(back, data) {
				t.Fatalf("mode %d does not come back: %x, %v", mode, back, err)
			}
		}
	})
}

func TestAESPadding(t *testing.T) {
	key, iv := []byte("0123456789abcdef"), make([]byte, 16)
	out, err := EncryptAES([]byte("short"), key, iv, ModeOf("nonsense"), 128)
	if err != nil || len(out) != 16 {
		t.Fatalf("%x, %v", out, err)
	}
	back, err := DecryptAES(out, key, iv, CBC, 128)
	if err != nil || string(back) != "short\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" {
		t.Fatalf("%q, %v", back, err)
	}
	if _, err := EncryptAES([]byte("x"), key[:15], iv, CBC, 128); !errors.Is(err, ErrKey) {
		t.Fatalf("short key: %v", err)
	}
	if out, err := EncryptAES(nil, key, nil, CBC, 128); err != nil || len(out) != 0 {
		t.Fatalf("nothing at all: %x, %v", out, err)
	}
}

// The sample of the Rosetta Code task on ISAAC: its XOR line with a fresh
// generator, its MOD line with the numbers that follow.
func TestIsaac(t *testing.T) {
	const text, key = "a Top Secret secret", "this is my secret key"
	var g Isaac
	g.Seed(key, true)
	next := func() byte {
		v, ok, err := g.Next()
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		return byte(v%95 + 32)
	}
	var xored, shifted []byte
	for i := range text {
		xored = append(xored, text[i]^next())
	}
	for i := range text {
		shifted = append(shifted, byte((int(text[i])-32+int(next()))%95+32))
	}
	if hex.EncodeToString(xored) != "1c0636190b1260233b35125f1e1d0e2f4c5422" ||
		hex.EncodeToString(shifted) != "734270227d36772a783b4f2a5f206266236978" {
		t.Fatalf("%x, %x", xored, shifted)
	}
	out := g.Crypt(text, key, false)
	if hex.EncodeToString(out) != "204657272d52274c5c5a7d405e23715051376b" {
		t.Fatalf("%x", out)
	}
	if back := g.Crypt(string(out), "this is my secret key", true); string(back) != "a Top Secret secret" {
		t.Fatalf("%q", back)
	}
	var fresh Isaac
	for i := 0; i < 255; i++ {
		if _, ok, err := fresh.Next(); ok || err != nil {
			t.Fatalf("call %d of a generator without seed: %v, %v", i, ok, err)
		}
	}
	if _, _, err := fresh.Next(); !errors.Is(err, ErrUnseeded) {
		t.Fatal(err)
	}
}

// Vectors of the submission's reference implementation.
func TestMorus(t *testing.T) {
	zero, one := make([]byte, 16), append([]byte{1}, make([]byte, 15)...)
	for _, c := range []struct {
		key, nonce, plain, extra []byte
		want                     string // without the additional data
	}{
		{zero, zero, nil, nil, "5bd2cba68ea7e72f6b3d0c155f39f962"},
		{zero, zero, []byte{1}, nil, "baec1942a315a84695432a1255e6197878"},
		{zero, zero, nil, []byte{1}, "590caa148b848d7614315685377a0d42"},
		{one, zero, []byte{0}, []byte{0}, "cff9f0a331e3de3293b9dd2e65ba820009"},
		{zero, one, []byte{0}, []byte{0}, "09c957f9ca617876b5205155cd936eb9bb"},
		{ramp(0, 16, 1), ramp(0, 16, 3), ramp(1, 16, 0), ramp(1, 16, 0), "b64ee39fc045475e97b41bd08277b4cbe989740eb075f75bd57a43a250f53765"},
		{ramp(0, 16, 1), ramp(0, 16, 3), ramp(0, 73, 7), ramp(0, 39, 5), "0861b4924850e8a945e60ec08a1b04f3c77dd2b05ccb05c05c567be8cdfd458228a390c4117b66d71fade7f89902e4d500389a275cb0ce5685f3a21beb6d6519f465b96f1eaf9eeea25e43f30fa0adb318083a795fc23df52c"},
		{ramp(0, 32, 1), ramp(0, 16, 3), ramp(1, 16, 0), ramp(1, 16, 0), "aecb6f5991a11746831740e4d45b6c26c3107488470f05e6828472ac0264045d"},
		{ramp(0, 32, 1), ramp(0, 16, 3), ramp(0, 73, 7), ramp(0, 39, 5), "3e440c73993c55074d4749d6cd8ceddebb95ea8d2387062237349123c75959bfa3ff44b18395a0bfc834d5f2de24845bffdba576afab00e798ad5a166689288373f84ead85eb77aa2df3166bbf6f94a1932b4b2471e8437206"},
		{unhex(t, "41940e3322b1ddf410578539938faf70"), unhex(t, "505d9d9b6650887b308eb15e9258e0f1"), unhex(t, "6ef0ba6bee8edc8971fb0aa68fea41f45abb59b02038c5e02956521979f5e9378fa15023224fe391e9215ebf52239537480c388ff0ff92246b4749e3941f1e01"), unhex(t, "5f272b03aaef320250c4de82902111738f0ad68fdf90e4daf94a1a23c3dd02810b764fd70a4b5e51e31db9e521b98fd43d723e2616a9ca3277476314953de434"), "e6eb925a5bf02dbb23ec35e3aec9fb0b901446eba88db09b39da8b48ecb2004e806f464f9b1ebb35ea5abca236a58945c2d6d7150bf66c56ec997d61b31593ed831ed948840b37fe957444d554a62706"},
	} {
		pieces, err := EncryptMorus(c.key, c.nonce, c.plain, c.extra)
		if err != nil {
			t.Fatal(err)
		}
		sealed := bytes.Join(pieces, nil)
		if want := hex.EncodeToString(c.extra) + c.want; hex.EncodeToString(sealed) != want {
			t.Errorf("got %x, want %s", sealed, want)
		}
		back, err := DecryptMorus(c.key, c.nonce, sealed, len(c.extra))
		if err != nil || !bytes.Equal(back, c.plain) {
			t.Errorf("does not come back: %x, %v", back, err)
		}
		sealed[len(sealed)-1] ^= 1
		if _, err := DecryptMorus(c.key, c.nonce, sealed, len(c.extra)); !errors.Is(err, ErrDecrypt) {
			t.Errorf("forged tag: %v", err)
		}
	}
	if _, err := EncryptMorus(zero[:3], zero, nil, nil); !errors.Is(err, ErrMorusKey) {
		t.Error(err)
	}
	if _, err := EncryptMorus(zero, zero[:3], nil, nil); !errors.Is(err, ErrMorusNonce) {
		t.Error(err)
	}
	if _, err := DecryptMorus(zero, zero, zero[:3], 0); !errors.Is(err, ErrShort) {
		t.Error(err)
	}
}

// The vector of the NORX specification.
func TestNorx(t *testing.T) {
	key, nonce, text := ramp(0, 32, 1), ramp(32, 32, 1), ramp(0, 128, 1)
	pieces, err := EncryptNorx(key, nonce, text, text, text)
	if err != nil {
		t.Fatal(err)
	}
	if tag := pieces[len(pieces)-1]; hex.EncodeToString(tag) != "d1f2fa3305a32376e23a61d1c989303fbfbd935aa55b17e4e7254733c473408e" {
		t.Fatalf("tag %x", tag)
	}
	if len(pieces) != 12+1+1 || len(pieces[12]) != 32 {
		t.Fatalf("%d pieces", len(pieces))
	}
	for n := 0; n < 300; n++ {
		plain := ramp(7, n, 3)
		pieces, err := EncryptNorx(key, nonce, plain, plain[:n/2], plain[:n/3])
		if err != nil {
			t.Fatal(err)
		}
		sealed := bytes.Join(pieces, nil)
		if len(sealed) != n+32 {
			t.Fatalf("%d bytes became %d", n, len(sealed))
		}
		back, err := DecryptNorx(key, nonce, sealed, plain[:n/2], plain[:n/3])
		if err != nil || !bytes.Equal(back, plain) {
			t.Fatalf("%d bytes do not come back: %v", n, err)
		}
		sealed[0] ^= 1
		if _, err := DecryptNorx(key, nonce, sealed, plain[:n/2], plain[:n/3]); !errors.Is(err, ErrAuth) {
			t.Fatalf("forged: %v", err)
		}
	}
	if _, err := EncryptNorx(key[:5], nonce, nil, nil, nil); !errors.Is(err, ErrShort) {
		t.Error(err)
	}
	if _, err := DecryptNorx(key, nonce, nil, nil, nil); !errors.Is(err, ErrSealed) {
		t.Error(err)
	}
}
