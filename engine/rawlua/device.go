package rawlua

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// openDevice puts into the table ao what the node's Lua device adds to it (spec
// aos-runtime §14). Of what AO-Core can resolve there are the keys of messages; a
// path to another device is not found.
func (vm *VM) openDevice(t *table) {
	s := vm.s
	for name, fn := range map[string]func(*lua53.Call){"resolve": vm.aoResolve, "set": vm.aoSet, "event": aoEvent} {
		s.SetString(t, name, s.Function(name, fn))
	}
}

// aoResolve is ao.resolve(base, path | message…): "ok" and the value, or "error"
// and "not_found". A message is resolved by its key path.
func (vm *VM) aoResolve(c *lua53.Call) {
	v := c.Arg(1)
	for i := 2; i <= c.N(); i++ {
		path := c.Arg(i)
		if t, ok := path.(*table); ok && t.Len() == 0 {
			path = t.GetString("path")
		}
		for _, key := range pathKeys(c, path) {
			c.Charge(1)
			t, ok := v.(*table)
			if !ok {
				v = lua.LNil
				break
			}
			v = member(t, key)
		}
	}
	if v == nil || v == lua.LNil {
		c.PushString("error")
		c.PushString("not_found")
		return
	}
	c.PushString("ok")
	c.Push(v)
}

// pathKeys are the keys of a path: a text with slashes, or a list of keys.
func pathKeys(c *lua53.Call, path lua.LValue) []string {
	if t, ok := path.(*table); ok {
		var out []string
		for i := int64(1); i <= t.Len(); i++ {
			out = append(out, pathKeys(c, t.GetInt(i))...)
		}
		return out
	}
	if text, ok := keyText(path); ok {
		return strings.FieldsFunc(text, func(r rune) bool { return r == '/' })
	}
	c.Errorf("ao.resolve: a path is a text, a list of keys, or a message with a path")
	return nil
}

// member looks a key up as nodes do: as it is written, then in lower case, then as
// the index of a list.
func member(t *table, key string) lua.LValue {
	for _, k := range []string{key, strings.ToLower(key)} {
		if v := t.GetString(k); v != lua.LNil {
			return v
		}
	}
	if n, ok := lua53.StringToNumber(key); ok && n.IsInt {
		return t.GetInt(n.Int)
	}
	return lua.LNil
}

// aoSet is ao.set(base, key, value) and ao.set(base, values): "ok" and a new
// message, base with the values merged into it deeply.
func (vm *VM) aoSet(c *lua53.Call) {
	base, ok := c.Arg(1).(*table)
	if !ok {
		c.Errorf("ao.set: the base is a %s, not a message", vm.s.Name(c.Arg(1)))
	}
	patch, ok := c.Arg(2).(*table)
	if c.N() > 2 {
		v := c.Arg(3)
		keys := pathKeys(c, c.Arg(2))
		for i := len(keys) - 1; i >= 0; i-- {
			t := vm.s.NewTable()
			vm.s.SetString(t, keys[i], v)
			v = t
		}
		patch, ok = v.(*table)
	}
	if !ok {
		c.Errorf("ao.set: values are a table, or a key and a value")
	}
	was, err := vm.value(base, nil)
	if err == nil {
		var with patchdev.Value
		if with, err = vm.value(patch, nil); err == nil {
			old, _ := patchdev.Normal(was, vm.stack).(*patchdev.Table)
			now, _ := patchdev.Normal(with, vm.stack).(*patchdev.Table)
			if old == nil {
				old = patchdev.EmptyTable()
			}
			if now == nil {
				now = patchdev.EmptyTable()
			}
			c.PushString("ok")
			c.Push(vm.lib.ToLua(patchdev.Merge(old, now)))
			return
		}
	}
	c.Errorf("ao.set: %s", strings.TrimPrefix(err.Error(), "."))
}

// aoEvent is ao.event([group,] x): nodes write it to their log. It answers "ok".
func aoEvent(c *lua53.Call) { c.PushString("ok") }

// sandboxed is what a process with the tag sandbox = true finds in the place of what
// could reach the machine.
const sandboxed = lua.LString("sandboxed")

// sandbox replaces functions by a text where the process asks for that.
func (vm *VM) sandbox() {
	asked := false
	for _, t := range vm.env.Tags {
		if strings.EqualFold(t.Name, "sandbox") && t.Value != "false" && t.Value != "" {
			asked = true
		}
	}
	if !asked {
		return
	}
	g := vm.s.Globals()
	for _, name := range []string{"io", "file", "package", "loadfile", "require", "dofile", "load", "loadstring"} {
		vm.s.SetString(g, name, sandboxed)
	}
	if t, ok := g.GetString("os").(*table); ok {
		for _, name := range []string{"execute", "exit", "getenv", "remove", "rename", "tmpname"} {
			vm.s.SetString(t, name, sandboxed)
		}
	}
}
