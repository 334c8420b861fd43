package kit

import (
	"strconv"
	"strings"
)

// Thousands writes 1000000 as 1,000,000.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "-" + s
	}
	return s
}

// Bytes is a size for a reader: "640 bytes", "12 kB", "3.4 MB".
func Bytes(n int) string {
	switch {
	case n == 1:
		return "1 byte"
	case n < 10_000:
		return Thousands(int64(n)) + " bytes"
	case n < 1_000_000:
		return Thousands(int64(n/1000)) + " kB"
	case n < 100_000_000:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
	}
	return Thousands(int64(n/1_000_000)) + " MB"
}
