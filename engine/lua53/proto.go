package lua53

import (
	"patchbay/engine/lua53/syntax"
)

// chunkInfo is what all functions of a chunk share.
type chunkInfo struct {
	id   string // the name as messages show it
	name string // the name as it was given to load
	size int64  // what its code takes, about
	mark uint32 // of the last recount that met it
}

// ctl says how a statement ended.
type ctl uint8

const (
	ctlNone   ctl = iota
	ctlBreak      // leave the innermost loop
	ctlReturn     // results are in the frame
	ctlTail       // the frame says what to call instead of returning
	ctlGoto       // the frame says which label
)

// Compiled code is a tree of closures over the frame.
type (
	evalFn func(*frame) val
	execFn func(*frame) ctl
)

// proto is a compiled function.
type proto struct {
	chunk   *chunkInfo
	fn      *syntax.Function
	main    bool
	nparams int
	nregs   int
	vararg  bool
	cost    int64 // gas of entering the body
	stack   int   // bytes of Go stack that a call uses, about
	body    execFn
	ups     []upvalDesc
}

// upvalDesc says where a closure finds a captured variable when it is made.
type upvalDesc struct {
	name     string
	fromRegs bool // in the registers of the function that makes it, else among its upvalues
	index    int
}
