package lua53

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"
)

// heapDump describes everything that is reachable from the globals, tables in
// the order of pairs, captured variables included. Two states that dump alike
// cannot be told apart by a script.
func heapDump(s *State) string {
	d := dumper{s: s, ids: map[any]int{}}
	d.value(tableVal(s.globals))
	d.value(tableVal(s.stringMeta))
	for _, mt := range s.typeMeta {
		if mt != nil {
			d.value(tableVal(mt))
		}
	}
	for len(d.queue) > 0 {
		next := d.queue[0]
		d.queue = d.queue[1:]
		next()
	}
	return d.b.String()
}

type dumper struct {
	s     *State
	b     strings.Builder
	ids   map[any]int
	queue []func()
}

// ref writes the number of an object and has it described once.
func (d *dumper) ref(kind string, o any, describe func()) {
	id, ok := d.ids[o]
	if !ok {
		id = len(d.ids)
		d.ids[o] = id
		d.queue = append(d.queue, func() {
			fmt.Fprintf(&d.b, "\n%s%d:", kind, id)
			describe()
		})
	}
	fmt.Fprintf(&d.b, "%s%d ", kind, id)
}

func (d *dumper) value(v val) {
	switch {
	case v.o == nil:
		fmt.Fprintf(&d.b, "i%d ", int64(v.n))
		return
	case v.isFloat():
		fmt.Fprintf(&d.b, "f%x ", math.Float64bits(v.float()))
		return
	}
	switch x := v.o.(type) {
	case lua.LString:
		fmt.Fprintf(&d.b, "%q ", string(x))
	case *Table:
		d.ref("T", x, func() {
			fmt.Fprintf(&d.b, "#%d ", x.length())
			if x.meta != nil {
				d.value(tableVal(x.meta))
			}
			for k, val, _, _ := x.next(vNil); !k.isNil(); k, val, _, _ = x.next(k) {
				d.value(k)
				d.b.WriteByte('=')
				d.value(val)
			}
		})
	case *lua.LFunction:
		d.ref("F", x, func() {
			f := asFunction(x)
			for _, u := range f.ups {
				if c, ok := u.o.(*cell); ok {
					u = c.v
				}
				d.value(u)
			}
		})
	case *Coroutine:
		d.ref("C", x, func() { d.b.WriteString(x.status.String()); d.value(x.fn) })
	case *lua.LUserData:
		d.ref("U", x, func() {})
	default:
		fmt.Fprintf(&d.b, "%s ", v.o.String())
	}
}

// firstDifference shows where two dumps part.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			other := "(nothing)"
			if i < len(y) {
				other = y[i]
			}
			return x[i] + "\n" + other
		}
	}
	return "the second is longer"
}

