package lua53

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// function is a Lua or a Go function. It begins with the LFunction by which
// the rest of the world knows it; luaProto in its Proto field marks the
// LFunctions that have this larger object around them.
type function struct {
	lua.LFunction
	p    *proto      // of a Lua function
	ups  []val       // captured values; an assigned variable is a *cell
	goFn func(*Call) // of a Go function
	name string      // of a Go function
	ref  uint32      // its number for tostring; 0: not shown yet
	mark uint32      // of the last recount that met it
	line int32       // see SetLine
	// stand is which of the state's stands the function has; 0: none.
	stand uint16
}

var luaProto = &lua.FunctionProto{SourceName: "lua53"}

func (f *function) init() {
	f.IsG = true
	f.Proto = luaProto
	f.GFunction = calledByGopher
}

// calledByGopher is what gopher-lua's own machine would run. It cannot know
// the State, so it says what to do instead.
func calledByGopher(l *lua.LState) int {
	l.RaiseError("a Lua 5.3 function must be called through lua53.State.Call")
	return 0
}

// asFunction returns the function around an LFunction, nil for one that this
// package did not make.
func asFunction(lf *lua.LFunction) *function {
	if lf.Proto == luaProto {
		// The LFunction is the first field of the object that init marked.
		return (*function)(unsafe.Pointer(lf))
	}
	return nil
}

// cell holds a captured variable that is assigned after its declaration.
type cell struct {
	v    val
	seq  uint32 // of the transaction that saved it last
	mark uint32 // of the last recount that met it
}

func (*cell) Type() lua.LValueType { return lua.LTNil }
func (*cell) String() string       { return "cell" }

// thread is a stack of frames with their registers: the main one, or that of a
// coroutine.
type thread struct {
	s         *State
	co        *Coroutine // nil: the main thread
	stack     []val      // registers: the segment in use
	top       int
	spare     []val // a segment that was in use before
	idle      []val // a segment of the carrier's last coroutine, not paid for yet
	frame     *frame
	base      frame
	goDepth   int
	stackHigh int // the most Go stack that was accounted for
	slack     int // extra depth while a message handler runs
	pinned    int // calls from Go functions that cannot be suspended (sort, gsub)
	protect   *protection
}

// protection is one pcall or xpcall under way.
type protection struct {
	handler  val // the zero val: pcall
	handling int
	prev     *protection
}

const (
	mainStack    = 256
	coStack      = 64
	handlerSlack = 200
)

func newThread(s *State, co *Coroutine) *thread {
	n := mainStack
	if co != nil {
		n = coStack
	}
	th := &thread{s: s, co: co, stack: make([]val, n)}
	th.base.th = th
	if co == nil {
		th.stackHigh = mainGoStack
	}
	th.frame = &th.base
	return th
}

// saved is a point to which a thread can unwind.
type saved struct {
	stack   []val
	top     int
	frame   *frame
	goDepth int
	slack   int
	pinned  int
	protect *protection
}

func (th *thread) save() saved {
	return saved{th.stack, th.top, th.frame, th.goDepth, th.slack, th.pinned, th.protect}
}

func (th *thread) restore(sv saved) {
	if len(sv.stack) > 0 && len(th.stack) > 0 && &sv.stack[0] == &th.stack[0] {
		if th.top > sv.top {
			clear(th.stack[sv.top:th.top])
		}
	} else { // the rest of the segment was full before the next was begun
		clear(th.stack[:th.top])
		clear(sv.stack[sv.top:])
	}
	th.stack, th.top, th.frame, th.goDepth, th.slack, th.pinned, th.protect = sv.stack, sv.top, sv.frame, sv.goDepth, sv.slack, sv.pinned, sv.protect
}

// push reserves n registers. The caller keeps stack and top and puts them back.
// The registers hold nothing in particular.
func (th *thread) push(n int) []val {
	t := th.top
	if t+n > len(th.stack) {
		return th.pushSegment(n)
	}
	th.top = t + n
	return th.stack[t : t+n : t+n]
}

func (th *thread) pushSegment(n int) []val {
	if len(th.spare) >= n && len(th.spare) > 0 && &th.spare[0] != &th.stack[0] && len(th.spare) > len(th.stack) {
		th.stack = th.spare
	} else {
		size := max(2*len(th.stack), n+coStack)
		th.s.alloc(int64(size) * itemBytes)
		if len(th.idle) == size {
			th.stack, th.idle = th.idle, nil
		} else {
			th.stack = make([]val, size)
		}
		th.spare = th.stack
	}
	th.top = n
	return th.stack[:n:n]
}

