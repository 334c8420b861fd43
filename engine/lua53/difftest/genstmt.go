package difftest

import "fmt"

// stmt makes one statement of the fuzzer's program.
func (g *generator) stmt() *Node {
	g.size--
	if g.depth > 4 || g.size <= 0 {
		return g.simple()
	}
	switch g.n(31) {
	case 26:
		return g.raise()
	case 27:
		return g.loaded()
	case 28:
		return g.class()
	case 29:
		return g.environment()
	case 30:
		return g.adjust()
	case 0:
		return S("if ", g.expr(wantBool, 2), " then\n", g.block(3), "end")
	case 1:
		return S("if ", g.expr(wantBool, 2), " then\n", g.block(3), "elseif ", g.expr(wantAny, 2), " then\n", g.block(2), "else\n", g.block(2), "end")
	case 2, 3:
		return g.numericFor()
	case 4:
		return g.genericFor()
	case 5:
		return g.while()
	case 6:
		return g.repeatLoop()
	case 7:
		return S("do\n", g.block(4), "end")
	case 8, 9, 10:
		return g.function()
	case 11, 12, 13:
		return g.protected()
	case 14, 15:
		return g.coroutine()
	case 16:
		return g.gotoStmt()
	case 17:
		return g.closures()
	}
	return g.simple()
}

// simple statements have no block.
func (g *generator) simple() *Node {
	switch g.n(16) {
	case 0, 1, 2:
		return S("P(", g.exprs(1, 3, wantAny), ")")
	case 3, 4, 5:
		return g.local()
	case 6, 7, 8:
		return g.assign()
	case 9:
		if t := g.variable(wantTab, false); t != "" {
			return S("D(", E(t), ")")
		}
	case 10:
		if t := g.variable(wantTab, false); t != "" {
			switch g.n(5) {
			case 0:
				return S("table.insert(", E(t), ", ", g.items(1, 1), ")")
			case 1:
				return S("P(pcall(table.insert, ", E(t), ", ", g.expr(wantInt, 1), ", ", g.items(1, 1), "))")
			case 2:
				return S("P(pcall(table.remove, ", E(t), ", ", g.expr(wantInt, 1), "))")
			case 3:
				return S("P(pcall(table.sort, ", E(t), E(g.pick("", ", function(a, b) return tostring(a) < tostring(b) end")), "))")
			}
			return S("P(pcall(table.unpack, ", E(t), E(g.pick("", ", 1, 3", ", 2")), "))")
		}
	case 11:
		if f := g.variable(wantFun, false); f != "" {
			return S("P(", E(f, "(", g.exprs(0, 3, wantAny), ")"), ")")
		}
	case 12:
		if f := g.variable(wantFun, false); f != "" {
			return S("P(pcall(", E(f), E(", "), g.exprs(1, 3, wantAny), "))")
		}
	case 13:
		if t := g.variable(wantTab, false); t != "" {
			return S("setmetatable(", E(t), ", ", E("getmetatable(", g.metatable(1), ")"), ")")
		}
	case 14:
		return S("P(pcall(string.", g.pick("rep", "sub", "find", "format", "byte", "char", "gsub", "len"), ", ", g.leaf(wantAny), ", ", E(g.pick("nil", "1", "'x'", "{}", "3.5", "'%d'")), "))")
	}
	return S("P(", g.exprs(1, 2, wantNum), ")")
}

func (g *generator) declare(prefix string, k want, fixed bool) string {
	n := g.fresh(prefix)
	g.vars = append(g.vars, variable{name: n, kind: k, fixed: fixed})
	return n
}

func (g *generator) local() *Node {
	k := g.anyKind()
	switch g.n(5) {
	case 0:
		l := g.exprs(1, 3, wantAny)
		a, b := g.declare("m", wantAny, false), g.declare("m", wantAny, false)
		return S("local ", a, ", ", b, " = ", l)
	case 1:
		return S("local ", g.declare("u", wantAny, false))
	}
	e := g.expr(k, 3)
	return S("local ", g.declare("v", k, false), " = ", e)
}

