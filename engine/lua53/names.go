package lua53

import (
	"fmt"
	"strings"

	"patchbay/engine/lua53/syntax"
)

// describe is what messages call the variable behind an expression: its kind
// and its name; both are empty for other expressions.
func describe(e syntax.Expr) (kind, name string) {
	switch x := folded(e).(type) {
	case *syntax.Name:
		switch {
		case x.Local == nil && x.Name == "_ENV":
			return "upvalue", x.Name
		case x.Local == nil:
			return "global", x.Name
		case x.Upvalue:
			return "upvalue", x.Name
		}
		return "local", x.Name
	case *syntax.Index:
		if k, ok := folded(x.Key).(*syntax.Str); ok {
			if n, ok := x.Obj.(*syntax.Name); ok && n.Name == "_ENV" {
				return "global", k.Value
			}
			return "field", k.Value
		}
		return "field", "?"
	}
	return "", ""
}

// folded is the expression whose code PUC generates for e: without parentheses, and the right side of and / or
// alone where a constant before it decides at compile time.
func folded(e syntax.Expr) syntax.Expr {
	for {
		switch x := e.(type) {
		case *syntax.Paren:
			e = x.X
			continue
		case *syntax.Binary:
			l := folded(x.L)
			if x.Op == syntax.OpAnd && truthyConstant(l) || x.Op == syntax.OpOr && falseConstant(l) {
				e = x.R
				continue
			}
		}
		return e
	}
}

// truthyConstant reports a constant other than nil and false, folded arithmetic included.
func truthyConstant(e syntax.Expr) bool {
	switch x := e.(type) {
	case *syntax.Str, *syntax.True:
		return true
	case *syntax.Unary:
		if x.Op == syntax.OpNot {
			return falseConstant(folded(x.X))
		}
	case *syntax.Binary:
		if x.Op == syntax.OpOr { // whatever is on the left, no jump is left over
			return truthyConstant(folded(x.R))
		}
	}
	_, ok := foldedNumber(e)
	return ok
}

// falseConstant reports nil, false and what is folded to it.
func falseConstant(e syntax.Expr) bool {
	switch x := e.(type) {
	case *syntax.Nil, *syntax.False:
		return true
	case *syntax.Unary:
		return x.Op == syntax.OpNot && truthyConstant(folded(x.X))
	case *syntax.Binary:
		return x.Op == syntax.OpAnd && falseConstant(folded(x.R))
	}
	return false
}

// foldedNumber is the number that PUC's constfolding computes for e, if it does: it leaves alone what raises, what
// gives a NaN, and what gives a float zero.
func foldedNumber(e syntax.Expr) (Number, bool) {
	switch x := e.(type) {
	case *syntax.Num:
		return x.Value, true
	case *syntax.Paren:
		return foldedNumber(x.X)
	case *syntax.Unary:
		o := opUnm
		if x.Op == syntax.OpBNot {
			o = opBNot
		} else if x.Op != syntax.OpNeg {
			return Number{}, false
		}
		n, ok := foldedNumber(x.X)
		if !ok {
			return n, false
		}
		return foldOp(o, n, n)
	case *syntax.Binary:
		o, ok := binaryOps[x.Op]
		if !ok {
			return Number{}, false
		}
		l, ok1 := foldedNumber(x.L)
		r, ok2 := foldedNumber(x.R)
		if !ok1 || !ok2 {
			return Number{}, false
		}
		return foldOp(o, l, r)
	}
	return Number{}, false
}

func foldOp(o operator, l, r Number) (Number, bool) {
	if o.bitwise() {
		a, ok1 := numberToInteger(l)
		b, ok2 := numberToInteger(r)
		return Number{IsInt: true, Int: bitOp(o, a, b)}, ok1 && ok2
	}
	if l.IsInt && r.IsInt && o != opDiv && o != opPow {
		if (o == opMod || o == opIDiv) && r.Int == 0 {
			return Number{}, false
		}
		v, ok := (*thread)(nil).numberOp(o, l, r) // cannot raise: no division by zero
		n, isNum := v.number()
		return n, ok && isNum
	}
	if (o == opDiv || o == opMod || o == opIDiv) && numberToFloat(r) == 0 {
		return Number{}, false
	}
	f := floatOp(o, numberToFloat(l), numberToFloat(r))
	return Number{Float: f}, f == f && f != 0
}

// describeLoaded is describe for operands that PUC loads into a register even
// if they are constants.
func describeLoaded(e syntax.Expr) (kind, name string) {
	e = folded(e)
	if s, ok := e.(*syntax.Str); ok {
		return "constant", s.Value
	}
	return describe(e)
}

func varInfo(kind, name string) string {
	if kind == "" {
		return ""
	}
	name, _, _ = strings.Cut(name, "\x00") // C strings end there
	return fmt.Sprintf(" (%s '%s')", kind, name)
}

// node is the expression that the running function is at.
func (th *thread) node() syntax.Expr {
	if th.frame.fn != nil && th.frame.fn.p != nil {
		return th.frame.site.node
	}
	return nil
}

