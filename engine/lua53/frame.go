package lua53

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

// frame is an activation of a function. Frames of a thread form a list that is
// reused, so a frame lives as long as its thread.
type frame struct {
	regs    []val
	ups     []val
	th      *thread
	fn      *function
	varargs []val
	ret     val   // the result, when nret is 1
	rets    []val // the results, when nret is negative
	nret    int
	depth   int
	stack   int   // bytes of Go stack in use up to here, about
	site    *site // what is being evaluated, for messages and tracebacks
	prev    *frame
	next    *frame
	tailed  bool // entered by a tail call
	label   *syntax.Label
	tail    val // what to call when a body returns ctlTail; arguments in rets
	goCall  Call
}

// site is a place of the source at which something can fail or be called. A
// frame points to the last one it passed.
type site struct {
	line, col int32
	node      syntax.Expr // nil for statements
	iter      bool        // the call of a generic for's iterator
}

var noSite = &site{}

// enter makes the frame of a callee. Running out of frames is a stack overflow.
func (f *frame) enter(fn *function, regs []val) *frame {
	nf := f.next
	if nf == nil {
		nf = f.extend()
	}
	th := f.th
	if nf.depth >= th.s.limits.CallDepth+th.slack {
		th.overflow()
	}
	nf.stack = f.stack + goFrameBytes
	if fn.p != nil {
		nf.stack = f.stack + fn.p.stack
	}
	if nf.stack > th.stackHigh {
		th.growStack(nf.stack)
	}
	nf.fn, nf.ups, nf.regs = fn, fn.ups, regs
	nf.tailed = false
	nf.site = noSite
	th.frame = nf
	return nf
}

func (f *frame) extend() *frame {
	nf := &frame{th: f.th, prev: f, depth: f.depth + 1, site: noSite}
	nf.goCall.s, nf.goCall.th = f.th.s, f.th
	f.next = nf
	return nf
}

// run executes a Lua function whose parameters are in place. Its results are
// in the frame that it returns, until the next call from f.
func (f *frame) run(cl *function, regs []val, varargs []val) *frame {
	nf := f.enter(cl, regs)
	nf.varargs = varargs
	p := cl.p
	s := f.th.s
	if s.fuel -= p.cost; s.fuel < 0 {
		s.refuel()
	}
	nf.nret = 0
	if p.body(nf) == ctlTail {
		f.runTail(nf)
	}
	f.th.frame = f
	return nf
}

// runTail performs the chain of tail calls that a body ended with.
func (f *frame) runTail(nf *frame) {
	th := f.th
	for {
		fn, args := nf.tail, nf.rets
		nf.tail = val{}
		lf, ok := fn.o.(*lua.LFunction)
		var cl *function
		if ok {
			cl = asFunction(lf)
		}
		if cl == nil || cl.p == nil {
			// Not a Lua function: an ordinary call, from the frame that ends.
			th.frame = nf
			st, tp := th.stack, th.top
			in := th.push(len(args)) // a copy, for the slice is the frame's
			copy(in, args)
			res := th.call(fn, in)
			nf.rets, nf.nret = append(nf.rets[:0], res...), -1
			clear(in)
			th.stack, th.top = st, tp
			return
		}
		p := cl.p
		var regs []val
		if cap(nf.regs) >= p.nregs {
			regs = nf.regs[:p.nregs]
		} else {
			regs = th.push(p.nregs)
		}
		varargs := th.varargs(p, args)
		n := copy(regs[:p.nparams], args)
		for ; n < p.nparams; n++ {
			regs[n] = vNil
		}
		nf.fn, nf.ups, nf.regs, nf.varargs = cl, cl.ups, regs, varargs
		nf.tailed = true
		nf.nret = 0
		th.frame = nf
		if nf.stack = f.stack + p.stack; nf.stack > th.stackHigh {
			th.growStack(nf.stack)
		}
		s := th.s
		if s.fuel -= p.cost; s.fuel < 0 {
			s.refuel()
		}
		if p.body(nf) != ctlTail {
			return
		}
	}
}

// results are what the function of a finished frame returned. They are valid
// until the next call from the frame below.
func (f *frame) results() []val {
	switch {
	case f.nret == 0:
		return nil
	case f.nret == 1:
		f.rets = append(f.rets[:0], f.ret)
	}
	return f.rets
}

// first is the first result of a finished frame.
func (f *frame) first() val {
	switch {
	case f.nret == 1:
		return f.ret
	case f.nret == 0 || len(f.rets) == 0:
		return vNil
	}
	return f.rets[0]
}

// runGo calls a Go function with args, which must stay untouched meanwhile.
func (f *frame) runGo(cl *function, args []val) []val {
	nf := f.enter(cl, nil)
	s := f.th.s
	if s.fuel -= goCallCost; s.fuel < 0 {
		s.refuel()
	}
	c := &nf.goCall
	c.fn, c.args, c.ret = cl, args, c.ret[:0]
	cl.goFn(c)
	c.args = nil
	f.th.frame = f
	return c.ret
}
