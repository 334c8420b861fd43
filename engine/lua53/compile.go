package lua53

import (
	"fmt"

	"patchbay/engine/lua53/syntax"
)

// compiler turns one function of the tree into closures. Registers are given
// to locals in the order of their declaration and taken back with their block.
type compiler struct {
	s      *State
	chunk  *chunkInfo
	fn     *syntax.Function
	parent *compiler
	nregs  int // in use
	max    int
	ups    map[*syntax.Local]int
	env    int   // index of the chunk's _ENV among the upvalues
	cost   int64 // gas of the code compiled so far, up to the innermost loop
	nest   int   // levels of closures around the code being compiled
	deep   int   // the most of them
}

// maxRegs bounds the registers of a function. Locals are bounded by the parser;
// the rest are temporaries of assignments.
const maxRegs = 1 << 15

func (s *State) compile(c *syntax.Chunk, name string, size int64) *proto {
	k := &compiler{s: s, chunk: &chunkInfo{id: c.Name, name: name, size: size}}
	p := k.function(c.Main)
	p.main = true
	return p
}

func (c *compiler) function(fn *syntax.Function) *proto {
	k := &compiler{s: c.s, chunk: c.chunk, fn: fn, ups: make(map[*syntax.Local]int, len(fn.Upvals)), env: -1}
	if c.fn != nil {
		k.parent = c
	}
	p := &proto{chunk: c.chunk, fn: fn, nparams: len(fn.Params), vararg: fn.Vararg}
	for i, u := range fn.Upvals {
		d := upvalDesc{name: u.Name}
		switch {
		case u.Local == nil:
			k.env = i
			if k.parent != nil {
				d.index = k.parent.env
			}
		case u.Local.Func == c.fn:
			k.ups[u.Local] = i
			d.fromRegs, d.index = true, u.Local.Slot
		default:
			k.ups[u.Local] = i
			d.index = c.ups[u.Local]
		}
		p.ups = append(p.ups, d)
	}
	var cells []int
	for _, l := range fn.Params {
		k.declare(l)
		if isCell(l) {
			cells = append(cells, l.Slot)
		}
	}
	body := k.block(fn.Body)
	p.body = body
	if len(cells) > 0 {
		s := c.s
		p.body = func(f *frame) ctl {
			for _, i := range cells {
				f.regs[i] = val{o: s.newCell(f.regs[i])}
			}
			return body(f)
		}
	}
	p.cost = k.cost + 2
	p.stack = luaFrameBytes + nestingBytes*k.deep
	p.nregs = max(k.max, p.nparams)
	return p
}

// isCell: a captured variable that changes must be shared, so it lives in a
// cell. Others are copied into the closures.
func isCell(l *syntax.Local) bool { return l.Captured && l.Assigned }

func (c *compiler) declare(l *syntax.Local) {
	l.Slot = c.temp(1)
}

// temp reserves registers until the block ends.
func (c *compiler) temp(n int) int {
	i := c.nregs
	c.nregs += n
	if c.nregs > maxRegs {
		panic(&syntax.Error{Msg: fmt.Sprintf("%s:%d: function or expression needs too many registers", c.chunk.id, c.fn.Pos.Line), Line: int(max(c.fn.Pos.Line, 1)), Col: 1, EndCol: 1})
	}
	c.max = max(c.max, c.nregs)
	return i
}

func (c *compiler) site(e syntax.Expr) *site {
	p := e.Position()
	// The line is the one that PUC's code generator gives the instruction.
	switch x := e.(type) {
	case *syntax.Call:
		if x.Begin.Line > 0 && x.Begin.Line != p.Line {
			p = x.Begin
		}
	case *syntax.Index:
		if x.StoreLine > 0 {
			p.Line = x.StoreLine
		}
	case *syntax.Binary:
		switch x.Op {
		case syntax.OpLt, syntax.OpLe, syntax.OpGt, syntax.OpGe, syntax.OpEq, syntax.OpNe:
			p.Line = x.EndLine
		case syntax.OpConcat:
			for r, ok := x.R.(*syntax.Binary); ok && r.Op == syntax.OpConcat; r, ok = r.R.(*syntax.Binary) {
				p.Line = r.Line
			}
		}
	}
	return &site{line: p.Line, col: p.Col, node: e}
}

// nested counts how deep closures will call each other.
func (c *compiler) nested(n int) {
	c.nest += n
	c.deep = max(c.deep, c.nest)
}

// block compiles statements in a scope of their own.
func (c *compiler) block(b *syntax.Block) execFn {
	regs := c.nregs
	f := c.scope(b)
	c.nregs = regs
	return f
}

