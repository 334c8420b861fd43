package rawlua

import (
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// bytesLoad is load as a node has it: it takes each byte of the text for a
// character, so that what is not ASCII in it is encoded twice (spec
// hyperbeam-observed §1.4).
func (vm *VM) bytesLoad(load lua.LValue) *lua.LFunction {
	return vm.s.Function("load", func(c *lua53.Call) {
		args := c.Args()
		if len(args) > 0 {
			if text, ok := args[0].(lua.LString); ok {
				args[0] = lua.LString(bytesAsText(string(text)))
				if len(args) == 1 {
					args = append(args, text) // the chunk's name
				}
			}
		}
		c.Return(c.Call(load, args...)...)
	})
}

// bytesAsText encodes every byte as the character with its number.
func bytesAsText(s string) string {
	high := 0
	for i := range len(s) {
		high += int(s[i] >> 7)
	}
	if high == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+high)
	for i := range len(s) {
		b = utf8.AppendRune(b, rune(s[i]))
	}
	return string(b)
}
