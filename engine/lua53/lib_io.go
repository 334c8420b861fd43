package lua53

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// The io library of the sandbox: standard output goes to Options.Write, standard input is empty, and there are
// no files.

// stdFile is one of the three standard streams.
type stdFile struct{ write bool }

type ioLib struct {
	s                     *State
	meta                  *Table
	stdin, stdout, stderr val
}

func (s *State) openIO() {
	l := &ioLib{s: s}
	t := s.Library("io", []Reg{
		{"close", func(c *Call) { l.close(c, l.stdout, 1) }},
		{"flush", func(c *Call) { c.push(l.stdout) }},
		{"input", func(c *Call) { l.standard(c, l.stdin) }},
		{"lines", l.lines},
		{"open", ioOpen},
		{"output", func(c *Call) { l.standard(c, l.stdout) }},
		{"popen", func(c *Call) { c.Errorf("'popen' not supported") }},
		{"read", func(c *Call) { l.read(c, 1) }},
		{"tmpfile", func(c *Call) { c.refuse("") }},
		{"type", l.typeOf},
		{"write", func(c *Call) { l.write(c, l.stdout, 1) }},
	})
	l.meta = s.NewTable()
	index := s.NewTable()
	for _, r := range []Reg{
		{"close", func(c *Call) { l.close(c, c.arg(1), 1) }},
		{"flush", func(c *Call) { c.push(l.file(c)) }},
		{"lines", func(c *Call) {
			l.file(c)
			c.Push(s.Function("for iterator", func(c *Call) { c.PushNil() }))
		}},
		{"read", func(c *Call) { l.file(c); l.read(c, 2) }},
		{"seek", func(c *Call) {
			l.file(c)
			c.PushNil()
			c.PushString("Illegal seek")
			c.PushInt(29)
		}},
		{"setvbuf", func(c *Call) {
			l.file(c)
			c.Option(2, "", "no", "full", "line")
			c.PushBool(true)
		}},
		{"write", func(c *Call) { l.write(c, l.file(c), 2) }},
	} {
		s.Set(index, lua.LString(r.Name), s.Function(r.Name, r.Fn))
	}
	s.Set(l.meta, lua.LString("__name"), lua.LString("FILE*"))
	s.Set(l.meta, lua.LString("__index"), index)
	s.Set(l.meta, lua.LString("__tostring"), s.Function("tostring", func(c *Call) {
		c.PushString("file (" + c.s.refID(l.file(c).o) + ")")
	}))
	l.stdin, l.stdout, l.stderr = l.stream(false), l.stream(true), l.stream(true)
	s.Set(t, lua.LString("stdin"), l.stdin.o)
	s.Set(t, lua.LString("stdout"), l.stdout.o)
	s.Set(t, lua.LString("stderr"), l.stderr.o)
}

func (l *ioLib) stream(write bool) val {
	return val{o: &lua.LUserData{Value: &stdFile{write}, Metatable: l.meta}}
}

// file reads argument 1, which must be a stream.
func (l *ioLib) file(c *Call) val {
	v := c.arg(1)
	if ud, ok := v.o.(*lua.LUserData); ok {
		if _, ok := ud.Value.(*stdFile); ok {
			return v
		}
	}
	c.TypeError(1, "FILE*")
	return vNil
}

func (l *ioLib) typeOf(c *Call) {
	c.Any(1)
	if ud, ok := c.arg(1).o.(*lua.LUserData); ok {
		if _, ok := ud.Value.(*stdFile); ok {
			c.PushString("file")
			return
		}
	}
	c.PushNil()
}

func (l *ioLib) close(c *Call, f val, arg int) {
	if c.N() >= arg {
		f = l.file(c)
	}
	_ = f
	c.PushNil()
	c.PushString("cannot close standard file")
}

// standard is io.input and io.output: they name the standard stream and cannot be moved to a file.
func (l *ioLib) standard(c *Call, f val) {
	if !c.NoneOrNil(1) {
		if name, ok := c.s.text(c.arg(1)); ok {
			c.Errorf("%s: Operation not permitted", name)
		}
		f = l.file(c)
	}
	c.push(f)
}

func (l *ioLib) write(c *Call, f val, first int) {
	ud := f.o.(*lua.LUserData)
	for i := first; i <= c.N(); i++ {
		s := c.Str(i)
		if v := c.arg(i); v.isFloat() { // PUC writes %.14g here, without the ".0" of tostring
			s = string((&formatSpec{conv: 'g', prec: 14}).appendFloat(nil, v.float()))
		}
		c.Charge(int64(len(s))/32 + 1)
		if !ud.Value.(*stdFile).write {
			c.PushNil()
			c.PushString("Bad file descriptor")
			c.PushInt(9)
			return
		}
		if c.s.opts.Write != nil {
			c.s.opts.Write(s)
		}
	}
	c.push(f)
}

// read answers end of file for each format.
func (l *ioLib) read(c *Call, first int) {
	for i := first; i <= c.N(); i++ {
		if c.arg(i).isNumber() {
			c.Int(i)
			c.PushNil()
			return
		}
		switch strings.TrimPrefix(c.Str(i), "*") + " " {
		case " ":
			c.ArgErrorf(i, "invalid format")
		default:
			switch strings.TrimPrefix(c.Str(i), "*")[0] {
			case 'n', 'l', 'L':
				c.PushNil()
				return
			case 'a':
				c.PushString("")
			default:
				c.ArgErrorf(i, "invalid format")
			}
		}
	}
	if c.N() < first {
		c.PushNil()
	}
}

func (l *ioLib) lines(c *Call) {
	if !c.NoneOrNil(1) {
		c.Errorf("%s: Operation not permitted", c.Str(1))
	}
	c.Push(l.s.Function("for iterator", func(c *Call) { c.PushNil() }))
}

func ioOpen(c *Call) {
	name := c.Str(1)
	mode := c.OptStr(2, "r")
	rest := strings.TrimPrefix(strings.TrimLeft(mode, "rwa"), "+")
	if mode == "" || strings.IndexByte("rwa", mode[0]) < 0 || len(mode)-len(strings.TrimLeft(mode, "rwa")) > 1 || strings.Trim(rest, "b") != "" {
		c.ArgErrorf(2, "invalid mode")
	}
	c.refuse(name)
}
