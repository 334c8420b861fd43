package lib

import (
	"errors"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib/jsonx"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// What aos' JSON cannot carry (spec aos-runtime §9). The texts are its own.
var (
	// ErrMixedKeys: a table with 1 that has keys that are no numbers, or one without
	// 1 that has keys that are no strings.
	ErrMixedKeys = errors.New("invalid table: mixed or invalid key types")
	// ErrSparse: a list with holes.
	ErrSparse = errors.New("invalid table: sparse array")
	// ErrCircular: a table that contains itself.
	ErrCircular = errors.New("circular reference")
	// ErrDepth: tables nested deeper than the library's stack.
	ErrDepth = errors.New("stack overflow")
)

// NumberError is the error of a number that JSON cannot write: inf or nan.
type NumberError struct{ Text string }

func (e *NumberError) Error() string { return "unexpected number value '" + e.Text + "'" }

// TypeError is the error of a value of a type that JSON does not have.
type TypeError struct{ Type string }

func (e *TypeError) Error() string { return "unexpected type '" + e.Type + "'" }

// inJSON is the place of an encoding error in the library's source, as far as it
// is known; a decoding error has inDecode.
const inDecode at = `[string "json"]:131: `

func inJSON(err error) at {
	if errors.Is(err, ErrMixedKeys) {
		return `[string "json"]:56: `
	}
	return `[string "json"]:45: `
}

// EncodeErrorText is an encoding error as a host of aos reads it: with its place in the
// library's source, whose line is no contract.
func EncodeErrorText(err error) string {
	if strings.HasPrefix(err.Error(), "[string ") { // of a metamethod
		return err.Error()
	}
	return string(inJSON(err)) + err.Error()
}

// encoder writes Lua values as aos' JSON.
type encoder struct {
	s *lua53.State
	// c, if not nil, makes metamethods count (__index, __len) and pays for the text.
	c    *lua53.Call
	dst  []byte
	paid int
	// open are the tables being written: to find circles, and the depth.
	open map[*lua53.Table]struct{}
	path []*lua53.Table
}

// AppendJSON appends v as json.encode writes it: numbers with "%.14g", an empty
// table as [], functions inside objects left out, keys in the table's order. The
// error says what cannot be written. c may be nil outside of a call; metamethods
// are not looked at then.
func (l *Lib) AppendJSON(c *lua53.Call, dst []byte, v lua.LValue) ([]byte, error) {
	e := encoder{s: l.s, c: c, dst: dst, paid: len(dst)}
	if err := e.value(v); err != nil {
		return dst, err
	}
	if err := e.pay(); err != nil {
		return dst, err
	}
	return e.dst, nil
}

// pay accounts for what was written since the last time.
func (e *encoder) pay() error {
	owed := int64(len(e.dst) - e.paid)
	e.paid = len(e.dst)
	if err := e.s.Charge(owed / 16); err != nil {
		return err
	}
	if err := e.s.Alloc(owed); err != nil {
		return err
	}
	if whole := int64(len(e.dst)); whole > e.s.Limits().Object {
		return e.s.Alloc(whole) // says that it is too large for one object
	}
	return nil
}

func (e *encoder) value(v lua.LValue) error {
	switch x := v.(type) {
	case lua.LString:
		e.dst = jsonx.AppendString(e.dst, string(x))
	case *lua53.Table:
		return e.table(x)
	case lua.LBool:
		if x {
			e.dst = append(e.dst, "true"...)
		} else {
			e.dst = append(e.dst, "false"...)
		}
	case *lua.LNilType, nil:
		e.dst = append(e.dst, "null"...)
	default:
		n, ok := lua53.ToNumber(v)
		if !ok {
			return &TypeError{e.s.Name(v)}
		}
		if n.IsInt {
			e.dst = jsonx.AppendInt(e.dst, n.Int)
			break
		}
		if math.IsInf(n.Float, 0) || math.IsNaN(n.Float) {
			return &NumberError{lua53.FormatFloat(n.Float)}
		}
		e.dst = jsonx.AppendFloat(e.dst, n.Float)
	}
	if len(e.dst)-e.paid > payEvery {
		return e.pay()
	}
	return nil
}

// smallNest is up to which depth circles are looked for without a map.
const smallNest = 16

// enter notes that t is being written.
func (e *encoder) enter(t *lua53.Table) error {
	if e.open == nil {
		for _, o := range e.path {
			if o == t {
				return ErrCircular
			}
		}
		if e.path = append(e.path, t); len(e.path) < smallNest {
			return nil
		}
		e.open = make(map[*lua53.Table]struct{}, 2*smallNest)
		for _, o := range e.path {
			e.open[o] = struct{}{}
		}
		return nil
	}
	if _, ok := e.open[t]; ok {
		return ErrCircular
	}
	if len(e.path) >= jsonx.MaxDepth {
		return ErrDepth
	}
	e.open[t] = struct{}{}
	e.path = append(e.path, t)
	return nil
}

func (e *encoder) leave(t *lua53.Table) {
	e.path = e.path[:len(e.path)-1]
	if e.open != nil {
		delete(e.open, t)
	}
}

func (e *encoder) table(t *lua53.Table) error {
	if err := e.enter(t); err != nil {
		return err
	}
	defer e.leave(t)
	if err := e.s.Charge(2); err != nil {
		return err
	}
	n, isList, err := listSize(e.c, &t)
	if err != nil {
		return err
	}
	if isList {
		e.dst = append(e.dst, '[')
		for i := int64(1); i <= n; i++ {
			if i > 1 {
				e.dst = append(e.dst, ',')
			}
			v := t.GetInt(i)
			if v == lua.LNil && e.c != nil && t.Metatable() != nil {
				v = e.c.Index(t, lua53.MakeInt(i))
			}
			if err := e.value(v); err != nil {
				return err
			}
		}
		e.dst = append(e.dst, ']')
		return nil
	}
	e.dst = append(e.dst, '{')
	comma := false
	for k, v := range t.All {
		s, ok := k.(lua.LString)
		if !ok {
			return ErrMixedKeys
		}
		if isFunction(v) {
			continue
		}
		if comma {
			e.dst = append(e.dst, ',')
		}
		comma = true
		e.dst = jsonx.AppendString(e.dst, string(s))
		e.dst = append(e.dst, ':')
		if err := e.value(v); err != nil {
			return err
		}
	}
	e.dst = append(e.dst, '}')
	return nil
}

// listSize decides whether aos' JSON takes a table for a list — it has a value at 1,
// or nothing at all — and returns its length. A list may have no keys but 1 … n. In
// the place of an object with __pairs it puts what that gives.
func listSize(c *lua53.Call, at **lua53.Table) (n int64, isList bool, err error) {
	t := *at
	if c != nil && t.Metatable() != nil {
		return metaSize(c, at)
	}
	if t.GetInt(1) == lua.LNil {
		return 0, t.Count() == 0, nil
	}
	n = t.Len()
	count := int64(t.Count())
	if count == n && count == t.Len() {
		// As many keys as the list is long, but they may be others.
		if t.GetInt(n) != lua.LNil && onlyNumbers(t) {
			return n, true, nil
		}
	}
	if !onlyNumbers(t) {
		return 0, false, ErrMixedKeys
	}
	if count != n {
		return 0, false, ErrSparse
	}
	return n, true, nil
}

// metaSize is listSize for a table with a metatable: what is in it decides whether
// it is a list, __pairs whether it may be one, and __len how long it is.
func metaSize(c *lua53.Call, at **lua53.Table) (n int64, isList bool, err error) {
	t := *at
	isList = t.GetInt(1) != lua.LNil || t.Count() == 0
	view := Paired(c, t)
	if !isList {
		*at = view
		return 0, false, nil
	}
	for k := range view.All {
		if !lua53.IsNumber(k) {
			return 0, false, ErrMixedKeys
		}
	}
	if n = c.Len(t); n != int64(view.Count()) {
		return 0, false, ErrSparse
	}
	return n, true, nil
}

// Shape tells what aos' JSON makes of a table with a metatable: the items of a list,
// or the table whose keys are those of an object.
func Shape(c *lua53.Call, t *lua53.Table) (items []lua.LValue, object *lua53.Table, err error) {
	n, isList, err := metaSize(c, &t)
	if err != nil {
		return nil, nil, err
	}
	if !isList {
		return nil, t, nil
	}
	items = make([]lua.LValue, n)
	for i := range items {
		items[i] = c.Index(t, lua53.MakeInt(int64(i+1)))
	}
	return items, nil, nil
}

// onlyNumbers tells whether every key is a number. A table as long as it has keys
// has no others, which spares the walk.
func onlyNumbers(t *lua53.Table) bool {
	if n := t.Len(); int64(t.Count()) == n && t.Dense() {
		return true
	}
	for k := range t.All {
		if !lua53.IsNumber(k) {
			return false
		}
	}
	return true
}

// Value is what v becomes for somebody who reads what json.encode wrote (DESIGN
// S8): integers of up to 14 digits stay integers, other numbers pass through
// "%.14g"; an empty table is an empty list. A nil Value without an error stands for
// nil and, at the top, for a function. c may be nil, as in AppendJSON.
func (l *Lib) Value(c *lua53.Call, v lua.LValue) (patchdev.Value, error) {
	e := encoder{s: l.s, c: c}
	if isFunction(v) {
		return nil, nil
	}
	return e.patch(v)
}

func (e *encoder) patch(v lua.LValue) (patchdev.Value, error) {
	switch x := v.(type) {
	case lua.LString:
		return patchdev.String(x), nil
	case *lua53.Table:
		return e.patchTable(x)
	case lua.LBool:
		return patchdev.Bool(x), nil
	case *lua.LNilType, nil:
		return nil, nil
	}
	n, ok := lua53.ToNumber(v)
	switch {
	case !ok:
		return nil, &TypeError{e.s.Name(v)}
	case n.IsInt:
		return jsonx.Int(n.Int), nil
	case math.IsInf(n.Float, 0) || math.IsNaN(n.Float):
		return nil, &NumberError{lua53.FormatFloat(n.Float)}
	}
	return jsonx.Float(n.Float), nil
}

func (e *encoder) patchTable(t *lua53.Table) (patchdev.Value, error) {
	if err := e.enter(t); err != nil {
		return nil, err
	}
	defer e.leave(t)
	n, isList, err := listSize(e.c, &t)
	if err != nil {
		return nil, err
	}
	if isList {
		vals := make([]patchdev.Value, 0, n)
		for i := int64(1); i <= n; i++ {
			v := t.GetInt(i)
			if v == lua.LNil && e.c != nil && t.Metatable() != nil {
				v = e.c.Index(t, lua53.MakeInt(i))
			}
			pv, err := e.patch(v)
			if err != nil {
				return nil, err
			}
			vals = append(vals, pv)
		}
		return patchdev.NewList(vals...), nil
	}
	b := patchdev.EmptyTable().Edit()
	for k, v := range t.All {
		s, ok := k.(lua.LString)
		if !ok {
			return nil, ErrMixedKeys
		}
		if isFunction(v) {
			continue
		}
		pv, err := e.patch(v)
		if err != nil {
			return nil, err
		}
		b.Set(string(s), pv)
	}
	return b.Table(), nil
}