// scope compiles statements and leaves their locals in scope.
func (c *compiler) scope(b *syntax.Block) execFn {
	c.nested(2)
	defer c.nested(-2)
	stmts := make([]execFn, 0, len(b.Stmts))
	index := make([]int, len(b.Stmts)) // of a statement among the compiled ones
	for i, st := range b.Stmts {
		index[i] = len(stmts)
		if _, ok := st.(*syntax.Label); ok {
			continue
		}
		c.cost++
		stmts = append(stmts, c.hooked(st, c.stmt(st)))
	}
	if b.HasLabels {
		return labelled(b, stmts, index)
	}
	switch len(stmts) {
	case 0:
		return func(*frame) ctl { return ctlNone }
	case 1:
		return stmts[0]
	case 2:
		a, b := stmts[0], stmts[1]
		return func(f *frame) ctl {
			if r := a(f); r != ctlNone {
				return r
			}
			return b(f)
		}
	case 3:
		a, b, c := stmts[0], stmts[1], stmts[2]
		return func(f *frame) ctl {
			if r := a(f); r != ctlNone {
				return r
			}
			if r := b(f); r != ctlNone {
				return r
			}
			return c(f)
		}
	}
	return func(f *frame) ctl {
		for _, st := range stmts {
			if r := st(f); r != ctlNone {
				return r
			}
		}
		return ctlNone
	}
}

// labelled is a block that gotos may jump into.
func labelled(b *syntax.Block, stmts []execFn, index []int) execFn {
	return func(f *frame) ctl {
		for i := 0; i < len(stmts); i++ {
			r := stmts[i](f)
			if r == ctlNone {
				continue
			}
			if r != ctlGoto || f.label.Block != b {
				return r
			}
			i = index[f.label.Index] - 1
		}
		return ctlNone
	}
}

// hooked adds what Options.Coverage and Options.Line ask for.
func (c *compiler) hooked(st syntax.Stmt, run execFn) execFn {
	s := c.s
	if !s.opts.Coverage && s.opts.Line == nil {
		return run
	}
	line := int(st.Position().Line)
	at := &site{line: st.Position().Line, col: st.Position().Col}
	id := c.chunk.id
	if s.opts.Coverage {
		lines := s.coverLines(id)
		if _, ok := lines[line]; !ok {
			lines[line] = new(int64)
		}
		n := lines[line]
		inner := run
		run = func(f *frame) ctl {
			*n++
			return inner(f)
		}
	}
	if hook := s.opts.Line; hook != nil {
		inner := run
		run = func(f *frame) ctl {
			f.site = at
			hook(id, line)
			return inner(f)
		}
	}
	return run
}

// constant returns the value of a literal.
func constant(e syntax.Expr) (val, bool) {
	switch x := e.(type) {
	case *syntax.Nil:
		return vNil, true
	case *syntax.True:
		return vTrue, true
	case *syntax.False:
		return vFalse, true
	case *syntax.Num:
		return numVal(x.Value), x.Wide == syntax.Narrow
	case *syntax.Str:
		return strVal(x.Value), true
	case *syntax.Paren:
		return constant(x.X)
	case *syntax.Unary:
		if n, ok := x.X.(*syntax.Num); ok && x.Op == syntax.OpNeg && n.Wide == syntax.Narrow {
			if n.Value.IsInt {
				return intVal(-n.Value.Int), true
			}
			return floatVal(-n.Value.Float), true
		}
	}
	return val{}, false
}

// register returns the register of a local that is in one.
func register(e syntax.Expr) (int, bool) {
	switch x := e.(type) {
	case *syntax.Name:
		if x.Local != nil && !x.Upvalue && !isCell(x.Local) {
			return x.Local.Slot, true
		}
	case *syntax.Paren:
		return register(x.X)
	}
	return 0, false
}

// multi says whether an expression can give any number of values.
func multi(e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.Call, *syntax.Vararg:
		return true
	}
	return false
}

func (c *compiler) exprs(es []syntax.Expr) []evalFn {
	out := make([]evalFn, len(es))
	for i, e := range es {
		out[i] = c.expr(e)
	}
	return out
}

// expr compiles an expression for exactly one value.
func (c *compiler) expr(e syntax.Expr) evalFn {
	c.nested(1)
	defer c.nested(-1)
	if v, ok := constant(e); ok {
		return func(*frame) val { return v }
	}
	c.cost++
	switch x := e.(type) {
	case *syntax.Num:
		return c.wideNumeral(x)
	case *syntax.Name:
		return c.name(x)
	case *syntax.Paren:
		return c.expr(x.X)
	case *syntax.Index:
		return c.index(x)
	case *syntax.Call:
		return c.callOne(x)
	case *syntax.Vararg:
		return func(f *frame) val {
			if len(f.varargs) > 0 {
				return f.varargs[0]
			}
			return vNil
		}
	case *syntax.Function:
		return c.closure(x, nil)
	case *syntax.Table:
		return c.table(x)
	case *syntax.Unary:
		return c.unary(x)
	case *syntax.Binary:
		return c.binary(x)
	}
	panic(fmt.Sprintf("lua53: unknown expression %T", e))
}
