// Package lib holds the modules that aos scripts require — json, .bint, .base64,
// .crypto, .utils, .chance, .stringify, .pretty, .dump — as Go functions on a
// lua53.State, and what the aos world itself needs of them (spec aos-runtime
// §9–§12).
//
// The algorithms are in packages below this one, which know nothing of Lua. Here
// is what a script can see of them: tables, arguments, errors, and the gas and
// bytes that they cost.
package lib

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// Lib is the modules of one State. It is used by whoever may use the State.
type Lib struct {
	s      *lua53.State
	known  []module
	hyper  bool // the modules are those of hyper-aos
	random Random
	crypto crypto
	bints  map[int64]*bintClass
	missed lua.LValue     // see Missed
	asked  *lua.LFunction // calls the function of a table pattern
	json   jsonSink       // what DecodeJSON keeps for the next document
	text   []byte         // what json.encode keeps for the next text
	// preload is package.preload, loaded package.loaded.
	preload, loaded *lua53.Table
}

// module is a name that require knows and what makes its value when it is
// required for the first time.
type module struct {
	name string
	open func(l *Lib) lua.LValue
}

// modules are those of aos' flavour L that hold no state of the world, by name. The
// world adds its own (ao, .handlers, .process …) to package.loaded.
func modules() []module {
	return append([]module{
		{".base64", (*Lib).openBase64},
		{".bint", (*Lib).openBint},
		{".chance", (*Lib).openChance},
		{".dump", (*Lib).openDump},
		{".pretty", (*Lib).openPretty},
		{".stringify", (*Lib).openStringify},
		{".utils", (*Lib).openUtils},
		{"json", (*Lib).openJSON},
	}, cryptoModules()...)
}

// hyperModules are those of hyper-aos, flavour H (spec aos-runtime §10, §14): json
// is called .json there, and .bint and .crypto do not exist.
func hyperModules() []module {
	return []module{
		{".chance", (*Lib).openChance},
		{".dump", (*Lib).openDump},
		{".json", (*Lib).openJSON},
		{".pretty", (*Lib).openPretty},
		{".stringify", (*Lib).openStringify},
		{".utils", (*Lib).openUtils},
	}
}

// Open makes the modules known to require. Each is made when it is first asked
// for, so that a process does not pay for what it never uses. The state's package
// library must be open.
func Open(s *lua53.State) *Lib { return open(s, modules(), false) }

// OpenHyper is Open for the modules of hyper-aos. Their .utils looks for the keys
// of a pattern in req and in req.body, and compares with the case.
func OpenHyper(s *lua53.State) *Lib { return open(s, hyperModules(), true) }

func open(s *lua53.State, known []module, hyper bool) *Lib {
	l := &Lib{s: s, known: known, hyper: hyper, bints: map[int64]*bintClass{}}
	l.json.l = l
	l.asked = s.Stands(s.Function("matchesPattern", func(c *lua53.Call) {
		c.Return(c.Call(c.Arg(1), c.Args()[1:]...)...)
	}), lua53.Stand{Place: string(inUtils), Inner: []lua53.Stand{{Place: string(inUtils), Line: patternLine}}})
	if pkg, ok := s.Globals().GetString("package").(*lua53.Table); ok {
		l.preload, _ = pkg.GetString("preload").(*lua53.Table)
		l.loaded, _ = pkg.GetString("loaded").(*lua53.Table)
	}
	if l.preload == nil || l.loaded == nil {
		l.preload, l.loaded = s.NewTable(), s.NewTable()
	}
	for _, m := range known {
		s.SetString(l.preload, m.name, l.function(m.name, func(c *lua53.Call) {
			c.Push(m.open(l))
		}))
	}
	return l
}

// State is the state that the modules belong to.
func (l *Lib) State() *lua53.State { return l.s }

// Require returns a module as require does: what package.loaded holds, else what
// its loader makes, which is kept there. Nil means that there is no such module
// here; loaders that a script put into package.preload are not run.
func (l *Lib) Require(name string) lua.LValue {
	if v := l.loaded.GetString(name); v != lua.LNil {
		return v
	}
	for _, m := range l.known {
		if m.name == name {
			v := m.open(l)
			l.s.SetString(l.loaded, name, v)
			return v
		}
	}
	return nil
}

// functionBytes is about what a function with its closure takes.
const functionBytes = 192

// function makes a Lua function and accounts for it: objects with functions of
// their own are made while scripts run.
func (l *Lib) function(name string, fn func(*lua53.Call)) *lua.LFunction {
	if err := l.s.Alloc(functionBytes); err != nil {
		panic(err) // an *lua53.Error, which ends the evaluation
	}
	return l.s.Function(name, fn)
}

// table makes a table of functions, in order.
func (l *Lib) table(fns ...lua53.Reg) *lua53.Table {
	t := l.s.NewTableSized(0, len(fns))
	l.define(t, fns)
	return t
}

