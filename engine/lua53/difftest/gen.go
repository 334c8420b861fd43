package difftest

import (
	"fmt"
	"math/rand/v2"
)

// Prelude stands before every generated program. P prints values without addresses; D prints a
// table in the order of its keys' text, because the order of pairs is unspecified; it leaves out functions as keys,
// because whether two equal closures are the same key is unspecified too.
const Prelude = `local function V(v) local k = type(v) if k == "table" or k == "function" or k == "thread" then return k end if k == "string" then return string.format("%q", v) end return tostring(v) end
local function P(...) local t = {} for i = 1, select("#", ...) do t[i] = V((select(i, ...))) end print(table.concat(t, " ")) end
local function D(t) if type(t) ~= "table" then return P("D", t) end local r = {} for k, v in next, t do if type(k) ~= "function" then r[#r + 1] = V(k) .. "=" .. V(v) end end table.sort(r) print("{" .. table.concat(r, " ") .. "}") end
`

// kind of value that an expression is wanted to have.
type want uint8

const (
	wantNum want = iota
	wantInt
	wantStr
	wantBool
	wantTab
	wantFun
	wantAny
)

type variable struct {
	name  string
	kind  want
	fixed bool // a loop counter or function: not assigned to
}

type generator struct {
	r      *rand.Rand
	vars   []variable // visible, innermost last
	names  int
	depth  int  // of nested blocks
	loops  int  // of nested loops in this function
	vararg bool // inside a vararg function
	infn   bool
	size   int // statements left
}

// Generate makes up a program: well-formed, ending, with deterministic output. The same seed gives the same
// program.
func Generate(seed uint64) *Node {
	g := &generator{r: rand.New(rand.NewPCG(seed, 0x9E3779B97F4A7C15)), vararg: true}
	g.size = 12 + g.n(40)
	top := &Node{Kind: Block}
	for _, d := range []struct {
		name, text string
		kind       want
	}{
		{"ga", g.pick("5", "-7", "2^53", "9007199254740993", "math.maxinteger", "0"), wantNum},
		{"gf", g.pick("1.5", "-0.0", "3.0", "1e15", "0.1", "1e308"), wantNum},
		{"gs", g.pick(`"abc"`, `"10"`, `""`, `"0x1F"`, `"hello world"`, `"1e2"`), wantStr},
		{"gt", g.pick("{1, 2, 3}", "{}", `{x = 1, y = "two", 10}`, `{[1.5] = 1, [2^53] = 2, k = {}}`), wantTab},
	} {
		local := "local "
		if g.chance(25) {
			local = ""
		}
		top.Kids = append(top.Kids, S(local, d.name, " = ", E(d.text)))
		g.vars = append(g.vars, variable{name: d.name, kind: d.kind})
	}
	for g.size > 0 {
		n := len(g.vars)
		st := g.stmt()
		if len(g.vars) == n && g.chance(65) { // an error in it shall not end the program
			st = S("P(pcall(function(...) ", st, "\nend))")
		}
		top.Kids = append(top.Kids, st)
	}
	var all []*Node
	for _, v := range g.vars {
		all = append(all, E(v.name))
	}
	top.Kids = append(top.Kids, S("P(", all, ")"))
	return top
}

func (g *generator) n(n int) int             { return g.r.IntN(n) }
func (g *generator) chance(pct int) bool     { return g.r.IntN(100) < pct }
func (g *generator) pick(s ...string) string { return s[g.r.IntN(len(s))] }

func (g *generator) fresh(prefix string) string {
	g.names++
	if g.chance(10) && len(g.vars) > 0 { // shadow
		if v := g.vars[g.n(len(g.vars))]; !v.fixed {
			return v.name
		}
	}
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// scoped runs f with a scope of its own.
func (g *generator) scoped(f func()) {
	n := len(g.vars)
	g.depth++
	f()
	g.depth--
	g.vars = g.vars[:n]
}

// block makes a block of at most max statements.
func (g *generator) block(max int) *Node {
	b := &Node{Kind: Block}
	g.scoped(func() {
		for i := 1 + g.n(max); i > 0 && g.size > 0; i-- {
			b.Kids = append(b.Kids, g.stmt())
		}
	})
	return b
}

// variable finds a visible one of a kind; "" if there is none.
func (g *generator) variable(k want, assign bool) string {
	for try := 0; try < 8 && len(g.vars) > 0; try++ {
		i := len(g.vars) - 1 - g.n(len(g.vars))
		if g.chance(40) {
			i = len(g.vars) - 1 - g.n(min(4, len(g.vars)))
		}
		v := g.vars[i]
		if assign && v.fixed {
			continue
		}
		if k == wantAny || v.kind == k || k == wantNum && v.kind == wantInt {
			return v.name
		}
	}
	return ""
}

func (g *generator) anyKind() want { return want(g.n(5)) }

// items makes a list of expressions that are not nil: the length of a table with holes is any border, so such
// tables prove nothing.
func (g *generator) items(lo, hi int) []*Node {
	l := g.exprs(lo, hi, wantAny)
	for i, e := range l {
		l[i] = E("(", e, " or 0)")
	}
	return l
}

// exprs makes a list of lo … hi expressions.
func (g *generator) exprs(lo, hi int, k want) []*Node {
	var l []*Node
	for i := lo + g.n(hi-lo+1); i > 0; i-- {
		l = append(l, g.expr(k, 2))
	}
	return l
}
