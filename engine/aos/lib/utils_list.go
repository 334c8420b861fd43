package lib

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// curry makes a function that collects arity arguments and then runs fn with all
// it was given. When it was given too few, only the FIRST of them is kept and the
// count goes down by all of them: the library unpacks them in a place where one
// value counts. f(a)(b)(c) works, f(a, b)(c) loses b.
func (l *Lib) curry(arity float64, fn func(c *lua53.Call, args []lua.LValue)) *lua.LFunction {
	return l.function("", func(c *lua53.Call) {
		args := c.Args()
		n := border(args)
		if float64(n) >= arity {
			fn(c, args[:n])
			return
		}
		kept := lua.LValue(lua.LNil)
		if n > 0 {
			kept = args[0]
		}
		rest := func(c *lua53.Call, more []lua.LValue) {
			fn(c, append([]lua.LValue{kept}, more...))
		}
		if arity-float64(n) < 2 {
			c.Push(l.s.Captured(l.function("", func(c *lua53.Call) { rest(c, c.Args()) }), kept))
			return
		}
		c.Push(l.s.Captured(l.curry(arity-float64(n), rest), kept))
	})
}

// curryFunction is utils.curry(fn, arity).
func (l *Lib) curryFunction(c *lua53.Call) {
	fn := c.Arg(1)
	assert(c, isFunction(fn), inUtils, "function is required as first argument")
	arity, ok := lua53.ToFloat(c.Arg(2))
	if v := c.Arg(2); !truthy(v) {
		arity = l.parameters(c, fn)
	} else if !ok {
		raise(c, inUtils, "attempt to compare %s with number", typeName(c, v))
	}
	if arity < 2 {
		c.Push(fn)
		return
	}
	c.Push(l.s.Captured(l.curry(arity, func(c *lua53.Call, args []lua.LValue) {
		c.Return(c.Call(fn, args...)...)
	}), fn))
}

// parameters is how many parameters a function declares, as debug.getinfo says.
func (l *Lib) parameters(c *lua53.Call, fn lua.LValue) float64 {
	debug, ok := l.loaded.GetString("debug").(*lua53.Table)
	if !ok {
		return 0
	}
	info, ok := first(c, debug.GetString("getinfo"), fn, lua.LString("u")).(*lua53.Table)
	if !ok {
		return 0
	}
	n, _ := lua53.ToFloat(info.GetString("nparams"))
	return n
}

// isArray tells whether a table has no keys but 1 … n.
func isArray(c *lua53.Call, v lua.LValue) (*lua53.Table, bool) {
	t, ok := v.(*lua53.Table)
	if !ok {
		return nil, false
	}
	var highest int64
	for k := range Paired(c, t).All {
		i, ok := lua53.ToInteger(k)
		if !ok || i < 1 {
			return nil, false
		}
		highest = max(highest, i)
	}
	n := t.Len()
	if t.Metatable() != nil {
		n = c.Len(t)
	}
	return t, highest == n
}

func needArray(c *lua53.Call, v lua.LValue, message string) *lua53.Table {
	t, ok := isArray(c, v)
	assert(c, ok, inUtils, message)
	return t
}

func needTable(c *lua53.Call, v lua.LValue, message string) *lua53.Table {
	t, ok := v.(*lua53.Table)
	assert(c, ok, inUtils, message)
	return t
}

// each walks a table that a called function may change meanwhile.
func each(c *lua53.Call, t *lua53.Table, visit func(k, v lua.LValue) bool) {
	t = Paired(c, t)
	for k, v, ok := t.Next(lua.LNil); ; k, v, ok = t.Next(k) {
		if !ok {
			raise(c, inUtils, "invalid key to 'next'")
		}
		if k == lua.LNil || !visit(k, v) {
			return
		}
		c.Charge(1)
	}
}

func (l *Lib) concat(c *lua53.Call, args []lua.LValue) {
	a := needTable(c, get(args, 0), "first argument should be a table that is an array")
	b := needTable(c, get(args, 1), "second argument should be a table that is an array")
	needArray(c, a, "first argument should be a table")
	needArray(c, b, "second argument should be a table")
	out := c.NewTable(int(a.Len()+b.Len()), 0)
	for _, t := range []*lua53.Table{a, b} {
		for i := int64(1); i <= t.Len(); i++ {
			if v := t.GetInt(i); v != lua.LNil {
				l.s.Append(out, v)
			}
		}
		c.Charge(t.Len())
	}
	c.Push(out)
}

