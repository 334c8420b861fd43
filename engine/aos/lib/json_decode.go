package lib

import (
	"errors"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib/jsonx"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// maxScratch is how large a buffer is kept for the next text.
const maxScratch = 64 << 10

// openJSON makes the module json.
func (l *Lib) openJSON() lua.LValue {
	t := l.s.NewTable()
	l.set(t, "_version", lua.LString("0.2.0"))
	l.set(t, "encode", l.function("encode", func(c *lua53.Call) {
		buf := l.text[:0]
		l.text = nil // a metamethod may encode something meanwhile
		out, err := l.AppendJSON(c, buf, c.Arg(1))
		if cap(out) <= maxScratch {
			l.text = out[:0]
		}
		if err != nil {
			var le *lua53.Error
			if errors.As(err, &le) {
				c.Raise(le)
			}
			raise(c, inJSON(err), "%v", err)
		}
		c.PushString(string(out))
	}))
	l.set(t, "decode", l.function("decode", func(c *lua53.Call) {
		s, ok := c.Arg(1).(lua.LString)
		if !ok {
			raise(c, inDecode, "expected argument of type string, got %s", typeName(c, c.Arg(1)))
		}
		v, err := l.DecodeJSON(string(s))
		if err != nil {
			var le *lua53.Error
			if errors.As(err, &le) {
				c.Raise(le)
			}
			raise(c, inDecode, "%v", err)
		}
		c.Push(v)
	}))
	return t
}

// DecodeJSON reads a document into Lua values as json.decode does: integers stay
// integers, those too large become floats, null is nil, so that it is missing from
// an object and leaves a hole in a list. The error is a *jsonx.SyntaxError, or an
// *lua53.Error when a budget is exceeded.
func (l *Lib) DecodeJSON(doc string) (lua.LValue, error) {
	if err := l.s.Charge(int64(len(doc) / 8)); err != nil {
		return nil, err
	}
	if err := l.s.Alloc(int64(len(doc))); err != nil {
		return nil, err
	}
	sink := jsonSink{l: l, vals: l.json.vals[:0], open: l.json.open[:0]}
	err := jsonx.Decode(doc, &sink)
	clear(sink.vals)
	l.json.vals, l.json.open = sink.vals[:0], sink.open[:0]
	if err != nil {
		return nil, err
	}
	return sink.root, nil
}

// jsonSink builds Lua tables of what the decoder tells. The elements of open
// tables wait on a stack until the table ends, when it is made in the right size.
type jsonSink struct {
	l    *Lib
	vals []lua.LValue // keys and values of objects, items of lists
	open []container
	root lua.LValue
}

// container is an array or object under way: where its elements begin.
type container struct {
	from int
	list bool
}

func (k *jsonSink) put(v lua.LValue) error {
	if len(k.open) == 0 {
		k.root = v
		return nil
	}
	k.vals = append(k.vals, v)
	if len(k.vals)%payValues == 0 {
		if err := k.l.s.Charge(payValues); err != nil {
			return err
		}
		return k.l.s.Alloc(payValues * 16)
	}
	return nil
}

// payValues is after how many values on the stack it is paid for.
const payValues = 1024

func (k *jsonSink) Null() error                 { return k.put(lua.LNil) }
func (k *jsonSink) Bool(b bool) error           { return k.put(lua.LBool(b)) }
func (k *jsonSink) String(s string) error       { return k.put(lua.LString(s)) }
func (k *jsonSink) Number(n lua53.Number) error { return k.put(lua53.MakeNumber(n)) }
func (k *jsonSink) Key(s string) error          { return k.put(lua.LString(s)) }

func (k *jsonSink) BeginArray() error {
	k.open = append(k.open, container{len(k.vals), true})
	return nil
}

func (k *jsonSink) BeginObject() error {
	k.open = append(k.open, container{len(k.vals), false})
	return nil
}

// EndArray makes the list; null leaves a hole.
func (k *jsonSink) EndArray() (err error) {
	defer budget(&err)
	s, vals := k.l.s, k.pop()
	room := len(vals)
	if slices.Contains(vals, lua.LValue(lua.LNil)) {
		room = 0 // where a list with holes ends depends on how it grew
	}
	t := s.NewTableSized(room, 0)
	for i, v := range vals {
		if v != lua.LNil {
			s.SetInt(t, int64(i+1), v)
		}
	}
	return k.end(vals, t)
}

// EndObject makes the table; null takes away what the key had before.
func (k *jsonSink) EndObject() (err error) {
	defer budget(&err)
	s, vals := k.l.s, k.pop()
	t := s.NewTableSized(0, len(vals)/2)
	for i := 0; i+1 < len(vals); i += 2 {
		s.Set(t, vals[i], vals[i+1])
	}
	return k.end(vals, t)
}

// pop returns the elements of the innermost table.
func (k *jsonSink) pop() []lua.LValue { return k.vals[k.open[len(k.open)-1].from:] }

func (k *jsonSink) end(vals []lua.LValue, t *lua53.Table) error {
	clear(vals)
	k.vals = k.vals[:len(k.vals)-len(vals)]
	k.open = k.open[:len(k.open)-1]
	return k.put(t)
}

// budget turns the panic of a store that exceeds a budget into an error.
func budget(err *error) {
	switch r := recover().(type) {
	case nil:
	case *lua53.Error:
		*err = r
	default:
		panic(r)
	}
}

// ToLua makes a fresh Lua value of a patch value: lists and tables become tables,
// no value becomes nil. A budget that runs out ends it by a panic with an
// *lua53.Error, as every store does: call it from a Go function that Lua called.
func (l *Lib) ToLua(v patchdev.Value) lua.LValue {
	switch x := v.(type) {
	case patchdev.String:
		return l.Text(string(x))
	case patchdev.Int:
		return lua53.MakeInt(int64(x))
	case patchdev.Float:
		return lua53.MakeFloat(float64(x))
	case patchdev.Bool:
		return lua.LBool(x)
	case *patchdev.List:
		t := l.s.NewTable()
		for i, e := range x.All() {
			l.setInt(t, i+1, l.ToLua(e))
		}
		return t
	case *patchdev.Table:
		t := l.s.NewTable()
		for k, e := range x.All() {
			l.set(t, k, l.ToLua(e))
		}
		return t
	}
	return lua.LNil
}
