package lib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// inUtils is the place of errors in the module .utils.
const inUtils at = `[string ".utils"]:45: `

// openUtils makes the module .utils, which the world also shows as the global
// Utils (spec aos-runtime §10). Its functions are curried.
func (l *Lib) openUtils() lua.LValue {
	t := l.s.NewTable()
	l.set(t, "_version", lua.LString("0.0.5"))
	plain := func(name string, fn func(*lua53.Call)) {
		l.set(t, name, l.standsAt(l.function(name, fn), inUtils))
	}
	curried := func(name string, arity float64, fn func(c *lua53.Call, args []lua.LValue)) {
		l.set(t, name, l.curry(arity, fn))
	}
	plain("matchesPattern", func(c *lua53.Call) {
		c.PushBool(l.matchesPattern(c, c.Arg(1), c.Arg(2), c.Arg(3)))
	})
	plain("matchesSpec", func(c *lua53.Call) { c.Push(l.matchesSpec(c, c.Arg(1), c.Arg(2))) })
	plain("capitalize", func(c *lua53.Call) {
		s, ok := c.Arg(1).(lua.LString)
		if !ok || s == "" {
			c.Push(c.Arg(1))
			return
		}
		c.PushString(upper(string(s[:1])) + lower(string(s[1:])))
	})
	plain("normalize", func(c *lua53.Call) {
		s, ok := c.Arg(1).(lua.LString)
		if !ok {
			c.Push(c.Arg(1))
			return
		}
		c.PushString(Normalize(string(s)))
	})
	if l.hyper {
		plain("Tab", l.tab)
		l.set(t, "normalize", lua.LNil)
		l.set(t, "capitalize", lua.LNil)
	}
	plain("curry", l.curryFunction)
	curried("concat", 2, l.concat)
	curried("reduce", 3, l.reduce)
	curried("map", 2, l.mapList)
	curried("filter", 2, l.filter)
	curried("find", 2, l.find)
	curried("propEq", 3, l.propEq)
	plain("reverse", func(c *lua53.Call) { c.Push(l.reverse(c, c.Arg(1))) })
	curried("compose", 2, l.compose)
	curried("prop", 2, func(c *lua53.Call, args []lua.LValue) {
		c.Push(index(c, inUtils, get(args, 1), get(args, 0), "local 'object'"))
	})
	curried("includes", 2, l.includes)
	plain("keys", func(c *lua53.Call) { l.list(c, func(k, _ lua.LValue) lua.LValue { return k }) })
	plain("values", func(c *lua53.Call) { l.list(c, func(_, v lua.LValue) lua.LValue { return v }) })
	return t
}

// get is args[i], nil beyond the end.
func get(args []lua.LValue, i int) lua.LValue {
	if i < len(args) {
		return args[i]
	}
	return lua.LNil
}

// border is the length of a table constructor {...} of these values.
func border(args []lua.LValue) int {
	n := len(args)
	if n == 0 || args[n-1] != lua.LNil {
		return n
	}
	i, j := 0, n
	for j-i > 1 {
		if m := (i + j) / 2; args[m-1] == lua.LNil {
			j = m
		} else {
			i = m
		}
	}
	return i
}

// upper and lower change ASCII letters only, as Lua does in the C locale.
func upper(s string) string { return mapASCII(s, 'a', 'z', -32) }
func lower(s string) string { return mapASCII(s, 'A', 'Z', 32) }

func mapASCII(s string, from, to byte, by int) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= from && s[i] <= to {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= from && b[i] <= to {
					b[i] = byte(int(b[i]) + by)
				}
			}
			return string(b)
		}
	}
	return s
}

// Normalize spells a key or tag name as aos does: Title-Case, with dashes for
// underscores (spec aos-runtime §3).
func Normalize(s string) string {
	up, same := true, true
	for i := 0; i < len(s) && same; i++ {
		c := s[i]
		same = c != '_' && !(up && c >= 'a' && c <= 'z') && !(!up && c >= 'A' && c <= 'Z')
		up = c == '-'
	}
	if same {
		return s
	}
	b := []byte(s)
	up = true
	for i, c := range b {
		switch {
		case c == '_':
			b[i] = '-'
		case up && c >= 'a' && c <= 'z':
			b[i] = c - 32
		case !up && c >= 'A' && c <= 'Z':
			b[i] = c + 32
		}
		up = b[i] == '-'
	}
	return string(b)
}

