package lua53

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// loadedName finds a function among the fields of the loaded modules:
// "print", "string.rep"; "" when it is in none.
func (s *State) loadedName(fn *lua.LFunction) string {
	name := ""
	s.loaded.All(func(k, v lua.LValue) bool {
		mod, ok1 := k.(lua.LString)
		t, ok2 := v.(*Table)
		if !ok1 || !ok2 {
			return true
		}
		t.All(func(k, v lua.LValue) bool {
			f, ok1 := v.(*lua.LFunction)
			field, ok2 := k.(lua.LString)
			if ok1 && ok2 && f == fn {
				name = string(mod) + "." + string(field)
				return false
			}
			return true
		})
		return name == ""
	})
	return strings.TrimPrefix(name, "_G.")
}

// The levels that a traceback shows at its two ends.
const (
	traceFirst = 10
	traceLast  = 11
)

// traceback lists the frames from a level on, in PUC's form, beginning with
// "stack traceback:".
func (th *thread) traceback(level int) string {
	var lines []string
	for f := th.frame; f != nil && f.fn != nil; f = f.prev {
		if as := th.s.stand(f.fn); as != nil {
			for _, in := range as.Inner {
				if level--; level < 0 {
					lines = append(lines, in.Line)
				}
			}
		}
		if level--; level >= 0 {
			continue
		}
		lines = append(lines, th.s.traceLine(f))
		if len(lines) > 100_000 {
			break
		}
	}
	var b strings.Builder
	b.WriteString("stack traceback:")
	for i, l := range lines {
		if len(lines) > traceFirst+traceLast && i >= traceFirst && i < len(lines)-traceLast {
			if i == traceFirst {
				b.WriteString("\n\t...")
			}
			continue
		}
		b.WriteString("\n\t")
		b.WriteString(l)
	}
	return b.String()
}

func (s *State) traceLine(f *frame) string {
	var b strings.Builder
	p, as := f.fn.p, s.stand(f.fn)
	whole := as != nil && as.Line != ""
	switch {
	case whole:
		b.WriteString(as.Line)
	case as != nil:
		b.WriteString(as.Place + "in ")
	case p == nil:
		b.WriteString("[C]: in ")
	default:
		b.WriteString(p.chunk.id + ":")
		if f.site.line > 0 {
			fmt.Fprintf(&b, "%d:", f.site.line)
		}
		b.WriteString(" in ")
	}
	if !whole {
		b.WriteString(s.traceName(f))
	}
	if as := s.stand(f.caller()); f.tailed || as != nil && as.Tail {
		b.WriteString("\n\t(...tail calls...)")
	}
	return b.String()
}

// traceName is how a traceback names a frame's function.
func (s *State) traceName(f *frame) string {
	p := f.fn.p
	kind, name := f.calledName()
	global := s.loadedName(&f.fn.LFunction)
	switch {
	case global != "":
		return "function '" + global + "'"
	case kind != "":
		return kind + " '" + name + "'"
	case p == nil:
		return "?"
	case p.main:
		return "main chunk"
	}
	return fmt.Sprintf("function <%s:%d>", p.chunk.id, p.fn.Pos.Line)
}
