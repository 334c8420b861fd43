package compose

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"patchbay/engine/lua53/syntax"
)

// luaStart finds a Send of aos.
var luaStart = regexp.MustCompile(`(?:^|[\s=(;])(?:Send|ao\.send)\s*[({]`)

// luaPlace is the place in front of a message of the parser.
var luaPlace = regexp.MustCompile(`^[^:\n]*:\d+: `)

// parseLua reads Send({ … }) and ao.send({ … }), as authors type them at aos'
// prompt, and as the composer copies them.
func parseLua(s string, e Env) (d Draft, open []string, err error) {
	c, err := syntax.Parse("=", syntax.SkipShebang(s))
	var bad *syntax.Error
	switch {
	case errors.As(err, &bad):
		return d, nil, fmt.Errorf("the Lua cannot be read: line %d: %s", bad.Line, luaPlace.ReplaceAllString(bad.Msg, ""))
	case err != nil:
		return d, nil, err
	}
	for _, st := range c.Main.Body.Stmts {
		var exprs []syntax.Expr
		switch st := st.(type) {
		case *syntax.CallStmt:
			exprs = []syntax.Expr{st.Call}
		case *syntax.LocalStmt:
			exprs = st.Exprs
		case *syntax.Assign:
			exprs = st.Exprs
		case *syntax.Return:
			exprs = st.Exprs
		}
		for _, x := range exprs {
			if t := sendOf(x); t != nil {
				return fromObject(luaObject(t, e, 0), e)
			}
		}
	}
	return d, nil, fmt.Errorf("the Lua sends nothing by itself: paste the call alone, Send({ … })")
}

// sendOf is the message of a Send, also of one whose answer is waited for.
func sendOf(x syntax.Expr) *syntax.Table {
	for {
		call, ok := x.(*syntax.Call)
		if !ok {
			return nil
		}
		switch luaName(call.Fn) {
		case "Send", "ao.send":
			if len(call.Args) == 1 && call.Method == "" {
				t, _ := call.Args[0].(*syntax.Table)
				return t
			}
			return nil
		}
		at, ok := call.Fn.(*syntax.Index) // Send({ … }).receive()
		if !ok {
			return nil
		}
		x = at.Obj
	}
}

// luaName writes a name with its fields, "" for any other expression.
func luaName(x syntax.Expr) string {
	switch x := x.(type) {
	case *syntax.Name:
		return x.Name
	case *syntax.Index:
		if k, ok := x.Key.(*syntax.Str); ok {
			if o := luaName(x.Obj); o != "" {
				return o + "." + k.Value
			}
		}
	}
	return ""
}

func luaObject(t *syntax.Table, e Env, depth int) jsObject {
	var out jsObject
	for _, it := range t.Items {
		if k, ok := it.Key.(*syntax.Str); ok {
			out = append(out, jsField{k.Value, luaValue(it.Value, e, depth)})
		}
	}
	return out
}

func luaValue(x syntax.Expr, e Env, depth int) any {
	switch x := x.(type) {
	case *syntax.Str:
		return x.Value
	case *syntax.Num:
		if n := x.Value.Int; x.Value.IsInt && n == int64(float64(n)) {
			return float64(n)
		} else if x.Value.IsInt {
			return strconv.FormatInt(n, 10)
		}
		return x.Value.Float
	case *syntax.True:
		return true
	case *syntax.False:
		return false
	case *syntax.Nil:
		return nil
	case *syntax.Table:
		if depth > maxNesting {
			break
		}
		if len(x.Items) > 0 && x.Items[0].Key == nil {
			list := []any{}
			for _, it := range x.Items {
				list = append(list, luaValue(it.Value, e, depth+1))
			}
			return list
		}
		return luaObject(x, e, depth+1)
	}
	name := luaName(x)
	switch name {
	case "ao.id":
		return e.Process
	case "":
		name = "computed"
	}
	return unknown{name}
}