// genProgram draws a program over the tables t1 … t4, counters and coroutines.
func genProgram(t *rapid.T, label string) string {
	tab := rapid.SampledFrom([]string{"t1", "t2", "t3", "t4"})
	key := rapid.SampledFrom([]string{
		`"x"`, `"y"`, `"z"`, `"k1"`, `"k2"`, `"k3"`, `"k4"`, `"k5"`, `"k6"`, `"k7"`, "1", "2", "3", "4", "5", "6", "9", "1.5", "2.0", "true", "1<<40", "-1",
	})
	value := rapid.SampledFrom([]string{"nil", "nil", "1", "2.5", `"s"`, "true", "{}", "{1,2,3}", "{a=1,b={2}}", "t1", "t2", "function() n = n + 1 return n end", "n"})
	stmt := rapid.Custom(func(t *rapid.T) string {
		a, b, k, v := tab.Draw(t, "a"), tab.Draw(t, "b"), key.Draw(t, "k"), value.Draw(t, "v")
		i := rapid.IntRange(0, 12).Draw(t, "i")
		switch rapid.IntRange(0, 34).Draw(t, "kind") {
		case 0, 1, 2, 3, 4:
			return fmt.Sprintf("%s[%s] = %s", a, k, v)
		case 5:
			return fmt.Sprintf("%s[#%s + 1] = %s", a, a, v)
		case 6:
			return fmt.Sprintf("table.insert(%s, %q)", a, k)
		case 7:
			return fmt.Sprintf("table.remove(%s)", a)
		case 8:
			return fmt.Sprintf("table.insert(%s, 1, %d)", a, i)
		case 9:
			return fmt.Sprintf("table.remove(%s, 1)", a)
		case 10:
			return fmt.Sprintf("table.sort(%s, function(p, q) return tostring(p) < tostring(q) end)", a)
		case 11:
			return fmt.Sprintf("table.move(%s, 1, 4, %d, %s)", a, i, b)
		case 12:
			return fmt.Sprintf("rawset(%s, %s, %s)", a, k, v)
		case 13:
			return fmt.Sprintf("setmetatable(%s, {__index = %s})", a, b)
		case 14:
			return fmt.Sprintf("setmetatable(%s, nil)", a)
		case 15:
			return fmt.Sprintf("for k in pairs(%s) do %s[k] = nil end", a, a)
		case 16:
			return fmt.Sprintf("for j = 1, %d do %s['g' .. j] = j end", i*4, a)
		case 17:
			return fmt.Sprintf("for j = %d, 1, -1 do %s[j] = j end", i, a)
		case 18:
			return "inc()"
		case 19:
			return fmt.Sprintf("%s = {%s}", a, b)
		case 20:
			return fmt.Sprintf("load('%s = (%s or 0) == 0 and 1 or nil')()", "glob"+fmt.Sprint(i%3), "glob"+fmt.Sprint(i%3))
		case 21:
			return fmt.Sprintf("co = coroutine.create(function(x) %s.x = x coroutine.yield(x) end) coroutine.resume(co, %d)", a, i)
		case 22:
			return fmt.Sprintf("pcall(function() %s.y = %s error('no') end)", a, v)
		case 23:
			return "math.randomseed(7) r = math.random(1000)"
		case 24:
			return fmt.Sprintf("lt.%s = tostring(%s)", "k"+fmt.Sprint(i%4), a)
		case 25:
			return fmt.Sprintf("package.loaded['m%d'] = %s", i%3, a)
		case 26:
			return fmt.Sprintf("for j = 1, %d do %s.x = j end", 5000*(i/12)+i, a)
		case 27:
			return "lt.g = it()"
		case 28:
			return fmt.Sprintf("debug.setmetatable(%d, {__index = %s})", i, a)
		case 29:
			return fmt.Sprintf("string.k%d = %s", i%3, v)
		case 30:
			return fmt.Sprintf("debug.setupvalue(inc, 1, %d)", i)
		case 31:
			return fmt.Sprintf("%s = table.pack(table.unpack(%s))", a, b)
		case 32:
			return "lt.r = math.random()"
		case 33:
			return fmt.Sprintf("debug.setmetatable('', {__index = %s})", a)
		}
		return fmt.Sprintf("%s, %s = %s, %s", a, b, b, a)
	})
	lines := rapid.SliceOfN(stmt, 0, 25).Draw(t, label)
	// A statement may fail (a sort of mixed values, an index of nil): the rest goes on.
	for i, l := range lines {
		lines[i] = "pcall(function() " + l + " end)"
	}
	return strings.Join(lines, "\n")
}

const txSetup = `
t1, t2, t3, t4, lt = {1,2,3,x=1}, {}, {y={}}, {k1=1,k2=2,k3=3}, {}
local c = 0
function inc() c = c + 1 n = c return c end
n = 0
it = string.gmatch("a b c d e f g h i j k l m", "%a")
`

func runText(t interface{ Fatalf(string, ...any) }, s *State, text string) {
	fn, err := s.Load(text, "=tx", "t", nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	_, _ = s.Call(context.Background(), fn)
}

// Rolled-back programs leave nothing behind: neither in what is there now, nor
// in what later programs make of it.
func TestRollbackLeavesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, failing, second := genProgram(t, "first"), genProgram(t, "failing"), genProgram(t, "second")
		with, without := New(Options{}), New(Options{})
		defer with.Close()
		defer without.Close()
		for _, s := range []*State{with, without} {
			runText(t, s, txSetup)
			s.Begin()
			runText(t, s, first)
			s.Commit()
		}
		before := heapDump(with)
		if other := heapDump(without); before != other {
			t.Fatalf("the same program gave two heaps:\n%s\n%s", first, firstDifference(before, other))
		}
		with.Begin()
		runText(t, with, failing)
		with.Rollback()
		if after := heapDump(with); before != after {
			t.Fatalf("setup:\n%s\nrolled back:\n%s\n%s", first, failing, firstDifference(before, after))
		}
		for _, s := range []*State{with, without} {
			s.Begin()
			runText(t, s, second)
			s.Commit()
		}
		if a, b := heapDump(with), heapDump(without); a != b {
			t.Fatalf("setup:\n%s\nrolled back:\n%s\nthen:\n%s\n%s", first, failing, second, firstDifference(a, b))
		}
	})
}

