package rawlua

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// hyper is the world of a hyper-aos script.
type hyper struct{ vm *VM }

func newHyper(vm *VM) *hyper { return &hyper{vm: vm} }

// remove takes the world away from a script that computes by itself.
func (h *hyper) remove() {}

// used says whether the script made use of the world.
func (h *hyper) used() bool { return false }

func (h *hyper) compute(c *lua53.Call, req *table) lua.LValue { return lua.LNil }