// Go's stack is what deep recursion uses up. Go ends the process when one
// stack passes 1 GB, and doubles stacks, so half of that is the most that can
// be used. The sizes are estimates from above, see TestStackEstimate.
const (
	goFrameBytes  = 2048      // of a Go function
	luaFrameBytes = 1024      // of a Lua function with an empty body
	nestingBytes  = 320       // of each level of nested statements and expressions in it
	maxGoStack    = 400 << 20 // of all that is nested
	stackPortion  = 16 << 10
	mainGoStack   = 64 << 10 // of the main thread that costs nothing
)

// growStack accounts for a stack that becomes deeper than it ever was.
func (th *thread) growStack(need int) {
	if need > maxGoStack {
		th.overflow()
	}
	high := need + stackPortion
	th.s.alloc(int64(high - th.stackHigh))
	th.stackHigh = high
}

// overflow raises "stack overflow" in the frame that wanted to call.
func (th *thread) overflow() {
	if th.slack > 0 {
		panic(th.errorInHandler())
	}
	th.throwf("stack overflow")
}

// errorInHandler is the error of a message handler that overflows the stack.
func (th *thread) errorInHandler() *Error {
	return &Error{Value: lua.LString("error in error handling"), handled: true}
}

// call calls any value with args, which it copies. The results are valid until
// the next call from the current frame.
func (th *thread) call(fn val, args []val) []val {
	f := th.frame
	if lf, ok := fn.o.(*lua.LFunction); ok {
		cl := asFunction(lf)
		if cl == nil {
			th.foreign(lf)
		}
		if cl.p == nil {
			return f.runGo(cl, args)
		}
		p := cl.p
		st, tp := th.stack, th.top
		regs := th.push(p.nregs)
		n := copy(regs[:p.nparams], args)
		for ; n < p.nparams; n++ {
			regs[n] = vNil
		}
		varargs := th.varargs(p, args)
		nf := f.run(cl, regs, varargs)
		clear(regs)
		th.stack, th.top = st, tp
		return nf.results()
	}
	m := th.s.metaOf(fn, "__call")
	if m.isNil() || !isFunction(m) {
		th.callError(fn)
	}
	st, tp := th.stack, th.top
	in := th.push(1 + len(args))
	in[0] = fn
	copy(in[1:], args)
	res := th.call(m, in)
	clear(in)
	th.stack, th.top = st, tp
	return res
}

// varargs copies the arguments beyond the parameters of a vararg function.
func (th *thread) varargs(p *proto, args []val) []val {
	n := len(args) - p.nparams
	if !p.vararg || n <= 0 {
		return nil
	}
	s := th.s
	s.fuel -= int64(n)
	if s.allocLeft -= int64(n) * itemBytes; s.allocLeft < s.allocFloor {
		s.overAlloc(0)
	}
	return append(make([]val, 0, n), args[p.nparams:]...)
}

func isFunction(v val) bool { _, ok := v.o.(*lua.LFunction); return ok }

// foreign refuses functions that were made for gopher-lua's own machine.
func (th *thread) foreign(*lua.LFunction) {
	th.throwf("attempt to call a function that was not made by this state")
}

// call1 is call for one result.
func (th *thread) call1(fn val, args ...val) val {
	if r := th.call(fn, args); len(r) > 0 {
		return r[0]
	}
	return vNil
}

// goCallCost is the gas of calling a Go function.
const goCallCost = 3

// goCall is call from a Go function: it counts how deep Go and Lua are nested.
func (th *thread) goCall(fn val, args []val) []val {
	th.goDepth++
	if th.goDepth > th.s.limits.GoDepth {
		th.goDepth--
		th.throwf("C stack overflow")
	}
	r := th.call(fn, args)
	th.goDepth--
	return r
}

// errorCost is the gas of raising and catching an error.
const errorCost = 40

// pcall calls fn protected. handler is the zero-like vNil for pcall, or what
// xpcall was given. Errors that end the evaluation go through it.
func (th *thread) pcall(fn, handler val, args []val) (res []val, e *Error) {
	sv := th.save()
	pr := &protection{handler: handler, prev: th.protect}
	th.protect = pr
	defer func() {
		if r := recover(); r != nil {
			if k, ok := r.(killed); ok {
				panic(k)
			}
			e = th.recovered(r)
			if e.fatal {
				panic(e)
			}
			th.restore(sv)
			th.s.fuel -= errorCost
			res = nil
		}
	}()
	res = th.goCall(fn, args)
	th.protect = pr.prev
	return res, nil
}
