package timeline

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// changeLines are the keys that a slot changed: first those that the script
// exposed, then those that aos puts on every message.
func changeLines(s *ao.Slot, names Names) []Line {
	if len(s.Changes) == 0 {
		return nil
	}
	out := []Line{head(count(Changed(s), "key changed", "keys changed"), theme.Text)}
	n := 0
	for _, aos := range []bool{false, true} {
		for _, c := range s.Changes {
			if aos != (len(c.Path) > 0 && plumbing(c.Path[0])) {
				continue
			}
			if n++; n > maxLines {
				return append(out, Line{Runs: []kit.Run{kit.Dim(fmt.Sprintf("… %d more", len(s.Changes)-maxLines))}})
			}
			l := changeLine(c, names)
			if aos {
				dim(l.Runs)
				if short := l.Short; short != nil {
					l.Short = func(cells int) []kit.Run { return dim(short(cells)) }
				}
			}
			out = append(out, l)
		}
	}
	return out
}

// dim makes runs quiet.
func dim(runs []kit.Run) []kit.Run {
	for i := range runs {
		runs[i].Color = theme.Dim
	}
	return runs
}

func changeLine(c patchdev.Change, names Names) Line {
	keys := make([]string, len(c.Path))
	for i, k := range c.Path {
		keys[i] = k
		if len(k) == 43 {
			keys[i] = names.of(k)
		}
	}
	line := func(path, was, is string) []kit.Run {
		at := kit.Mono(path+"  ", theme.Text)
		switch {
		case c.Old == nil:
			return []kit.Run{at, kit.Dim("new "), kit.Mono(is, theme.Good)}
		case c.New == nil:
			return []kit.Run{at, kit.Mono(was, theme.Bad), kit.Dim(" removed")}
		}
		return []kit.Run{at, kit.Mono(was, theme.Dim), kit.Dim(" → "), kit.Mono(is, theme.CodeNumber)}
	}
	path := strings.Join(keys, "/")
	near, last := "", path
	if n := len(keys); n > 1 {
		near, last = "…/", keys[n-1]
	}
	full := strings.Join(c.Path, "/") + "  " + whole(c.Old) + " → " + whole(c.New)
	short := func(cells int) []kit.Run {
		said := utf8.RuneCountInString(kit.Plaintext(line(near, "", "")))
		parts := share(cells-said, last, clip(c.Old), clip(c.New))
		return line(near+parts[0], parts[1], parts[2])
	}
	return Line{Runs: line(path, clip(c.Old), clip(c.New)), Short: short, Path: c.Path, Full: full}
}

// leastPart is what is left of a text that shares a line with others, in runes.
const leastPart = 9

// share shortens texts, the longest first, so that together they have a number of
// runes.
func share(room int, texts ...string) []string {
	sizes := make([]int, len(texts))
	sum := 0
	for i, s := range texts {
		sizes[i] = utf8.RuneCountInString(s)
		sum += sizes[i]
	}
	for ; sum > room; sum-- {
		i := slices.Index(sizes, slices.Max(sizes))
		if sizes[i] <= leastPart {
			break
		}
		sizes[i]--
	}
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = shorten(s, sizes[i])
	}
	return out
}

// shorten leaves n runes of a text: of a word, such as a key or an address, both
// ends, which tell it from others like it; of anything else the beginning.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	if strings.ContainsAny(s, " {}[]\",:;") {
		return strings.TrimRight(string(r[:n-1]), " ") + "…"
	}
	tail := (n - 1) / 2
	return string(r[:n-1-tail]) + "…" + string(r[len(r)-tail:])
}

// whole is a value as it is copied.
func whole(v patchdev.Value) string {
	if v == nil {
		return "(nothing)"
	}
	return dataText(v)
}

// clip is a value short enough for a line.
func clip(v patchdev.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case *patchdev.Table:
		return count(v.Len(), "key", "keys")
	case *patchdev.List:
		return count(v.Len(), "item", "items")
	}
	s := kit.OneLine(dataText(v))
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}

func group(n int64) string {
	s := itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
