package lua53

import (
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

// What can end an evaluation beside an error of the script. errors.Is finds
// them in what Call returns; no pcall of the script can catch them.
var (
	ErrGas      = errors.New("gas limit exceeded")
	ErrMemory   = errors.New("memory limit exceeded")
	ErrCanceled = errors.New("evaluation stopped")
	ErrClosed   = errors.New("the state is closed")
)

// SyntaxError is what Load returns for a source that does not parse.
type SyntaxError = syntax.Error

// Error is an error that a script raised or met while it ran.
type Error struct {
	// Value is the error value as pcall would give it; usually a string that
	// begins with its place, "chunk:line: ".
	Value lua.LValue
	// Chunk and Line are the place of the innermost Lua function when the
	// error was raised (Line 0: none was running); Col counts bytes from 1.
	Chunk     string
	Line, Col int
	// Traceback is in PUC's form, without the message. It is filled for errors
	// that nothing in the script caught.
	Traceback string
	// Cause is ErrGas, ErrMemory, ErrCanceled (wrapping the context's cause),
	// ErrClosed, or nil for an error of the script.
	Cause error

	fatal   bool   // not to be caught by the script
	handled bool   // the message handler of xpcall has run
	text    string // what __tostring made of the value, for errors that nothing caught
}

// Error is the message as lua5.3 would print it.
func (e *Error) Error() string {
	switch v := e.Value.(type) {
	case lua.LString:
		return string(v)
	case nil:
		return "nil"
	}
	if e.text != "" {
		return e.text
	}
	if n, ok := ToNumber(e.Value); ok {
		return FormatNumber(n)
	}
	return fmt.Sprintf("(error object is a %s value)", unbox(e.Value).typeName())
}

// Unwrap returns Cause.
func (e *Error) Unwrap() error { return e.Cause }

// chunkID is how a chunk name is shown in messages (luaO_chunkid).
func chunkID(name string) string {
	const size = 60
	if name == "" {
		return `[string ""]`
	}
	switch name[0] {
	case '=':
		if len(name) <= size {
			return name[1:]
		}
		return name[1:size]
	case '@':
		if len(name) <= size {
			return name[1:]
		}
		return "..." + name[1+len(name)-1-(size-4):]
	}
	const room = size - len(`[string "`) - len("...") - len(`"]`) - 1
	first, _, cut := strings.Cut(name, "\n")
	if !cut && len(first) < room {
		return `[string "` + first + `"]`
	}
	if len(first) > room {
		first = first[:room]
	}
	return `[string "` + first + `..."]`
}

// where is the prefix of messages: the place of the function at a level of the
// running thread; level 0 is the running function.
func (th *thread) where(level int) string {
	for f := th.frame; f != nil && f.fn != nil; f = f.prev {
		as := th.s.stand(f.fn)
		if as != nil {
			if level < len(as.Inner) {
				return as.Inner[level].Place
			}
			level -= len(as.Inner)
		}
		if level == 0 {
			if f.fn.p == nil || f.site.line == 0 {
				if as != nil {
					return as.Place
				}
				return ""
			}
			return fmt.Sprintf("%s:%d: ", f.fn.p.chunk.id, f.site.line)
		}
		level--
	}
	return ""
}

// throw raises v as an error of the script.
func (th *thread) throw(v val) {
	panic(th.newError(v))
}

// throwf raises a message with the place of the running Lua function before it.
func (th *thread) throwf(format string, args ...any) {
	th.throw(strVal(th.where(0) + fmt.Sprintf(format, args...)))
}

// newError notes where the error came up and, at the raising point, runs the
// message handler of the innermost xpcall, as Lua demands.
func (th *thread) newError(v val) *Error {
	e := &Error{Value: v.box()}
	e.Chunk, e.Line, e.Col = th.place()
	th.handle(e)
	return e
}

// place is where the innermost Lua function stands; one that has only just been
// entered stands where it is defined.
func (th *thread) place() (chunk string, line, col int) {
	for f := th.frame; f != nil && f.fn != nil; f = f.prev {
		p := f.fn.p
		switch {
		case p == nil:
			continue
		case f.site.line > 0:
			return p.chunk.id, int(f.site.line), int(f.site.col)
		}
		return p.chunk.id, int(max(p.fn.Pos.Line, 1)), int(max(p.fn.Pos.Col, 1))
	}
	return "", 0, 0
}

// handle runs what must see the stack before it unwinds: xpcall's handler, or
// the traceback of an error that nobody will catch.
func (th *thread) handle(e *Error) {
	if e.fatal {
		if e.Traceback == "" {
			e.Traceback = th.fullTrace()
		}
		return
	}
	pr := th.protect
	switch {
	case pr == nil:
		if th.co == nil {
			e.Traceback = th.fullTrace()
			th.describeError(e)
		}
	case pr.handler.o != nil && !pr.handler.isNil():
		th.runHandler(pr, e)
	}
}

// fullTrace is the traceback of an error that ends the evaluation.
func (th *thread) fullTrace() string {
	t := th.traceback(0)
	if th.s.opts.HostFrame {
		t += "\n\t[C]: in ?"
	}
	return t
}

// describeError asks __tostring of an error value that will reach the host.
func (th *thread) describeError(e *Error) {
	t, ok := e.Value.(*Table)
	if !ok || metaField(t, "__tostring") == nil {
		return
	}
	th.slack += handlerSlack
	th.protect = &protection{prev: th.protect} // its own errors are not asked again
	if s, ok := th.s.text(th.call1(unbox(metaField(t, "__tostring")), tableVal(t))); ok {
		e.text = s
	}
	th.protect = th.protect.prev
	th.slack -= handlerSlack
}

// maxHandlerDepth is how many errors inside message handlers are handed to the
// handler again before Lua gives up.
const maxHandlerDepth = 10

func (th *thread) runHandler(pr *protection, e *Error) {
	if pr.handling >= maxHandlerDepth {
		e.Value = lua.LString("error in error handling")
		e.handled = true
		return
	}
	pr.handling++
	th.slack += handlerSlack
	res := th.call(pr.handler, []val{unbox(e.Value)})
	th.slack -= handlerSlack
	pr.handling--
	e.Value = lua.LNil
	if len(res) > 0 {
		e.Value = res[0].box()
	}
	e.handled = true
}

// budgetError ends the evaluation; pcall does not catch it.
func (th *thread) budgetError(cause error, format string, args ...any) *Error {
	e := &Error{Cause: cause, fatal: true}
	e.Chunk, e.Line, e.Col = th.place()
	prefix := ""
	if e.Line > 0 {
		prefix = fmt.Sprintf("%s:%d: ", e.Chunk, e.Line)
	}
	e.Value = lua.LString(prefix + fmt.Sprintf(format, args...))
	th.handle(e)
	return e
}
