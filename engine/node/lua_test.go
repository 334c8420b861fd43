package node

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/patchdev"
)

// floats finds what is a float in Lua 5.3, which this stand-in for it does not know.
var floats = regexp.MustCompile(`=(-?\d+\.\d+|-?\d+e-?\d+|-?\d+/\d+|-?\d+\^\d+)`)

// mini runs the minimal process of the recordings: out(t) puts t into the outbox
// under m1, m2, …, outk(k, t) under k.
type mini struct {
	l   *lua.LState
	n   int
	box []patchdev.Entry
	bad error
}

func newMini() *mini {
	m := &mini{l: lua.NewState()}
	put := func(key string, t *lua.LTable) {
		m.n++
		for i := range m.box {
			if m.box[i].Key == key {
				m.box = append(m.box[:i], m.box[i+1:]...)
				break
			}
		}
		m.box = append(m.box, patchdev.Entry{Key: key, Fields: m.luaTable(t)})
	}
	m.l.SetGlobal("out", m.l.NewFunction(func(l *lua.LState) int {
		put("m"+strconv.Itoa(m.n+1), l.CheckTable(1))
		return 0
	}))
	m.l.SetGlobal("F", m.l.NewFunction(func(l *lua.LState) int {
		u := l.NewUserData()
		u.Value = float64(l.CheckNumber(1))
		l.Push(u)
		return 1
	}))
	m.l.SetGlobal("outk", m.l.NewFunction(func(l *lua.LState) int {
		put(keyText(l.CheckAny(1)), l.CheckTable(2))
		return 0
	}))
	return m
}

func (m *mini) eval(action, data string) (*patchdev.Table, []patchdev.Entry, error) {
	m.n, m.box, m.bad = 0, nil, nil
	note := "no-eval"
	if action == "Eval" {
		note = "nil"
		data = twice(data)
		if err := m.l.DoString(floats.ReplaceAllString(data, "=F($1)")); err != nil {
			note = "error: " + err.Error()
		}
	}
	results := patchdev.NewTable("output", patchdev.NewTable("data", note))
	if m.n > 0 {
		box := patchdev.EmptyTable()
		for _, e := range m.box {
			box = box.Set(e.Key, e.Fields)
		}
		results = results.Set("outbox", box)
	}
	return results, m.box, m.bad
}

// twice is text as the load of a node's Lua takes it: its bytes, encoded again.
func twice(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

func keyText(k lua.LValue) string {
	if n, ok := k.(lua.LNumber); ok {
		if f := float64(n); f == math.Trunc(f) {
			return strconv.FormatInt(int64(f), 10)
		}
	}
	return k.String()
}

func (m *mini) luaTable(t *lua.LTable) *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	t.ForEach(func(k, v lua.LValue) {
		if n, ok := k.(lua.LNumber); ok && float64(n) != math.Trunc(float64(n)) {
			m.bad = fmt.Errorf("the key %v %s", n, patchdev.BadKey)
		}
		if x := m.luaValue(v); x != nil {
			b.Set(keyText(k), x)
		}
	})
	return b.Table()
}

func (m *mini) luaValue(v lua.LValue) patchdev.Value {
	switch v := v.(type) {
	case lua.LString:
		return patchdev.String(v)
	case lua.LBool:
		return patchdev.Bool(v)
	case lua.LNumber:
		f := float64(v)
		if f == math.Trunc(f) {
			return patchdev.Int(int64(min(max(f, math.MinInt64), math.MaxInt64-1023)))
		}
		return patchdev.Float(f)
	case *lua.LTable:
		return m.luaTable(v)
	case *lua.LUserData:
		return patchdev.Float(v.Value.(float64))
	case *lua.LNilType, *lua.LFunction:
		return nil
	}
	panic(fmt.Sprintf("no value for a %s", v.Type()))
}
