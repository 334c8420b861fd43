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
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
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
