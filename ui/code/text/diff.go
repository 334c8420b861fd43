package text

import (
	"strings"
	"time"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// DiffKind says what a line of a comparison is.
type DiffKind uint8

// The kinds of lines of a comparison. Skipped stands for lines that are the same and left out.
const (
	Same DiffKind = iota
	Removed
	Added
	Skipped
)

// DiffLine is a line of a comparison; Old and New are its numbers in the two texts from one, 0 where it has none. For Skipped, Old
// is how many lines are left out.
type DiffLine struct {
	Kind     DiffKind
	Old, New int
	Text     string
}

// diffLines bounds the lines that are compared one by one; beyond it what lies between the first and the last difference counts as
// replaced as a whole. (The library numbers distinct lines by runes, of which some are no characters.)
const diffLines = 50_000

// Diff compares two texts line by line.
func Diff(a, b []string) []DiffLine {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	d := differ{}
	d.add(Same, a[:head])
	d.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add(Same, a[len(a)-tail:])
	return d.out
}

type differ struct {
	out  []DiffLine
	i, j int // lines done of the two texts
}

func (d *differ) add(k DiffKind, lines []string) {
	for _, l := range lines {
		n := DiffLine{Kind: k, Text: l}
		if k != Added {
			d.i++
			n.Old = d.i
		}
		if k != Removed {
			d.j++
			n.New = d.j
		}
		d.out = append(d.out, n)
	}
}

func (d *differ) middle(a, b []string) {
	if len(a) == 0 || len(b) == 0 || len(a)+len(b) > diffLines {
		d.add(Removed, a)
		d.add(Added, b)
		return
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 2 * time.Second // beyond it the comparison is right but coarse
	ca, cb, lines := dmp.DiffLinesToRunes(strings.Join(a, "\n")+"\n", strings.Join(b, "\n")+"\n")
	for _, p := range dmp.DiffMainRunes(ca, cb, false) {
		k := Same
		switch p.Type {
		case diffmatchpatch.DiffDelete:
			k = Removed
		case diffmatchpatch.DiffInsert:
			k = Added
		}
		for _, r := range p.Text {
			d.add(k, []string{strings.TrimSuffix(lines[r], "\n")})
		}
	}
}

// Around leaves out the lines that are the same and further than n lines from a difference.
func Around(lines []DiffLine, n int) []DiffLine {
	near := make([]bool, len(lines))
	for i, l := range lines {
		if l.Kind == Same {
			continue
		}
		for k := max(0, i-n); k <= min(len(lines)-1, i+n); k++ {
			near[k] = true
		}
	}
	var out []DiffLine
	for i := 0; i < len(lines); i++ {
		if near[i] {
			out = append(out, lines[i])
			continue
		}
		from := i
		for i+1 < len(lines) && !near[i+1] {
			i++
		}
		if i == from { // a single line costs no more than saying that it is left out
			out = append(out, lines[i])
			continue
		}
		out = append(out, DiffLine{Kind: Skipped, Old: i - from + 1})
	}
	return out
}
