package lua53

import (
	"context"
	"fmt"
	"iter"

	lua "github.com/yuin/gopher-lua"
)

// Coroutine is a Lua coroutine: a value of type thread, and the way for Go code
// to run a function that may yield. It runs on a goroutine of its own while
// Resume waits, so yield works across any Go function, and the goroutine ends
// with the coroutine or with State.Close.
type Coroutine struct {
	s      *State
	th     *thread // nil until the first resume
	fn     val
	status coStatus
	in     []val  // what resume passes
	out    []val  // what yield or the end passes back
	err    *Error // how it ended
	next   func() (struct{}, bool)
	stop   func()
	begun  uint32 // the transaction in which it was started
	ref    uint32 // its number for tostring; 0: not shown yet
	mark   uint32 // of the last recount that met it

	carrier *carrier // from its start to its end
}

type coStatus uint8

const (
	coSuspended coStatus = iota
	coRunning
	coNormal // it has resumed another one
	coDead
)

func (st coStatus) String() string {
	return [...]string{"suspended", "running", "normal", "dead"}[st]
}

// Type says LTThread.
func (*Coroutine) Type() lua.LValueType { return lua.LTThread }

// String is for debugging; scripts see State.ToString.
func (co *Coroutine) String() string { return "thread (" + co.status.String() + ")" }

// killed unwinds a coroutine that will never be resumed.
type killed struct{}

// Coroutine makes a coroutine that will run fn.
func (s *State) Coroutine(fn lua.LValue) *Coroutine {
	return &Coroutine{s: s, fn: unbox(fn)}
}

// Status is "suspended", "running", "normal" or "dead".
func (co *Coroutine) Status() string { return co.status.String() }

// Resume runs the coroutine until it yields (done is false; results are what it
// yielded), returns (done is true) or raises (done is true, err is an *Error).
// The arguments go to the function, or are what its yield returns. Resume is
// for Go code outside of Lua.
func (co *Coroutine) Resume(ctx context.Context, args ...lua.LValue) (results []lua.LValue, done bool, err error) {
	s := co.s
	if s.closed {
		return nil, true, &Error{Value: lua.LString(ErrClosed.Error()), Cause: ErrClosed, fatal: true}
	}
	defer s.enter(ctx)()
	defer func() {
		if r := recover(); r != nil {
			done, err = true, s.cur.recovered(r)
		}
	}()
	in := make([]val, len(args))
	for i, a := range args {
		in[i] = unbox(a)
	}
	out, e := co.resume(in)
	if e != nil {
		return nil, true, e
	}
	return boxAll(out), co.status == coDead, nil
}

// Kill stops a suspended coroutine for good, invisibly to the script.
func (co *Coroutine) Kill() { co.kill() }

func (co *Coroutine) kill() {
	if co.status != coSuspended {
		return
	}
	co.status = coDead
	if co.stop != nil {
		co.stop()
		delete(co.s.live, co)
	}
	co.th = nil
}

// start makes the goroutine.
func (co *Coroutine) start() {
	s := co.s
	if len(s.live) >= s.limits.Coroutines {
		where := ""
		if chunk, line, _ := s.cur.place(); line > 0 {
			where = fmt.Sprintf("%s:%d: ", chunk, line)
		}
		s.cur.throw(strVal(where + fmt.Sprintf("too many coroutines (limit is %d)", s.limits.Coroutines)))
	}
	s.alloc(coBytes)
	cr := s.carrier(co)
	cr.th.co, cr.co = co, co
	co.th, co.carrier = cr.th, cr
	s.live[co] = struct{}{}
	if s.tx != nil {
		co.begun = s.tx.id
		fn := co.fn
		s.Save(func() { // a coroutine from before that was started since
			co.kill()
			*co = Coroutine{s: s, fn: fn, ref: co.ref}
		})
	}
	co.next, co.stop = cr.next, cr.stop
}

// carrier is a goroutine with a thread that runs coroutines, one after the other:
// most end without having been suspended, and a stack that has grown is dear to
// make again.
type carrier struct {
	th    *thread
	co    *Coroutine // what it runs
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
}

// maxIdleCarriers is how many carriers wait for the next coroutine. One is enough
// for a process that handles message after message, and costs an idle one little.
const maxIdleCarriers = 1

// carrier returns an idle carrier, or a new one.
func (s *State) carrier(co *Coroutine) *carrier {
	if n := len(s.carriers); n > 0 {
		cr := s.carriers[n-1]
		s.carriers = s.carriers[:n-1]
		return cr
	}
	cr := &carrier{th: newThread(s, co)}
	cr.next, cr.stop = iter.Pull(func(yield func(struct{}) bool) {
		cr.yield = yield
		for cr.run() && yield(struct{}{}) {
		}
	})
	return cr
}

// run runs the coroutine to its end and reports whether the carrier can be used
// again.
func (cr *carrier) run() (again bool) {
	co, th := cr.co, cr.th
	defer func() {
		again = true
		if r := recover(); r != nil {
			if _, ok := r.(killed); ok {
				again = false
				return
			}
			co.out, co.err = nil, th.recovered(r)
		}
		co.status = coDead
	}()
	// A copy, because the next resume reuses the slice.
	res := th.call(co.fn, append([]val(nil), co.in...))
	co.out = append([]val(nil), res...)
	return true
}

