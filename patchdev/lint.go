package patchdev

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bounds on what one Apply warns of: the same rule at more places, and how many
// entries are looked at for rules that hide in big tables.
const (
	maxSame    = 5
	maxVisited = 20_000
)

// linter looks for traps in what one evaluation patched. The rules are described
// in package lint by the ids used here.
type linter struct {
	o       ApplyOptions
	root    *Table
	out     []Warning
	same    map[string]int
	visited int
	line    int // 0: that of the patch which wrote the place
	patches []Entry
	changes []Change
	touched map[string]bool // places that changed, and all above them; made by near
	below   []string        // paths that changed as a whole
}

func (l *linter) warn(rule string, path []string, format string, args ...any) {
	if l.same == nil {
		l.same = map[string]int{}
	}
	l.same[rule]++
	if l.same[rule] > maxSame {
		return
	}
	line := l.line
	if line == 0 {
		line = lineOf(l.patches, path)
	}
	l.out = append(l.out, Warning{Slot: l.o.Slot, Path: slices.Clone(path), Rule: rule, Line: line, Message: fmt.Sprintf(format, args...)})
}

// lint warns of traps in patches that were applied with these changes.
func lint(patches []Entry, changes []Change, old, root *Table, o ApplyOptions) []Warning {
	l := &linter{o: o, root: root, patches: patches, changes: changes}
	for i, c := range changes {
		if c.New == nil || len(c.Path) == 1 && l.protocol(c.Path[0]) {
			continue
		}
		if i == maxVisited {
			break
		}
		if len(c.Path) == 1 && strings.EqualFold(c.Path[0], "action") {
			l.warn("root-tag", c.Path, "all keys of a patch are written to the root, %s too", c.Path[0])
			continue
		}
		l.key(c.Path[:len(c.Path)-1], c.Path[len(c.Path)-1], c.New)
		l.value(c.Path, c.New)
		l.cleared(c)
		l.sizes(c.Path, c.New, 3)
	}
	l.headers(changes, old)
	for _, e := range patches {
		l.line = e.Line
		l.patch(e.Fields)
	}
	return l.out
}

// protocol says whether a root key comes from aos itself and not from the script.
func (l *linter) protocol(key string) bool {
	if l.o.Flavour != AOS {
		return false
	}
	var buf [keyRoom]byte
	switch string(appendLower(buf[:0], key)) {
	case "type", "variant", "data-protocol", "reference", "anchor", "target", "tags", "from-process", "from-image":
		return true
	}
	return false
}

// valueBits are the attributes for which a changed value is searched.
const valueBits = attrBigInt | attrNotNumber | attrFloat | attrBool | attrControl | attrNotUTF8 | attrLong | attrUnset | attrUpperKey |
	attrNamedKey | attrIDKey | attrOddKey | attrNonASCII | attrPriv | attrRounded

// value looks at a value that is new and at what is below it.
func (l *linter) value(path []string, v Value) {
	a := attrOf(v)
	if s, ok := v.(String); ok && s == "" {
		l.warn("empty-string", path, "an empty string: asked for directly, current nodes answer an HTML page")
	}
	if a&valueBits == 0 || l.visited > maxVisited {
		return
	}
	l.visited++
	switch v := v.(type) {
	case Int:
		l.warn("big-integer", path, "%d has more than 15 digits: no node can store it, and the process is unreadable for good; send it as a string", int64(v))
	case Float:
		if a&attrRounded != 0 {
			if l.o.Flavour == AOS && float64(v) == math.Trunc(float64(v)) {
				l.warn("rounded-number", path, "aos' JSON keeps 14 digits, so this number is not exact: send it as a string")
			}
			return
		}
		if a&attrNotNumber == 0 {
			l.warn("float", path, "%v reads as %s when it is asked for directly", float64(v), strconv.FormatFloat(float64(v), 'e', 20, 64))
			return
		}
		l.warn("not-a-number", path, "%v cannot be stored: the process is unreadable for good", float64(v))
	case Bool:
		l.warn("boolean", path, "a boolean reads differently in each generation: send a string or 0 and 1")
	case String:
		l.text(path, string(v), a)
	case *List:
		for i, x := range v.items() {
			l.value(append(path, fmt.Sprint(i+1)), x)
		}
	case *Table:
		l.node(path, v.root)
	}
}

func (l *linter) text(path []string, s string, a attr) {
	if a&attrNotUTF8 != 0 {
		l.warn("not-utf8", path, "%d bytes that are not UTF-8: JSON of any table above fails", len(s))
	} else if a&attrControl != 0 {
		l.warn("control-characters", path, "a newline, control character or space at an end: as a member of a table it breaks the headers of the answer")
	}
	if a&attrLong != 0 {
		l.warn("long-member", path, "%d bytes: above 4096 the member moves from the headers into a multipart body", len(s))
	}
	if a&attrUnset != 0 && (!l.o.Profile.Unset || l.o.Flavour == Raw) {
		l.warn("unset-mark", path, "%q is stored as text here; only nodes of 2026 remove the key, and only for aos", s)
	}
}

func (l *linter) node(path []string, n *node) {
	if n == nil || n.attrs()&valueBits == 0 && n.count > 64 {
		return
	}
	for i, k := range n.keys {
		if n.kids != nil {
			l.node(path, n.kids[i])
			continue
		}
		if l.visited > maxVisited {
			return
		}
		l.visited++
		l.key(path, k, n.vals[i])
		l.value(append(path[:len(path):len(path)], k), n.vals[i])
	}
}

