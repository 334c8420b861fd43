package syntax

import (
	"fmt"
	"strings"
)

// The limits of the parser, those of PUC where it has one.
const (
	maxLevels  = 200    // nesting of statements and expressions (LUAI_MAXCCALLS)
	usedLevels = 4      // of which PUC's own calls take some
	maxLocals  = 200    // active local variables of a function (MAXVARS)
	maxChain   = 20_000 // operators or suffixes in a row, which nest to the left
	// maxRegisters bounds locals and a list of values together (MAXREGS).
	maxRegisters = 255
	maxUpvals    = 255 // captured variables of a function (MAXUPVAL)
)

// Parse reads a chunk. name is the chunk's name as messages show it (see
// lua53's chunk names). The error is an *Error. A first line that begins with
// '#' is not skipped here; see SkipShebang.
func Parse(name, source string) (chunk *Chunk, err error) { return parse(name, source, false) }

// ParseLuerl is Parse with the string literals that luerl makes of a source: it
// takes the bytes of the source for characters, so that "é" is four bytes long.
// Escapes are what they are elsewhere.
func ParseLuerl(name, source string) (chunk *Chunk, err error) { return parse(name, source, true) }

func parse(name, source string, luerl bool) (chunk *Chunk, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Error:
			chunk, err = nil, r
		default:
			panic(r)
		}
	}()
	p := &parser{lexer: lexer{src: source, name: name, line: 1, luerl: luerl}}
	if len(source) > MaxSource {
		p.raise(fmt.Sprintf("source of %d bytes is too long (limit is %d)", len(source), MaxSource), 0, 0, false)
	}
	return p.chunk(), nil
}

// Check parses a source and returns its first error, or nil.
func Check(name, source string) *Error {
	_, err := Parse(name, SkipShebang(source))
	e, _ := err.(*Error)
	return e
}

// SkipShebang blanks a first line that begins with '#', as lua does for files;
// line numbers stay.
func SkipShebang(source string) string {
	source = strings.TrimPrefix(source, "\xEF\xBB\xBF")
	if !strings.HasPrefix(source, "#") {
		return source
	}
	if i := strings.IndexByte(source, '\n'); i >= 0 {
		return source[i:]
	}
	return ""
}

type parser struct {
	lexer
	t     token // the current token
	ahead token
	peek  bool  // ahead is read
	last  int32 // line of the token that was read last
	fn    *fnScope
	block *blockScope
	level int
	out   *Chunk
}

// fnScope is a function that is being parsed.
type fnScope struct {
	parent  *fnScope
	fn      *Function
	active  []*Local // in scope order
	pending int      // locals that are read but not in scope yet
	upvals  map[*Local]struct{}
	env     bool
	gotos   []*pendingGoto
}

type blockScope struct {
	parent *blockScope
	active int // locals of the function outside of the block
	gotos  int // pending gotos outside of the block
	loop   bool
	labels []labelScope
	block  *Block
}

type labelScope struct {
	label  *Label
	active int
}

type pendingGoto struct {
	stmt   *Goto // nil for a break
	name   string
	line   int32
	active int
	pos    token
}

func (p *parser) chunk() *Chunk {
	p.out = &Chunk{Name: p.name}
	main := &Function{Vararg: true, Pos: Pos{0, 0}}
	p.openFunc(main)
	p.advance()
	main.Body = p.blockBody(false)
	if p.t.kind != tokEOF {
		p.expected("<eof>")
	}
	main.End = p.pos()
	p.closeFunc()
	p.out.Main = main
	p.out.Foreign = p.foreign
	return p.out
}

func (p *parser) advance() token {
	old := p.t
	p.last = old.line
	if p.peek {
		p.t, p.peek = p.ahead, false
	} else {
		p.t = p.next()
	}
	return old
}

func (p *parser) lookahead() token {
	if !p.peek {
		p.ahead, p.peek = p.next(), true
	}
	return p.ahead
}

func (p *parser) pos() Pos { return Pos{p.t.line, p.t.col} }

func (p *parser) is(s string) bool { return p.t.kind == tokOp && p.t.text == s }

func (p *parser) accept(s string) bool {
	if p.is(s) {
		p.advance()
		return true
	}
	return false
}

// near is how messages show the current token.
func (p *parser) near() string {
	switch p.t.kind {
	case tokEOF:
		return "<eof>"
	case tokOp:
		if c := p.t.text[0]; len(p.t.text) == 1 && (c < ' ' || c >= 127) {
			return fmt.Sprintf("'<\\%d>'", c)
		}
		return "'" + p.t.text + "'"
	}
	return "'" + p.src[p.t.start:p.t.end] + "'"
}

// syntaxError raises "msg near token".
func (p *parser) syntaxError(format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if p.t.kind != tokOp || p.t.text != "\x00" { // a zero byte is no token to PUC
		msg += " near " + p.near()
	}
	p.raise(msg, p.t.start, p.t.end, p.t.kind == tokEOF)
}

// semanticError raises a message that names no token, marked at a token.
func (p *parser) semanticError(at token, format string, args ...any) {
	msg := fmt.Sprintf("%s:%d: ", p.name, p.line) + fmt.Sprintf(format, args...)
	panic(&Error{Msg: msg, Line: int(at.line), Col: int(at.col), EndCol: int(at.col) + at.end - at.start})
}

func quoted(s string) string {
	if s[0] == '<' && len(s) > 2 {
		return s
	}
	return "'" + s + "'"
}

