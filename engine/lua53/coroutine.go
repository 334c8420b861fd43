package lua53

import (
	lua "github.com/yuin/gopher-lua"
)

// Coroutine is a Lua coroutine (a value of type thread).
type Coroutine struct {
	th *thread
}

// Type says LTThread.
func (*Coroutine) Type() lua.LValueType { return lua.LTThread }

func (*Coroutine) String() string { return "thread" }

func (co *Coroutine) kill() {}

// killed unwinds a coroutine that will never be resumed.
type killed struct{}
