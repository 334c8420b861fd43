package lua

import (
	"slices"
	"strings"

	"patchbay/engine/lua53/syntax"
	"patchbay/ui/code/text"
)

// SymbolKind says what a [Symbol] is.
type SymbolKind uint8

// The kinds of symbols.
const (
	Function SymbolKind = iota
	Handler
	Variable
)

// Symbol is something to go to: a function, a handler, or a variable of the process set at the start of a line.
type Symbol struct {
	Name string
	Kind SymbolKind
	At   text.Pos
	// Depth is how many functions it is nested in.
	Depth int
}

// Outline lists the symbols of a text in their order: functions and handlers from the grammar when it can be read, else, while a
// line is being written, as far as single lines tell. It may run on any goroutine.
func Outline(lines []string) []Symbol {
	out := outlineByLine(lines)
	chunk, err := syntax.Parse("", syntax.SkipShebang(strings.Join(lines, "\n")))
	if err != nil {
		return out
	}
	out = slices.DeleteFunc(out, func(s Symbol) bool { return s.Kind != Variable })
	for _, s := range syntax.Outline(chunk) {
		k := Function
		if s.Handler != "" {
			k = Handler
		}
		out = append(out, Symbol{s.Name, k, text.Pos{Line: int(s.Pos.Line) - 1, Col: int(s.Pos.Col) - 1}, s.Depth})
	}
	slices.SortStableFunc(out, func(a, b Symbol) int {
		if a.At.Before(b.At) {
			return -1
		}
		if b.At.Before(a.At) {
			return 1
		}
		return 0
	})
	return out
}

func outlineByLine(lines []string) []Symbol {
	var out []Symbol
	var st syntax.LineState
	var spans []syntax.Span
	seen := map[string]bool{}
	for i, l := range lines {
		if len(l) > longestColoured {
			continue
		}
		spans, st = syntax.LexLine(l, st, spans[:0])
		toks := make([]string, 0, 12)
		cols := make([]int, 0, 12)
		for _, s := range spans {
			if s.Kind == syntax.KindComment || s.End > len(l) {
				continue
			}
			toks, cols = append(toks, l[s.Start:s.End]), append(cols, s.Start)
			if len(toks) == 24 {
				break
			}
		}
		if len(toks) < 2 {
			continue
		}
		depth := indentDepth(l)
		add := func(name string, k SymbolKind, col int) {
			out = append(out, Symbol{name, k, text.Pos{Line: i, Col: col}, depth})
		}
		if name, at, ok := functionName(toks); ok {
			add(name, Function, cols[at])
			continue
		}
		if name, ok := handlerName(toks); ok {
			add(name, Handler, cols[0])
			continue
		}
		name, next := dotted(toks, 0)
		if name == "" || next >= len(toks) || toks[next] != "=" || syntax.IsKeyword(toks[0]) {
			continue
		}
		if next+1 < len(toks) && toks[next+1] == "function" {
			add(name, Function, cols[0])
		} else if depth == 0 && !seen[name] && cols[0] == 0 {
			seen[name] = true
			add(name, Variable, 0)
		}
	}
	return out
}

func indentDepth(l string) int {
	d := 0
	for _, c := range text.Indent(l) {
		if c == '\t' {
			d += 2
		} else {
			d++
		}
	}
	return min(4, d/2)
}

// dotted joins a.b:c from token at on.
func dotted(toks []string, at int) (name string, next int) {
	for i := at; i < len(toks); i += 2 {
		if !wordByte(toks[i][0]) || toks[i][0] >= '0' && toks[i][0] <= '9' {
			return "", at
		}
		name += toks[i]
		if i+1 >= len(toks) || toks[i+1] != "." && toks[i+1] != ":" {
			return name, i + 1
		}
		name += toks[i+1]
	}
	return "", at
}

func functionName(toks []string) (name string, at int, ok bool) {
	i := 0
	if toks[0] == "local" {
		i = 1
		if len(toks) > 3 && toks[2] == "=" && toks[3] == "function" {
			return toks[1], 1, true
		}
	}
	if i >= len(toks)-1 || toks[i] != "function" {
		return "", 0, false
	}
	name, next := dotted(toks, i+1)
	return name, i + 1, name != "" && next < len(toks) && toks[next] == "("
}

func handlerName(toks []string) (string, bool) {
	if len(toks) < 5 || toks[0] != "Handlers" || toks[1] != "." || toks[3] != "(" {
		return "", false
	}
	switch toks[2] {
	case "add", "append", "prepend", "once":
	default:
		return "", false
	}
	s := toks[4]
	if len(s) < 2 || s[0] != '"' && s[0] != '\'' {
		return "", false
	}
	return strings.Trim(s, `"'`), true
}
