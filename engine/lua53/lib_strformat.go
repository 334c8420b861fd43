package lua53

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func strFormat(c *Call) {
	f := c.Str(1)
	out := buffer{c: c}
	arg := 1
	for i := 0; i < len(f); {
		k := strings.IndexByte(f[i:], '%')
		if k < 0 {
			out.str(f[i:])
			break
		}
		out.str(f[i : i+k])
		i += k + 1
		if i < len(f) && f[i] == '%' {
			out.byte('%')
			i++
			continue
		}
		if arg++; arg > c.N() {
			c.ArgErrorf(arg, "no value")
		}
		sp, next, err := parseSpec(f, i)
		if err != nil {
			c.Raise(err)
		}
		i = next
		formatOne(c, &out, &sp, arg)
	}
	out.push()
}

func formatOne(c *Call, out *buffer, sp *formatSpec, arg int) {
	switch sp.conv {
	case 'd', 'i', 'u', 'o', 'x', 'X':
		n := c.Int(arg)
		out.need(128)
		out.b = sp.appendInt(out.b, n)
	case 'c':
		n := c.Int(arg)
		out.need(128)
		out.b = sp.appendChar(out.b, byte(n))
	case 'a', 'A', 'e', 'E', 'f', 'g', 'G':
		n := c.Float(arg)
		out.need(formatRoom)
		out.b = sp.appendFloat(out.b, n)
	case 's':
		s := c.th.toString(c.arg(arg))
		switch {
		case sp.bare:
			out.str(s)
		case strings.IndexByte(s, 0) >= 0:
			c.ArgErrorf(arg, "string contains zeros")
		case sp.prec < 0 && len(s) >= 100:
			out.str(s)
		default:
			out.need(len(s) + 100)
			out.b = sp.appendString(out.b, s)
		}
	case 'q':
		quoteValue(c, out, arg)
	default:
		c.Errorf("invalid option '%%%s' to 'format'", quoteByte(sp.conv))
	}
}

func quoteValue(c *Call, out *buffer, arg int) {
	v := c.arg(arg)
	if n, ok := v.number(); ok {
		if n.IsInt {
			out.str(quotedInt(n.Int))
		} else {
			out.str(quotedFloat(n.Float))
		}
		return
	}
	switch x := v.o.(type) {
	case lua.LString:
		out.need(4*len(x) + 2)
		out.b = appendQuoted(out.b, string(x))
	case lua.LBool, *lua.LNilType:
		out.str(c.s.toStringRaw(v))
	default:
		c.ArgErrorf(arg, "value has no literal form")
	}
}
