package syntax

// blockFollow reports whether the current token ends a block.
func (p *parser) blockFollow(withUntil bool) bool {
	switch p.t.kind {
	case tokEOF:
		return true
	case tokOp:
		switch p.t.text {
		case "else", "elseif", "end":
			return true
		case "until":
			return withUntil
		}
	}
	return false
}

// blockBody parses a block with a scope of its own.
func (p *parser) blockBody(loop bool) *Block {
	b := p.openBlock(loop)
	p.statements(b)
	p.closeBlock(p.block.parent == nil || p.fn.parent != nil && p.block.block == p.fn.fn.Body)
	return b
}

func (p *parser) statements(b *Block) {
	for !p.blockFollow(true) {
		if p.is("return") {
			p.enter()
			b.Stmts = append(b.Stmts, p.returnStmt())
			p.leave()
			return
		}
		p.enter()
		if s := p.statement(b); s != nil {
			b.Stmts = append(b.Stmts, s)
		}
		p.leave()
	}
}

func (p *parser) statement(b *Block) Stmt {
	pos, line := p.pos(), p.line
	if p.t.kind == tokOp {
		switch p.t.text {
		case ";":
			p.advance()
			return nil
		case "if":
			return p.ifStmt(line)
		case "while":
			p.advance()
			s := &While{Pos: pos, Cond: p.expr()}
			p.want("do")
			s.Body = p.blockBody(true)
			p.match("end", "while", line)
			return s
		case "do":
			p.advance()
			s := &Do{Pos: pos, Body: p.blockBody(false)}
			p.match("end", "do", line)
			return s
		case "for":
			return p.forStmt(line)
		case "repeat":
			return p.repeatStmt(line)
		case "function":
			return p.functionStmt(line)
		case "local":
			p.advance()
			if p.accept("function") {
				return p.localFunction(pos)
			}
			return p.localStmt(pos)
		case "::":
			p.advance()
			return p.label(b, p.name1())
		case "break":
			t := p.advance()
			p.fn.gotos = append(p.fn.gotos, &pendingGoto{name: "break", line: line, active: len(p.fn.active), pos: t})
			return &Break{pos}
		case "goto":
			p.advance()
			t := p.name1()
			s := &Goto{Pos: pos, Name: t.text}
			p.out.Gotos = append(p.out.Gotos, pos)
			g := &pendingGoto{stmt: s, name: t.text, line: line, active: len(p.fn.active), pos: t}
			if !p.resolve(g) {
				p.fn.gotos = append(p.fn.gotos, g)
			}
			return s
		}
	}
	return p.exprStmt(pos)
}

func (p *parser) label(b *Block, t token) Stmt {
	for _, l := range p.block.labels {
		if l.label.Name == t.text {
			p.semanticError(t, "label '%s' already defined on line %d", t.text, l.label.Pos.Line)
		}
	}
	p.want("::")
	l := &Label{Pos: Pos{t.line, t.col}, Name: t.text, Block: b, Index: len(b.Stmts)}
	b.HasLabels = true
	b.Stmts = append(b.Stmts, l)
	place := len(p.block.labels)
	p.block.labels = append(p.block.labels, labelScope{l, len(p.fn.active)})
	for p.is(";") || p.is("::") { // statements without effect
		if p.accept(";") {
			continue
		}
		p.advance()
		p.label(b, p.name1())
	}
	scope := labelScope{l, len(p.fn.active)}
	if p.blockFollow(false) {
		scope.active = p.block.active
	}
	p.block.labels[place] = scope
	kept := p.fn.gotos[:p.block.gotos]
	for _, g := range p.fn.gotos[p.block.gotos:] {
		if g.stmt != nil && g.name == l.Name {
			p.bind(g, scope)
			continue
		}
		kept = append(kept, g)
	}
	p.fn.gotos = kept
	return nil
}

func (p *parser) returnStmt() Stmt {
	s := &Return{Pos: p.pos()}
	p.advance()
	if !p.blockFollow(true) && !p.is(";") {
		s.Exprs = p.exprs()
	}
	p.accept(";")
	return s
}

func (p *parser) ifStmt(line int32) Stmt {
	s := &If{Pos: p.pos()}
	for {
		p.advance() // if or elseif
		s.Conds = append(s.Conds, p.expr())
		p.want("then")
		s.Then = append(s.Then, p.blockBody(false))
		if !p.is("elseif") {
			break
		}
	}
	if p.accept("else") {
		s.Else = p.blockBody(false)
	}
	p.match("end", "if", line)
	return s
}

func (p *parser) repeatStmt(line int32) Stmt {
	s := &Repeat{Pos: p.pos()}
	p.advance()
	p.openBlock(true) // for break
	s.Body = p.openBlock(false)
	p.statements(s.Body)
	p.match("until", "repeat", line)
	s.Cond = p.expr() // sees the locals of the body
	p.closeBlock(false)
	p.closeBlock(false)
	return s
}