func (g *generator) target() *Node {
	if g.chance(40) {
		if t := g.variable(wantTab, false); t != "" {
			return E(t, g.field(1)) // no list item: assigning nil would make holes
		}
	}
	if v := g.variable(wantAny, true); v != "" && g.chance(85) {
		return E(v)
	}
	return E(g.pick("G1", "G2", "_ENV.G3"))
}

func (g *generator) assign() *Node {
	if g.chance(35) {
		n := 2 + g.n(2)
		var l []*Node
		for i := 0; i < n; i++ {
			l = append(l, g.target())
		}
		return S(l, " = ", g.exprs(1, 3, wantAny))
	}
	if t := g.variable(wantTab, false); t != "" && g.chance(15) {
		return S(t, "[ ", E("#", t, E(g.pick(" + 1", ""))), " ] = ", g.items(1, 1))
	}
	k := g.anyKind()
	if v := g.variable(k, true); v != "" && g.chance(60) {
		return S(v, " = ", g.expr(k, 3))
	}
	return S(g.target(), " = ", g.expr(wantAny, 3))
}

func (g *generator) numericFor() *Node {
	var head []any
	cnt := fmt.Sprintf("c%d", g.names+1000)
	g.names++
	v := fmt.Sprintf("i%d", g.names)
	from, to := E(g.pick("1", "1", "3", "-1", "0", "1.0", "math.maxinteger - 1", "math.mininteger", "2^53", "0.1", "'1'", "9007199254740990")), E(g.pick("3", "2", "0", "-2", "3.7", "math.huge", "-math.huge", "math.maxinteger", "math.mininteger + 1", "2^53 + 2", "0.35", "9007199254740994"))
	if g.chance(25) {
		from = g.expr(wantNum, 1)
	}
	if g.chance(25) {
		to = g.expr(wantNum, 1)
	}
	head = append(head, "local ", cnt, " = 0\nfor ", v, " = ", from, ", ", to)
	if g.chance(40) {
		head = append(head, ", ", E(g.pick("1", "-1", "2", "0.5", "1.5", "-0.25", "math.maxinteger", "-2", "1.0", "3")))
	}
	head = append(head, " do "+cnt+" = "+cnt+" + 1 if "+cnt+" > 4 then break end\n")
	var body *Node
	g.loop(func() {
		g.vars = append(g.vars, variable{name: v, kind: wantNum})
		body = g.block(3)
	})
	return S(append(head, body, "end")...)
}

func (g *generator) loop(f func()) {
	g.loops++
	g.scoped(f)
	g.loops--
}

func (g *generator) genericFor() *Node {
	k, v := g.fresh("k"), g.fresh("w")
	var iter *Node
	switch g.n(6) {
	case 0:
		iter = E("ipairs(", g.expr(wantTab, 1), ")")
	case 1:
		iter = E("string.gmatch(", g.expr(wantStr, 1), ", ", E(g.pattern()), ")")
	case 2:
		iter = E("coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i, ", g.expr(wantAny, 1), ") end end)").fixVararg(g)
	case 3:
		iter = E("function(s, c) if c < 3 then return c + 1, s end end, ", g.expr(wantAny, 1), ", 0")
	case 4:
		iter = E("pairs({", g.expr(wantAny, 1), "})")
	default:
		iter = E("next, {", E(g.pick("x = 1", "5", "", "[2.0] = 3")), "}")
	}
	var body *Node
	g.loop(func() {
		g.vars = append(g.vars, variable{name: k, kind: wantAny, fixed: true}, variable{name: v, kind: wantAny})
		body = g.block(3)
	})
	cnt := fmt.Sprintf("c%d", g.names+2000)
	g.names++
	return S("local ", cnt, " = 0\nfor ", k, ", ", v, " in ", iter, " do "+cnt+" = "+cnt+" + 1 if "+cnt+" > 6 then break end\n", body, "end")
}