// patternLine is what tracebacks show of the function below.
const patternLine = string(inUtils) + "in function '.utils.matchesPattern'"

// patternMagic are the characters that make a string a Lua pattern here.
const patternMagic = "^$()%.[]*+?"

// matchesPattern tells whether one value of a message meets a sub-pattern (spec
// aos-runtime §6).
func (l *Lib) matchesPattern(c *lua53.Call, pattern, value, msg lua.LValue) bool {
	switch p := pattern.(type) {
	case *lua.LFunction:
		return truthy(first(c, l.asked, p, value, msg))
	case lua.LString:
		if p == "_" {
			return true
		}
		if l.hyper {
			return l.hyperPattern(c, p, value)
		}
		if !truthy(value) {
			value = lua.LString("")
		}
		have, ok := text(value)
		if !ok {
			raise(c, inUtils, "bad argument #1 to 'lower' (string expected, got %s)", typeName(c, value))
		}
		have = lower(have)
		want := lower(string(p))
		if !strings.ContainsAny(want, patternMagic) {
			return have == want
		}
		found, err := c.PCall(l.stringFunction("match"), lua.LString(have), lua.LString(want))
		if err != nil { // a malformed pattern
			if s, ok := err.Value.(lua.LString); ok {
				raise(c, inUtils, "%s", withoutPlace(string(s)))
			}
			c.Raise(err)
		}
		return len(found) > 0 && truthy(found[0])
	case *lua53.Table:
		for _, sub := range p.All {
			if l.matchesPattern(c, sub, value, msg) {
				return true
			}
		}
	}
	return false
}

// withoutPlace takes the place of library code off a message.
func withoutPlace(s string) string {
	if _, rest, ok := strings.Cut(s, `"]:`); ok && strings.HasPrefix(s, `[string "`) {
		if _, rest, ok := strings.Cut(rest, ": "); ok {
			return rest
		}
	}
	return s
}

// stringFunction is a function of the string library.
func (l *Lib) stringFunction(name string) lua.LValue {
	if t, ok := l.loaded.GetString("string").(*lua53.Table); ok {
		return t.GetString(name)
	}
	return lua.LNil
}

// matchesSpec tells whether a message meets a handler's pattern: a function's raw
// result, the exact Action for a string, every key for a table.
func (l *Lib) matchesSpec(c *lua53.Call, msg, spec lua.LValue) lua.LValue {
	if l.hyper {
		return l.hyperSpec(c, msg, spec)
	}
	switch s := spec.(type) {
	case *lua.LFunction:
		return first(c, s, msg)
	case lua.LString:
		action := index(c, inUtils, msg, lua.LString("Action"), "local 'msg'")
		return lua.LBool(truthy(action) && action == spec)
	case *lua53.Table:
		for k, p := range s.All {
			if !l.matchesKey(c, msg, k, p) {
				l.missed = k
				return lua.LFalse
			}
		}
		return lua.LTrue
	}
	return lua.LFalse
}

// matchesKey tests one key of a table pattern. A key is looked for at the root of
// the message and among its Tags, and it is enough that one of the two values
// matches; both are tested always, so a function is called twice, with nil for the
// value that is not there [recording spec-root-and-tags].
func (l *Lib) matchesKey(c *lua53.Call, msg, key, pattern lua.LValue) bool {
	root := index(c, inUtils, msg, key, "local 'msg'")
	tags := index(c, inUtils, msg, lua.LString("Tags"), "local 'msg'")
	tag := tags
	if truthy(tags) {
		tag = index(c, inUtils, tags, key, "field 'Tags'")
	}
	if !truthy(root) && !truthy(tag) {
		return false
	}
	if _, ok := pattern.(lua.LString); ok && root == tag {
		return l.matchesPattern(c, pattern, root, msg)
	}
	byRoot := l.matchesPattern(c, pattern, root, msg)
	byTag := l.matchesPattern(c, pattern, tag, msg)
	return byRoot || byTag
}
