package lua53

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// Call is one running call of a Go function: its arguments, its results and
// the way back into Lua. It is valid until the function returns; the function
// must not keep it.
//
// Errors are raised by panicking inside the methods (Errorf, Throw, Raise and
// the argument checks) and travel as Lua errors; a function needs no recover.
// Calls into Lua may yield: the Go function is then suspended where it stands
// and goes on when the coroutine is resumed. A coroutine that is stopped for
// good ends its Go functions by a panic, so deferred calls run.
type Call struct {
	s    *State
	th   *thread
	fn   *function
	args []val
	ret  []val
}

// State is the state that the call belongs to.
func (c *Call) State() *State { return c.s }

// N is the number of arguments.
func (c *Call) N() int { return len(c.args) }

// Arg returns argument i, from 1; nil (lua.LNil) beyond the last.
func (c *Call) Arg(i int) lua.LValue {
	if i > len(c.args) {
		return lua.LNil
	}
	return c.args[i-1].box()
}

// Args returns all arguments in a new slice.
func (c *Call) Args() []lua.LValue { return boxAll(c.args) }

// None reports whether there is no argument i (nil is an argument).
func (c *Call) None(i int) bool { return i > len(c.args) }

// NoneOrNil reports whether argument i is missing or nil.
func (c *Call) NoneOrNil(i int) bool { return i > len(c.args) || c.args[i-1].isNil() }

func (c *Call) arg(i int) val {
	if i > len(c.args) {
		return vNil
	}
	return c.args[i-1]
}

// Any raises an error unless there is an argument i, and returns it.
func (c *Call) Any(i int) lua.LValue {
	if i > len(c.args) {
		c.ArgErrorf(i, "value expected")
	}
	return c.args[i-1].box()
}

// Bool is the truth of argument i.
func (c *Call) Bool(i int) bool { return c.arg(i).truthy() }

// Int reads an integer: an integer, a float with an exact integer value, or a
// string that looks like one.
func (c *Call) Int(i int) int64 {
	if i <= len(c.args) {
		v := c.args[i-1]
		if v.o == nil {
			return int64(v.n)
		}
		n, ok := v.coerce()
		if ok {
			if j, ok := numberToInteger(n); ok {
				return j
			}
			c.ArgErrorf(i, "number has no integer representation")
		}
	}
	c.TypeError(i, "number")
	return 0
}

// OptInt is Int with a default for a missing or nil argument.
func (c *Call) OptInt(i int, def int64) int64 {
	if c.NoneOrNil(i) {
		return def
	}
	return c.Int(i)
}

// Number reads a number or a string that looks like one.
func (c *Call) Number(i int) Number {
	n, ok := c.arg(i).coerce()
	if !ok {
		c.TypeError(i, "number")
	}
	return n
}

// Float is Number as a float.
func (c *Call) Float(i int) float64 { return numberToFloat(c.Number(i)) }

// OptFloat is Float with a default for a missing or nil argument.
func (c *Call) OptFloat(i int, def float64) float64 {
	if c.NoneOrNil(i) {
		return def
	}
	return c.Float(i)
}

// Str reads a string, or a number as its text.
func (c *Call) Str(i int) string {
	if i <= len(c.args) {
		if s, ok := c.args[i-1].o.(lua.LString); ok {
			return string(s)
		}
		if s, ok := c.s.text(c.args[i-1]); ok {
			return s
		}
	}
	c.TypeError(i, "string")
	return ""
}

// OptStr is Str with a default for a missing or nil argument.
func (c *Call) OptStr(i int, def string) string {
	if c.NoneOrNil(i) {
		return def
	}
	return c.Str(i)
}

// Table reads a table.
func (c *Call) Table(i int) *Table {
	t, ok := c.arg(i).table()
	if !ok {
		c.TypeError(i, "table")
	}
	return t
}

// Func reads a function.
func (c *Call) Func(i int) *lua.LFunction {
	f, ok := c.arg(i).o.(*lua.LFunction)
	if !ok {
		c.TypeError(i, "function")
	}
	return f
}

// Option reads a string that must be one of list and returns its index. def is
// used for a missing argument unless it is "".
func (c *Call) Option(i int, def string, list ...string) int {
	var name string
	if def != "" {
		name = c.OptStr(i, def)
	} else {
		name = c.Str(i)
	}
	for k, s := range list {
		if s == name {
			return k
		}
	}
	c.ArgErrorf(i, "invalid option '%s'", name)
	return 0
}

