package difftest

// Expressions of the fuzzer. Each has a kind that is wanted; now and then it gets another, so that errors are
// met as well.

func (g *generator) expr(k want, depth int) *Node {
	if g.chance(4) {
		k = want(g.n(7))
	}
	if depth <= 0 || g.chance(15) {
		return g.leaf(k)
	}
	switch g.n(30) {
	case 0:
		return E("(", g.expr(k, depth-1), " and ", g.expr(k, depth-1), " or ", g.expr(k, depth-1), ")")
	case 1:
		return E(g.pick("(%s)", "")[:0], "(", g.expr(k, depth-1), g.pick(" or ", " and "), g.expr(k, depth-1), ")")
	case 2:
		if f := g.variable(wantFun, false); f != "" {
			return E(f, "(", g.exprs(0, 3, wantAny), ")")
		}
	case 3:
		if g.vararg {
			return E("(select(", E(g.pick("1", "2", "3", "1", "'#'", "-1")), ", ", E("..."), "))")
		}
	case 4:
		return E("(function(", g.pick("a", "a, b", "..."), ") return ", g.exprs(1, 2, k), " end)(", g.exprs(0, 2, wantAny), ")").fixVararg(g)
	case 5:
		if t := g.variable(wantTab, false); t != "" {
			return E(t, g.index(depth-1))
		}
	}
	switch k {
	case wantNum:
		return g.numExpr(depth)
	case wantInt:
		return g.intExpr(depth)
	case wantStr:
		return g.strExpr(depth)
	case wantBool:
		return g.boolExpr(depth)
	case wantTab:
		return g.tabExpr(depth)
	case wantFun:
		return g.leaf(k)
	}
	return g.expr(g.anyKind(), depth-1)
}

// fixVararg keeps "..." out of a function that has none.
func (n *Node) fixVararg(g *generator) *Node {
	if n.Text[0] != "(function(...) return " {
		var clean func(m *Node)
		clean = func(m *Node) {
			for i, k := range m.Kids {
				if len(k.Kids) == 0 && k.Text[0] == "..." {
					m.Kids[i] = E("nil")
				}
				clean(k)
			}
		}
		clean(n)
	}
	return n
}

// field is an index that is no integer.
func (g *generator) field(depth int) *Node {
	switch g.n(6) {
	case 0:
		return E("[", E(g.pick("1.5", "true", "2^53", "-1", "0", "1e100")), "]")
	case 1:
		return E("[ ", E("V(", g.expr(wantStr, depth), ")"), " ]")
	}
	return E(".", g.pick("x", "y", "k", "n"))
}

// index is ".x", "[1]", "[e]".
func (g *generator) index(depth int) *Node {
	switch g.n(6) {
	case 0, 1:
		return E(".", g.pick("x", "y", "k", "n"))
	case 2:
		return E("[", E(g.pick("1", "2", "3", "1.0", "-1", "0", "2^53", "1.5")), "]")
	case 3:
		return E("[ ", g.expr(wantStr, depth), " ]")
	case 4:
		return E("[ ", g.expr(wantInt, depth), " ]")
	}
	return E(".", g.pick("x", "y"), g.pick("", "", ".x", "[1]"))
}

