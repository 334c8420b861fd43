package lua53

import lua "github.com/yuin/gopher-lua"

func (s *State) openUTF8() {
	t := s.Library("utf8", []Reg{
		{"char", utf8Char}, {"codepoint", utf8Codepoint}, {"len", utf8Len}, {"offset", utf8Offset},
	})
	next := s.Function("for iterator", utf8Next)
	s.Set(t, lua.LString("codes"), s.Function("codes", func(c *Call) {
		c.Str(1)
		c.push(val{o: next}, c.arg(1), intVal(0))
	}))
	s.Set(t, lua.LString("charpattern"), lua.LString("[\x00-\x7F\xC2-\xF4][\x80-\xBF]*"))
}

func utf8Char(c *Call) {
	var b []byte
	for i := 1; i <= c.N(); i++ {
		n := c.Int(i)
		if uint64(n) > maxCodePoint {
			c.ArgErrorf(i, "value out of range")
		}
		b = appendUTF8(b, uint32(n))
	}
	c.Alloc(int64(len(b)) + stringHeader)
	c.PushString(string(b))
}

// utf8Len counts the characters that start between two positions.
func utf8Len(c *Call) {
	s := c.Str(1)
	i := fromEnd(c.OptInt(2, 1), len(s))
	j := fromEnd(c.OptInt(3, -1), len(s))
	if i < 1 || i-1 > int64(len(s)) {
		c.ArgErrorf(2, "initial position out of string")
	}
	if j-1 >= int64(len(s)) {
		c.ArgErrorf(3, "final position out of string")
	}
	i--
	c.Charge(max(j-i, 0) / 8)
	n := int64(0)
	for i < j {
		_, w := decodeUTF8(s[i:])
		if w == 0 {
			c.PushNil()
			c.PushInt(i + 1)
			return
		}
		i += int64(w)
		n++
	}
	c.PushInt(n)
}

func utf8Codepoint(c *Call) {
	s := c.Str(1)
	i := fromEnd(c.OptInt(2, 1), len(s))
	j := fromEnd(c.OptInt(3, i), len(s))
	if i < 1 {
		c.ArgErrorf(2, "out of range")
	}
	if j > int64(len(s)) {
		c.ArgErrorf(3, "out of range")
	}
	if i > j {
		return
	}
	if j-i >= maxResults {
		c.Errorf("stack overflow (string slice too long)")
	}
	c.Charge((j - i) / 4)
	for i--; i < j; {
		code, w := decodeUTF8(s[i:])
		if w == 0 {
			c.Errorf("invalid UTF-8 code")
		}
		c.PushInt(int64(code))
		i += int64(w)
	}
}

// utf8Offset finds the byte where the n-th character from position i begins.
func utf8Offset(c *Call) {
	s := c.Str(1)
	n := c.Int(2)
	size := int64(len(s))
	from := int64(1)
	if n < 0 {
		from = size + 1
	}
	i := fromEnd(c.OptInt(3, from), len(s)) - 1
	if i < 0 || i > size {
		c.ArgErrorf(3, "position out of range")
	}
	start := i
	if n == 0 {
		for i > 0 && isContinuation(s, i) {
			i--
		}
		c.PushInt(i + 1)
		return
	}
	if isContinuation(s, i) {
		c.Errorf("initial position is a continuation byte")
	}
	if n < 0 {
		for n < 0 && i > 0 {
			i--
			for i > 0 && isContinuation(s, i) {
				i--
			}
			n++
		}
	} else {
		n--
		for n > 0 && i < size {
			i++
			for isContinuation(s, i) {
				i++
			}
			n--
		}
	}
	c.Charge(max(i-start, start-i) / 8)
	if n != 0 {
		c.PushNil()
		return
	}
	c.PushInt(i + 1)
}

// utf8Next is the iterator of utf8.codes.
func utf8Next(c *Call) {
	s := c.Str(1)
	n := int64(-1) // as lua_tointeger: what is no integer counts as 0
	if k, ok := c.arg(2).coerce(); ok {
		if i, ok := numberToInteger(k); ok {
			n = i - 1
		}
	}
	size := int64(len(s))
	if n < 0 {
		n = 0
	} else if n < size {
		n++
		for isContinuation(s, n) {
			n++
		}
	}
	if n >= size {
		return
	}
	code, w := decodeUTF8(s[n:])
	if w == 0 || isContinuation(s, n+int64(w)) {
		c.Errorf("invalid UTF-8 code")
	}
	c.PushInt(n + 1)
	c.PushInt(int64(code))
}