// key looks at one key of a table in the state.
func (l *linter) key(parent []string, k string, v Value) {
	path := append(parent[:len(parent):len(parent)], k)
	root := len(parent) == 0
	a := keyAttr(k)
	if a&attrIDKey != 0 && len(k) != 43 {
		l.warn("id-length-key", path, "the key has %d characters, so nodes take it for an id: it is never folded, and first in a path it is a message", len(k))
	}
	if a&attrNonASCII != 0 {
		l.warn("non-ascii-key", path, "the key %q is not ASCII: nodes of May and June 2025 are unreadable for good, later ones break the headers of the parent", k)
	}
	if a&attrOddKey != 0 {
		l.warn("odd-key", path, "the key %q has characters that a path or a header cannot carry: it can be read only in the JSON of its parent", k)
	}
	if a&attrUpperKey != 0 {
		l.warn("key-case", path, "the key %q has capitals: nodes of 2025 up to June store it in lower case, later ones find it only as written", k)
	}
	if a&attrNamedKey == 0 {
		return
	}
	l.named(path, k, v, root)
}

// named looks at keys that mean something to a node.
func (l *linter) named(path []string, k string, v Value, root bool) {
	scalar := v.Kind() != KindTable && v.Kind() != KindList
	switch {
	case k == "priv":
		l.warn("priv-key", path, "a key named priv makes the whole process unreadable for good")
	case k == "signature" || k == "body-keys":
		l.warn("leaking-key", path, "a key %s is no part of the table's hash: up to June 2025 another process's value can appear in its place", k)
	case k == "ao-types" || k == "commitments":
		l.warn("unreadable-parent", path, "a key %s makes its parent unreadable (500, also as JSON)", k)
	case Reserved(k):
		l.warn("reserved-key", path, "%s is a function of message@1.0: asked for directly it answers that, not your value; it is in the JSON of the parent", k)
	case k == "device" && !root:
		s, _ := v.(String)
		if s == "patch@1.0" && l.o.PatchTo != "" {
			return // the patch's own, where patch-to puts it
		}
		if knownDevice(string(s)) {
			l.warn("device-key", path, "a key device = %q changes how the table is read", string(s))
		} else {
			l.warn("device-key", path, "a key device = %s makes everything below the table unreadable by path (500)", preview(v))
		}
	case k == "status" && scalar:
		l.warn("status-key", path, "a key status becomes the HTTP status of its parent's answer")
	case k == "content-type" && scalar:
		l.warn("content-type-key", path, "a key content-type becomes the content type of its parent's answer, which then is not made JSON")
	case (k == "body" || k == "data") && !root:
		l.warn("body-key", path, "a key %s becomes the body of its parent's answer and is no header", k)
	case Framing(k):
		l.warn("framing-key", path, "a key %s would be a real HTTP header of the answer: nodes break on it or send it, Patchbay leaves it out", k)
	case root && (k == "at-slot" || k == "results" || k == "process" || k == "snapshot"):
		l.warn("process-key", path, "%s belongs to the process: a node writes it again after every slot", k)
	}
}

func preview(v Value) string {
	b := AppendJSON(nil, v, JSONOptions{})
	if len(b) > 40 {
		b = append(b[:40], "…"...)
	}
	return string(b)
}

// cleared tells when a table with keys became empty.
func (l *linter) cleared(c Change) {
	old, ok := c.Old.(*Table)
	if !ok || old.Len() == 0 {
		return
	}
	if list, ok := c.New.(*List); ok && list.Len() == 0 {
		l.warn("empty-table", c.Path, "{} is an empty list here, so it replaced a table of %d keys; a nil value in a table constructor gives {} too", old.Len())
	} else if ok {
		l.warn("list-over-table", c.Path, "a list replaced a table of %d keys as a whole", old.Len())
	}
}

// maxHeaders is how many bytes of headers clients take: Node's fetch refuses
// more than 16 KiB in all.
const maxHeaders = 12 << 10

// sizes looks for big tables in a value that is new as a whole.
func (l *linter) sizes(path []string, v Value, depth int) {
	t, ok := v.(*Table)
	if !ok || depth == 0 {
		return
	}
	if headerBytes(t) > maxHeaders {
		l.tooLong(path)
	}
	if t.Len() > 1000 {
		return
	}
	for k, v := range t.All() {
		l.sizes(append(path[:len(path):len(path)], k), v, depth-1)
	}
}

func (l *linter) tooLong(path []string) {
	l.warn("header-size", path, "the members need more than 12 KiB of headers: many clients refuse the plain answer; read single keys or JSON")
}

// headers tells when the members of a table grew beyond what clients take as
// headers.
func (l *linter) headers(changes []Change, old *Table) {
	seen := map[string]bool{}
	for i, c := range changes {
		if i == 100 || len(c.Path) < 2 {
			continue
		}
		parent := c.Path[:len(c.Path)-1]
		id := strings.Join(parent, "\x00")
		if seen[id] || c.New == nil {
			continue
		}
		seen[id] = true
		was, is := tableAt(old, parent), tableAt(l.root, parent)
		if was != nil && is != nil && (was.Len() == is.Len() || was.Len() > maxHeaders/5) {
			continue // no key came, or they were too many before
		}
		if headerBytes(is) > maxHeaders && headerBytes(was) <= maxHeaders {
			l.tooLong(parent)
		}
	}
}
