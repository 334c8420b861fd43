package lua53

import (
	"context"
	"errors"
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

// Limits are the budgets of a State. Zero means the default of spec §5, a
// negative value no limit. All are counted by the package itself, never taken
// from the Go heap, so the same script ends at the same place on every machine.
type Limits struct {
	// Gas is how many instructions one evaluation may use (100 million). One
	// unit is about one node of the syntax tree evaluated; library loops pay
	// for their work too.
	Gas int64
	// Alloc is how many bytes one evaluation may allocate in all (1 GiB).
	Alloc int64
	// Heap is how much a script may hold on to over all evaluations, in bytes:
	// what is reachable from its globals and its coroutines (512 MiB).
	Heap int64
	// Object is how large one string or table may be, in bytes (64 MiB).
	Object int64
	// Coroutines is how many may be alive at once (4,096).
	Coroutines int
	// CallDepth is how deep calls may nest in one thread (16,000).
	CallDepth int
	// GoDepth is how deep calls may nest through Go functions that call back,
	// such as pcall, sort and gsub (200).
	GoDepth int
}

// The defaults of Limits.
const (
	DefaultGas        = 100_000_000
	DefaultAlloc      = 1 << 30
	DefaultHeap       = 512 << 20
	DefaultObject     = 64 << 20
	DefaultCoroutines = 4096
	DefaultCallDepth  = 16_000
	DefaultGoDepth    = 200
)

func (l Limits) withDefaults() Limits {
	l.Gas = orDefault(l.Gas, DefaultGas, math.MaxInt64/4)
	l.Alloc = orDefault(l.Alloc, DefaultAlloc, math.MaxInt64/4)
	l.Heap = orDefault(l.Heap, DefaultHeap, math.MaxInt64/4)
	l.Object = orDefault(l.Object, DefaultObject, math.MaxInt64/4)
	l.Coroutines = int(orDefault(int64(l.Coroutines), DefaultCoroutines, math.MaxInt32))
	// Without a limit of its own depth still ends before Go's stack (1 GiB).
	l.CallDepth = int(orDefault(int64(l.CallDepth), DefaultCallDepth, 190_000))
	l.GoDepth = int(orDefault(int64(l.GoDepth), DefaultGoDepth, 5_000))
	return l
}

func orDefault(v, def, unlimited int64) int64 {
	switch {
	case v == 0:
		return def
	case v < 0:
		return unlimited
	}
	return v
}

// Options configure a State. The zero value is a sandbox with the default
// limits that prints nowhere.
type Options struct {
	Limits Limits
	// Print receives each line of print, without its line break. Nil drops it.
	Print func(line string)
	// Write receives what io.write and io.stdout:write would put out, if the
	// host wants it; nil drops it.
	Write func(text string)
	// Clock gives the time for os.time and os.date in milliseconds since 1970.
	// Nil: always 0. It is asked by the library only; nothing else reads time.
	Clock func() int64
	// Seed is where math.random starts.
	Seed int64
	// Coverage compiles a counter into every statement (see Covered).
	Coverage bool
	// Line, if set, is called before each statement with its chunk and line.
	// Chunks that are loaded while it is nil do not pay for it.
	Line func(chunk string, line int)
	// HostFrame ends tracebacks of the main thread with "[C]: in ?", as those of
	// the program lua5.3 do, where a C function calls the chunk.
	HostFrame bool
	// Luerl gives the state the numbers and texts of luerl, the Lua that nodes run:
	// see ErrWide and ErrBadArith.
	Luerl bool
	// Trap, with Luerl, is told what a chunk that is loaded has that luerl reads
	// differently, by the chunk's name as messages show it, and the line.
	Trap func(t Trap, chunk string, line int)
}

// State is a Lua 5.3 machine: globals, libraries, budgets. It belongs to one
// goroutine at a time. New makes one, Close ends it.
type State struct {
	opts   Options
	limits Limits

	globals    *Table
	loaded     *Table // package.loaded
	preload    *Table // package.preload
	stringMeta *Table
	typeMeta   [lua.LTChannel + 1]*Table // set by debug.setmetatable
	main       *thread
	cur        *thread

	// fuel is what is left of the portion of gas handed out last; when it is
	// used up, refuel looks at the budget and at the context.
	fuel    int64
	gasLeft int64 // of the budget, beyond fuel
	ctx     context.Context
	dead    *Error // a budget error that is on its way up

	allocLeft int64
	// heapBase is how much the script could reach when allocLeft was allocMark;
	// at allocFloor the budget or the heap is used up.
	heapBase, allocMark, allocFloor int64
	epoch                           uint32 // of the last recount
	roots                           []func(visit func(lua.LValue))
	stands                          []Stand // see Stands; the first is that of all others
	closed                          bool

	live     map[*Coroutine]struct{}
	carriers []*carrier // idle
	nextRef  uint32     // ordinal for tostring of reference values
	refs     map[any]*uint32
	tx       *transaction
	spareLog []undo // of the last transaction
	txCount  uint32
	holes    []*Table // to be compacted at Commit
	seq      uint64   // grows with every store into a watched table
	lastMark uint64

	nextFn   *lua.LFunction // next, and the iterator of ipairs
	pairsFn  *lua.LFunction // pairs
	ipairsFn *lua.LFunction
	mainCo   *Coroutine
	cover    map[string]map[int]*int64
}

// New makes a State with the whole standard library of the sandbox.
func New(o Options) *State {
	s := &State{
		opts: o, limits: o.Limits.withDefaults(), ctx: context.Background(),
		live: map[*Coroutine]struct{}{}, refs: map[any]*uint32{},
	}
	s.main = newThread(s, nil)
	s.cur = s.main
	s.ResetBudget()
	s.globals = s.newTable(0, 64)
	s.openBase()
	s.openPackage()
	s.openCoroutine()
	s.openDebug()
	s.openLibraries()
	s.ResetBudget()
	return s
}

// Close stops every coroutine of the state and makes it unusable. It may be
// called more than once, but not while a script runs.
func (s *State) Close() {
	if s.closed {
		return
	}
	s.closed = true
	for co := range s.live {
		co.kill()
	}
	clear(s.live)
	for _, cr := range s.carriers {
		cr.stop()
	}
	s.carriers = nil
}

// Globals is the table of global variables.
func (s *State) Globals() *Table { return s.globals }

// Limits are the limits in force.
func (s *State) Limits() Limits { return s.limits }

// SetLimits replaces the limits; call ResetBudget to start with full budgets.
func (s *State) SetLimits(l Limits) { s.limits = l.withDefaults() }

// fuelPortion is how much gas is spent between two looks at the context.
const fuelPortion = 20_000

// ResetBudget starts a new evaluation: gas and allocated bytes are full again.
func (s *State) ResetBudget() {
	s.gasLeft = s.limits.Gas
	s.fuel = 0
	heap := s.HeapUsed()
	s.allocLeft = s.limits.Alloc
	s.setHeap(heap)
	s.dead = nil
}

// GasUsed is the gas spent since the last ResetBudget.
func (s *State) GasUsed() int64 { return s.limits.Gas - s.gasLeft - s.fuel }

// AllocUsed is how many bytes were allocated since the last ResetBudget.
func (s *State) AllocUsed() int64 { return s.limits.Alloc - s.allocLeft }

// refuel hands out the next portion of gas. fuel is negative when it is called.
func (s *State) refuel() {
	if s.dead != nil {
		s.fuel = 0
		panic(s.dead)
	}
	if s.closed {
		panic(&Error{Value: lua.LString(ErrClosed.Error()), Cause: ErrClosed, fatal: true})
	}
	if err := s.ctx.Err(); err != nil {
		s.fatal(fmt.Errorf("%w: %w", ErrCanceled, context.Cause(s.ctx)), "evaluation stopped: %v", context.Cause(s.ctx))
	}
	total := s.gasLeft + s.fuel
	if total < 0 {
		s.gasLeft, s.fuel = 0, 0
		s.fatal(ErrGas, "gas limit of %d exceeded", s.limits.Gas)
	}
	s.fuel = min(total, fuelPortion)
	s.gasLeft = total - s.fuel
}

// fatal ends the evaluation with an error that no pcall catches.
func (s *State) fatal(cause error, format string, args ...any) {
	s.dead = s.cur.budgetError(cause, format, args...)
	panic(s.dead)
}

// Charge takes gas for work done in Go. The error, if any, must be handed on
// with Call.Raise or returned, so that the evaluation ends.
func (s *State) Charge(gas int64) (err error) {
	s.fuel -= gas
	if s.fuel >= 0 {
		return nil
	}
	defer catch(&err)
	s.refuel()
	return nil
}

// Alloc accounts for bytes that are about to be allocated for one object. A
// quarter is added for what the collector needs, so that the process stays
// below the limit, too.
func (s *State) Alloc(bytes int64) (err error) {
	if s.allocLeft -= bytes + bytes/4; s.allocLeft >= s.allocFloor && bytes <= s.limits.Object {
		return nil
	}
	defer catch(&err)
	s.overAlloc(bytes)
	return nil
}

// alloc is Alloc for code that may panic.
func (s *State) alloc(bytes int64) {
	if s.allocLeft -= bytes + bytes/4; s.allocLeft < s.allocFloor || bytes > s.limits.Object {
		s.overAlloc(bytes)
	}
}

func (s *State) overAlloc(bytes int64) {
	if bytes > s.limits.Object {
		s.fatal(ErrMemory, "object of %d bytes exceeds the limit of %d", bytes, s.limits.Object)
	}
	if s.allocLeft < 0 {
		s.fatal(ErrMemory, "allocation limit of %d bytes exceeded", s.limits.Alloc)
	}
	s.recount()
	if s.heapBase > s.limits.Heap-s.limits.Heap/16 { // so near that counting would not end
		s.fatal(ErrMemory, "heap limit of %d bytes exceeded", s.limits.Heap)
	}
}

// grow accounts for bytes that a table takes anew.
func (s *State) grow(bytes int64) {
	if s.allocLeft -= bytes; s.allocLeft < s.allocFloor {
		s.overAlloc(0)
	}
}

// catch turns a panic of this package into an error.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		*err = r
	default:
		panic(r)
	}
}