// define puts functions into a table, in order.
func (l *Lib) define(t *lua53.Table, fns []lua53.Reg) {
	if err := l.s.Alloc(functionBytes * int64(len(fns))); err != nil {
		panic(err) // an *lua53.Error, which ends the evaluation
	}
	l.s.Define(t, fns)
}

// Text makes a string of the host's a script's own. A long one is copied and
// accounted for (a short one is small beside the table that holds it): memory that
// scripts keep is counted by identity, which must not depend on what else the host
// uses the string for. A budget that is exceeded ends the evaluation by a panic
// with an *lua53.Error.
func (l *Lib) Text(s string) lua.LString {
	if len(s) < longText {
		return lua.LString(s)
	}
	if err := l.s.Alloc(int64(len(s)) + 16); err != nil {
		panic(err)
	}
	return lua.LString(strings.Clone(s))
}

// longText is from where on strings are counted by identity.
const longText = 256

// holding tells what Go state is behind the functions of an object, so that it
// counts as long as a script can reach one of them. It returns t.
func (l *Lib) holding(t *lua53.Table, each func(visit func(lua.LValue))) *lua53.Table {
	h := lua53.Holder(each)
	for _, v := range t.All {
		if f, ok := v.(*lua.LFunction); ok {
			l.s.Captured(f, h)
		}
	}
	return t
}

// set stores a field, setInt an item.
func (l *Lib) set(t *lua53.Table, key string, v lua.LValue) {
	l.s.SetString(t, key, v)
}

func (l *Lib) setInt(t *lua53.Table, i int, v lua.LValue) {
	l.s.SetInt(t, int64(i), v)
}

// at is the place of an error raised inside one of aos' library chunks. Their line
// numbers are part of no contract (spec §16); these are the released module's
// where they are known.
type at string

// standsAt lets a function stand for Lua code of the library at a place.
func (l *Lib) standsAt(fn *lua.LFunction, where at) *lua.LFunction {
	return l.s.StandsAt(fn, string(where))
}

// raise throws a message with a place of the library, as error(text) does there.
func raise(c *lua53.Call, where at, format string, args ...any) {
	c.Throw(lua.LString(string(where) + fmt.Sprintf(format, args...)))
}

// assert throws a message as assert(false, text) does, which in Lua 5.3 adds a
// place as error does.
func assert(c *lua53.Call, ok bool, where at, text string) {
	if !ok {
		raise(c, where, "%s", text)
	}
}

// Small tests of values.

func isNil(v lua.LValue) bool { return v == nil || v == lua.LNil }

func truthy(v lua.LValue) bool { return !isNil(v) && v != lua.LFalse }

func isFunction(v lua.LValue) bool { _, ok := v.(*lua.LFunction); return ok }

// typeName is type(v).
func typeName(c *lua53.Call, v lua.LValue) string { return c.State().Name(v) }

// text is the string of a value that Lua's .. accepts: a string or a number.
func text(v lua.LValue) (string, bool) {
	if s, ok := v.(lua.LString); ok {
		return string(s), true
	}
	if n, ok := lua53.ToNumber(v); ok {
		return lua53.FormatNumber(n), true
	}
	return "", false
}

// Paired is what a loop over pairs(t) meets: t itself or, when t has __pairs or a
// script put a function of its own in the place of pairs, a table of what that gives, in its order.
func Paired(c *lua53.Call, t *lua53.Table) *lua53.Table {
	if c == nil {
		return t
	}
	own := c.State().Pairs() // what a script put in the place of pairs
	if own == nil {
		if t.Metatable() == nil {
			return t
		}
		if own = c.Metafield(t, "__pairs"); own == nil {
			return t
		}
	}
	var loop [3]lua.LValue // the iterator, its state and the control variable
	for i := range loop {
		loop[i] = lua.LNil
	}
	copy(loop[:], c.Call(own, t))
	out := c.NewTable(0, 0)
	for {
		kv := c.Call(loop[0], loop[1:]...)
		if len(kv) == 0 || kv[0] == lua.LNil {
			return out
		}
		c.Charge(20)
		loop[2] = kv[0]
		if len(kv) > 1 {
			c.State().Set(out, kv[0], kv[1])
		}
	}
}

// callable tells whether v can be called.
func callable(c *lua53.Call, v lua.LValue) bool {
	return isFunction(v) || c.Metafield(v, "__call") != nil
}

// first calls a value and returns its first result.
func first(c *lua53.Call, fn lua.LValue, args ...lua.LValue) lua.LValue {
	if r := c.Call(fn, args...); len(r) > 0 {
		return r[0]
	}
	return lua.LNil
}

// index is o[k] where library code written in Lua indexes a value that a script
// supplied; what names it in the error.
func index(c *lua53.Call, where at, o, k lua.LValue, what string) lua.LValue {
	switch x := o.(type) {
	case *lua53.Table:
		if v := x.Get(k); v != lua.LNil || x.Metatable() == nil {
			return v
		}
	case lua.LString:
	default:
		if c.Metafield(o, "__index") == nil {
			raise(c, where, "attempt to index a %s value (%s)", typeName(c, o), what)
		}
	}
	return c.Index(o, k)
}