// Push adds a result.
func (c *Call) Push(v lua.LValue) { c.ret = append(c.ret, unbox(v)) }

// PushInt adds an integer result, without the cost of boxing it.
func (c *Call) PushInt(i int64) { c.ret = append(c.ret, intVal(i)) }

// PushFloat adds a float result.
func (c *Call) PushFloat(f float64) {
	if c.s.opts.Luerl {
		c.s.finite(f)
	}
	c.ret = append(c.ret, floatVal(f))
}

// PushNumber adds a number result.
func (c *Call) PushNumber(n Number) {
	if c.s.opts.Luerl && !n.IsInt {
		c.s.finite(n.Float)
	}
	c.ret = append(c.ret, numVal(n))
}

// PushString adds a string result; its bytes must have been accounted for.
func (c *Call) PushString(s string) { c.ret = append(c.ret, strVal(s)) }

// PushBool adds a boolean result.
func (c *Call) PushBool(b bool) { c.ret = append(c.ret, boolVal(b)) }

// PushNil adds a nil result.
func (c *Call) PushNil() { c.ret = append(c.ret, vNil) }

// Return adds several results.
func (c *Call) Return(vs ...lua.LValue) {
	for _, v := range vs {
		c.Push(v)
	}
}

func (c *Call) push(vs ...val) { c.ret = append(c.ret, vs...) }

// Call calls a value (function or callable) and returns its results in a new
// slice.
func (c *Call) Call(fn lua.LValue, args ...lua.LValue) []lua.LValue {
	th := c.th
	st, tp := th.stack, th.top
	in := th.pushArgs(args)
	res := boxAll(th.goCall(unbox(fn), in))
	clear(in)
	th.stack, th.top = st, tp
	return res
}

// pushArgs puts arguments into registers.
func (th *thread) pushArgs(args []lua.LValue) []val {
	in := th.push(len(args))
	for i, a := range args {
		in[i] = unbox(a)
	}
	return in
}

// PCall is Call that returns what the call raised. Errors that end the whole
// evaluation (budgets, cancellation) are not returned: they go on up.
func (c *Call) PCall(fn lua.LValue, args ...lua.LValue) ([]lua.LValue, *Error) {
	th := c.th
	st, tp := th.stack, th.top
	in := th.pushArgs(args)
	res, e := th.pcall(unbox(fn), vNil, in)
	clear(in)
	th.stack, th.top = st, tp
	if e != nil {
		return nil, e
	}
	return boxAll(res), nil
}

// call calls a value; the results are valid until the next call.
func (c *Call) call(fn val, args ...val) []val { return c.th.goCall(fn, args) }

// call1 is call for one result.
func (c *Call) call1(fn val, args ...val) val {
	if r := c.th.goCall(fn, args); len(r) > 0 {
		return r[0]
	}
	return vNil
}

// Errorf raises a message with the place of the caller before it
// (luaL_error).
func (c *Call) Errorf(format string, args ...any) {
	c.th.throw(strVal(c.th.where(1) + fmt.Sprintf(format, args...)))
}

// Throw raises any value as it is (lua_error).
func (c *Call) Throw(v lua.LValue) { c.th.throw(unbox(v)) }

// Raise hands an error on: an *Error of this package as it is, any other as a
// message with its place. Nil does nothing.
func (c *Call) Raise(err error) {
	switch e := err.(type) {
	case nil:
	case *Error:
		panic(e)
	default:
		c.Errorf("%s", err.Error())
	}
}

// ArgErrorf raises "bad argument #i to 'name' (…)".
func (c *Call) ArgErrorf(i int, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	name, method := c.calledAs()
	if method {
		i--
		if i == 0 {
			c.Errorf("calling '%s' on bad self (%s)", name, msg)
		}
	}
	c.Errorf("bad argument #%d to '%s' (%s)", i, name, msg)
}

// TypeError raises "bad argument #i to 'name' (want expected, got …)".
func (c *Call) TypeError(i int, want string) {
	got := "no value"
	if i <= len(c.args) {
		got = c.th.s.metaTypeName(c.args[i-1])
		if _, ok := c.args[i-1].o.(lightUserData); ok {
			got = "light userdata"
		}
	}
	c.ArgErrorf(i, "%s expected, got %s", want, got)
}

