package rawlua

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// pathError says at which place of a value something cannot be carried.
type pathError struct {
	path []string
	what string
}

func (e *pathError) Error() string {
	out := ""
	for _, p := range e.path {
		out += "." + p
	}
	return out + ": " + e.what
}

// maxNest is how deep tables may be nested.
const maxNest = 180

// value turns a Lua value into what the node holds of it: integers and floats
// stay what they are, functions are left out, as nodes leave them out of the table
// that holds them, every table is a table with strings for keys. Whether one with the keys 1 to n, or with none, is a list
// depends on the node's generation and is decided by the patch device (spec
// hyperbeam-http §4.1, §4.3).
func (vm *VM) value(v lua.LValue, open []*table) (patchdev.Value, error) {
	switch x := v.(type) {
	case lua.LString:
		return patchdev.String(x), nil
	case lua.LBool:
		return patchdev.Bool(x), nil
	case *table:
		return vm.tableValue(x, open)
	case *lua.LNilType, nil:
		return nil, nil
	}
	n, ok := lua53.ToNumber(v)
	switch {
	case !ok:
		return nil, nil
	case n.IsInt:
		return patchdev.Int(n.Int), nil
	case math.IsNaN(n.Float) || math.IsInf(n.Float, 0):
		return nil, &pathError{what: lua53.FormatFloat(n.Float) + " is no number that a node can hold: the evaluation fails there"}
	}
	return patchdev.Float(n.Float), nil
}

func (vm *VM) tableValue(t *table, open []*table) (patchdev.Value, error) {
	if slices.Contains(open, t) {
		return nil, &pathError{what: "the table contains itself"}
	}
	if len(open) >= maxNest {
		return nil, &pathError{what: fmt.Sprintf("tables are nested more than %d deep", maxNest)}
	}
	open = append(open, t)
	b := patchdev.EmptyTable().Edit()
	for k, v := range t.All {
		key, ok := keyText(k)
		if !ok {
			return nil, &pathError{what: fmt.Sprintf("the key %s %s", vm.s.ToString(k), patchdev.BadKey)}
		}
		pv, err := vm.value(v, open)
		if err != nil {
			if pe, ok := err.(*pathError); ok {
				pe.path = append([]string{key}, pe.path...)
			}
			return nil, err
		}
		b.Set(key, pv)
	}
	return b.Table(), nil
}

// keyText is a table key as the node spells it.
func keyText(k lua.LValue) (string, bool) {
	switch x := k.(type) {
	case lua.LString:
		return string(x), true
	case lua.LBool:
		return x.String(), true
	}
	n, ok := lua53.ToNumber(k)
	switch {
	case !ok:
		return "", false
	case n.IsInt:
		return strconv.FormatInt(n.Int, 10), true
	}
	return "", false
}
