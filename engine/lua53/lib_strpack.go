package lua53

import (
	"errors"
	"math"
	"strings"
)

// packRaise raises an error of a format; some of them blame an argument.
func packRaise(c *Call, err error) {
	var pe *packError
	if errors.As(err, &pe) && pe.arg > 0 {
		c.ArgErrorf(pe.arg, "%s", pe.msg)
	}
	c.Raise(err)
}

func strPack(c *Call) {
	r := newPackReader(c.Str(1))
	out := buffer{c: c}
	arg := 1
	for r.more() {
		kind, size, pad, err := r.next(len(out.b))
		if err != nil {
			packRaise(c, err)
		}
		out.need(pad + size)
		out.b = appendFill(out.b, 0, pad)
		if kind < packPadding {
			if arg++; arg > c.N() { // PUC finds a nil there that it pushed itself
				want := "number"
				if kind == packChar || kind == packString || kind == packZstr {
					want = "string"
				}
				c.ArgErrorf(arg, "%s expected, got nil", want)
			}
		}
		switch kind {
		case packInt:
			n := c.Int(arg)
			if size < 8 {
				if limit := int64(1) << (size*8 - 1); n < -limit || n >= limit {
					c.ArgErrorf(arg, "integer overflow")
				}
			}
			out.b = appendPackedInt(out.b, uint64(n), size, r.big, n < 0)
		case packUint:
			n := uint64(c.Int(arg))
			if size < 8 && n >= 1<<(size*8) {
				c.ArgErrorf(arg, "unsigned overflow")
			}
			out.b = appendPackedInt(out.b, n, size, r.big, false)
		case packFloat:
			out.b = appendPackedInt(out.b, uint64(math.Float32bits(float32(c.Float(arg)))), 4, r.big, false)
		case packDouble:
			out.b = appendPackedInt(out.b, math.Float64bits(c.Float(arg)), 8, r.big, false)
		case packChar:
			s := c.Str(arg)
			if len(s) > size {
				c.ArgErrorf(arg, "string longer than given size")
			}
			out.b = appendFill(append(out.b, s...), 0, size-len(s))
		case packString:
			s := c.Str(arg)
			if size < 8 && uint64(len(s)) >= 1<<(size*8) {
				c.ArgErrorf(arg, "string length does not fit in given size")
			}
			out.b = appendPackedInt(out.b, uint64(len(s)), size, r.big, false)
			out.str(s)
		case packZstr:
			s := c.Str(arg)
			if strings.IndexByte(s, 0) >= 0 {
				c.ArgErrorf(arg, "string contains zeros")
			}
			out.str(s)
			out.byte(0)
		case packPadding:
			out.b = append(out.b, 0)
		}
	}
	out.push()
}

func strPackSize(c *Call) {
	r := newPackReader(c.Str(1))
	total := 0
	for r.more() {
		kind, size, pad, err := r.next(total)
		if err != nil {
			packRaise(c, err)
		}
		size += pad
		if total > packMaxSize-size {
			c.ArgErrorf(1, "format result too large")
		}
		total += size
		if kind == packString || kind == packZstr {
			c.ArgErrorf(1, "variable-length format")
		}
	}
	c.PushInt(int64(total))
}

func strUnpack(c *Call) {
	r := newPackReader(c.Str(1))
	s := c.Str(2)
	start := fromEnd(c.OptInt(3, 1), len(s)) - 1
	if uint64(start) > uint64(len(s)) {
		c.ArgErrorf(3, "initial position out of string")
	}
	pos := int(start)
	for r.more() {
		kind, size, pad, err := r.next(pos)
		if err != nil {
			packRaise(c, err)
		}
		if pad+size > len(s)-pos {
			c.ArgErrorf(2, "data string too short")
		}
		c.Charge(1)
		pos += pad
		if kind < packPadding && len(c.ret) >= maxResults {
			c.Errorf("stack overflow (too many results)")
		}
		switch kind {
		case packInt, packUint:
			n, err := readPackedInt(s[pos:pos+size], r.big, kind == packInt)
			c.Raise(err)
			c.PushInt(n)
		case packFloat:
			n, _ := readPackedInt(s[pos:pos+4], r.big, false)
			c.PushFloat(float64(math.Float32frombits(uint32(n))))
		case packDouble:
			n, _ := readPackedInt(s[pos:pos+8], r.big, false)
			c.PushFloat(math.Float64frombits(uint64(n)))
		case packChar:
			c.PushString(c.cut(s, pos, pos+size))
		case packString:
			n, err := readPackedInt(s[pos:pos+size], r.big, false)
			c.Raise(err)
			if uint64(n) > uint64(len(s)-pos-size) {
				c.ArgErrorf(2, "data string too short")
			}
			c.PushString(c.cut(s, pos+size, pos+size+int(n)))
			pos += int(n)
		case packZstr:
			k := strings.IndexByte(s[pos:], 0)
			if k < 0 { // PUC looks for the zero that C puts behind every string
				k = len(s) - pos
			}
			c.PushString(c.cut(s, pos, pos+k))
			pos += k + 1
		}
		pos += size
	}
	c.PushInt(int64(pos) + 1)
}
