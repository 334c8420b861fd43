package syntax

// priorities holds the left and right binding power of the binary operators.
var priorities = map[string]struct {
	op          Op
	left, right int
}{
	"+": {OpAdd, 10, 10}, "-": {OpSub, 10, 10}, "*": {OpMul, 11, 11}, "%": {OpMod, 11, 11},
	"^": {OpPow, 14, 13}, "/": {OpDiv, 11, 11}, "//": {OpIDiv, 11, 11},
	"&": {OpBAnd, 6, 6}, "|": {OpBOr, 4, 4}, "~": {OpBXor, 5, 5}, "<<": {OpShl, 7, 7}, ">>": {OpShr, 7, 7},
	"..": {OpConcat, 9, 8},
	"==": {OpEq, 3, 3}, "~=": {OpNe, 3, 3}, "<": {OpLt, 3, 3}, "<=": {OpLe, 3, 3}, ">": {OpGt, 3, 3}, ">=": {OpGe, 3, 3},
	"and": {OpAnd, 2, 2}, "or": {OpOr, 1, 1},
}

const unaryPriority = 12

func (p *parser) exprs() []Expr {
	es := []Expr{p.expr()}
	for p.accept(",") {
		es = append(es, p.expr())
		if len(es)+len(p.fn.active) >= maxRegisters {
			p.syntaxError("function or expression needs too many registers")
		}
	}
	return es
}

func (p *parser) expr() Expr { return p.subexpr(0) }

func (p *parser) unaryOp() Op {
	if p.t.kind == tokOp {
		switch p.t.text {
		case "not":
			return OpNot
		case "-":
			return OpNeg
		case "~":
			return OpBNot
		case "#":
			return OpLen
		}
	}
	return OpNone
}

func (p *parser) subexpr(limit int) Expr {
	p.enter()
	var e Expr
	if op := p.unaryOp(); op != OpNone {
		pos := p.pos()
		p.advance()
		e = &Unary{Pos: pos, Op: op, X: p.subexpr(unaryPriority)}
	} else {
		e = p.simple()
	}
	for n := 0; p.t.kind == tokOp; n++ {
		p.limit(n, maxChain, "operators in an expression")
		pr, ok := priorities[p.t.text]
		if !ok || pr.left <= limit {
			break
		}
		pos := p.pos()
		p.advance()
		b := &Binary{Pos: pos, Op: pr.op, L: e, R: p.subexpr(pr.right)}
		b.EndLine = p.last
		e = b
	}
	p.leave()
	return e
}

func (p *parser) simple() Expr {
	pos := p.pos()
	switch p.t.kind {
	case tokNumber:
		if p.t.wide != Narrow {
			p.out.Wide = append(p.out.Wide, pos)
		}
		t := p.advance()
		n := &Num{Pos: pos, Value: t.num}
		if p.luerl {
			n.Wide = t.wide
		}
		return n
	case tokString:
		return &Str{pos, p.advance().text}
	case tokOp:
		switch p.t.text {
		case "nil":
			p.advance()
			return &Nil{pos}
		case "true":
			p.advance()
			return &True{pos}
		case "false":
			p.advance()
			return &False{pos}
		case "...":
			if !p.fn.fn.Vararg {
				p.syntaxError("cannot use '...' outside a vararg function")
			}
			p.advance()
			return &Vararg{pos}
		case "{":
			return p.table()
		case "function":
			line := p.line
			p.advance()
			return p.function(pos, line, false, "")
		}
	}
	return p.suffixed()
}

func (p *parser) primary() Expr {
	switch {
	case p.t.kind == tokName:
		return p.variable(p.advance())
	case p.is("("):
		pos, line := p.pos(), p.line
		p.advance()
		e := p.expr()
		p.match(")", "(", line)
		return &Paren{pos, e}
	}
	p.syntaxError("unexpected symbol")
	return nil
}

func (p *parser) suffixed() Expr {
	begin := p.pos()
	e := p.primary()
	for n := 0; ; n++ {
		p.limit(n, maxChain, "suffixes in an expression")
		pos := p.pos()
		switch {
		case p.is("."):
			p.advance()
			at := p.pos()
			k := p.name1()
			e = &Index{Pos: at, Obj: e, Key: &Str{at, k.text}}
		case p.is("["):
			p.advance()
			k := p.expr()
			p.want("]")
			e = &Index{Pos: pos, Obj: e, Key: k}
		case p.is(":"):
			p.advance()
			pos = p.pos()
			m := p.name1()
			e = &Call{Pos: pos, Begin: begin, Fn: e, Method: m.text, Args: p.args(p.line)}
		case p.is("("), p.is("{"), p.t.kind == tokString:
			e = &Call{Pos: pos, Begin: begin, Fn: e, Args: p.args(p.line)}
		default:
			return e
		}
	}
}

func (p *parser) args(line int32) []Expr {
	pos := p.pos()
	switch {
	case p.t.kind == tokString:
		return []Expr{&Str{pos, p.advance().text}}
	case p.is("{"):
		return []Expr{p.table()}
	case p.is("("):
		p.advance()
		if p.accept(")") {
			return nil
		}
		es := p.exprs()
		p.match(")", "(", line)
		return es
	}
	p.syntaxError("function arguments expected")
	return nil
}

func (p *parser) table() Expr {
	t := &Table{Pos: p.pos()}
	line := p.line
	p.want("{")
	for !p.is("}") {
		var it Item
		pos := p.pos()
		switch {
		case p.t.kind == tokName && p.isAssign():
			it.Key = &Str{pos, p.advance().text}
			p.advance()
		case p.is("["):
			p.advance()
			it.Key = p.expr()
			p.want("]")
			p.want("=")
		}
		it.Value = p.expr()
		if f, ok := it.Value.(*Function); ok {
			if k, ok := it.Key.(*Str); ok {
				f.Name = k.Value
			}
		}
		t.Items = append(t.Items, it)
		if !p.accept(",") && !p.accept(";") {
			break
		}
	}
	p.match("}", "{", line)
	return t
}

func (p *parser) isAssign() bool {
	a := p.lookahead()
	return a.kind == tokOp && a.text == "="
}

// function parses parameters and body; the word function is read already.
func (p *parser) function(pos Pos, line int32, method bool, name string) *Function {
	fn := &Function{Pos: Pos{line, pos.Col}, Name: name}
	p.openFunc(fn)
	block := p.block
	p.block = nil
	fn.Body = p.openBlock(false)
	p.want("(")
	if method {
		fn.Params = append(fn.Params, &Local{Name: "self", Func: fn})
	}
	for !p.is(")") {
		if p.accept("...") {
			fn.Vararg = true
			break
		}
		fn.Params = append(fn.Params, p.newLocal(p.name1Or("<name> or '...'")))
		if !p.accept(",") {
			break
		}
		if p.is(")") {
			p.syntaxError("<name> or '...' expected")
		}
	}
	p.declare(fn.Params...)
	p.want(")")
	p.statements(fn.Body)
	fn.End = p.pos()
	p.match("end", "function", line)
	p.closeBlock(true)
	p.closeFunc()
	p.block = block
	return fn
}

func (p *parser) name1Or(what string) token {
	if p.t.kind != tokName {
		p.syntaxError("%s expected", what)
	}
	return p.advance()
}
