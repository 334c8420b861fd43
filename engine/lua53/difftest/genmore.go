package difftest

import "fmt"

// More statements of the fuzzer: errors with values and levels, load, classes, _ENV, and lists of values that
// are cut and filled up.

// raise makes errors of all sorts and shows what arrives.
func (g *generator) raise() *Node {
	value := E(g.pick("'msg'", "nil", "12", "{}", "true", "setmetatable({}, {__tostring = function() return 'obj' end})", "'a', 0", "'b', 1", "'c', 2", "'d', 3"))
	switch g.n(5) {
	case 0:
		return S("P(pcall(error, ", value, "))")
	case 1:
		return S("P(pcall(function()\nlocal function f() error(", value, ") end\nf()\nend))")
	case 2:
		return S("P(xpcall(function() error(", value, ") end, function(m) ", S(g.pick("return V(m) .. '!'", "error('in handler')", "return", "return m, 1", "local x = nil; return x.y")), " end))")
	case 3:
		return S("P(select('#', pcall(assert, ", g.expr(wantAny, 1), g.pick("", ", 'text'", ", nil", ", {}"), ")))")
	}
	return S("P(pcall(pcall, ", E(g.pick("error", "assert", "pcall", "select", "tonumber", "rawlen")), ", ", g.expr(wantAny, 1), "))")
}

// loaded runs a chunk through load, with an environment now and then.
func (g *generator) loaded() *Node {
	env := g.pick("", "", ", '=chunk'", ", '@file.lua', 't'", ", 'text', 't', {x = 5, P = P}", ", '=e', 't', {}")
	body := g.pick("x = 1 return x, ...", "return x", "local a, b = ... return b, a", "return ...", "return 1 +", "goto nope", "x.y = 1", "for i = 1, 2 do x = i end return x", "error('in chunk')", "return function() return ... end", "local t = {...} return #t, select('#', ...)")
	return S("do local f, e = load(", E("\""+body+"\""), env, ")\nif f then P(pcall(f, ", g.exprs(0, 2, wantAny), ")) else P(e) end end")
}

// class makes a class with a subclass and calls methods.
func (g *generator) class() *Node {
	g.names++
	c := fmt.Sprintf("C%d", g.names)
	get := g.body(2, false, "self", "n")
	return S("do local ", c, " = {v = ", g.expr(wantNum, 1), "} ", c, ".__index = ", c, "\nfunction ", c, ".get(self, n)\n", get, "end\n",
		"function ", c, ":add(n) self.v = (tonumber(self.v) or 0) + n return self end\n",
		c, ".", g.pick("__add", "__lt", "__concat", "__eq", "__call", "__le", "__unm"), " = function(a, b) return ", E(g.pick("a.v", "b", "rawequal(a, b)", "(rawget(a, 'v') or 0) < 5", "'mm'")), " end\n",
		"local D", c, " = setmetatable({}, {__index = ", c, "}) D", c, ".__index = D", c, "\n",
		"local o, q = setmetatable({}, ", g.pick(c, "D"+c), "), setmetatable({v = 2}, ", c, ")\n",
		"P(pcall(function() return o:get(", g.expr(wantAny, 1), ") end)) P(pcall(function() return o:add(", g.expr(wantNum, 1), "):add(1).v end)) ",
		"P(pcall(function() return ", E(g.pick("o + q", "o < q", "o .. q", "o == q", "o(1)", "o <= q", "-o", "q > o", "o .. 'x'", "1 + q", "#o", "o.v", "q:nope()", "o.x.y")), " end)) P(rawget(o, 'v'), q.v) end")
}

// environment uses _ENV as a local.
func (g *generator) environment() *Node {
	switch g.n(3) {
	case 0:
		return S("do local P, D, _ENV = P, D, {q = ", g.expr(wantNum, 1), "}\nr = q P(q, r, _ENV.r) D(_ENV) end")
	case 1:
		return S("P(pcall(function(_ENV) x = ", E(g.pick("y", "1", "x", "y and y.z")), " return x, y end, ", E(g.pick("{}", "{y = 2}", "nil", "setmetatable({}, {__index = function(_, k) return k end})", "5")), "))")
	}
	return S("do local function f() local _ENV = {P = P} function g1() return 1 end P(g1, g2) return g1 end P(f()) P(g1) end")
}

// adjust cuts and fills up lists of values.
func (g *generator) adjust() *Node {
	f := "(function(...) return " + g.pick("...", "(...)", "..., 1", "1, ...", "select(2, ...)", "nil, ...") + " end)"
	call := E(f, "(", g.exprs(0, 3, wantAny), ")")
	switch g.n(6) {
	case 0:
		return S("P(", call, ", ", g.expr(wantAny, 1), ")")
	case 1:
		return S("P(", g.expr(wantAny, 1), ", ", call, ")")
	case 2:
		return S("do local a, b, c = ", call, " P(a, b, c) a, b, c = ", g.expr(wantAny, 1), ", ", call, " P(c, b, a) end")
	case 3:
		return S("P(select('#', ", call, "), (", call, "))")
	case 4:
		return S("do local t = table.pack(", call, ") P(t.n, t[1], t[2]) t = {n = 0, ", call, "} P(t[1]) end")
	}
	return S("for a, b in ", E(g.pick("next", "ipairs({1, 2})", "pairs({x = 1})")), ", ", E(g.pick("{7}", "nil", "{x = 2}")), " do P(a, b) break end")
}
