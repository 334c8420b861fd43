package digest

import (
	"bytes"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/crypto/blake2b"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// Vectors of the RFCs, and those of the recording `crypto`.
func TestVectors(t *testing.T) {
	abc := []byte("abc")
	long := []byte("12345678901234567890123456789012345678901234567890123456789012345678901234567890")
	sum := func(b [16]byte) string { return hexOf(b[:]) }
	s512 := SHA512(abc)
	for _, c := range []struct{ name, got, want string }{
		{"md2 empty", sum(MD2(nil)), "8350e5a3e24c153df2275c9f80692773"},
		{"md2 abc", sum(MD2(abc)), "da853b0d3f88d99b30283a69e6ded6bb"},
		{"md2 80", sum(MD2(long)), "d5976f79d83d3a0dc9806c3c66f3efd8"},
		{"md4 empty", sum(MD4(nil)), "31d6cfe0d16ae931b73c59d7e0c089c0"},
		{"md4 abc", sum(MD4(abc)), "a448017aaf21d8525fc10ae87aa6729d"},
		{"md4 80", sum(MD4(long)), "e33b4ddc9c38f2199c3e7b164fcc0536"},
		{"sha2_512 abc", hexOf(s512[:]), "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
		{"sha3_256 abc", hexOf(SHA3(abc, 32)), "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
		{"sha3_512 abc", hexOf(SHA3(abc, 64)), "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
		{"keccak256 abc", hexOf(Keccak(abc, 32)), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"},
		{"keccak512 abc", hexOf(Keccak(abc, 64)), "18587dc2ea106b9a1563e32b3312421ca164c7f1f07bc922a9c83d77cea3a1e5d0c69910739025372dc14ac9642629379540c17e2a65b19d77aa511a9d00bb96"},
		{"blake2b abc", hexOf(BLAKE2b(abc, nil, 64)), "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"},
		{"blake2b abc 32", hexOf(BLAKE2b(abc, nil, 32)), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
		{"hmac 32", hexOf(HMAC(SHA256, []byte("key"), []byte("ao"), 32)), "91dd3641da6d3315fa47f1b78f53a5a770c7a4c2c722627a9cda8e33dd9819b4"},
		{"hmac rfc2202", hexOf(HMAC(SHA1, []byte("Jefe"), []byte("what do ya want for nothing?"), 64)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
		{"pbkdf2 rfc6070", hexOf(PBKDF2(SHA1, []byte("password"), []byte("salt"), 2, 20)), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"},
		{"pbkdf2 long", hexOf(PBKDF2(SHA1, []byte("passwordPASSWORDpassword"), []byte("saltSALTsaltSALTsaltSALTsaltSALTsalt"), 4096, 25)), "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
	} {
		if !strings.HasPrefix(c.got, c.want) || c.want == "" {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
}

// Outside the lengths where aos pads in its own way the results are everybody's.
func TestAgainstStandard(t *testing.T) {
	for n := 0; n < 600; n++ {
		msg := bytes.Repeat([]byte{byte(n), 0x5a, byte(n >> 3)}, n)[:n]
		ours := SHA512(msg)
		std := sha512.Sum512(msg)
		if odd := n%128 >= 112 && n%128 <= 118; (ours == std) == odd {
			t.Errorf("sha512 of %d bytes: standard %v", n, ours == std)
		}
		s3 := sha3.Sum256(msg)
		if odd := n%136 == 135; bytes.Equal(SHA3(msg, 32), s3[:]) == odd {
			t.Errorf("sha3_256 of %d bytes", n)
		}
		s5 := sha3.Sum512(msg)
		if odd := n%72 == 71; bytes.Equal(SHA3(msg, 64), s5[:]) == odd {
			t.Errorf("sha3_512 of %d bytes", n)
		}
		b2 := blake2b.Sum512(msg)
		if odd := n > 0 && n%128 == 0; bytes.Equal(BLAKE2b(msg, nil, 64), b2[:]) == odd {
			t.Errorf("blake2b of %d bytes", n)
		}
		h, err := blake2b.New(20, []byte("a key"))
		if err != nil {
			t.Fatal(err)
		}
		h.Write(msg)
		if odd := n%128 == 0; bytes.Equal(BLAKE2b(msg, []byte("a key"), 20), h.Sum(nil)) == odd {
			t.Errorf("keyed blake2b of %d bytes", n)
		}
	}
}
