package lua53

import lua "github.com/yuin/gopher-lua"

// Stand is what a Go function that stands for Lua code of a library shows of it in
// places and tracebacks.
type Stand struct {
	// Place begins the errors whose level names the function, such as
	// `[string "lib"]:12: `; those of other Go functions have no place.
	Place string
	// Line is the function's whole line in a traceback; "": Place and its name.
	Line string
	// Calls is how the code names what it calls, as `local 'f'`.
	Calls string
	// Tail says that what it calls took the place of another function.
	Tail bool
	// Inner are the functions between this one and what it calls, innermost first.
	Inner []Stand
}

// Stands lets a Go function of this package stand for Lua code and returns it. Many
// functions may share a Stand: one whose Place, Line and Calls are those of another
// is that one.
func (s *State) Stands(fn *lua.LFunction, as Stand) *lua.LFunction {
	if s.stands == nil {
		s.stands = make([]Stand, 1)
	}
	f := asFunction(fn)
	for i := range s.stands {
		if o := &s.stands[i]; i > 0 && o.Place == as.Place && o.Line == as.Line && o.Calls == as.Calls {
			f.stand = uint16(i)
			return fn
		}
	}
	f.stand = uint16(len(s.stands))
	s.stands = append(s.stands, as)
	return fn
}

// StandsAt is Stands for a place alone.
func (s *State) StandsAt(fn *lua.LFunction, place string) *lua.LFunction {
	return s.Stands(fn, Stand{Place: place})
}

// stand is for what a function stands; nil for Lua functions and most others.
func (s *State) stand(f *function) *Stand {
	if f == nil || f.stand == 0 {
		return nil
	}
	return &s.stands[f.stand]
}

// Traceback is what debug.traceback() would give for the running function and its
// callers, from a level on, in PUC's form.
func (c *Call) Traceback(level int) string { return c.th.traceback(level) }
