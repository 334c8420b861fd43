package ao

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// ID derives a 43-character id from parts, as DESIGN S1 asks: SHA-256 over the
// parts, each preceded by its length, in base64url without padding. The same
// parts give the same id on every replay.
func ID(parts ...string) string {
	var room [512]byte
	b := room[:0]
	for _, p := range parts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(p)))
		b = append(b, p...)
	}
	return Encode(sha256.Sum256(b))
}

// Encode writes a digest as an id.
func Encode(sum [32]byte) string {
	var out [43]byte
	base64.RawURLEncoding.Encode(out[:], sum[:])
	return string(out[:])
}

// Address is the stable 43-character address of an account that a project
// knows by name (DESIGN S3).
func Address(account string) string { return ID("patchbay account", account) }

// IsID says whether s has the form of an id or address: 43 characters of base64url.
func IsID(s string) bool {
	if len(s) != 43 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