func (p *parser) forStmt(line int32) Stmt {
	pos := p.pos()
	p.advance()
	p.openBlock(true) // the loop and its hidden variables
	t := p.name1()
	var s Stmt
	switch {
	case p.is("="):
		s = p.numericFor(pos, t)
	case p.is(",") || p.is("in"):
		s = p.genericFor(pos, t)
	default:
		p.syntaxError("'=' or 'in' expected")
	}
	p.match("end", "for", line)
	p.closeBlock(false)
	return s
}

// hidden declares the variables that PUC keeps for a loop, so that its limit on
// locals is met at the same place.
func (p *parser) hidden(names ...string) {
	for _, n := range names {
		p.declare(&Local{Name: n, Func: p.fn.fn})
	}
}

func (p *parser) numericFor(pos Pos, t token) Stmt {
	p.advance()
	s := &NumFor{Pos: pos, Start: p.expr()}
	p.want(",")
	s.Limit = p.expr()
	if p.accept(",") {
		s.Step = p.expr()
	}
	p.hidden("(for index)", "(for limit)", "(for step)")
	s.DoLine = p.pos().Line
	p.want("do")
	s.Body = p.openBlock(false)
	s.Var = p.newLocal(t)
	p.declare(s.Var)
	p.statements(s.Body)
	p.closeBlock(false)
	return s
}

func (p *parser) genericFor(pos Pos, t token) Stmt {
	names := []token{t}
	for p.accept(",") {
		names = append(names, p.name1())
	}
	p.want("in")
	s := &GenFor{Pos: pos, InLine: p.pos().Line}
	s.Exprs = p.exprs()
	p.hidden("(for generator)", "(for state)", "(for control)")
	p.want("do")
	s.Body = p.openBlock(false)
	for _, n := range names {
		s.Vars = append(s.Vars, p.newLocal(n))
	}
	p.declare(s.Vars...)
	p.statements(s.Body)
	p.closeBlock(false)
	return s
}

func (p *parser) functionStmt(line int32) Stmt {
	pos := p.pos()
	p.advance()
	t := p.name1()
	var target Expr = p.variable(t)
	name := t.text
	method := false
	for p.is(".") || p.is(":") {
		method = p.is(":")
		p.advance()
		at := p.pos()
		k := p.name1()
		target = &Index{Pos: at, Obj: target, Key: &Str{Pos: at, Value: k.text}}
		if method {
			name += ":" + k.text
			break
		}
		name += "." + k.text
	}
	fn := p.function(pos, line, method, name)
	p.assigned(target)
	if x, ok := target.(*Index); ok {
		x.StoreLine = line
	}
	return &Assign{Pos: pos, Targets: []Expr{target}, Exprs: []Expr{fn}}
}

func (p *parser) localFunction(pos Pos) Stmt {
	line := p.line
	l := p.newLocal(p.name1())
	p.declare(l)
	return &LocalFunction{Pos: pos, Local: l, Func: p.function(pos, line, false, l.Name)}
}

func (p *parser) localStmt(pos Pos) Stmt {
	s := &LocalStmt{Pos: pos}
	for {
		s.Locals = append(s.Locals, p.newLocal(p.name1()))
		if !p.accept(",") {
			break
		}
	}
	if p.accept("=") {
		s.Exprs = p.exprs()
		nameFunctions(s)
	}
	p.declare(s.Locals...)
	return s
}

// nameFunctions gives functions in local f = function … the name f.
func nameFunctions(s *LocalStmt) {
	for i, e := range s.Exprs {
		if f, ok := e.(*Function); ok && i < len(s.Locals) {
			f.Name = s.Locals[i].Name
		}
	}
}

func (p *parser) exprStmt(pos Pos) Stmt {
	e := p.suffixed()
	if !p.is("=") && !p.is(",") {
		c, ok := e.(*Call)
		if !ok {
			p.syntaxError("syntax error")
		}
		return &CallStmt{Pos: pos, Call: c}
	}
	s := &Assign{Pos: pos, Targets: []Expr{e}}
	p.assignable(e)
	for p.accept(",") {
		e := p.suffixed()
		p.assignable(e)
		s.Targets = append(s.Targets, e)
		p.limit(len(s.Targets)+p.level+usedLevels, maxLevels, "C levels")
	}
	p.want("=")
	s.Exprs = p.exprs()
	for i, t := range s.Targets {
		p.assigned(t)
		if x, ok := t.(*Index); ok {
			x.StoreLine = p.last
		}
		if i < len(s.Exprs) {
			if f, ok := s.Exprs[i].(*Function); ok {
				f.Name = exprName(t)
			}
		}
	}
	return s
}

func (p *parser) assignable(e Expr) {
	switch e.(type) {
	case *Name, *Index:
	default:
		p.syntaxError("syntax error")
	}
}

func (p *parser) assigned(e Expr) {
	if n, ok := e.(*Name); ok && n.Local != nil {
		n.Local.Assigned = true
	}
}

// exprName is a.b.c for names and fields, "" for anything else.
func exprName(e Expr) string {
	switch x := e.(type) {
	case *Name:
		return x.Name
	case *Index:
		if k, ok := x.Key.(*Str); ok {
			if o := exprName(x.Obj); o != "" {
				return o + "." + k.Value
			}
		}
	}
	return ""
}
