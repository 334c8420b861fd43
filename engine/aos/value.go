package aos

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/patchdev"
)

// encodeError says why a value cannot be carried by aos' JSON (spec §9).
type encodeError struct{ text string }

func (e *encodeError) Error() string { return e.text }

// The texts are those of aos' JSON library.
const (
	mixedKeys   = "invalid table: mixed or invalid key types"
	sparseArray = "invalid table: sparse array"
	circular    = "circular reference"
)

// converter turns Lua values into what arrives at the other side of aos' JSON
// (DESIGN S8): integers of up to 14 digits stay integers, other numbers pass
// through %.14g, functions inside objects vanish, an empty table is an empty
// list, and a table is either a gapless list or has string keys alone.
type converter struct {
	m *machine
	// open are the tables being converted, to find circles.
	open map[*lua.LTable]bool
}

func (w *world) converter() *converter { return &converter{m: w.m} }

// value converts v. A nil Value with a nil error stands for nil and, at the top,
// for a function.
func (c *converter) value(v lua.LValue) (patchdev.Value, error) {
	switch x := v.(type) {
	case lua.LString:
		return patchdev.String(x), nil
	case lua.LBool:
		return patchdev.Bool(x), nil
	case *lua.LTable:
		return c.table(x)
	}
	if v == lua.LNil {
		return nil, nil
	}
	if i, f, isInt, ok := c.m.number(v); ok {
		return jsonNumber(i, f, isInt)
	}
	if _, ok := v.(*lua.LFunction); ok {
		return nil, nil
	}
	return nil, &encodeError{"unexpected type '" + c.m.typeName(v) + "'"}
}

func (c *converter) table(t *lua.LTable) (patchdev.Value, error) {
	if c.open[t] {
		return nil, &encodeError{circular}
	}
	if c.open == nil {
		c.open = map[*lua.LTable]bool{}
	}
	c.open[t] = true
	defer delete(c.open, t)
	k, v := c.m.next(t, lua.LNil)
	if k == lua.LNil || t.RawGetInt(1) != lua.LNil {
		return c.list(t, k)
	}
	b := patchdev.EmptyTable().Edit()
	for ; k != lua.LNil; k, v = c.m.next(t, k) {
		s, ok := k.(lua.LString)
		if !ok {
			return nil, &encodeError{mixedKeys}
		}
		if _, isFn := v.(*lua.LFunction); isFn {
			continue
		}
		pv, err := c.value(v)
		if err != nil {
			return nil, err
		}
		if pv != nil {
			b.Set(string(s), pv)
		}
	}
	return b.Table(), nil
}

func (c *converter) list(t *lua.LTable, k lua.LValue) (patchdev.Value, error) {
	n := 0
	for ; k != lua.LNil; k, _ = c.m.next(t, k) {
		if _, _, _, ok := c.m.number(k); !ok {
			return nil, &encodeError{mixedKeys}
		}
		n++
	}
	if n != c.m.length(t) {
		return nil, &encodeError{sparseArray}
	}
	vals := make([]patchdev.Value, 0, n)
	for i := 1; i <= n; i++ {
		v := t.RawGetInt(i)
		if _, isFn := v.(*lua.LFunction); isFn {
			return nil, &encodeError{"unexpected type 'function'"}
		}
		pv, err := c.value(v)
		if err != nil {
			return nil, err
		}
		if pv == nil {
			return nil, &encodeError{sparseArray}
		}
		vals = append(vals, pv)
	}
	return patchdev.NewList(vals...), nil
}

// maxExact is the bound below which %.14g prints every digit of an integer.
const maxExact = 100_000_000_000_000

// jsonNumber is what a number is after aos' JSON printed it with %.14g and
// somebody read it back: an integer when neither point nor exponent was printed.
func jsonNumber(i int64, f float64, isInt bool) (patchdev.Value, error) {
	if isInt {
		if i > -maxExact && i < maxExact {
			return patchdev.Int(i), nil
		}
		f = float64(i)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, &encodeError{"unexpected number value '" + infText(f) + "'"}
	}
	if t := math.Trunc(f); t == f && math.Abs(f) < maxExact {
		return patchdev.Int(int64(f)), nil
	}
	s := format14g(f)
	if !strings.ContainsAny(s, ".e") {
		n, err := strconv.ParseInt(s, 10, 64)
		if err == nil {
			return patchdev.Int(n), nil
		}
	}
	back, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, &encodeError{fmt.Sprintf("unexpected number value '%s'", s)}
	}
	return patchdev.Float(back), nil
}

func infText(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	default:
		return "nan"
	}
}

// format14g is C's printf("%.14g").
func format14g(f float64) string {
	s := strconv.FormatFloat(f, 'e', 13, 64)
	cut := strings.IndexByte(s, 'e')
	exp, _ := strconv.Atoi(s[cut+1:])
	if exp < -4 || exp >= 14 {
		mant := s[:cut]
		if strings.IndexByte(mant, '.') >= 0 {
			mant = strings.TrimRight(strings.TrimRight(mant, "0"), ".")
		}
		sign := "+"
		if exp < 0 {
			sign, exp = "-", -exp
		}
		return fmt.Sprintf("%se%s%02d", mant, sign, exp)
	}
	s = strconv.FormatFloat(f, 'f', 13-exp, 64)
	if strings.IndexByte(s, '.') >= 0 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// toLua makes a fresh Lua value of v: lists become arrays, tables hashes.
func (w *world) toLua(v patchdev.Value) lua.LValue {
	switch x := v.(type) {
	case nil:
		return lua.LNil
	case patchdev.String:
		return lua.LString(x)
	case patchdev.Int:
		return w.m.integer(int64(x))
	case patchdev.Float:
		return w.m.float(float64(x))
	case patchdev.Bool:
		return lua.LBool(x)
	case *patchdev.List:
		t := w.m.table(x.Len(), 0)
		n := 0
		for _, e := range x.All() {
			n++
			w.m.setInt(t, n, w.toLua(e))
		}
		return t
	case *patchdev.Table:
		t := w.m.table(0, x.Len())
		for k, e := range x.All() {
			w.m.set(t, k, w.toLua(e))
		}
		return t
	}
	return lua.LNil
}
