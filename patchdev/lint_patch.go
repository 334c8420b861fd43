package patchdev

import (
	"fmt"
	"sort"
	"strings"
)

// lineOf is the line of the Send that wrote a place: of the patches that reach
// deepest towards it the last.
func lineOf(patches []Entry, path []string) int {
	line, best := 0, 0
	for _, e := range patches {
		v, depth := Value(e.Fields), 0
		for _, k := range path {
			t, ok := v.(*Table)
			if !ok {
				break
			}
			if v, ok = t.Get(k); !ok {
				break
			}
			depth++
		}
		if depth > 0 && depth >= best {
			line, best = e.Line, depth
		}
	}
	return line
}

func tableAt(t *Table, path []string) *Table {
	for _, k := range path {
		v, _ := t.Get(k)
		next, ok := v.(*Table)
		if !ok {
			return nil
		}
		t = next
	}
	return t
}

// headerBytes is how long the headers of a table's members are, counted until
// it is clear that they are too long.
func headerBytes(t *Table) int {
	if t == nil {
		return 0
	}
	n := 0
	for k, v := range t.All() {
		n += len(k) + 4
		switch v := v.(type) {
		case String:
			if len(v) <= 4096 {
				n += len(v)
			}
		case *Table, *List:
			n += 48
		default:
			n += 12
		}
		if n > maxHeaders {
			break
		}
	}
	return n
}

// patch looks at a patch as the script sent it, for what can no longer be seen
// in the state.
func (l *linter) patch(f *Table) {
	for k, v := range f.All() {
		if l.protocol(k) {
			continue
		}
		low := strings.ToLower(k)
		switch {
		case low == "device" || low == "method":
			continue
		case !settable(low) || low == "at-slot":
			l.warn("reserved-root-key", []string{k}, "%s at the root of a patch is dropped by the set operation", k)
			continue
		case low == "data":
			if s, ok := v.(String); ok && s != "" && l.near([]string{"data"}) {
				l.warn("data-in-patch", []string{k}, "Data in a patch becomes the root key data, which is the body of GET …/now")
			}
		}
		l.hidden(nil, k, v)
		l.raw([]string{k}, v)
	}
}

// rawBits are what is lost on the way into the state.
const rawBits = attrSlashKey | attrEmptyTable | attrNumbered | attrEmptyKey | attrNamedKey | attrUpperKey

// index makes the changed paths easy to find.
func (l *linter) index() {
	l.touched = map[string]bool{}
	for i, c := range l.changes {
		if i == maxVisited {
			break
		}
		for n := range c.Path {
			l.touched[strings.Join(c.Path[:n+1], "\x00")] = true
		}
		l.below = append(l.below, strings.Join(c.Path, "\x00"))
	}
	sort.Strings(l.below)
}

// near says whether something changed at a path, above or below it. Keys are
// compared as folded, for a node may have folded them.
func (l *linter) near(path []string) bool {
	if l.touched == nil {
		l.index()
	}
	folded := make([]string, len(path))
	for i, k := range path {
		folded[i] = Fold(k)
	}
	for _, p := range [][]string{path, folded} {
		joined := strings.Join(p, "\x00")
		if l.touched[joined] {
			return true
		}
		i := sort.SearchStrings(l.below, joined)
		for _, at := range []int{i - 1, i} {
			if at >= 0 && at < len(l.below) && strings.HasPrefix(joined+"\x00", l.below[at]+"\x00") {
				return true
			}
		}
	}
	return false
}

// raw walks a value of a patch before a node changed it.
func (l *linter) raw(path []string, v Value) {
	if attrOf(v)&rawBits == 0 || l.visited > maxVisited {
		return
	}
	l.visited++
	switch v := v.(type) {
	case *List:
		for i, x := range v.items() {
			l.raw(append(path[:len(path):len(path)], fmt.Sprint(i+1)), x)
		}
	case *Table:
		if v.Len() == 0 {
			l.noEffect(path)
			return
		}
		if l.o.Flavour == Raw && v.attrs()&attrNumbered != 0 && isNumbered(v) {
			if l.near(path) {
				l.warn("numbered-table", path, "a table with the keys 1 to %d is a list to a node: it is replaced whole, never merged", v.Len())
			}
		}
		l.rawNode(path, v.root)
		l.collisions(path, v)
	}
}

func (l *linter) rawNode(path []string, n *node) {
	if n.attrs()&rawBits == 0 {
		return
	}
	for i, k := range n.keys {
		if n.kids != nil {
			l.rawNode(path, n.kids[i])
			continue
		}
		if l.visited > maxVisited {
			return
		}
		l.visited++
		l.hidden(path, k, n.vals[i])
		l.raw(append(path[:len(path):len(path)], k), n.vals[i])
	}
}