// retire makes a carrier whose coroutine has ended ready for the next.
func (s *State) retire(cr *carrier) {
	th := cr.th
	if s.closed || len(s.carriers) >= maxIdleCarriers {
		cr.stop()
		return
	}
	// The next coroutine must pay for its stack as if it were the carrier's first.
	for _, seg := range [][]val{th.stack, th.spare} {
		if len(seg) > coStack && len(seg) <= maxIdleStack && len(seg) > len(th.idle) {
			th.idle = seg
		}
	}
	if len(th.stack) != coStack {
		th.stack = make([]val, coStack)
	}
	th.spare = nil
	clear(th.stack)
	clear(th.idle)
	for f := th.base.next; f != nil; f = f.next {
		rets, ret := idleResults(f.rets), idleResults(f.goCall.ret)
		*f = frame{th: th, prev: f.prev, next: f.next, depth: f.depth, site: noSite, rets: rets}
		f.goCall.s, f.goCall.th, f.goCall.ret = s, th, ret
		if f.depth > maxIdleFrames {
			f.next = nil
		}
	}
	th.co, cr.co = nil, nil
	th.top, th.frame = 0, &th.base
	th.goDepth, th.stackHigh, th.slack, th.pinned, th.protect = 0, 0, 0, 0, nil
	s.carriers = append(s.carriers, cr)
}

// idleResults keeps the space of a frame's results, unless there were many.
func idleResults(vals []val) []val {
	if cap(vals) > maxIdleResults {
		return nil
	}
	clear(vals[:cap(vals)])
	return vals[:0]
}

const (
	maxIdleStack   = 1024 // registers that an idle carrier keeps
	maxIdleFrames  = 64   // frames
	maxIdleResults = 8    // results of each frame
)

// coBytes is what a started coroutine costs: its goroutine and its registers.
const coBytes = 12 << 10

// resume runs the coroutine from the thread that runs now.
func (co *Coroutine) resume(args []val) ([]val, *Error) {
	s := co.s
	if co.status != coSuspended {
		what := "non-suspended"
		if co.status == coDead {
			what = "dead"
		}
		return nil, &Error{Value: lua.LString("cannot resume " + what + " coroutine")}
	}
	from := s.cur
	if from.goDepth+1 > s.limits.GoDepth {
		return nil, &Error{Value: lua.LString("C stack overflow")}
	}
	if co.th == nil {
		co.start()
	} else if s.tx != nil && co.begun != s.tx.id {
		s.tx.resumed = true
	}
	if s.fuel -= resumeCost; s.fuel < 0 {
		s.refuel()
	}
	co.in = append(co.in[:0], args...)
	co.out, co.err = nil, nil
	co.status = coRunning
	if from.co != nil {
		from.co.status = coNormal
	}
	co.th.goDepth = max(co.th.goDepth, from.goDepth+1)
	s.cur = co.th
	co.next()
	s.cur = from
	if from.co != nil {
		from.co.status = coRunning
	}
	if co.status == coDead {
		delete(s.live, co)
		co.th = nil
		cr := co.carrier
		co.carrier, co.next, co.stop = nil, nil, nil
		s.retire(cr)
	}
	if co.err != nil && co.err.fatal {
		panic(co.err)
	}
	return co.out, co.err
}

const resumeCost = 20

// suspend is yield: it comes back with what the next resume passes.
func (th *thread) suspend(vals []val) []val {
	co := th.co
	co.out = append([]val(nil), vals...)
	co.status = coSuspended
	if !co.carrier.yield(struct{}{}) {
		panic(killed{})
	}
	return co.in
}

func (s *State) openCoroutine() {
	s.mainCo = &Coroutine{s: s, th: s.main, status: coRunning}
	s.Library("coroutine", []Reg{
		{"create", func(c *Call) { c.push(val{o: c.newCoroutine()}) }},
		{"isyieldable", func(c *Call) { c.PushBool(c.th.co != nil && c.th.pinned == 0) }},
		{"resume", func(c *Call) {
			out, e := c.coroutine(1).resume(c.args[1:])
			if e != nil {
				c.push(vFalse, unbox(e.Value))
				return
			}
			c.push(vTrue)
			c.push(out...)
		}},
		{"running", func(c *Call) {
			if c.th.co != nil {
				c.push(val{o: c.th.co}, vFalse)
				return
			}
			c.push(val{o: c.s.mainCo}, vTrue)
		}},
		{"status", func(c *Call) {
			co := c.coroutine(1)
			if co == c.s.mainCo && c.th.co != nil {
				c.PushString("normal")
				return
			}
			c.PushString(co.status.String())
		}},
		{"wrap", coroutineWrap},
		{"yield", func(c *Call) {
			if c.th.co == nil {
				c.Throw(lua.LString("attempt to yield from outside a coroutine"))
			}
			if c.th.pinned > 0 {
				c.Throw(lua.LString("attempt to yield across a C-call boundary"))
			}
			c.push(c.th.suspend(c.args)...)
		}},
	})
}

func (c *Call) newCoroutine() *Coroutine {
	c.Func(1)
	c.Alloc(200)
	return &Coroutine{s: c.s, fn: c.args[0]}
}

func (c *Call) coroutine(i int) *Coroutine {
	co, ok := c.arg(i).o.(*Coroutine)
	if !ok {
		c.ArgErrorf(i, "thread expected")
	}
	return co
}

func coroutineWrap(c *Call) {
	co := c.newCoroutine()
	f := c.s.Function("wrap", func(c *Call) {
		if co.status == coRunning && c.N() == 0 {
			// PUC looks at its own empty stack and takes itself for dead.
			c.Errorf("cannot resume dead coroutine")
		}
		out, e := co.resume(c.args)
		if e != nil {
			if msg, ok := e.Value.(lua.LString); ok {
				c.th.throw(strVal(c.th.where(1) + string(msg)))
			}
			c.Throw(e.Value)
		}
		c.push(out...)
	})
	asFunction(f).ups = []val{{o: co}}
	c.push(val{o: f})
}