func (g *generator) leaf(k want) *Node {
	if g.chance(60) {
		if v := g.variable(k, false); v != "" {
			return E(v)
		}
	}
	switch k {
	case wantInt:
		return E(g.pick("0", "1", "2", "3", "-1", "7", "10", "255", "-3", "64", "4294967296", "9007199254740993", "math.maxinteger", "math.mininteger", "0x7f", "0xffffffffffffffff", "1 << 62", "3.0"))
	case wantNum:
		return E(g.pick("0", "1", "2", "-1", "3", "10", "0.5", "1.5", "-0.0", "0.0", "3.0", "-2.5", "1e15", "1e16", "1e100", "2^53", "2^63", "-2^63", "math.huge", "-math.huge", "math.pi", "math.maxinteger", "math.mininteger", "9007199254740993", "0x10", "0x.8p1", "5 // 2", "100", "1e308", "5e-324", "123456789012"))
	case wantStr:
		return E(g.pick(`""`, `"a"`, `"abc"`, `"10"`, `"0x10"`, `" 5 "`, `"1e2"`, `"3.0"`, `"hello world"`, `"x=1, y=2"`, `"\0z"`, `"é"`, `"9007199254740993"`, `"9223372036854775808"`, `"-0"`, `"inf"`, `"%d"`, `[[long]]`, `"a.b-c"`, `"\65\x42\u{43}"`, `'q"q'`))
	case wantBool:
		return E(g.pick("true", "false", "nil", "not nil"))
	case wantTab:
		return E(g.pick("{}", "{1, 2, 3}", "{x = 1}", `{"a", "b", x = {x = 2}}`, "{n = 0, 5}", "{{1}, {2}}"))
	case wantFun:
		return E(g.pick("math.floor", "type", "tostring", "tonumber", "string.upper", "math.max", "select", "function(...) return ... end", "function(a, b) return b, a end", "function(a) return a end", "string.len", "math.type", "rawlen"))
	}
	if g.vararg && g.chance(30) {
		return E("...")
	}
	return g.leaf(g.anyKind())
}

func (g *generator) numExpr(d int) *Node {
	d--
	switch g.n(22) {
	case 0, 1, 2, 3, 4, 5, 6, 7:
		op := g.pick(" + ", " - ", " * ", " / ", " // ", " % ", " + ", " - ", " ^ ")
		return E("(", g.expr(wantNum, d), op, g.expr(wantNum, d), ")")
	case 8, 9:
		return g.intExpr(d + 1)
	case 10:
		return E("-", g.paren(wantNum, d))
	case 11:
		return E("#", g.paren(g.either(wantStr, wantTab), d))
	case 12:
		return E(g.pick("math.floor", "math.ceil", "math.abs", "math.sqrt", "tonumber", "math.tointeger"), "(", g.expr(wantNum, d), ")")
	case 13:
		return E(g.pick("math.max", "math.min", "math.fmod", "math.ult"), "(", g.expr(wantNum, d), ", ", g.expr(wantNum, d), ")")
	case 14:
		return E("tonumber(", g.expr(wantStr, d), g.pick("", "", ", 16", ", 2", ", 36"), ")")
	case 15:
		return E("(", g.expr(wantNum, d), g.pick(" + ", " - ", " * ", " // ", " % "), E(g.pick("1", "2", "-1", "0", "3", "1.0", "0.5", "10", "0.0", "-2")), ")")
	case 16:
		return E("(", E(g.pick("1", "2", "0", "10", "1.0", "-1")), g.pick(" + ", " - ", " * ", " / ", " // ", " % "), g.expr(wantNum, d), ")")
	case 17:
		return E("math.", g.pick("modf", "frexp"), "(", g.expr(wantNum, d), ")")
	case 18:
		return E("string.byte(", g.expr(wantStr, d), ", ", g.expr(wantInt, d), ")")
	case 19:
		return E("select('#', ", g.expr(wantAny, d), ")")
	}
	return g.leaf(wantNum)
}

func (g *generator) paren(k want, d int) *Node { return E("(", g.expr(k, d), ")") }

func (g *generator) either(a, b want) want {
	if g.chance(50) {
		return a
	}
	return b
}

func (g *generator) intExpr(d int) *Node {
	d--
	switch g.n(10) {
	case 0, 1, 2, 3:
		return E("(", g.expr(wantInt, d), g.pick(" & ", " | ", " ~ ", " << ", " >> ", " // ", " % ", " + ", " - ", " * "), g.expr(wantInt, d), ")")
	case 4:
		return E("~", g.paren(wantInt, d))
	case 5:
		return E("(", g.expr(wantInt, d), g.pick(" & ", " << ", " >> ", " | ", " ~ "), E(g.pick("1", "3", "63", "64", "-1", "0xff")), ")")
	case 6:
		return E("-", g.paren(wantInt, d))
	}
	return g.leaf(wantInt)
}

