package inspect

import (
	"fmt"
	"unicode/utf8"

	"patchbay/ui/kit"
)

// longLine is how many lines one long line is broken into at most; the rest of it
// is counted only. Copying gives all of it.
const longLine = 150

// setLines shows other lines, broken to the width there is.
func (p *Panel) setLines(lines []Line) {
	p.lines = lines
	p.wrap()
}

// wrap breaks the lines to the width of the list.
func (p *Panel) wrap() {
	p.shown, p.joins = p.shown[:0], p.joins[:0]
	add := func(l Line, joins bool) {
		p.shown, p.joins = append(p.shown, l), append(p.joins, joins)
	}
	m := kit.Mono("MMMMMMMMMM", "")
	cell := m.Width() / 10
	room := p.Lines.Size().Width - 14 - 16
	cols := int(room / cell)
	wide := len("000000    ") + 2*dumpRow*len("00 .")
	for i := 0; i < len(p.lines); i++ {
		l := p.lines[i]
		if len(l.dump) == dumpRow && cols >= wide {
			both := l.dump
			if i++; i < len(p.lines) && p.lines[i].dump != nil {
				both = append(both[:dumpRow:dumpRow], p.lines[i].dump...)
			} else {
				i--
			}
			l = dumpLine(l.at, both, 2*dumpRow)
		} else if l.dump != nil && cols >= wide {
			l = dumpLine(l.at, l.dump, 2*dumpRow)
		}
		n := 0
		for _, r := range l.Runs {
			n += len(r.Text)
		}
		if cols < 8 || n <= cols {
			add(l, false)
			continue
		}
		runs, rest := cut(l.Runs, cols*longLine)
		for i, part := range kit.WrapRuns(runs, room, cell) {
			add(Line{Runs: part}, i > 0)
		}
		if rest > 0 {
			add(Line{Runs: []kit.Run{kit.Dim(fmt.Sprintf("… %d more characters in this line; Ctrl+C copies all", rest))}}, false)
		}
	}
	p.Find.Changed()
	p.Lines.Refresh()
}

// cut ends runs after n characters and says how many it left out.
func cut(runs []kit.Run, n int) (out []kit.Run, rest int) {
	for _, r := range runs {
		k := utf8.RuneCountInString(r.Text)
		if k > n {
			i := 0
			for range n {
				_, size := utf8.DecodeRuneInString(r.Text[i:])
				i += size
			}
			r.Text = r.Text[:i]
			rest += k - n
			k = n
		}
		n -= k
		if r.Text != "" {
			out = append(out, r)
		}
	}
	return out, rest
}