// An inner transaction is undone alone, and with the outer one after its Commit.
func TestNestedTransactions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := genProgram(t, "a"), genProgram(t, "b"), genProgram(t, "c")
		s := New(Options{})
		defer s.Close()
		runText(t, s, txSetup)
		h0 := heapDump(s)
		s.Begin()
		runText(t, s, a)
		h1 := heapDump(s)
		s.Begin()
		runText(t, s, b)
		s.Rollback()
		if h := heapDump(s); h != h1 {
			t.Fatalf("inner rollback of\n%s\n%s", b, firstDifference(h1, h))
		}
		s.Begin()
		runText(t, s, c)
		s.Commit()
		s.Rollback()
		if h := heapDump(s); h != h0 {
			t.Fatalf("outer rollback after inner commit:\n%s\n---\n%s\n---\n%s\n%s", a, b, c, firstDifference(h0, h))
		}
	})
}

// Dirty names every key whose value, or what is below it, differs from what was
// seen at the mark.
func TestDirtyMissesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := New(Options{})
		defer s.Close()
		runText(t, s, txSetup)
		root := s.globals.GetString("t1").(*Table)
		m := mirror{s: s, mark: map[*Table]Mark{}, seen: map[*Table]map[lua.LValue]string{}}
		m.sync(t, root, 0)
		for i := range rapid.IntRange(1, 4).Draw(t, "rounds") {
			tx := rapid.Bool().Draw(t, "tx")
			if tx {
				s.Begin()
			}
			runText(t, s, genProgram(t, fmt.Sprint("p", i)))
			if tx {
				if rapid.Bool().Draw(t, "sync inside") {
					m.sync(t, root, 0)
				}
				s.Rollback()
			}
			m.sync(t, root, 0)
		}
	})
}

// mirror keeps a copy of a table tree up to date from Dirty alone.
type mirror struct {
	s    *State
	mark map[*Table]Mark // when each table was looked at last
	seen map[*Table]map[lua.LValue]string
}

func (m *mirror) sync(t *rapid.T, root *Table, _ int) {
	done := map[*Table]bool{}
	m.update(root, m.s.Mark(), done, 0)
	// Now the copies must be what a full look gives.
	checked := map[*Table]bool{}
	var check func(tb *Table, depth int)
	check = func(tb *Table, depth int) {
		if checked[tb] || depth > 6 {
			return
		}
		checked[tb] = true
		want := map[lua.LValue]string{}
		for k, v := range tb.All {
			want[k] = shallow(v)
			if c, ok := v.(*Table); ok {
				check(c, depth+1)
			}
		}
		if got := m.seen[tb]; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("table at depth %d: the copy is\n%v\nthe table\n%v", depth, got, want)
		}
	}
	check(root, 0)
}

func shallow(v lua.LValue) string {
	if c, ok := v.(*Table); ok {
		return fmt.Sprintf("%p", c)
	}
	if f, ok := v.(*lua.LFunction); ok {
		return fmt.Sprintf("%p", f)
	}
	return v.String()
}

func (m *mirror) update(tb *Table, now Mark, done map[*Table]bool, depth int) {
	if done[tb] || depth > 6 {
		return
	}
	done[tb] = true
	old, known := m.seen[tb]
	keys, whole := m.s.Dirty(tb, m.mark[tb])
	m.mark[tb] = now
	if whole || !known {
		all := map[lua.LValue]string{}
		for k, v := range tb.All {
			all[k] = shallow(v)
			if c, ok := v.(*Table); ok {
				m.update(c, now, done, depth+1)
			}
		}
		m.seen[tb] = all
		return
	}
	for _, k := range keys {
		v := tb.Get(k)
		if v == lua.LNil {
			delete(old, k)
			continue
		}
		old[k] = shallow(v)
		if c, ok := v.(*Table); ok {
			m.update(c, now, done, depth+1)
		}
	}
}
