package lua53

import (
	"fmt"
	"math"
	"strings"
)

// packKind is what one option of string.pack's format asks for.
type packKind uint8

const (
	packInt     packKind = iota // signed integer of size bytes
	packUint                    // unsigned integer
	packFloat                   // float32
	packDouble                  // float64
	packChar                    // c[n]: fixed size
	packString                  // s[n]: length, then bytes
	packZstr                    // z: zero-terminated
	packPadding                 // x: one zero byte
	packAlign                   // X: alignment only
	packNop                     // configuration: < > = ! space
)

const (
	packMaxInt   = 16 // MAXINTSIZE
	packMaxAlign = 8  // offsetof(struct cD, u): the machine of PUC on amd64
	packMaxSize  = math.MaxInt32
)

// packError is an error of a format. arg says which argument PUC blames for it; 0 is none.
type packError struct {
	arg int
	msg string
}

func (e *packError) Error() string { return e.msg }

// packReader walks through a format.
type packReader struct {
	fmt      string
	pos      int
	big      bool
	maxAlign int
}

// newPackReader starts at the beginning of a format, which a zero byte ends as in C.
func newPackReader(format string) *packReader {
	format, _, _ = strings.Cut(format, "\x00")
	return &packReader{fmt: format, maxAlign: 1}
}

func (r *packReader) more() bool { return r.pos < len(r.fmt) }

// number reads decimal digits; it stops before the value could leave an int32 (as PUC's MAXSIZE check
// stops before it leaves size_t).
func (r *packReader) number(dflt int) int {
	if !r.more() || !isDigit(r.fmt[r.pos]) {
		return dflt
	}
	n := 0
	for r.more() && isDigit(r.fmt[r.pos]) && n <= (packMaxSize-9)/10 {
		n = n*10 + int(r.fmt[r.pos]-'0')
		r.pos++
	}
	return n
}

func (r *packReader) limited(dflt int) (int, error) {
	n := r.number(dflt)
	if n > packMaxInt || n <= 0 {
		return 0, fmt.Errorf("integral size (%d) out of limits [1,%d]", n, packMaxInt)
	}
	return n, nil
}

// option reads one option.
func (r *packReader) option() (kind packKind, size int, err error) {
	c := r.fmt[r.pos]
	r.pos++
	switch c {
	case 'b':
		return packInt, 1, nil
	case 'B':
		return packUint, 1, nil
	case 'h':
		return packInt, 2, nil
	case 'H':
		return packUint, 2, nil
	case 'l', 'j':
		return packInt, 8, nil
	case 'L', 'J', 'T':
		return packUint, 8, nil
	case 'f':
		return packFloat, 4, nil
	case 'd', 'n':
		return packDouble, 8, nil
	case 'i':
		size, err = r.limited(4)
		return packInt, size, err
	case 'I':
		size, err = r.limited(4)
		return packUint, size, err
	case 's':
		size, err = r.limited(8)
		return packString, size, err
	case 'c':
		if size = r.number(-1); size == -1 {
			return packChar, 0, fmt.Errorf("missing size for format option 'c'")
		}
		return packChar, size, nil
	case 'z':
		return packZstr, 0, nil
	case 'x':
		return packPadding, 1, nil
	case 'X':
		return packAlign, 0, nil
	case ' ':
	case '<', '=':
		r.big = false
	case '>':
		r.big = true
	case '!':
		if r.maxAlign, err = r.limited(packMaxAlign); err != nil {
			return packNop, 0, err
		}
	default:
		return packNop, 0, fmt.Errorf("invalid format option '%s'", quoteByte(c))
	}
	return packNop, 0, nil
}

// next reads one option; total bytes precede it. pad is what its alignment needs before it.
func (r *packReader) next(total int) (kind packKind, size, pad int, err error) {
	kind, size, err = r.option()
	if err != nil {
		return kind, 0, 0, err
	}
	align := size
	if kind == packAlign {
		if !r.more() {
			return kind, 0, 0, &packError{1, "invalid next option for option 'X'"}
		}
		k, s, err := r.option()
		if err != nil {
			return kind, 0, 0, err
		}
		if k == packChar || s == 0 {
			return kind, 0, 0, &packError{1, "invalid next option for option 'X'"}
		}
		align = s
	}
	switch kind {
	case packInt, packUint, packFloat, packDouble, packString, packAlign:
	default:
		return kind, size, 0, nil
	}
	if align <= 1 {
		return kind, size, 0, nil
	}
	align = min(align, r.maxAlign)
	if align&(align-1) != 0 {
		return kind, 0, 0, &packError{1, "format asks for alignment not power of 2"}
	}
	return kind, size, (align - total&(align-1)) & (align - 1), nil
}

// appendInt appends the size low bytes of v, sign-extended beyond eight if neg.
func appendPackedInt(dst []byte, v uint64, size int, big, neg bool) []byte {
	at := len(dst)
	for i := 0; i < size; i++ {
		c := byte(0)
		if i < 8 {
			c = byte(v >> (8 * i))
		} else if neg {
			c = 0xff
		}
		dst = append(dst, c)
	}
	if big {
		for i, j := at, len(dst)-1; i < j; i, j = i+1, j-1 {
			dst[i], dst[j] = dst[j], dst[i]
		}
	}
	return dst
}

// readPackedInt reads all of b as one integer.
func readPackedInt(b string, big, signed bool) (int64, error) {
	size := len(b)
	at := func(i int) byte {
		if big {
			return b[size-1-i]
		}
		return b[i]
	}
	var v uint64
	for i := min(size, 8) - 1; i >= 0; i-- {
		v = v<<8 | uint64(at(i))
	}
	if size < 8 {
		if signed {
			mask := uint64(1) << (size*8 - 1)
			v = (v ^ mask) - mask
		}
		return int64(v), nil
	}
	fill := byte(0)
	if signed && int64(v) < 0 {
		fill = 0xff
	}
	for i := 8; i < size; i++ {
		if at(i) != fill {
			return 0, fmt.Errorf("%d-byte integer does not fit into Lua Integer", size)
		}
	}
	return int64(v), nil
}

// quoteByte is how PUC shows a character in a message (%c of lua_pushfstring).
func quoteByte(c byte) string {
	if c < 32 || c > 126 {
		return fmt.Sprintf("<\\%d>", c)
	}
	return string([]byte{c})
}