// Load compiles source text. name is the chunk name in Lua's form ("=stdin",
// "@file.lua" or the text itself). mode is "", "t", "b" or "bt" as in load;
// binary chunks are always refused. env, if not nil, replaces the globals.
// The error is a *SyntaxError, or an *Error when a budget is exceeded.
func (s *State) Load(source, name, mode string, env *Table) (*lua.LFunction, error) {
	v := tableVal(s.globals)
	if env != nil {
		v = tableVal(env)
	}
	fn, err := s.load(source, name, mode, v)
	if err != nil {
		return nil, err
	}
	return &fn.LFunction, nil
}

// Call runs fn in the main thread and returns all its results. The error is an
// *Error. Cancelling ctx ends a running script within about a hundred
// microseconds. Call is for Go code outside of Lua; a Go function that Lua
// called uses Call.Call.
func (s *State) Call(ctx context.Context, fn lua.LValue, args ...lua.LValue) (results []lua.LValue, err error) {
	if s.closed {
		return nil, &Error{Value: lua.LString(ErrClosed.Error()), Cause: ErrClosed, fatal: true}
	}
	restore := s.enter(ctx)
	defer restore()
	th := s.cur
	sv := th.save()
	defer func() {
		if r := recover(); r != nil {
			th.restore(sv)
			err = th.recovered(r)
		}
	}()
	in := make([]val, len(args))
	for i, a := range args {
		in[i] = unbox(a)
	}
	return boxAll(th.call(unbox(fn), in)), nil
}

