package lua53

import lua "github.com/yuin/gopher-lua"

// Place is where the Lua function stands that called the running Go function,
// directly or through other Go functions: its chunk as messages show it, and the
// line and column of what it is evaluating. Line is 0 when no Lua function runs.
func (c *Call) Place() (chunk string, line, col int) {
	for f := c.th.frame; f != nil && f.fn != nil; f = f.prev {
		if f.fn.p != nil {
			return f.fn.p.chunk.id, int(f.site.line), int(f.site.col)
		}
	}
	return "", 0, 0
}

// Defined is where a Lua function's definition begins; line is 0 for a Go
// function and for a whole chunk.
func Defined(v lua.LValue) (chunk string, line int) {
	lf, ok := v.(*lua.LFunction)
	if !ok {
		return "", 0
	}
	f := asFunction(lf)
	if f == nil || f.p == nil || f.p.fn == nil {
		return "", 0
	}
	return f.p.chunk.id, int(f.p.fn.Pos.Line)
}