func (g *generator) while() *Node {
	cnt := fmt.Sprintf("c%d", g.names+3000)
	g.names++
	cond := g.expr(wantBool, 2)
	var body *Node
	g.loop(func() { body = g.block(3) })
	return S("local ", cnt, " = 0\nwhile ", cnt, " < 3 and ", cond, " do ", cnt, " = ", cnt, " + 1\n", body, g.pick("", "", "if "+cnt+" == 2 then break end "), "end")
}

func (g *generator) repeatLoop() *Node {
	cnt := fmt.Sprintf("c%d", g.names+4000)
	g.names++
	n := len(g.vars)
	b := &Node{Kind: Block}
	g.loops++
	g.depth++
	for i := 1 + g.n(3); i > 0; i-- {
		b.Kids = append(b.Kids, g.stmt())
	}
	cond := g.expr(wantBool, 2) // sees the body's locals
	g.depth--
	g.loops--
	g.vars = g.vars[:n]
	return S("local ", cnt, " = 0\nrepeat ", cnt, " = ", cnt, " + 1\n", b, "until ", cnt, " >= 3 or ", cond)
}

// body makes the inside of a function with the given parameters.
func (g *generator) body(max int, vararg bool, params ...string) *Node {
	saved := *g
	b := &Node{Kind: Block}
	g.scoped(func() {
		g.vararg, g.infn, g.loops = vararg, true, 0
		for _, p := range params {
			g.vars = append(g.vars, variable{name: p, kind: g.anyKind()})
		}
		for i := 1 + g.n(max); i > 0 && g.size > 0; i-- {
			b.Kids = append(b.Kids, g.stmt())
		}
		if g.chance(80) {
			b.Kids = append(b.Kids, S("return ", g.exprs(0, 3, wantAny)))
		}
	})
	g.vararg, g.infn, g.loops = saved.vararg, saved.infn, saved.loops
	return b
}

func (g *generator) function() *Node {
	g.names++
	name := fmt.Sprintf("f%d", g.names)
	p := []string{"a", "b"}[:g.n(3)]
	vararg := g.chance(40)
	list := ""
	for i, s := range p {
		if i > 0 {
			list += ", "
		}
		list += s
	}
	if vararg {
		if list != "" {
			list += ", "
		}
		list += "..."
	}
	body := g.body(4, vararg, p...)
	if t := g.variable(wantTab, false); t != "" && g.chance(20) {
		return S("function ", t, g.pick(".", ":"), g.pick("x", "y", "m"), "(", list, ")\n", body, "end")
	}
	g.vars = append(g.vars, variable{name: name, kind: wantFun, fixed: true})
	if g.chance(25) {
		return S("local ", name, " = function(", list, ")\n", body, "end")
	}
	return S("local function ", name, "(", list, ")\n", body, "end")
}

func (g *generator) protected() *Node {
	switch g.n(4) {
	case 0:
		return S("P(xpcall(function(...)\n", g.body(3, true), "end, function(m) return 'H', m end, ", g.exprs(1, 2, wantAny), "))")
	case 1:
		return S("P(pcall(function() ", S(g.pick("local q = ", "return ", "P("), g.expr(wantAny, 3)).closeP(), " end))").fixVararg(g)
	}
	return S("P(pcall(function(...)\n", g.body(4, true), "end, ", g.exprs(1, 2, wantAny), "))")
}

func (n *Node) closeP() *Node {
	if n.Text[0] == "P(" {
		n.Text[len(n.Text)-1] += ")"
	}
	return n
}