// hidden looks at a key that a node changes or drops.
func (l *linter) hidden(parent []string, k string, _ Value) {
	path := append(parent[:len(parent):len(parent)], k)
	switch {
	case k == "":
		l.warn("empty-key", path, "an empty key is dropped")
	case strings.HasPrefix(strings.ToLower(k), "priv") && k != "priv":
		l.warn("private-key", path, "keys that begin with priv never leave a node: %q is not there for readers", k)
	case k == "priv" && !l.o.Profile.StuckOnBadValue:
		l.warn("priv-key", path, "a key named priv makes the whole process unreadable for good")
	case strings.Contains(k, "/") && !isIDKey(k):
		if l.near(append(parent[:len(parent):len(parent)], strings.FieldsFunc(k, func(r rune) bool { return r == '/' })...)) {
			l.warn("slash-key", path, "the key %q has a slash: a node stores nested tables", k)
		}
	case l.o.Profile.FoldKeys && Fold(k) != k:
		if l.near(path) {
			l.warn("key-case", path, "the key %q is stored as %q in this generation", k, Fold(k))
		}
	}
}

// noEffect tells of an empty table that changes nothing.
func (l *linter) noEffect(path []string) {
	if l.o.Flavour != Raw || l.o.Profile.EmptyIsList {
		return
	}
	if t := tableAt(l.root, path); t != nil && t.Len() > 0 {
		l.warn("empty-table", path, "{} merges with the %d keys that are there and changes nothing; before September 2025 it replaced them", t.Len())
	}
}

// collisions tells of two keys of a table that differ only in case.
func (l *linter) collisions(path []string, t *Table) {
	if t.Len() > 1000 || t.attrs()&attrUpperKey == 0 {
		return
	}
	seen := map[string]string{}
	for k := range t.All() {
		f := Fold(k)
		if other, ok := seen[f]; ok && l.near(append(path[:len(path):len(path)], k)) {
			l.warn("case-collision", append(path[:len(path):len(path)], k), "%q and %q are one key in nodes up to June 2025", other, k)
		}
		seen[f] = k
	}
}

// conflicts tells of patches of one evaluation that write the same place.
func conflicts(m *merger, e Entry, o ApplyOptions) []Warning {
	l := &linter{o: o, line: e.Line}
	for _, c := range m.changes {
		if c.Old == nil || len(c.Path) == 1 && strings.EqualFold(c.Path[0], "action") || l.protocol(c.Path[0]) && len(c.Path) == 1 || c.Path[0] == "data" && len(c.Path) == 1 || c.Path[0] == "device" {
			continue
		}
		if list, ok := c.Old.(*List); ok && list.Len() == 0 && c.New != nil && c.New.Kind() == KindTable {
			l.warn("clear-and-set", c.Path, "clearing and setting in one evaluation does not clear: the patches are merged with each other first; clear in one message and set in the next")
			continue
		}
		l.warn("same-place", c.Path, "two patches of this evaluation write here; a node folds them in the order of their outbox keys (as text: 10 before 2), with more than 32 messages in the order of a hash; send one patch")
	}
	return l.out
}

// lintIdle warns of patches that no device takes.
func lintIdle(outbox []Entry, o ApplyOptions) []Warning {
	var out []Warning
	for _, e := range outbox {
		if !isPatch(e.Fields, o.Profile) {
			continue
		}
		rule, why := "no-patch-device", "the process has no patch@1.0 in its device stack, so it stays in results/outbox"
		if !o.NoDevice {
			rule, why = "no-patch-from", "the process has no patch-from: /results/outbox, so the device never sees it"
		}
		out = append(out, Warning{Slot: o.Slot, Rule: rule, Line: e.Line, Message: fmt.Sprintf("patch %q is not applied: %s", e.Key, why)})
	}
	return out
}

// lintRest warns of messages that look like patches and are none.
func lintRest(rest []Entry, o ApplyOptions) []Warning {
	var out []Warning
	add := func(e Entry, rule, format string, args ...any) {
		out = append(out, Warning{Slot: o.Slot, Rule: rule, Line: e.Line, Message: fmt.Sprintf("outbox message %q is not a patch: ", e.Key) + fmt.Sprintf(format, args...)})
	}
	for _, e := range rest {
		for k, v := range e.Fields.All() {
			s, ok := v.(String)
			if !ok {
				continue
			}
			var buf [keyRoom]byte
			low := ""
			switch string(appendLower(buf[:0], k)) {
			case "device":
				low = "device"
			case "method":
				low = "method"
			default:
				continue
			}
			switch {
			case low == "device" && s == "patch@1.0" || low == "method" && s == "PATCH":
				add(e, "device-key-case", "write the key %s in lower case", low)
			case low == "device" && strings.EqualFold(string(s), "patch@1.0"), low == "device" && strings.HasPrefix(strings.ToLower(string(s)), "patch@"):
				add(e, "device-value", "device must be exactly patch@1.0, not %q", string(s))
			case low == "method" && strings.EqualFold(string(s), "PATCH"):
				add(e, "device-value", "method must be exactly PATCH, not %q", string(s))
			case low == "device" && !knownDevice(string(s)):
				add(e, "unknown-device", "no node knows the device %q; from September 2025 on such a message makes the process unreadable", string(s))
			}
		}
	}
	return out
}
