package aos

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
)

// lines remembers where in the script things came from, for people who read
// traces and outboxes. Scripts see nothing of it.
type lines struct {
	// sends are the queued messages of this evaluation in the order of their
	// Sends, with their lines; the first so many were asked for.
	sends []sendLine
	asked int
	// failed is where the error came up that ended the evaluation.
	failed ao.Place
}

type sendLine struct {
	queued *table
	line   int
}

// definedAt is the line of a function of the script, 0 for anything else.
func definedAt(v lua.LValue) int {
	if chunk, line := lua53.Defined(v); chunk == scriptChunk {
		return line
	}
	return 0
}

// noteHandle remembers the line of a handle for the function that stands for it.
func (w *world) noteHandle(resolver *lua.LFunction, spec lua.LValue) {
	line := definedAt(spec)
	if t, ok := spec.(*table); ok {
		for _, f := range t.All {
			if line = definedAt(f); line > 0 {
				break
			}
		}
	}
	lua53.SetLine(resolver, line)
}

// lineOf is the line at which a handle was defined, 0 when it is not the script's.
func (w *world) lineOf(handle lua.LValue) int {
	f, ok := handle.(*lua.LFunction)
	if !ok {
		return 0
	}
	if line := lua53.Line(f); line > 0 {
		return line
	}
	return definedAt(f)
}

// noteSend remembers from which line of the script a message was sent.
func (w *world) noteSend(c *call, queued *table) {
	if chunk, line, _ := c.Place(); chunk == scriptChunk {
		w.lines.sends = append(w.lines.sends, sendLine{queued, line})
	}
}

// lineOfSend is the line of the Send of a queued message, 0 when not known.
func (w *world) lineOfSend(t *table) int {
	l := &w.lines
	for i := range l.sends {
		at := (l.asked + i) % len(l.sends) // they are asked for in this order, as a rule
		if l.sends[at].queued == t {
			l.asked = at + 1
			return l.sends[at].line
		}
	}
	return 0
}

// noteError remembers where an error came up.
func (w *world) noteError(e *raised) {
	if e.Chunk == scriptChunk {
		w.lines.failed = ao.Place{Chunk: "aos", Line: e.Line, Col: e.Col}
	}
}

// placeOfError is the place that an error's text names, with the column if it is
// known.
func (w *world) placeOfError(text string) ao.Place {
	p := placeOf(text)
	if p.Line == 0 || p.Line == w.lines.failed.Line {
		return w.lines.failed
	}
	return p
}
