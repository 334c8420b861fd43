package lua53

import (
	"math/big"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func (s *State) openBase() {
	g := s.globals
	s.loaded = s.newTable(0, 24)
	s.preload = s.NewTable()
	s.SetString(s.loaded, "_G", g)
	s.SetString(g, "_G", g)
	s.SetString(g, "_VERSION", lua.LString("Lua 5.3"))
	for _, r := range []Reg{
		{"assert", baseAssert},
		{"collectgarbage", baseCollect},
		{"dofile", baseDofile},
		{"error", baseError},
		{"getmetatable", baseGetMetatable},
		{"ipairs", baseIpairs},
		{"loadfile", baseLoadfile},
		{"load", baseLoad},
		{"next", baseNext},
		{"pairs", basePairs},
		{"pcall", basePcall},
		{"print", basePrint},
		{"rawequal", baseRawEqual},
		{"rawlen", baseRawLen},
		{"rawget", baseRawGet},
		{"rawset", baseRawSet},
		{"select", baseSelect},
		{"setmetatable", baseSetMetatable},
		{"tonumber", baseToNumber},
		{"tostring", baseToString},
		{"type", baseType},
		{"xpcall", baseXpcall},
	} {
		s.SetString(g, r.Name, s.Function(r.Name, r.Fn))
	}
	s.nextFn = g.GetString("next").(*lua.LFunction)
	s.pairsFn = g.GetString("pairs").(*lua.LFunction)
	s.ipairsFn = s.Function("ipairs_aux", ipairsAux)
}

func baseAssert(c *Call) {
	c.Any(1)
	if c.Bool(1) {
		c.push(c.args...)
		return
	}
	msg := strVal("assertion failed!")
	if c.N() > 1 {
		msg = c.args[1]
	}
	if s, ok := msg.o.(lua.LString); ok { // luaB_error adds the caller's place
		msg = strVal(c.th.where(1) + string(s))
	}
	c.th.throw(msg)
}

// baseCollect reports accounted bytes, not those of the Go heap, so that a
// replay sees the same.
func baseCollect(c *Call) {
	s := c.s
	switch c.Option(1, "collect", "stop", "restart", "collect", "count", "step", "setpause", "setstepmul", "isrunning") {
	case 3:
		c.PushFloat(float64(s.HeapUsed()) / 1024)
	case 2:
		s.recount()
		c.PushInt(0)
	case 4:
		c.PushBool(false) // a step never ends a cycle
	case 7:
		c.PushBool(true)
	case 5, 6:
		c.PushInt(200)
	default:
		c.PushInt(0)
	}
}

func baseDofile(c *Call) {
	c.Throw(lua.LString("cannot open " + c.OptStr(1, "stdin") + ": No such file or directory"))
}

func baseLoadfile(c *Call) {
	c.PushNil()
	c.PushString("cannot open " + c.OptStr(1, "stdin") + ": No such file or directory")
}

func baseError(c *Call) {
	level := c.OptInt(2, 1)
	v := c.arg(1)
	if s, ok := v.o.(lua.LString); ok && level > 0 {
		v = strVal(c.th.where(int(min(level, 1<<30))) + string(s))
	}
	c.th.throw(v)
}

func baseGetMetatable(c *Call) {
	c.Any(1)
	mt := c.s.metatable(c.args[0])
	if mt == nil {
		c.PushNil()
		return
	}
	if p := mt.getStr("__metatable"); !p.isNil() {
		c.push(p)
		return
	}
	c.push(tableVal(mt))
}

// Pairs is the function that a script put in the place of the global pairs, nil (Go)
// when that is still the library's.
func (s *State) Pairs() lua.LValue {
	if f, ok := s.globals.getStr("pairs").o.(*lua.LFunction); ok && f != s.pairsFn {
		return f
	}
	return nil
}

func ipairsAux(c *Call) {
	i := c.Int(2) + 1
	v := c.th.index(c.arg(1), intVal(i))
	if v.isNil() {
		c.PushNil()
		return
	}
	c.push(intVal(i), v)
}

func baseIpairs(c *Call) {
	c.Any(1)
	c.push(val{o: c.s.ipairsFn}, c.args[0], intVal(0))
}

func baseNext(c *Call) {
	t := c.Table(1)
	k, v, looked, ok := t.next(c.arg(2))
	c.s.payLooks(looked)
	if !ok {
		c.Throw(lua.LString("invalid key to 'next'"))
	}
	if k.isNil() {
		c.PushNil()
		return
	}
	c.push(k, v)
}

func basePairs(c *Call) {
	c.Any(1)
	if m := c.s.metaOf(c.args[0], "__pairs"); !m.isNil() {
		c.th.pinned++ // PUC calls it without a continuation
		res := c.call(m, c.args[0])
		c.th.pinned--
		for i := range 3 {
			if i < len(res) {
				c.push(res[i])
			} else {
				c.PushNil()
			}
		}
		return
	}
	c.push(val{o: c.s.nextFn}, c.args[0], vNil) // next will look at the table
}

func basePcall(c *Call) {
	c.Any(1)
	c.finishPcall(c.th.pcall(c.args[0], vNil, c.args[1:]))
}

func baseXpcall(c *Call) {
	if _, ok := c.arg(2).o.(*lua.LFunction); !ok {
		c.TypeError(2, "function")
	}
	c.finishPcall(c.th.pcall(c.args[0], c.args[1], c.args[2:]))
}

func (c *Call) finishPcall(res []val, e *Error) {
	if e != nil {
		c.ret = c.ret[:0]
		c.push(vFalse, unbox(e.Value))
		return
	}
	c.push(vTrue)
	c.push(res...)
}

func basePrint(c *Call) {
	var b strings.Builder
	tostring := c.s.globals.getStr("tostring")
	std := false
	if lf, ok := tostring.o.(*lua.LFunction); ok {
		f := asFunction(lf)
		std = f != nil && f.goFn != nil && f.name == "tostring"
	}
	for i, v := range c.args {
		if i > 0 {
			b.WriteByte('\t')
		}
		if std {
			b.WriteString(c.th.toString(v))
			continue
		}
		r := c.call1(tostring, v)
		t, ok := c.s.text(r)
		if !ok {
			c.Errorf("'tostring' must return a string to 'print'")
		}
		b.WriteString(t)
	}
	c.Charge(int64(b.Len()>>4) + 1)
	if c.s.opts.Print != nil {
		c.s.opts.Print(b.String())
	}
}

func baseRawEqual(c *Call) {
	c.Any(1)
	c.Any(2)
	c.PushBool(rawEqual(c.args[0], c.args[1]))
}

func baseRawLen(c *Call) {
	switch x := c.arg(1).o.(type) {
	case *Table:
		c.PushInt(x.length())
	case lua.LString:
		c.PushInt(int64(len(x)))
	default:
		c.ArgErrorf(1, "table or string expected")
	}
}

func baseRawGet(c *Call) {
	t := c.Table(1)
	c.Any(2)
	c.push(t.get(c.args[1]))
}

func baseRawSet(c *Call) {
	t := c.Table(1)
	c.Any(2)
	c.Any(3)
	c.s.rawSet(t, c.args[1], c.args[2])
	c.push(c.args[0])
}

func baseSelect(c *Call) {
	n := c.N()
	if s, ok := c.arg(1).o.(lua.LString); ok && s == "#" {
		c.PushInt(int64(n - 1))
		return
	}
	i := c.Int(1)
	switch {
	case i < 0:
		i += int64(n)
	case i > int64(n):
		i = int64(n)
	}
	if i < 1 {
		c.ArgErrorf(1, "index out of range")
	}
	c.push(c.args[i:]...)
}

func baseSetMetatable(c *Call) {
	t := c.Table(1)
	var mt *Table
	if v := c.arg(2); !v.isNil() || c.None(2) {
		var ok bool
		if mt, ok = v.table(); !ok {
			c.ArgErrorf(2, "nil or table expected")
		}
	}
	if t.meta != nil && !t.meta.getStr("__metatable").isNil() {
		c.Errorf("cannot change a protected metatable")
	}
	c.s.SetMetatable(t, mt)
	c.push(c.args[0])
}

func baseToNumber(c *Call) {
	if c.NoneOrNil(2) {
		c.Any(1)
		if n, ok := c.args[0].coerce(); ok {
			if text, isText := c.args[0].o.(lua.LString); isText && c.s.opts.Luerl {
				c.s.luerlNumber(string(text))
			}
			c.PushNumber(n)
		} else {
			c.PushNil()
		}
		return
	}
	base := c.Int(2)
	s, ok := c.arg(1).o.(lua.LString)
	if !ok {
		c.TypeError(1, "string")
	}
	if base < 2 || base > 36 {
		c.ArgErrorf(2, "base out of range")
	}
	if n, ok := parseInBase(string(s), base); ok {
		if c.s.opts.Luerl && len(s) > 10 {
			if b, ok := new(big.Int).SetString(strings.TrimSpace(string(s)), int(base)); ok && !b.IsInt64() {
				c.s.tooWide("the result")
			}
		}
		c.PushInt(n)
	} else {
		c.PushNil()
	}
}

// parseInBase reads an integer that wraps around, as tonumber(s, base) does.
func parseInBase(s string, base int64) (int64, bool) {
	s = strings.Trim(s, " \f\n\r\t\v")
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	if s == "" {
		return 0, false
	}
	var n int64
	for i := 0; i < len(s); i++ {
		var d int64
		switch ch := s[i]; {
		case ch >= '0' && ch <= '9':
			d = int64(ch - '0')
		case ch|0x20 >= 'a' && ch|0x20 <= 'z':
			d = int64(ch|0x20-'a') + 10
		default:
			return 0, false
		}
		if d >= base {
			return 0, false
		}
		n = n*base + d
	}
	if neg {
		n = -n
	}
	return n, true
}

func baseToString(c *Call) {
	c.Any(1)
	if s, ok := c.args[0].o.(lua.LString); ok {
		c.push(val{o: s})
		return
	}
	s := c.th.toString(c.args[0])
	c.s.alloc(int64(len(s)) + 16)
	c.PushString(s)
}

func baseType(c *Call) {
	c.Any(1)
	c.PushString(c.args[0].typeName())
}