func (p *parser) expected(s string) { p.syntaxError("%s expected", quoted(s)) }

func (p *parser) want(s string) token {
	if !p.is(s) {
		p.expected(s)
	}
	return p.advance()
}

// match wants the token that closes what began with open at line.
func (p *parser) match(s, open string, line int32) token {
	if !p.is(s) {
		if line == p.line {
			p.expected(s)
		}
		p.syntaxError("'%s' expected (to close '%s' at line %d)", s, open, line)
	}
	return p.advance()
}

func (p *parser) name1() token {
	if p.t.kind != tokName {
		p.expected("<name>")
	}
	return p.advance()
}

func (p *parser) limit(n, max int, what string) {
	if n > max {
		where := "main function"
		if p.fn.parent != nil {
			where = fmt.Sprintf("function at line %d", p.fn.fn.Pos.Line)
		}
		p.syntaxError("too many %s (limit is %d) in %s", what, max, where)
	}
}

func (p *parser) enter() {
	p.level++
	p.limit(p.level+usedLevels, maxLevels, "C levels")
}

func (p *parser) leave() { p.level-- }

// Scopes.

func (p *parser) openFunc(fn *Function) {
	p.out.Functions = append(p.out.Functions, fn)
	if p.fn != nil {
		fn.Parent = p.fn.fn
	}
	p.fn = &fnScope{parent: p.fn, fn: fn, upvals: map[*Local]struct{}{}}
	if p.fn.parent == nil {
		p.useEnv(p.fn)
	}
}

func (p *parser) closeFunc() {
	p.fn = p.fn.parent
}

func (p *parser) openBlock(loop bool) *Block {
	b := &Block{}
	p.block = &blockScope{parent: p.block, active: len(p.fn.active), gotos: len(p.fn.gotos), loop: loop, block: b}
	return b
}

// closeBlock ends the scope of its locals and hands its open gotos on.
func (p *parser) closeBlock(last bool) {
	b := p.block
	p.block = b.parent
	p.fn.active = p.fn.active[:b.active]
	kept := p.fn.gotos[:b.gotos]
	for _, g := range p.fn.gotos[b.gotos:] {
		if g.stmt == nil && b.loop {
			continue // a break that has found its loop
		}
		g.active = min(g.active, b.active)
		if last {
			if g.stmt == nil {
				p.semanticError(g.pos, "<break> at line %d not inside a loop", g.line)
			}
			p.semanticError(g.pos, "no visible label '%s' for <goto> at line %d", g.name, g.line)
		}
		if g.stmt == nil || !p.resolve(g) {
			kept = append(kept, g)
		}
	}
	p.fn.gotos = kept
}

// resolve lets a goto find a label of the current block.
func (p *parser) resolve(g *pendingGoto) bool {
	for _, l := range p.block.labels {
		if l.label.Name == g.name {
			p.bind(g, l)
			return true
		}
	}
	return false
}

func (p *parser) bind(g *pendingGoto, l labelScope) {
	if g.active < l.active {
		p.semanticError(g.pos, "<goto %s> at line %d jumps into the scope of local '%s'",
			g.name, g.line, p.fn.active[g.active].Name)
	}
	g.stmt.Label = l.label
	l.label.Used = true
}

// newLocal makes a local that declare will bring into scope.
func (p *parser) newLocal(t token) *Local {
	p.fn.pending++
	p.limit(len(p.fn.active)+p.fn.pending, maxLocals, "local variables")
	return &Local{Name: t.text, Pos: Pos{t.line, t.col}, Func: p.fn.fn}
}

func (p *parser) declare(ls ...*Local) {
	p.fn.active = append(p.fn.active, ls...)
	p.fn.pending = 0
	p.limit(len(p.fn.active), maxLocals, "local variables")
}

func (p *parser) find(name string) (l *Local, up bool) {
	for f := p.fn; f != nil; f = f.parent {
		for i := len(f.active) - 1; i >= 0; i-- {
			if l := f.active[i]; l.Name == name {
				if f != p.fn {
					l.Captured = true
					p.capture(p.fn, f, l)
				}
				return l, f != p.fn
			}
		}
	}
	return nil, false
}

// capture makes l an upvalue of fn and of the functions between it and owner.
func (p *parser) capture(f, owner *fnScope, l *Local) {
	if f == owner {
		return
	}
	p.capture(f.parent, owner, l)
	if _, ok := f.upvals[l]; !ok {
		f.upvals[l] = struct{}{}
		f.fn.Upvals = append(f.fn.Upvals, &Upvalue{Name: l.Name, Local: l})
		p.limit(len(f.fn.Upvals), maxUpvals, "upvalues")
	}
}

// useEnv makes the chunk's _ENV an upvalue of a function.
func (p *parser) useEnv(f *fnScope) {
	if f == nil || f.env {
		return
	}
	p.useEnv(f.parent)
	f.env = true
	f.fn.UsesEnv = true
	f.fn.Upvals = append(f.fn.Upvals, &Upvalue{Name: "_ENV"})
	p.limit(len(f.fn.Upvals), maxUpvals, "upvalues")
}

// variable is a use of a name.
func (p *parser) variable(t token) *Name {
	n := &Name{Pos: Pos{t.line, t.col}, Name: t.text}
	if n.Local, n.Upvalue = p.find(t.text); n.Local != nil {
		return n
	}
	if t.text != "_ENV" {
		if n.Env, n.EnvUpvalue = p.find("_ENV"); n.Env != nil {
			return n
		}
	}
	p.useEnv(p.fn)
	return n
}