const needReducer = "first argument should be a function that accepts (result, value, key)"

const needThird = "third argument should be a table that is an array"

func (l *Lib) reduce(c *lua53.Call, args []lua.LValue) {
	fn := get(args, 0)
	assert(c, isFunction(fn), inUtils, needReducer)
	t := needArray(c, get(args, 2), needThird)
	result := get(args, 1)
	each(c, t, func(k, v lua.LValue) bool {
		if result == lua.LNil {
			result = v
		} else {
			result = first(c, fn, result, v, k)
		}
		return true
	})
	c.Push(result)
}

const (
	needUnary = "first argument should be a unary function"
	needList  = "second argument should be an Array"
)

func (l *Lib) mapList(c *lua53.Call, args []lua.LValue) {
	fn := get(args, 0)
	assert(c, isFunction(fn), inUtils, needUnary)
	t := needArray(c, get(args, 1), needList)
	out := c.NewTable(int(t.Len()), 0)
	each(c, t, func(k, v lua.LValue) bool {
		l.s.Set(out, k, first(c, fn, v, k))
		return true
	})
	c.Push(out)
}

func (l *Lib) filter(c *lua53.Call, args []lua.LValue) {
	fn := get(args, 0)
	assert(c, isFunction(fn), inUtils, needUnary)
	t := needArray(c, get(args, 1), needList)
	out := l.s.NewTable()
	each(c, t, func(_, v lua.LValue) bool {
		if truthy(first(c, fn, v)) {
			l.s.Append(out, v)
		}
		return true
	})
	c.Push(out)
}

// find returns nothing at all, not nil, when nothing is found.
func (l *Lib) find(c *lua53.Call, args []lua.LValue) {
	fn := get(args, 0)
	assert(c, isFunction(fn), inUtils, needUnary)
	t := needTable(c, get(args, 1), "second argument should be a table that is an array")
	each(c, t, func(_, v lua.LValue) bool {
		if truthy(first(c, fn, v)) {
			c.Push(v)
			return false
		}
		return true
	})
}

func (l *Lib) propEq(c *lua53.Call, args []lua.LValue) {
	name, okName := get(args, 0).(lua.LString)
	assert(c, okName, inUtils, "first argument should be a string")
	value, okValue := get(args, 1).(lua.LString)
	assert(c, okValue, inUtils, "second argument should be a string")
	t := needTable(c, get(args, 2), "third argument should be a table<object>")
	c.PushBool(index(c, inUtils, t, name, "local 'object'") == value)
}

func (l *Lib) reverse(c *lua53.Call, v lua.LValue) *lua53.Table {
	needTable(c, v, "argument needs to be a table that is an array")
	t := needArray(c, v, needThird)
	n := t.Len()
	out := c.NewTable(int(n), 0)
	for i := n; i >= 1; i-- {
		l.s.SetInt(out, n-i+1, t.GetInt(i))
	}
	c.Charge(n)
	return out
}

// compose makes a function that applies the last of its functions first. Holes
// among them are passed over, as far as the library takes them for a list at all.
func (l *Lib) compose(c *lua53.Call, args []lua.LValue) {
	var fns []lua.LValue
	highest := 0
	for i, v := range args {
		if v != lua.LNil {
			fns = append(fns, v)
			highest = i + 1
		}
	}
	assert(c, highest == border(args), inUtils, needThird)
	c.Push(l.s.Captured(l.function("", func(c *lua53.Call) {
		result := c.Arg(1)
		for i := len(fns) - 1; i >= 0; i-- {
			assert(c, isFunction(fns[i]), inUtils, "each argument needs to be a function")
			result = first(c, fns[i], result)
		}
		c.Push(result)
	}), fns...))
}

func (l *Lib) includes(c *lua53.Call, args []lua.LValue) {
	val := get(args, 0)
	needTable(c, get(args, 1), "argument needs to be a table")
	t := needArray(c, get(args, 1), "argument should be a table that is an array")
	found := false
	each(c, t, func(_, v lua.LValue) bool {
		found = c.Equal(v, val)
		return !found
	})
	c.PushBool(found)
}

// list is utils.keys and utils.values.
func (l *Lib) list(c *lua53.Call, pick func(k, v lua.LValue) lua.LValue) {
	t := needTable(c, c.Arg(1), "argument needs to be a table")
	out := c.NewTable(t.Count(), 0)
	for k, v := range Paired(c, t).All {
		l.s.Append(out, pick(k, v))
	}
	c.Charge(int64(t.Count()))
	c.Push(out)
}