// enter makes ctx the context of the evaluation until the returned function is
// called.
func (s *State) enter(ctx context.Context) func() {
	old := s.ctx
	s.ctx = ctx
	s.gasLeft += s.fuel
	s.fuel = 0 // so that a context that is already done is seen at once
	return func() { s.ctx = old }
}

func boxAll(vs []val) []lua.LValue {
	out := make([]lua.LValue, len(vs))
	for i, v := range vs {
		out[i] = v.box()
	}
	return out
}

// recovered turns a recovered panic into an *Error. Panics that are not ours
// are bugs; they become errors too, because no panic may leave the package.
func (th *thread) recovered(r any) *Error {
	switch e := r.(type) {
	case *Error:
		return e
	case killed:
		return &Error{Value: lua.LString("coroutine closed"), Cause: ErrClosed, fatal: true}
	case error:
		return &Error{Value: lua.LString("internal error: " + e.Error()), Cause: errors.Join(errInternal, e)}
	}
	return &Error{Value: lua.LString(fmt.Sprintf("internal error: %v", r)), Cause: errInternal}
}

var errInternal = errors.New("lua53: internal error")

// NewTable makes an empty table that the state's stores know how to log.
func (s *State) NewTable() *Table { return s.newTable(0, 0) }

// ToString is tostring(v) without metamethods. Tables, functions, userdata and
// coroutines get an ordinal at first use, so that output can be replayed.
func (s *State) ToString(v lua.LValue) string { return s.toStringRaw(unbox(v)) }

func (s *State) toStringRaw(v val) string {
	if t, ok := s.text(v); ok {
		return t
	}
	switch x := v.o.(type) {
	case lua.LBool:
		if x {
			return "true"
		}
		return "false"
	case *lua.LNilType:
		return "nil"
	case *lua.LFunction:
		return "function: " + s.refID(x)
	case lightUserData:
		return x.String()
	}
	return v.typeName() + ": " + s.refID(v.o)
}

// refID numbers reference values in the order in which they are first shown. The
// number lives in the object, so that showing one does not keep it alive.
func (s *State) refID(v lua.LValue) string {
	var id *uint32
	switch x := v.(type) {
	case *Table:
		id = &x.ref
	case *lua.LFunction:
		if f := asFunction(x); f != nil {
			id = &f.ref
		}
	case *Coroutine:
		id = &x.ref
	}
	if id == nil { // userdata have no room for it, and are few
		id = s.refs[v]
		if id == nil {
			id = new(uint32)
			s.refs[v] = id
		}
	}
	if *id == 0 {
		old := s.nextRef
		s.Save(func() { *id, s.nextRef = 0, old })
		s.nextRef++
		*id = s.nextRef
	}
	return fmt.Sprintf("0x%012x", int64(*id)*0x20+0x555555550000)
}

// Name is the type name of a value as type() gives it.
func (s *State) Name(v lua.LValue) string { return unbox(v).typeName() }

// Check parses source and reports the first error in it, or nil. It needs no
// State.
func Check(name, source string) *SyntaxError { return syntax.Check(chunkID(name), source) }
