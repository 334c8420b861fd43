package lint

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"patchbay/engine/lua53/syntax"
	"patchbay/patchdev"
)

// Finding is a trap in a source text.
type Finding struct {
	// Line and Col count from 1, Col in bytes.
	Line, Col int
	Rule      Rule
	// Path is where in the patch, and Message what was found.
	Path    []string
	Message string
}

// Source looks for traps in the patches that a script writes as literals: table
// constructors with device = 'patch@1.0' or method = 'PATCH' (in any spelling).
// They are built as far as they are literal and given to the patch device itself,
// so that typing and running raise the same rules. flavour is "aos" or "lua@5.3a".
// It may be called from any goroutine and takes time in proportion to the source.
func Source(c *syntax.Chunk, flavour string, p patchdev.Profile) []Finding {
	if c == nil || c.Main == nil {
		return nil
	}
	s := &scanner{flavour: patchdev.FlavourOf(flavour), profile: p}
	s.rawText(c)
	s.block(c.Main.Body)
	slices.SortStableFunc(s.found, func(a, b Finding) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	return s.found
}

// Text is Source for a text that may not parse; then it finds nothing, for the
// syntax error is what counts.
func Text(name, source, flavour string, p patchdev.Profile) []Finding {
	c, err := syntax.Parse(name, syntax.SkipShebang(source))
	if err != nil {
		return nil
	}
	return Source(c, flavour, p)
}

type scanner struct {
	flavour patchdev.Flavour
	profile patchdev.Profile
	found   []Finding
	// here are the patches sent by statements of one block, one after the other.
	here []literal
}

// literal is a patch as far as it is written out.
type literal struct {
	pos    syntax.Pos
	fields *patchdev.Table
	places map[string]syntax.Pos
}

func (s *scanner) block(b *syntax.Block) {
	if b == nil {
		return
	}
	outer := s.here
	s.here = nil
	for _, st := range b.Stmts {
		s.stmt(st)
	}
	s.together()
	s.here = outer
}

func (s *scanner) stmt(st syntax.Stmt) {
	switch x := st.(type) {
	case *syntax.LocalStmt:
		s.exprs(x.Exprs...)
	case *syntax.LocalFunction:
		s.expr(x.Func)
	case *syntax.Assign:
		s.exprs(x.Targets...)
		s.exprs(x.Exprs...)
	case *syntax.CallStmt:
		s.expr(x.Call)
	case *syntax.Do:
		s.block(x.Body)
	case *syntax.While:
		s.expr(x.Cond)
		s.block(x.Body)
	case *syntax.Repeat:
		s.block(x.Body)
		s.expr(x.Cond)
	case *syntax.If:
		for i := range x.Conds {
			s.expr(x.Conds[i])
			s.block(x.Then[i])
		}
		s.block(x.Else)
	case *syntax.NumFor:
		s.exprs(x.Start, x.Limit, x.Step)
		s.block(x.Body)
	case *syntax.GenFor:
		s.exprs(x.Exprs...)
		s.block(x.Body)
	case *syntax.Return:
		s.exprs(x.Exprs...)
	}
}

func (s *scanner) exprs(es ...syntax.Expr) {
	for _, e := range es {
		s.expr(e)
	}
}

func (s *scanner) expr(e syntax.Expr) {
	switch x := e.(type) {
	case *syntax.Index:
		s.exprs(x.Obj, x.Key)
	case *syntax.Call:
		s.expr(x.Fn)
		s.exprs(x.Args...)
	case *syntax.Table:
		if isPatch(x) {
			s.patch(x)
			return
		}
		for _, it := range x.Items {
			s.exprs(it.Key, it.Value)
		}
	case *syntax.Binary:
		s.exprs(x.L, x.R)
	case *syntax.Unary:
		s.expr(x.X)
	case *syntax.Paren:
		s.expr(x.X)
	case *syntax.Function:
		outer := s.here
		s.here = nil
		s.block(x.Body)
		s.here = outer
	}
}

// isPatch says whether a constructor is meant as a patch.
func isPatch(t *syntax.Table) bool {
	for _, it := range t.Items {
		k, ok1 := it.Key.(*syntax.Str)
		v, ok2 := it.Value.(*syntax.Str)
		if !ok1 || !ok2 {
			continue
		}
		switch strings.ToLower(k.Value) {
		case "device":
			if strings.HasPrefix(strings.ToLower(v.Value), "patch@") {
				return true
			}
		case "method":
			if strings.EqualFold(v.Value, "PATCH") {
				return true
			}
		}
	}
	return false
}

// patch checks one literal patch by applying it to an empty state.
func (s *scanner) patch(t *syntax.Table) {
	l := literal{pos: t.Pos, places: map[string]syntax.Pos{}}
	l.fields, _ = s.table(t, nil, &l).(*patchdev.Table)
	if l.fields == nil {
		return
	}
	s.here = append(s.here, l)
	a := patchdev.Apply(patchdev.EmptyTable(), []patchdev.Entry{{Key: "m1", Fields: l.fields}}, patchdev.ApplyOptions{Profile: s.profile, Flavour: s.flavour})
	for _, w := range a.Warnings {
		s.report(&l, w)
	}
}

// together looks at the patches that one block sends without condition: they
// belong to one evaluation.
func (s *scanner) together() {
	if len(s.here) < 2 {
		return
	}
	var out []patchdev.Entry
	for i, l := range s.here {
		out = append(out, patchdev.Entry{Key: fmt.Sprintf("m%03d", i), Fields: l.fields, Line: i + 1})
	}
	a := patchdev.Apply(patchdev.EmptyTable(), out, patchdev.ApplyOptions{Profile: s.profile, Flavour: s.flavour})
	for _, w := range a.Warnings {
		if (w.Rule == "same-place" || w.Rule == "clear-and-set") && w.Line > 0 && w.Line <= len(s.here) {
			s.report(&s.here[w.Line-1], w)
		}
	}
}

func (s *scanner) report(l *literal, w patchdev.Warning) {
	rule, ok := ByID(w.Rule)
	if !ok || !rule.Static {
		return
	}
	pos := l.pos
	for n := len(w.Path); n > 0; n-- {
		if p, ok := l.places[strings.ToLower(strings.Join(w.Path[:n], "\x00"))]; ok {
			pos = p
			break
		}
	}
	s.found = append(s.found, Finding{Line: int(pos.Line), Col: int(pos.Col), Rule: rule, Path: w.Path, Message: w.Message})
}

// unknown stands for a value that is not literal: nothing is said of it.
const unknown = patchdev.String("?")

func (s *scanner) value(e syntax.Expr, path []string, l *literal) patchdev.Value {
	switch x := e.(type) {
	case *syntax.Str:
		return patchdev.String(x.Value)
	case *syntax.Function:
		s.raise("function-value", x.Position(), path, "a function is no value of a patch")
	case *syntax.True, *syntax.False:
		_, yes := e.(*syntax.True)
		return patchdev.Bool(yes)
	case *syntax.Nil:
		return nil
	case *syntax.Paren:
		return s.value(x.X, path, l)
	case *syntax.Table:
		return s.table(x, path, l)
	}
	s.expr(e) // functions and calls in a patch may hold patches of their own
	if f, ok := number(e); ok {
		return s.number(f)
	}
	return unknown
}

// number is a number as the process would send it.
func (s *scanner) number(n syntax.Number) patchdev.Value {
	if n.IsInt && s.flavour == patchdev.Raw {
		return patchdev.Int(n.Int)
	}
	f := n.Float
	if n.IsInt {
		f = float64(n.Int)
	}
	if s.flavour == patchdev.AOS && f == math.Trunc(f) && math.Abs(f) < 1e14 {
		return patchdev.Int(int64(f)) // through aos' JSON
	}
	return patchdev.Float(f)
}

// number evaluates the few constant expressions that make traps.
func number(e syntax.Expr) (syntax.Number, bool) {
	switch x := e.(type) {
	case *syntax.Num:
		return x.Value, true
	case *syntax.Paren:
		return number(x.X)
	case *syntax.Unary:
		n, ok := number(x.X)
		if !ok || x.Op != syntax.OpNeg {
			return n, false
		}
		n.Int, n.Float = -n.Int, -n.Float
		return n, true
	case *syntax.Binary:
		a, ok1 := number(x.L)
		b, ok2 := number(x.R)
		if ok1 && ok2 && (x.Op == syntax.OpDiv || x.Op == syntax.OpPow) {
			f, g := asFloat(a), asFloat(b)
			if x.Op == syntax.OpDiv {
				return syntax.Number{Float: f / g}, true
			}
			return syntax.Number{Float: math.Pow(f, g)}, true
		}
	case *syntax.Index:
		obj, ok1 := x.Obj.(*syntax.Name)
		key, ok2 := x.Key.(*syntax.Str)
		if ok1 && ok2 && obj.Local == nil && obj.Name == "math" && key.Value == "huge" {
			return syntax.Number{Float: math.Inf(1)}, true
		}
	}
	return syntax.Number{}, false
}

func asFloat(n syntax.Number) float64 {
	if n.IsInt {
		return float64(n.Int)
	}
	return n.Float
}

// table builds a constructor as far as it is literal.
func (s *scanner) table(t *syntax.Table, path []string, l *literal) patchdev.Value {
	b := patchdev.EmptyTable().Edit()
	var list []patchdev.Value
	keyed, nils := 0, 0
	for _, it := range t.Items {
		if it.Key == nil {
			at := append(path[:len(path):len(path)], strconv.Itoa(len(list)+1))
			l.places[strings.ToLower(strings.Join(at, "\x00"))] = it.Value.Position()
			if v := s.value(it.Value, at, l); v != nil {
				list = append(list, v)
			}
			continue
		}
		keyed++
		key, ok := it.Key.(*syntax.Str)
		if !ok {
			switch k := it.Key.(type) {
			case *syntax.Num:
				if k.Value.IsInt {
					b.Set(strconv.FormatInt(k.Value.Int, 10), unknown)
				} else if k.Value.Float != math.Trunc(k.Value.Float) {
					s.raise("key-type", k.Position(), path, fmt.Sprintf("the key %v has a fraction", k.Value.Float))
				}
			case *syntax.True, *syntax.False:
				s.raise("key-type", it.Key.Position(), path, "a boolean as key")
			}
			s.exprs(it.Key, it.Value)
			continue
		}
		at := append(path[:len(path):len(path)], key.Value)
		if len(key.Value) == 43 && len(path) > 0 {
			s.raise("id-length-key", key.Pos, at, "the key has 43 characters, so nodes take it for an id: it is never folded, and first in a path it is a message")
		}
		l.places[strings.ToLower(strings.Join(at, "\x00"))] = key.Pos
		v := s.value(it.Value, at, l)
		if v == nil {
			nils++
		}
		b.Set(key.Value, v)
	}
	if len(path) > 0 && len(list) > 0 && keyed > 0 && s.flavour == patchdev.AOS {
		s.raise("mixed-table", t.Pos, path, "the table has both list items and keys: aos cannot encode it, and the whole result of the evaluation is lost")
	}
	if len(path) > 0 && nils > 0 && nils == len(t.Items) {
		s.raise("nil-table", t.Pos, path, "a key set to nil is no key, so this is {}: it removes nothing, and where {} is an empty list it replaces the whole table")
	}
	if keyed == 0 && len(path) > 0 && (len(list) > 0 || s.flavour == patchdev.AOS) {
		return patchdev.NewList(list...)
	}
	for i, v := range list {
		b.Set(strconv.Itoa(i+1), v)
	}
	return b.Table()
}

func (s *scanner) raise(id string, pos syntax.Pos, path []string, msg string) {
	if rule, ok := ByID(id); ok {
		s.found = append(s.found, Finding{Line: int(pos.Line), Col: int(pos.Col), Rule: rule, Path: slices.Clone(path), Message: msg})
	}
}
