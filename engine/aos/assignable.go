package aos

import lua "github.com/yuin/gopher-lua"

// isTrusted says whether From or Owner is an authority.
func (w *world) isTrusted(c *call, msg lua.LValue) bool {
	list := w.ipairs(c, w.aoTable.GetString("authorities"))
	for i := 1; list != nil; i++ {
		a := list.GetInt(int64(i))
		if a == lua.LNil {
			return false
		}
		if w.field(c, msg, "From", "local 'msg'", inAO) == a || w.field(c, msg, "Owner", "local 'msg'", inAO) == a {
			return true
		}
	}
	return false
}

// isAssignment says whether a message is not addressed to this process.
func (w *world) isAssignment(c *call, msg lua.LValue) bool {
	return w.field(c, msg, "Target", "local 'msg'", inAssignment) != w.aoTable.GetString("id")
}

// isAssignable says whether some entry of ao.assignables matches.
func (w *world) isAssignable(c *call, msg lua.LValue) bool {
	list, ok := w.aoTable.GetString("assignables").(*table)
	if !ok {
		w.fail(c, inAssignment, "bad argument #1 to 'for iterator' (table expected, got "+w.m.typeName(w.aoTable.GetString("assignables"))+")")
	}
	for _, a := range list.All {
		if truthy(w.lib.MatchesSpec(c, msg, w.field(c, a, "pattern", "local 'assignable'", inAssignment))) {
			return true
		}
	}
	return false
}

func (w *world) addAssignable(c *call) {
	name, spec := lua.LValue(lua.LNil), c.Arg(1)
	if c.N() != 1 {
		name, spec = c.Arg(1), c.Arg(2)
		if _, ok := name.(lua.LString); !ok {
			w.fail(c, inAssignment, "MatchSpec name MUST be a string")
		}
	}
	list, ok := w.aoTable.GetString("assignables").(*table)
	if !ok {
		w.fail(c, inAssignment, "bad argument #1 to 'insert' (table expected, got "+w.m.typeName(w.aoTable.GetString("assignables"))+")")
	}
	if name != lua.LNil {
		if i := w.findNamed(c, list, name); i > 0 {
			w.m.set(list.GetInt(int64(i)).(*table), lua.LString("pattern"), spec)
			return
		}
	}
	e := w.m.table(0, 2)
	w.setIf(e, lua.LString("pattern"), spec)
	w.setIf(e, lua.LString("name"), name)
	w.m.setInt(list, w.m.length(list)+1, e)
}

func (w *world) removeAssignable(c *call) {
	list, ok := w.aoTable.GetString("assignables").(*table)
	if !ok {
		return
	}
	idx := int64(0)
	if name, ok := c.Arg(1).(lua.LString); ok {
		idx = int64(w.findNamed(c, list, name))
	} else {
		i, _, _, ok := w.m.number(c.Arg(1))
		if !ok {
			w.fail(c, inAssignment, "index MUST be a number")
		}
		idx = i
	}
	if idx > 0 && idx <= int64(w.m.length(list)) {
		w.m.remove(list, int(idx))
	}
}

// initAssignments is require(".assignment").init(t): it gives a table what ao has for
// assignments, unless it has it.
func (w *world) initAssignments(c *call) {
	for _, k := range []string{"assignables", "addAssignable", "removeAssignable", "isAssignment", "isAssignable"} {
		if truthy(w.field(c, c.Arg(1), k, "local 'ao'", inAssignment)) {
			continue
		}
		t, ok := c.Arg(1).(*table)
		if !ok {
			continue
		}
		v := w.aoTable.GetString(k)
		if k == "assignables" {
			v = w.m.table(0, 0)
		}
		w.m.setIndex(c, t, lua.LString(k), v)
	}
}

// findNamed is the index of the entry of a list whose field name equals name, 0
// when there is none. It takes gas for what it goes over.
func (w *world) findNamed(c *call, list *table, name lua.LValue) int {
	for i := 1; ; i++ {
		c.Charge(1)
		switch e := list.GetInt(int64(i)).(type) {
		case *table:
			if e.GetString("name") == name {
				return i
			}
		default:
			if e == lua.LNil {
				return 0
			}
		}
	}
}
