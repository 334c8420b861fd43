package difftest

import (
	"regexp"
	"strings"
)

// Disagreement is a program to which the two sides answer differently.
type Disagreement struct {
	Seed      uint64
	Source    string
	Want, Got string
}

// Findings is what a batch brought.
type Findings struct {
	Programs, Timeouts int
	Found              []Disagreement
	Err                error
}

// Batch runs the programs of n seeds from first on.
func Batch(ref *Reference, first uint64, n int) Findings {
	f := Findings{Programs: n}
	sources := make([]string, n)
	for i := range sources {
		sources[i] = Prelude + Generate(first+uint64(i)).String()
	}
	want, err := ref.RunBatch(sources)
	if err != nil { // one of them ended the process: find out which
		want = make([]string, n)
		for i := range sources {
			one, err := ref.RunBatch(sources[i : i+1])
			if err != nil {
				f.Err = err
				return f
			}
			want[i] = one[0]
		}
	}
	for i, src := range sources {
		if want[i] == Timeout {
			f.Timeouts++
			continue
		}
		got := RunProgram(src)
		if got == Timeout {
			f.Timeouts++
			continue
		}
		if Fold(got) == Fold(want[i]) && i%4 == 0 {
			got = RunRolledBack(src)
		}
		if Fold(got) != Fold(want[i]) {
			f.Found = append(f.Found, Disagreement{first + uint64(i), src, want[i], got})
		}
	}
	return f
}

// Signature is the same for disagreements that look alike: the first line that differs, without names and
// numbers.
func (d *Disagreement) Signature() string {
	w, g := strings.Split(Fold(d.Want), "\n"), strings.Split(Fold(d.Got), "\n")
	for i := 0; i < len(w) && i < len(g); i++ {
		if w[i] != g[i] {
			return details.ReplaceAllString(w[i]+" | "+g[i], "#")
		}
	}
	return "length"
}

var details = regexp.MustCompile(`'[^']*'|"[^"]*"|[0-9]+|-?inf|-?nan`)

// Shrink reduces the program with at most budget runs.
func (d *Disagreement) Shrink(ref *Reference, budget int) {
	check := func(src string) (want, got string, differs bool) {
		w, err := ref.RunBatch([]string{src})
		if err != nil || w[0] == Timeout {
			return "", "", false
		}
		got = RunProgram(src)
		if Fold(got) == Fold(w[0]) {
			got = RunRolledBack(src)
		}
		return w[0], got, got != Timeout && Fold(got) != Fold(w[0])
	}
	sig := d.Signature()
	prog := Shrink(Generate(d.Seed), budget, func(src string) bool {
		w, g, differs := check(Prelude + src)
		if !differs {
			return false
		}
		now := Disagreement{Want: w, Got: g}
		return now.Signature() == sig
	})
	src := Prelude + prog.String()
	if w, g, differs := check(src); differs {
		d.Source, d.Want, d.Got = prog.String(), w, g
	}
}
