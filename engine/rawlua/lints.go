package rawlua

import (
	"errors"
	"slices"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// warn notes a trap that the evaluation met, once a place.
func (vm *VM) warn(rule string, line int, message string) {
	w := patchdev.Warning{Slot: vm.slot, Rule: rule, Line: line, Message: message}
	if !slices.ContainsFunc(vm.lints, func(o patchdev.Warning) bool { return o.Rule == rule && o.Line == line }) && len(vm.lints) < maxLints {
		vm.lints = append(vm.lints, w)
	}
}

// maxLints bounds what one evaluation is warned of.
const maxLints = 50

// trap is told what a chunk has that luerl reads differently.
func (vm *VM) trap(t lua53.Trap, chunk string, line int) {
	if chunk != chunkName {
		chunk = "the text that was loaded as " + chunk
	} else {
		chunk = "the script"
	}
	switch t {
	case lua53.TrapForeign:
		vm.warn("text-in-source", line, "a string literal in "+chunk+" has characters beyond ASCII, which a node's Lua encodes twice: write escapes")
	case lua53.TrapGoto:
		vm.warn("raw-goto", line, chunk+" uses goto, which a node's Lua may not be able to run")
	}
}

// refused warns of what ended an evaluation because luerl has it and we have not,
// or the other way round.
func (vm *VM) refused(err error, res *ao.Result) {
	line := 0
	if e := (*lua53.Error)(nil); errors.As(err, &e) && e.Chunk == chunkName {
		line = e.Line
	}
	switch {
	case errors.Is(err, lua53.ErrWide):
		vm.warn("wide-integer", line, res.Error)
	case errors.Is(err, lua53.ErrBadArith):
		vm.warn("bad-arithmetic", line, res.Error)
	}
}
