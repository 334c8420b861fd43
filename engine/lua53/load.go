package lua53

import (
	"errors"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

// load compiles a chunk; env becomes its _ENV.
func (s *State) load(source, name, mode string, env val) (fn *function, err error) {
	if mode == "" {
		mode = "bt"
	}
	id := chunkID(name)
	kind := byte('t')
	if strings.HasPrefix(source, "\x1bLua") || strings.HasPrefix(source, "\x1b") {
		kind = 'b'
	}
	if strings.IndexByte(mode, kind) < 0 {
		what := map[byte]string{'t': "text", 'b': "binary"}[kind]
		return nil, loadError("attempt to load a " + what + " chunk (mode is '" + mode + "')")
	}
	if kind == 'b' { // never looked at: PUC's word for one that ends at once
		return nil, loadError("binary string: truncated precompiled chunk")
	}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *syntax.Error:
			err = r
		case *Error:
			err = r
		default:
			panic(r)
		}
	}()
	s.fuel -= int64(len(source) / 4)
	s.alloc(int64(len(source)))
	if s.allocLeft -= int64(len(source)) * compileFactor; s.allocLeft < s.allocFloor || int64(len(source))*compilePeak > s.limits.Alloc {
		s.overAlloc(0)
	}
	parse := syntax.Parse
	if s.opts.Luerl {
		parse = syntax.ParseLuerl
	}
	chunk, err := parse(id, source)
	if err != nil {
		return nil, err
	}
	if s.opts.Luerl {
		s.traps(chunk)
	}
	p := s.compile(chunk, name, int64(len(source))*compileKept)
	fn = &function{p: p, ups: []val{{o: s.newCell(env)}}}
	fn.init()
	return fn, nil
}

const (
	// compileFactor is how many bytes of tree and closures a byte of source becomes, about.
	compileFactor = 70
	// compileKept is how many of them stay while the function lives, at most about.
	compileKept = 140
	// compilePeak is how many it may take at once, at most.
	compilePeak = 200
)

func loadError(msg string) error { return &syntax.Error{Msg: msg, Line: 1, Col: 1, EndCol: 1} }

func baseLoad(c *Call) {
	s := c.s
	mode := c.OptStr(3, "bt")
	env := tableVal(s.globals)
	if !c.None(4) {
		env = c.args[3]
	}
	var source, name string
	if text, ok := c.s.text(c.arg(1)); ok {
		source = text
		name = c.OptStr(2, source)
	} else {
		name = c.OptStr(2, "=(load)")
		if !isFunction(c.arg(1)) {
			c.TypeError(1, "function")
		}
		var ok bool
		if source, ok = c.readChunk(); !ok {
			return
		}
	}
	fn, err := s.load(source, name, mode, env)
	if err != nil {
		var fatal *Error
		if errors.As(err, &fatal) {
			panic(fatal)
		}
		c.PushNil()
		c.PushString(err.Error())
		return
	}
	c.push(val{o: &fn.LFunction})
}

// readChunk gathers the pieces that a reader function returns. Errors of the
// reader become results of load.
func (c *Call) readChunk() (source string, ok bool) {
	var b strings.Builder
	for {
		res, e := c.th.pcall(c.args[0], vNil, nil)
		if e != nil {
			c.PushNil()
			c.Push(e.Value)
			return "", false
		}
		if len(res) == 0 || res[0].isNil() {
			return b.String(), true
		}
		piece, isText := res[0].o.(lua.LString)
		if !isText {
			if res[0].isNumber() {
				t, _ := c.s.text(res[0])
				piece = lua.LString(t)
			} else {
				c.PushNil()
				c.PushString("reader function must return a string")
				return "", false
			}
		}
		if piece == "" {
			return b.String(), true
		}
		c.Alloc(int64(len(piece)))
		if int64(b.Len()+len(piece)) > c.s.limits.Object {
			c.s.overAlloc(int64(b.Len() + len(piece)))
		}
		b.WriteString(string(piece))
	}
}

// coverLines are the counters of a chunk's lines.
func (s *State) coverLines(id string) map[int]*int64 {
	m := s.cover[id]
	if m == nil {
		if s.cover == nil {
			s.cover = map[string]map[int]*int64{}
		}
		m = map[int]*int64{}
		s.cover[id] = m
	}
	return m
}

// Covered tells how often the statements that begin on each line of a chunk
// were run; lines without a statement are absent. chunk is the name as messages
// show it. It needs Options.Coverage.
func (s *State) Covered(chunk string) map[int]int64 {
	out := map[int]int64{}
	for line, n := range s.cover[chunk] {
		out[line] = *n
	}
	return out
}
