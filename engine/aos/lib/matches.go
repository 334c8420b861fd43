package lib

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// MatchesSpec is .utils' matchesSpec for the walk over the handlers: the raw
// result of a function, the exact Action for a string, every key for a table.
func (l *Lib) MatchesSpec(c *lua53.Call, msg, spec lua.LValue) lua.LValue {
	l.missed = nil
	return l.matchesSpec(c, msg, spec)
}

// Missed is the key of a table pattern for which the last MatchesSpec failed, nil
// when there was none.
func (l *Lib) Missed() lua.LValue { return l.missed }