func (g *generator) coroutine() *Node {
	g.names++
	co := fmt.Sprintf("co%d", g.names)
	saved := *g
	b := &Node{Kind: Block}
	g.scoped(func() {
		g.vararg, g.loops = true, 0
		for i := 1 + g.n(3); i > 0; i-- {
			b.Kids = append(b.Kids, g.stmt())
			switch g.n(4) {
			case 0:
				b.Kids = append(b.Kids, S("P(coroutine.yield(", g.exprs(0, 2, wantAny), "))"))
			case 1:
				b.Kids = append(b.Kids, S("P(pcall(function() return coroutine.yield(", g.exprs(0, 2, wantNum), ") end))").fixVararg(g))
			case 2:
				b.Kids = append(b.Kids, S("for i = 1, 2 do coroutine.yield(i, ", g.expr(wantAny, 1), ") end"))
			case 3:
				b.Kids = append(b.Kids, S("P((setmetatable({}, {__", g.pick("add", "index", "concat", "call", "lt", "eq", "unm"), " = function(a, b) return coroutine.yield(", g.expr(wantNum, 1), ") end}))"+g.pick(" + 1", ".z", " .. 'x'", "(2)", " < 1", " == {}"), ")").fixVararg(g))
			}
		}
		b.Kids = append(b.Kids, S("return ", g.exprs(0, 2, wantAny)))
	})
	g.vararg, g.loops = saved.vararg, saved.loops
	g.vars = append(g.vars, variable{name: co, kind: wantAny, fixed: true})
	if g.chance(50) {
		return S("local ", co, " = coroutine.create(function(...)\n", b, "end)\nfor i = 1, ", E(g.pick("1", "3", "6")), " do P(coroutine.resume(", co, ", ", g.exprs(1, 2, wantAny), ")) P(coroutine.status(", co, ")) end")
	}
	return S("local ", co, " = coroutine.wrap(function(...)\n", b, "end)\nfor i = 1, ", E(g.pick("1", "3")), " do P(pcall(", co, ", ", g.exprs(1, 2, wantAny), ")) end")
}

func (g *generator) gotoStmt() *Node {
	g.names++
	l := fmt.Sprintf("L%d", g.names)
	switch g.n(3) {
	case 0: // forward
		return S("do\nif ", g.expr(wantBool, 1), " then goto ", l, " end\n", S("do\n", g.block(2), "end\n"), "::", l, "::\nend")
	case 1: // a loop with continue
		var body *Node
		g.loop(func() { body = g.block(2) })
		return S("for i = 1, 3 do\nif i == ", E(g.pick("1", "2", "3")), " then goto ", l, " end\n", S("do\n", body, "end\n"), "::", l, "::\nend")
	}
	cnt := fmt.Sprintf("c%d", g.names+5000)
	var body *Node
	g.loop(func() { body = g.block(2) })
	return S("do local ", cnt, " = 0\n::", l, "::\n", cnt, " = ", cnt, " + 1\n", S("do\n", body, "end\n"), "if ", cnt, " < 3 then goto ", l, " end\nend")
}

// closures makes functions in a loop that share and do not share variables.
func (g *generator) closures() *Node {
	g.names++
	t := fmt.Sprintf("fs%d", g.names)
	inner := S(g.pick("i = i + 1 ", "x = x * 2 ", "s = s + i ", ""), "return ", E(g.pick("i", "x", "s", "x, i, s", "x + s")))
	loop := g.pick("for i = 1, 3 do local x = i ", "local i = 0 while i < 3 do i = i + 1 local x = i ", "for i, x in ipairs({4, 5, 6}) do ", "local i = 0 repeat i = i + 1 local x = i * 10 ")
	end := "end "
	if loop[len(loop)-7:] == "i * 10 " {
		end = "until x > 20 "
	}
	return S("do local s, "+t+" = ", g.expr(wantNum, 1), ", {} "+loop+t+"[#"+t+" + 1] = function() ", inner, " end ", g.pick("", "x = x + 1 ", "s = x "), end,
		"for r = 1, 2 do for j = 1, #"+t+" do P(pcall("+t+"[j])) end end P(s) end")
}