func (g *generator) strExpr(d int) *Node {
	d--
	switch g.n(22) {
	case 0, 1, 2:
		return E("(", g.expr(g.either(wantStr, wantNum), d), " .. ", g.expr(wantStr, d), "):sub(1, 60)")
	case 3:
		return E("(", g.expr(wantStr, d), " .. ", g.expr(wantNum, d), " .. ", g.expr(wantStr, d), "):sub(-50)")
	case 4:
		return E("V(", g.expr(g.either(wantNum, wantBool), d), ")")
	case 5, 6:
		return E(g.paren(wantStr, d), ":sub(", g.expr(wantInt, d), g.pick("", "", ", -2", ", 3", ", 10"), ")")
	case 7:
		return E(g.paren(wantStr, d), ":", g.pick("upper", "lower", "reverse"), "()")
	case 8:
		return E("string.rep(", g.expr(wantStr, d), ", ", E(g.pick("0", "1", "2", "3", "-1", "2.0", "'2'")), g.pick("", ", ','"), "):sub(1, 80)")
	case 9, 10, 11:
		return E("string.format(", E("\""+g.format()+"\""), ", ", g.expr(g.either(wantNum, wantStr), d), ", ", g.expr(wantNum, d), ")")
	case 12, 13:
		return E("string.gsub(", g.expr(wantStr, d), ", ", E(g.pattern()), ", ", E(g.pick(`"%0"`, `"<%1>"`, `"%%"`, `""`, `"x"`, `string.upper`, `{a = "1", b = false}`, `function(a, b) return b or a end`, `function() end`)), g.pick("", "", ", 1", ", 2"), ")")
	case 14, 15:
		return E("string.match(", g.expr(wantStr, d), ", ", E(g.pattern()), g.pick("", "", ", 2", ", -1"), ")")
	case 16:
		return E("string.find(", g.expr(wantStr, d), ", ", E(g.pattern()), g.pick("", ", 1", ", 2, true"), ")")
	case 17:
		return E("type(", g.expr(wantAny, d), ")")
	case 18:
		return E("string.char(", E(g.pick("65", "65, 66", "97.0", "'98'", "256")), ")")
	case 19:
		return E("table.concat(", g.expr(wantTab, d), ", ", g.expr(wantStr, d), ")")
	case 20:
		return E("math.type(", g.expr(wantNum, d), ")")
	}
	return g.leaf(wantStr)
}

func (g *generator) format() string {
	one := func() string {
		return "%" + g.pick("", "", "", "5", "-5", "05", "+", " ", "#", ".3", "8.2", "-8.3", ".0", "+05", "#.0") + g.pick("d", "s", "s", "x", "g", "f", "e", "i", "X", "o", "q", "c", "a", "g", "u", "G", "%")
	}
	return g.pick("", "a", "%%") + one() + g.pick("", " ", "|") + one()
}

func (g *generator) pattern() string {
	item := func() string {
		return g.pick("%a", "%d", "%w", ".", "a", "[a-c]", "[^%s]", "%s", "l", "o", "[%w_]", "1", "=", "%.", "%u", "%x") + g.pick("", "", "+", "*", "-", "?")
	}
	p := ""
	for i := 1 + g.n(3); i > 0; i-- {
		switch g.n(10) {
		case 0, 1:
			p += "(" + item() + ")"
		case 2:
			p += g.pick("()", "%f[%w]", "%b()", "%1", "("+item()+item()+")")
		default:
			p += item()
		}
	}
	return `"` + g.pick("", "", "", "^") + p + g.pick("", "", "", "$") + `"`
}

