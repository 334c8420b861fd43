package syntax

import (
	"errors"
	"testing"
)

// FuzzParse: no bytes may make the parser panic, hang, or point outside of the
// text.
func FuzzParse(f *testing.F) {
	for _, s := range errorSources {
		if len(s) < 200 {
			f.Add(s)
		}
	}
	f.Add("local a <const> = 1; for i = 1, 10 do goto x; ::x:: end return function(...) return ... end")
	f.Fuzz(func(t *testing.T, src string) {
		c, err := Parse("x", src)
		if err == nil {
			Outline(c)
			return
		}
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("not an *Error: %v", err)
		}
		if e.Line < 1 || e.Col < 1 || e.EndCol < e.Col {
			t.Fatalf("bad place %d:%d-%d", e.Line, e.Col, e.EndCol)
		}
	})
}
