package patchdev

import (
	"sync"
	"sync/atomic"
	"testing"
)

// A late list is an ordinary one to everybody, and its values are made once,
// however many goroutines ask at the same time.
func TestLateList(t *testing.T) {
	vals := func() []Value {
		return []Value{String("a"), Int(7), NewTable("name", String("x/Y"), "value", NewList(Bool(true)))}
	}
	plain := NewList(vals()...)
	uses := map[string]func(l *List) any{
		"Len":        func(l *List) any { return l.Len() },
		"At":         func(l *List) any { return Equal(l.At(2), plain.At(2)) },
		"All":        func(l *List) any { n := 0; l.All()(func(int, Value) bool { n++; return true }); return n },
		"Hash":       func(l *List) any { return Hash(l) },
		"attrs":      func(l *List) any { return l.attrs() },
		"JSON":       func(l *List) any { return string(AppendJSON(nil, l, JSONOptions{})) },
		"Equal":      func(l *List) any { return Equal(l, plain) && Equal(plain, l) && !Equal(l, NewList(Int(1))) },
		"in a table": func(l *List) any { return Hash(NewTable("k", l)) },
		"normal":     func(l *List) any { return Hash(normal(l, ApplyOptions{Profile: Current()})) },
		"a path": func(l *List) any {
			v, ok := Walk(NewTable("k", l), []string{"k", "2"}, Current())
			return [2]any{v, ok}
		},
		"beyond": func(l *List) any {
			v, ok := Walk(NewTable("k", l), []string{"k", "4"}, Current())
			return [2]any{v, ok}
		},
		"differences": func(l *List) any { return len(Diff(NewTable("k", l), NewTable("k", NewList(Int(1))))) },
	}
	for name, use := range uses {
		t.Run(name, func(t *testing.T) {
			var made atomic.Int32
			l := LateList(3, func() []Value { made.Add(1); return vals() })
			want := use(NewList(vals()...))
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					if got := use(l); got != want {
						t.Errorf("%v, want %v", got, want)
					}
				})
			}
			wg.Wait()
			if n := made.Load(); n > 1 || n == 1 && name == "Len" {
				t.Errorf("made %d times", n)
			}
		})
	}
	if LateList(0, nil) != EmptyList() {
		t.Error("an empty one")
	}
}
