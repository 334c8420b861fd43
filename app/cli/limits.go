package cli

import (
	"fmt"
	"strconv"
	"strings"

	"patchbay/engine/ao"
)

// size is a number of bytes on the command line: 1048576, 512K, 64M, 2G; -1
// lifts the limit.
type size int64

// UnmarshalText reads a size.
func (s *size) UnmarshalText(text []byte) error {
	t := strings.ToUpper(strings.TrimSpace(string(text)))
	t = strings.TrimSuffix(strings.TrimSuffix(t, "B"), "I")
	unit := int64(1)
	for _, u := range []struct {
		letter string
		bytes  int64
	}{{"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {"T", 1 << 40}} {
		if rest, ok := strings.CutSuffix(t, u.letter); ok {
			t, unit = rest, u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(t, 10, 64)
	if err != nil || n > 1<<62/unit || n < -1 {
		return fmt.Errorf("%q is not a size such as 512M or 2G", text)
	}
	if n > 0 {
		n *= unit
	}
	*s = size(n)
	return nil
}

// budgets are the limits of an evaluation, the same flags on serve, run and lua
// (spec lua53 §5). Zero is the default of the engine, below zero or "--gas 0"
// no limit at all.
type budgets struct {
	Gas    *int64 `help:"VM instructions an evaluation may use (0: no limit)." placeholder:"N"`
	Memory *size  `help:"Bytes an evaluation may allocate and a process may hold, such as 512M (0: no limit)." placeholder:"SIZE"`
}

func (b budgets) limits() ao.Limits {
	var l ao.Limits
	if b.Gas != nil {
		l.Gas = orUnlimited(*b.Gas)
	}
	if b.Memory != nil {
		n := orUnlimited(int64(*b.Memory))
		l.Alloc, l.Heap = n, n
		if n < 0 || n > 64<<20 {
			l.Object = n
		}
	}
	return l
}

func orUnlimited(n int64) int64 {
	if n <= 0 {
		return -1
	}
	return n
}