// calledAs is the name by which the caller knows the running function, and
// whether it was called as a method.
func (c *Call) calledAs() (name string, method bool) {
	kind, name := c.th.frame.calledName()
	switch {
	case kind == "method":
		return name, true
	case kind != "":
		return name, false
	case c.fn != nil:
		if q := c.s.loadedName(&c.fn.LFunction); q != "" {
			return q, false
		}
	}
	return "?", false
}

// Charge takes gas for work done in the function and ends the evaluation when
// none is left.
func (c *Call) Charge(gas int64) {
	if c.s.fuel -= gas; c.s.fuel < 0 {
		c.s.refuel()
	}
}

// Alloc accounts for bytes about to be allocated for one object and ends the
// evaluation when that is too much.
func (c *Call) Alloc(bytes int64) { c.s.alloc(bytes) }

// Index is o[k] with metamethods.
func (c *Call) Index(o, k lua.LValue) lua.LValue { return c.th.index(unbox(o), unbox(k)).box() }

// SetIndex is o[k] = v with metamethods.
func (c *Call) SetIndex(o, k, v lua.LValue) { c.th.setIndex(unbox(o), unbox(k), unbox(v)) }

// Len is #o with metamethods; it must be an integer (luaL_len).
func (c *Call) Len(o lua.LValue) int64 { return c.lenOf(unbox(o)) }

func (c *Call) lenOf(o val) int64 {
	v := c.th.length(o)
	n, ok := v.toInteger()
	if !ok {
		c.Errorf("object length is not an integer")
	}
	return n
}

// Equal is a == b with metamethods.
func (c *Call) Equal(a, b lua.LValue) bool { return c.th.equal(unbox(a), unbox(b)) }

// Less is a < b with metamethods.
func (c *Call) Less(a, b lua.LValue) bool { return c.th.less(unbox(a), unbox(b)) }

// Arith is a op b with metamethods; op is "+", "-", "*", "/", "%", "^", "//",
// "&", "|", "~", "<<", ">>", and "unm" or "bnot" for the unary ones (b = a).
func (c *Call) Arith(op string, a, b lua.LValue) lua.LValue {
	o, ok := opNames[op]
	if !ok {
		c.Errorf("unknown operator '%s'", op)
	}
	return c.th.arith(o, unbox(a), unbox(b)).box()
}

// Concat is a .. b with metamethods.
func (c *Call) Concat(a, b lua.LValue) lua.LValue {
	return c.th.concat([]val{unbox(a), unbox(b)}).box()
}

// ToString is tostring(v), with __tostring and __name.
func (c *Call) ToString(v lua.LValue) string { return c.th.toString(unbox(v)) }

// Metafield returns a field of v's metatable, nil (Go) if there is none.
func (c *Call) Metafield(v lua.LValue, name string) lua.LValue {
	m := c.s.metaOf(unbox(v), name)
	if m.isNil() {
		return nil
	}
	return m.box()
}

// NewTable makes a table with room for n list items and h other keys.
func (c *Call) NewTable(n, h int) *Table { return c.s.newTable(n, h) }

// Reg names a Go function for Library.
type Reg struct {
	Name string
	Fn   func(*Call)
}

// Function makes a Lua function of a Go function. name is what messages and
// tracebacks call it when nothing better is known.
func (s *State) Function(name string, fn func(*Call)) *lua.LFunction {
	f := &function{name: name, goFn: fn}
	f.init()
	return &f.LFunction
}

// Library fills the table name with functions, in the order given, and makes
// it a global and an entry of package.loaded. An existing table is filled up.
// It returns the table.
func (s *State) Library(name string, fns []Reg) *Table {
	t, ok := s.Get(s.loaded, lua.LString(name)).(*Table)
	if !ok {
		t = s.newTable(0, len(fns)+4) // most get a few more things
		s.Set(s.loaded, lua.LString(name), t)
		s.Set(s.globals, lua.LString(name), t)
	}
	s.Define(t, fns)
	return t
}

// Define puts functions into a table, in the order given. It takes less memory
// than making each by Function; they stay in memory together.
func (s *State) Define(t *Table, fns []Reg) {
	made := make([]function, len(fns))
	for i, r := range fns {
		s.Set(t, lua.LString(r.Name), made[i].close(r.Name, r.Fn, nil))
	}
}

// SetStringMetatable sets the metatable that all strings share.
func (s *State) SetStringMetatable(mt *Table) { s.stringMeta = mt }
