package timeline

import (
	"fmt"
	"strings"

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
				for _, runs := range [][]kit.Run{l.Runs, l.Short} {
					for i := range runs {
						runs[i].Color = theme.Dim
					}
				}
			}
			out = append(out, l)
		}
	}
	return out
}

func changeLine(c patchdev.Change, names Names) Line {
	keys := make([]string, len(c.Path))
	for i, k := range c.Path {
		keys[i] = k
		if len(k) == 43 {
			keys[i] = names.of(k)
		}
	}
	line := func(path string, clip func(patchdev.Value) string) []kit.Run {
		at := kit.Mono(path+"  ", theme.Text)
		switch {
		case c.Old == nil:
			return []kit.Run{at, kit.Dim("new "), kit.Mono(clip(c.New), theme.Good)}
		case c.New == nil:
			return []kit.Run{at, kit.Mono(clip(c.Old), theme.Bad), kit.Dim(" removed")}
		}
		return []kit.Run{at, kit.Mono(clip(c.Old), theme.Dim), kit.Dim(" → "), kit.Mono(clip(c.New), theme.CodeNumber)}
	}
	path := strings.Join(keys, "/")
	near := path
	if n := len(keys); n > 1 {
		near = "…/" + keys[n-1]
	}
	full := strings.Join(c.Path, "/") + "  " + whole(c.Old) + " → " + whole(c.New)
	return Line{Runs: line(path, clip), Short: line(near, ends), Path: c.Path, Full: full}
}

// ends is a value of which, when it is a long word such as an address, only both
// ends are left.
func ends(v patchdev.Value) string {
	s := clip(v)
	if r := []rune(s); len(r) > 20 && !strings.Contains(s, " ") {
		return string(r[:4]) + "…" + string(r[len(r)-4:])
	}
	return s
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
