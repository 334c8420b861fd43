package lua

import (
	"slices"

	"patchbay/engine/lua53/syntax"
	"patchbay/ui/code/text"
)

// token is a bracket or a word of a block.
type token struct {
	at   text.Range
	word string
}

// role says what a token does to the nesting: +1 opens, -1 closes, 0 stands in the middle of a block.
func role(word string) (depth int, ok bool) {
	switch word {
	case "(", "[", "{", "function", "do", "if", "repeat":
		return 1, true
	case ")", "]", "}", "end", "until":
		return -1, true
	case "then", "else", "elseif", "while", "for":
		return 0, true
	}
	return 0, false
}

// family parts brackets, which match only their own kind, from the words of blocks.
func family(word string) byte {
	switch word {
	case "(", ")":
		return '('
	case "[", "]":
		return '['
	case "{", "}":
		return '{'
	default:
		return 'b'
	}
}

// tokens appends the brackets and block words of line i.
func (d *Doc) tokens(i int, dst []token) []token {
	l := d.buf.Line(i)
	for _, s := range d.Spans(i) {
		if s.End > len(l) {
			continue
		}
		switch s.Kind {
		case syntax.KindKeyword:
			if w := l[s.Start:s.End]; isRole(w) {
				dst = append(dst, token{text.Range{From: text.Pos{Line: i, Col: s.Start}, To: text.Pos{Line: i, Col: s.End}}, w})
			}
		case syntax.KindOperator:
			for c := s.Start; c < s.End; c++ {
				if w := l[c : c+1]; isRole(w) {
					dst = append(dst, token{text.Range{From: text.Pos{Line: i, Col: c}, To: text.Pos{Line: i, Col: c + 1}}, w})
				}
			}
		}
	}
	return dst
}

func isRole(w string) bool { _, ok := role(w); return ok }

type matchCache struct {
	valid   bool
	version uint64
	at      text.Pos
	group   []text.Range
}

// matchReach bounds the lines that are searched for a partner while the caret moves.
const matchReach = 1000

// Match gives the brackets or words that belong to the one at or just before p, itself included, in reading order: the two
// brackets of a pair; function … end, while … do … end, repeat … until, if … then … elseif … else … end. Nothing when there is
// none or its partner is more than 1,000 lines away; [Doc.Partner] looks further.
func (d *Doc) Match(p text.Pos) []text.Range {
	m := &d.match
	if !m.valid || m.version != d.buf.Version() || m.at != p {
		*m = matchCache{true, d.buf.Version(), p, d.group(p, matchReach)}
	}
	return m.group
}

// Partner gives the place to which the caret jumps from the bracket or word at p: the other end of the pair.
func (d *Doc) Partner(p text.Pos) (text.Pos, bool) {
	g := d.group(p, d.buf.Len())
	if len(g) < 2 {
		return p, false
	}
	if last := g[len(g)-1]; !last.Contains(p) {
		return last.To, true
	}
	return g[0].From, true
}

// group finds all members of the pair or block at p.
func (d *Doc) group(p text.Pos, reach int) []text.Range {
	toks := d.tokens(p.Line, nil)
	at := slices.IndexFunc(toks, func(t token) bool { return p.Col >= t.at.From.Col && p.Col < t.at.To.Col })
	if at < 0 {
		at = slices.IndexFunc(toks, func(t token) bool { return p.Col == t.at.To.Col })
	}
	if at < 0 {
		return nil
	}
	self := toks[at]
	fam := family(self.word)
	depth, _ := role(self.word)
	var group []text.Range
	switch {
	case depth > 0:
		group = append(group, self.at)
	default: // look back for the opener
		back, ok := d.scanBack(p.Line, at, fam, self.word, reach)
		if !ok {
			if self.word != "while" && self.word != "for" {
				return nil
			}
		}
		group = append(group, back...)
		group = append(group, self.at)
	}
	if depth < 0 {
		return d.withLoopHead(group, fam)
	}
	fwd, ok := d.scanForward(p.Line, at, fam, self.word, reach)
	if !ok {
		return nil
	}
	return d.withLoopHead(append(group, fwd...), fam)
}

// scanBack walks back from token at of a line to the opener of the block it stands in, collecting the middle words of that block.
func (d *Doc) scanBack(line, at int, fam byte, word string, reach int) ([]text.Range, bool) {
	if word == "while" || word == "for" {
		return nil, false // these open by themselves; their do comes later
	}
	var out []text.Range
	depth := 0
	toks := d.tokens(line, nil)
	toks = toks[:at]
	for l := line; ; {
		for i := len(toks) - 1; i >= 0; i-- {
			t := toks[i]
			if family(t.word) != fam {
				continue
			}
			r, _ := role(t.word)
			switch {
			case r < 0:
				depth--
			case r == 0 && depth == 0 && fam == 'b' && t.word != "while" && t.word != "for":
				out = append(out, t.at)
			case r > 0 && depth < 0:
				depth++
			case r > 0:
				slices.Reverse(out)
				return append([]text.Range{t.at}, out...), true
			}
		}
		l--
		if l < 0 || l < line-reach {
			return nil, false
		}
		toks = d.tokens(l, toks[:0])
	}
}

// scanForward walks from token at of a line to the end of its block.
func (d *Doc) scanForward(line, at int, fam byte, word string, reach int) ([]text.Range, bool) {
	var out []text.Range
	depth := 0
	head := word == "while" || word == "for"
	toks := d.tokens(line, nil)
	toks = toks[at+1:]
	for l := line; ; {
		for _, t := range toks {
			if family(t.word) != fam {
				continue
			}
			r, _ := role(t.word)
			switch {
			case head && t.word == "do" && depth == 0:
				head = false
				out = append(out, t.at)
			case r > 0:
				depth++
			case r == 0 && depth == 0 && t.word != "while" && t.word != "for":
				out = append(out, t.at)
			case r < 0 && depth > 0:
				depth--
			case r < 0 && head:
				return nil, false
			case r < 0:
				return append(out, t.at), true
			}
		}
		l++
		if l >= d.buf.Len() || l > line+reach {
			return nil, false
		}
		toks = d.tokens(l, toks[:0])
	}
}

// withLoopHead adds the while or for that the do of a group belongs to, when it stands on the same line.
func (d *Doc) withLoopHead(group []text.Range, fam byte) []text.Range {
	if fam != 'b' || len(group) == 0 {
		return group
	}
	first := group[0]
	if d.buf.Slice(first) != "do" {
		return group
	}
	toks := d.tokens(first.From.Line, nil)
	for i := len(toks) - 1; i >= 0; i-- {
		t := toks[i]
		if !t.at.From.Before(first.From) || family(t.word) != 'b' {
			continue
		}
		if t.word == "while" || t.word == "for" {
			return append([]text.Range{t.at}, group...)
		}
		break
	}
	return group
}