// operand names the left or right operand of the operator that is evaluated.
func (th *thread) operand(right bool) string {
	switch n := th.node().(type) {
	case *syntax.Binary:
		if right {
			return varInfo(describe(n.R))
		}
		return varInfo(describe(n.L))
	case *syntax.Unary:
		return varInfo(describeLoaded(n.X))
	}
	return ""
}

func (th *thread) arithError(o operator, a, b val) {
	_, ok1 := a.coerce()
	_, ok2 := b.coerce()
	what := "perform arithmetic on"
	if o.bitwise() {
		if ok1 && ok2 {
			x, _ := a.coerce()
			_, fits := numberToInteger(x)
			th.throwf("number%s has no integer representation", th.operand(fits))
		}
		what = "perform bitwise operation on"
	}
	bad := a
	if ok1 {
		bad = b
	}
	th.throwf("attempt to %s a %s value%s", what, th.s.metaTypeName(bad), th.operand(ok1))
}

func (th *thread) compareError(a, b val) {
	t1, t2 := th.s.metaTypeName(a), th.s.metaTypeName(b)
	if t1 == t2 {
		th.throwf("attempt to compare two %s values", t1)
	}
	th.throwf("attempt to compare %s with %s", t1, t2)
}

// concatError: operand i of the chain cannot be concatenated.
func (th *thread) concatError(bad val, i int) {
	info := ""
	if n, ok := th.node().(*syntax.Binary); ok && n.Op == syntax.OpConcat {
		ops := concatOperands(n)
		if i < len(ops) {
			info = varInfo(describeLoaded(ops[i]))
		}
	}
	th.throwf("attempt to concatenate a %s value%s", th.s.metaTypeName(bad), info)
}

// concatOperands flattens a .. (b .. (c .. d)).
func concatOperands(n *syntax.Binary) []syntax.Expr {
	ops := []syntax.Expr{n.L}
	for {
		r, ok := n.R.(*syntax.Binary)
		if !ok || r.Op != syntax.OpConcat {
			return append(ops, n.R)
		}
		n = r
		ops = append(ops, n.L)
	}
}

func (th *thread) lengthError(o val) {
	th.throwf("attempt to get length of a %s value%s", th.s.metaTypeName(o), th.operand(false))
}

// indexError: o has no fields. first says that o is the operand itself and not
// what an __index led to.
func (th *thread) indexError(o val, first bool) {
	info := ""
	if first {
		switch n := th.node().(type) {
		case *syntax.Index:
			info = varInfo(describeLoaded(n.Obj))
		case *syntax.Call:
			if n.Method != "" {
				info = varInfo(describeLoaded(n.Fn))
			}
		case *syntax.Name:
			info = " (upvalue '_ENV')"
			if n.Env != nil && !n.EnvUpvalue {
				info = " (local '_ENV')"
			}
		}
	}
	th.throwf("attempt to index a %s value%s", th.s.metaTypeName(o), info)
}

func (th *thread) callError(fn val) {
	info := ""
	if n, ok := th.node().(*syntax.Call); ok {
		if n.Method != "" {
			info = varInfo("method", n.Method)
		} else {
			info = varInfo(describeLoaded(n.Fn))
		}
	}
	th.throwf("attempt to call a %s value%s", th.s.metaTypeName(fn), info)
}

var opMeta = map[syntax.Op]string{
	syntax.OpAdd: "add", syntax.OpSub: "sub", syntax.OpMul: "mul", syntax.OpMod: "mod", syntax.OpPow: "pow",
	syntax.OpDiv: "div", syntax.OpIDiv: "idiv", syntax.OpBAnd: "band", syntax.OpBOr: "bor", syntax.OpBXor: "bxor",
	syntax.OpShl: "shl", syntax.OpShr: "shr", syntax.OpConcat: "concat", syntax.OpEq: "eq", syntax.OpNe: "eq",
	syntax.OpLt: "lt", syntax.OpLe: "le", syntax.OpGt: "lt", syntax.OpGe: "le",
	syntax.OpNeg: "unm", syntax.OpLen: "len", syntax.OpBNot: "bnot",
}

// calledName is how the caller of a frame's function named it: the kind
// ("global", "method", …, "metamethod", "for iterator") and the name.
func (f *frame) calledName() (kind, name string) {
	c := f.prev
	if c == nil || c.fn == nil || c.fn.p == nil || f.tailed {
		if as := f.th.s.stand(f.caller()); as != nil && as.Calls != "" {
			kind, name, _ = strings.Cut(as.Calls, " ")
			return kind, strings.Trim(name, "'")
		}
		return "", ""
	}
	if c.site.iter {
		return "for iterator", "for iterator"
	}
	switch n := c.site.node.(type) {
	case *syntax.Call:
		if n.Method != "" {
			return "method", n.Method
		}
		return describeLoaded(n.Fn)
	case *syntax.Index:
		return "metamethod", "__index"
	case *syntax.Binary:
		return "metamethod", "__" + opMeta[n.Op]
	case *syntax.Unary:
		return "metamethod", "__" + opMeta[n.Op]
	}
	return "", ""
}

// caller is the function that called a frame's, nil if none did.
func (f *frame) caller() *function {
	if f.prev == nil || f.tailed {
		return nil
	}
	return f.prev.fn
}