func (g *generator) boolExpr(d int) *Node {
	d--
	switch g.n(10) {
	case 0, 1, 2, 3:
		k := g.either(wantNum, g.either(wantNum, wantStr))
		return E("(", g.expr(k, d), g.pick(" < ", " <= ", " > ", " >= ", " == ", " ~= "), g.expr(k, d), ")")
	case 4:
		return E("not ", g.paren(wantAny, d))
	case 5:
		return E("(", g.expr(wantAny, d), g.pick(" == ", " ~= "), g.expr(wantAny, d), ")")
	case 6:
		return E("rawequal(", g.expr(wantAny, d), ", ", g.expr(wantAny, d), ")")
	case 7:
		return E("(", g.expr(wantNum, d), g.pick(" < ", " <= ", " > ", " >= ", " == ", " ~= "), E(g.pick("0", "1", "1.0", "2^53", "-1", "0.5")), ")")
	case 8:
		return E("(", g.expr(wantBool, d), g.pick(" and ", " or "), g.expr(wantBool, d), ")")
	}
	return g.leaf(wantBool)
}

func (g *generator) tabExpr(d int) *Node {
	d--
	switch g.n(8) {
	case 0, 1:
		return E("{", g.items(0, 3), "}")
	case 2:
		return E("{x = ", g.expr(wantAny, d), ", y = ", g.expr(wantNum, d), ", ", g.items(1, 1), "}")
	case 3:
		return E("{[ ", g.expr(g.either(wantStr, wantInt), d), " ] = ", g.expr(wantAny, d), "; ", g.items(1, 1), "}")
	case 4:
		return E("table.pack(", g.items(0, 3), ")")
	case 5:
		return g.metatable(d)
	case 6:
		if t := g.variable(wantTab, false); t != "" {
			return E("table.move(", t, ", 1, ", E(g.pick("2", "3", "0")), ", ", E(g.pick("1", "2", "1, {}")), ")")
		}
	}
	return g.leaf(wantTab)
}

// metatable makes a table with some metamethods, none of which can come back to itself for ever.
func (g *generator) metatable(d int) *Node {
	parts := []any{"setmetatable(", g.leaf(wantTab), ", {"}
	for i := 1 + g.n(4); i > 0; i-- {
		switch g.n(12) {
		case 0, 1, 2:
			parts = append(parts, "__", g.pick("add", "sub", "mul", "div", "mod", "pow", "idiv", "unm", "concat", "band", "bor", "bxor", "shl", "shr", "bnot"), " = function(a, b) return ", E(g.pick("type(a) .. type(b)", "7", "rawequal(a, b), 2", "nil", "error('mm')", "error('mm2', 2)")), " end, ")
		case 3:
			parts = append(parts, "__", g.pick("lt", "le", "eq"), " = function(a, b) return ", E(g.pick("true", "false", "1", "nil", "type(a) < type(b)")), " end, ")
		case 4, 5:
			parts = append(parts, "__index = ", E(g.pick("function(t, k) return k end", "{x = 'ix', y = 2}", "function(t, k) return rawget(t, 1), 2 end", "string")), ", ")
		case 6:
			parts = append(parts, "__newindex = ", E(g.pick("function(t, k, v) rawset(t, k, v) end", "{}", "function(t, k) error('ni ' .. tostring(k)) end")), ", ")
		case 7:
			parts = append(parts, "__call = function(self, ...) return ", E(g.pick("...", "select('#', ...)", "1, 2, 3", "(...)")), " end, ")
		case 8:
			parts = append(parts, "__len = function() return ", E(g.pick("3", "2.0", "'x'", "0", "1.5")), " end, ")
		case 9:
			parts = append(parts, "__tostring = function() return ", E(g.pick("'TS'", "12", "'x' .. 'y'")), " end, ")
		case 10:
			parts = append(parts, "__name = 'My.Type', ")
		case 11:
			parts = append(parts, "__pairs = function(t) return function(_, k) if not k then return 1, 'p' end end, t end, ")
		}
	}
	return E(append(parts, "})")...)
}
