package lua53

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// eventBits gives the metamethods that are asked for most a bit in
// Table.absent.
var eventBits = map[string]uint32{
	"__index": bitIndex, "__newindex": bitNewIndex, "__len": bitLen, "__eq": bitEq, "__call": bitCall,
	"__lt": 1 << 5, "__le": 1 << 6, "__concat": 1 << 7, "__add": 1 << 8, "__sub": 1 << 9, "__mul": 1 << 10,
	"__div": 1 << 11, "__mod": 1 << 12, "__unm": 1 << 13, "__idiv": 1 << 14, "__pairs": 1 << 15,
	"__tostring": 1 << 16, "__name": 1 << 17,
}

const (
	bitIndex uint32 = 1 << iota
	bitNewIndex
	bitLen
	bitEq
	bitCall
)

// metatable returns the metatable of any value, or nil.
func (s *State) metatable(v val) *Table {
	if v.o == nil {
		return s.typeMeta[lua.LTNumber]
	}
	switch x := v.o.(type) {
	case *Table:
		return x.meta
	case lua.LString:
		return s.stringMeta
	case *lua.LUserData:
		mt, _ := x.Metatable.(*Table)
		return mt
	}
	return s.typeMeta[v.o.Type()]
}

// metaOf returns a metamethod of a value, or nil.
func (s *State) metaOf(v val, event string) val {
	mt := s.metatable(v)
	if mt == nil {
		return vNil
	}
	return mt.event(event)
}

func (t *Table) event(name string) val {
	bit := eventBits[name]
	if t.absent&bit != 0 {
		return vNil
	}
	return t.eventBit(name, bit)
}

// eventBit is event for a name whose bit is at hand.
func (t *Table) eventBit(name string, bit uint32) val {
	if t.absent&bit != 0 {
		return vNil
	}
	m := t.getStr(name)
	if m.isNil() {
		t.absent |= bit
	}
	return m
}

// metaField is for values outside of a State.
func metaField(t *Table, name string) lua.LValue {
	if t.meta == nil {
		return nil
	}
	if v := t.meta.getStr(name); !v.isNil() {
		return v.box()
	}
	return nil
}

// maxMetaLoop bounds chains of __index and __newindex.
const maxMetaLoop = 2000

// index is o[k] with metamethods.
func (th *thread) index(o, k val) val { return th.indexFrom(o, k, true) }

// indexFrom is index; first says that o is the operand itself and not what an
// __index led to.
func (th *thread) indexFrom(o, k val, first bool) val {
	for i := range maxMetaLoop {
		var m val
		if t, ok := o.o.(*Table); ok {
			if v := t.get(k); !v.isNil() || t.meta == nil {
				return v
			}
			if m = t.meta.eventBit("__index", bitIndex); m.isNil() {
				return vNil
			}
		} else if m = th.s.metaOf(o, "__index"); m.isNil() {
			th.indexError(o, first && i == 0)
		}
		if isFunction(m) {
			return th.callMeta(m, o, k)
		}
		o = m
	}
	th.throwf("'__index' chain too long; possible loop")
	return vNil
}

// setIndex is o[k] = v with metamethods.
func (th *thread) setIndex(o, k, v val) {
	for i := range maxMetaLoop {
		var m val
		if t, ok := o.o.(*Table); ok {
			if t.meta == nil || !t.get(k).isNil() {
				th.s.rawSet(t, k, v)
				return
			}
			if m = t.meta.eventBit("__newindex", bitNewIndex); m.isNil() {
				th.s.rawSet(t, k, v)
				return
			}
		} else if m = th.s.metaOf(o, "__newindex"); m.isNil() {
			th.indexError(o, i == 0)
		}
		if isFunction(m) {
			th.call(m, []val{o, k, v})
			return
		}
		o = m
	}
	th.throwf("'__newindex' chain too long; possible loop")
}

// length is #o with metamethods.
func (th *thread) length(o val) val {
	switch x := o.o.(type) {
	case lua.LString:
		return intVal(int64(len(x)))
	case *Table:
		if x.meta == nil {
			return intVal(x.length())
		}
		if m := x.meta.eventBit("__len", bitLen); !m.isNil() {
			return th.callMeta(m, o, o)
		}
		return intVal(x.length())
	}
	if m := th.s.metaOf(o, "__len"); !m.isNil() {
		return th.callMeta(m, o, o)
	}
	th.lengthError(o)
	return vNil
}

// callMeta calls a metamethod with two operands for one result.
func (th *thread) callMeta(m, a, b val) val {
	st, tp := th.stack, th.top
	in := th.push(2)
	in[0], in[1] = a, b
	r := th.call(m, in)
	clear(in)
	th.stack, th.top = st, tp
	if len(r) > 0 {
		return r[0]
	}
	return vNil
}

// concat joins operands from right to left, as the .. operator does.
func (th *thread) concat(ops []val) val {
	n := 0
	var parts [8]string
	texts := parts[:0]
	for _, o := range ops {
		t, ok := th.s.text(o)
		if !ok {
			return th.concatMeta(ops)
		}
		texts = append(texts, t)
		n += len(t)
	}
	th.s.alloc(int64(n) + 16)
	th.s.fuel -= int64(n >> 6)
	if len(texts) == 2 {
		return strVal(texts[0] + texts[1])
	}
	return strVal(strings.Join(texts, ""))
}

func (th *thread) concatMeta(ops []val) val {
	acc := ops[len(ops)-1]
	for i := len(ops) - 2; i >= 0; i-- {
		a := ops[i]
		x, ok1 := th.s.text(a)
		y, ok2 := th.s.text(acc)
		if ok1 && ok2 {
			th.s.alloc(int64(len(x)+len(y)) + 16)
			th.s.fuel -= int64(len(x)+len(y)) >> 6
			acc = strVal(x + y)
			continue
		}
		m, ok := th.compareMeta("__concat", a, acc)
		if !ok {
			if ok1 {
				a = acc
				i++
			}
			th.concatError(a, i)
		}
		acc = th.callMeta(m, a, acc)
	}
	return acc
}

// toString is tostring(v).
func (th *thread) toString(v val) string {
	if t, ok := th.s.text(v); ok {
		return t
	}
	if mt := th.s.metatable(v); mt != nil {
		if m := mt.event("__tostring"); !m.isNil() {
			r := th.goCall(m, []val{v})
			if len(r) > 0 {
				if s, ok := th.s.text(r[0]); ok {
					return s
				}
			}
			th.throw(strVal(th.where(1) + "'__tostring' must return a string"))
		}
		if n, ok := mt.event("__name").o.(lua.LString); ok {
			return string(n) + ": " + th.s.refID(v.o)
		}
	}
	return th.s.toStringRaw(v)
}

// metaTypeName is the type name for messages, which __name may replace.
func (s *State) metaTypeName(v val) string {
	switch v.o.(type) {
	case *Table, *lua.LUserData:
		if mt := s.metatable(v); mt != nil {
			if n, ok := mt.event("__name").o.(lua.LString); ok {
				return string(n)
			}
		}
	}
	return v.typeName()
}
