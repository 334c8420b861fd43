package patchdev

import (
	"errors"
	"fmt"
	"strings"
)

// Entry is one message of `results/outbox` as the patch device sees it: a key
// and a flat table of fields (for aos, the message flattened as json-iface does:
// spec hyperbeam-http §4.3). Line is the line of the Send, 0 when not known.
type Entry struct {
	Key    string
	Fields *Table
	Line   int
}

// Flavour says how the values of an outbox came to be.
type Flavour uint8

const (
	// AOS: through the JSON of an aos module, where `{}` is the list `[]`.
	AOS Flavour = iota
	// Raw: Lua run by the node itself (`lua@5.3a`), which hands tables on as they
	// are, but takes one whose keys are exactly 1 to n, or "1" to "n", for a list.
	Raw
)

// FlavourOf returns the flavour with the name that a process has ("aos", "lua@5.3a").
func FlavourOf(name string) Flavour {
	if name == "lua@5.3a" {
		return Raw
	}
	return AOS
}

// ApplyOptions say how the outbox of one evaluation is applied.
type ApplyOptions struct {
	Profile Profile
	Flavour Flavour
	// PatchTo is where patches land, a path from the root; "" and "/" are the root.
	PatchTo string
	// Slot is for the warnings.
	Slot int64
	// NoDevice: the process has no patch@1.0 in its stack, nothing is a patch.
	NoDevice bool
	// NoFrom: the process has patch@1.0 but no `patch-from` (or one that is not
	// the outbox), so the device looks for patches where there are none.
	NoFrom bool
	// All: every entry of the outbox is moved, as the device's `all` key does.
	All bool
}

// StackOptions reads from the tags of a process how its patches are applied:
// `execution-device`, `device-stack`, `patch-from`, `patch-to` (spec §4.1, DESIGN
// S4). Names are given to tag in lower case. A process without execution device
// is an aos process, for which patch-from is always the outbox.
func StackOptions(flavour string, tag func(name string) (string, bool)) ApplyOptions {
	o := ApplyOptions{Flavour: FlavourOf(flavour)}
	o.PatchTo, _ = tag("patch-to")
	if o.Flavour == AOS {
		return o
	}
	stack, given := tag("device-stack")
	o.NoDevice = given && !strings.Contains(stack, "patch@1.0")
	if exec, ok := tag("execution-device"); ok && !given && exec == "lua@5.3a" {
		// The engine gives a stack to processes spawned without one (S4), so this is
		// a process that asked for the Lua device alone.
		o.NoDevice = true
	}
	from, ok := tag("patch-from")
	o.NoFrom = !ok || strings.Trim(from, "/") != "results/outbox"
	if mode, _ := tag("patch-mode"); mode == "all" {
		o.All = true
	}
	return o
}

// Applied is what became of one outbox.
type Applied struct {
	// Root is the new root, the old one when nothing changed. Subtrees that did not
	// change keep their identity.
	Root *Table
	// Rest are the entries that are no patches, under their own keys.
	Rest []Entry
	// Changes are what differs from the old root.
	Changes []Change
	// Warnings tell what a real node would answer differently from what the script
	// seems to expect.
	Warnings []Warning
	// Err is not nil when a real node would fail the slot; Root then is the old one.
	Err error
}

// ErrSlotFails is wrapped by the errors of [Applied].
var ErrSlotFails = errors.New("a real node fails this slot")

// Apply runs the patch device after an evaluation: it takes the patches out of
// the outbox, folds them into one table and merges that deeply into root (spec
// hyperbeam-http §4.1, §4.2).
func Apply(root *Table, outbox []Entry, o ApplyOptions) Applied {
	a := Applied{Root: root}
	var changes []Change
	if old, ok := root.Get("results"); ok {
		// The results of a slot are cleared before the next evaluation.
		root = root.Delete("results")
		changes = append(changes, Change{Path: []string{"results"}, Old: old})
	}
	if o.NoDevice || o.NoFrom && !o.Profile.FailWithoutFrom {
		a.Root, a.Rest, a.Changes = root, outbox, changes
		a.Warnings = lintIdle(outbox, o)
		return a
	}
	if err := fails(outbox, o); err != nil {
		a.Rest, a.Err = outbox, err
		a.Warnings = append(a.Warnings, Warning{Slot: o.Slot, Rule: ruleOf(err), Message: err.Error()})
		return a
	}
	var patches []Entry
	for i, e := range outbox {
		if o.All || isPatch(e.Fields, o.Profile) {
			patches = append(patches, e)
			continue
		}
		if a.Rest == nil {
			a.Rest = make([]Entry, 0, len(outbox)-i)
		}
		a.Rest = append(a.Rest, e)
	}
	if len(patches) == 0 {
		a.Root, a.Changes = root, changes
		a.Warnings = lintRest(a.Rest, o)
		return a
	}
	to := strings.FieldsFunc(o.PatchTo, func(r rune) bool { return r == '/' })
	folded, doubts := fold(patches, len(outbox), o, len(to) == 0)
	m := merger{unset: o.Profile.Unset && o.Flavour == AOS, changes: make([]Change, len(changes), len(changes)+min(folded.Len(), 8))}
	copy(m.changes, changes)
	for i := len(to) - 1; i >= 0; i-- {
		folded = emptyTable.Set(to[i], folded)
	}
	if v := normal(folded, o); v.Kind() == KindTable {
		folded = v.(*Table)
	}
	a.Root = m.table(root, folded, nil)
	if len(m.changes) > 0 {
		a.Changes = m.changes
	}
	a.Warnings = append(lint(patches, a.Changes, root, a.Root, o), doubts...)
	a.Warnings = append(a.Warnings, lintRest(a.Rest, o)...)
	return a
}

// slotError is a reason for which a real node fails the slot.
type slotError struct {
	rule, text string
}

func (e *slotError) Error() string { return e.text }
func (e *slotError) Unwrap() error { return ErrSlotFails }

func ruleOf(err error) string {
	if e := (*slotError)(nil); errors.As(err, &e) {
		return e.rule
	}
	return ""
}

// fails says why a real node cannot run the patch device on this outbox.
func fails(outbox []Entry, o ApplyOptions) error {
	if o.NoFrom {
		return &slotError{"no-patch-from", "the process has patch@1.0 in its device stack but no patch-from: set patch-from to /results/outbox"}
	}
	if o.Flavour == Raw && numbered(outbox) {
		return &slotError{"numbered-outbox", fmt.Sprintf("the outbox has the keys 1 to %d, so the node takes it for a list and patch@1.0 fails ({badmap,…}): give the messages other keys, such as m1", len(outbox))}
	}
	if o.Profile.StuckOnUnknownDevice {
		for _, e := range outbox {
			if d, ok := e.Fields.Get("device"); ok {
				if s, ok := d.(String); ok && !knownDevice(string(s)) {
					return &slotError{"unknown-device", fmt.Sprintf("outbox message %q names the device %q, which no node knows (device_not_loadable): write device names exactly, as in patch@1.0", e.Key, string(s))}
				}
			}
		}
	}
	return nil
}

func numbered(outbox []Entry) bool {
	for _, e := range outbox {
		if i, ok := listIndex(e.Key); !ok || i < 1 || i > len(outbox) {
			return false
		}
	}
	return len(outbox) > 0
}

// isPatch says whether an outbox message is for the patch device: its `method`
// is exactly PATCH or its `device` exactly patch@1.0.
func isPatch(f *Table, p Profile) bool {
	is := func(k, want string) bool {
		v, ok := f.Get(k)
		s, _ := v.(String)
		return ok && string(s) == want
	}
	if is("device", "patch@1.0") || is("method", "PATCH") {
		return true
	}
	if p.AnyCasePatch {
		for k := range f.All() {
			switch strings.ToLower(k) {
			case "device":
				if is(k, "patch@1.0") {
					return true
				}
			case "method":
				if is(k, "PATCH") {
					return true
				}
			}
		}
	}
	return false
}

// fold makes one table of the patches of an evaluation: in the order in which a
// node walks the outbox, which is a map of size messages (spec §4.5). With atRoot
// it lands at the root, where the device's own keys are left out.
func fold(patches []Entry, size int, o ApplyOptions, atRoot bool) (*Table, []Warning) {
	out := emptyTable
	var doubts []Warning
	for i, e := range outboxOrder(patches, size, o.Flavour == AOS && o.Profile.IntegerOutbox) {
		// One patch alone is in conflict with nothing, so that what is left out in the
		// end needs not be put in.
		t := written(e.Fields, o, atRoot && len(patches) == 1)
		if v, ok := normal(t, o).(*Table); ok {
			t = v
		}
		onto := merger{quiet: i == 0}
		out = onto.table(out, t, nil)
		doubts = append(doubts, conflicts(&onto, e, o)...)
	}
	if atRoot {
		out = out.Delete("device").Delete("at-slot")
	}
	return out, doubts
}

// written is the part of a patch message that the device writes, keys with slashes
// nested; without is true when the device's own keys can go too.
func written(f *Table, o ApplyOptions, without bool) *Table {
	if o.Profile.FoldKeys {
		b := emptyTable.Edit()
		for k, v := range f.All() {
			b.Set(Fold(k), v)
		}
		f = b.Table()
	}
	n := f.Len()
	keys, vals := make([]string, 0, n), make([]Value, 0, n)
	var paths []string
	for k, v := range f.All() {
		switch {
		case k == "" || k == "method" || !settable(k) || dropped(k, o.Profile):
		case strings.Contains(k, "/"):
			paths = append(paths, k)
		case without && (k == "device" || k == "at-slot"):
		default:
			keys, vals = append(keys, k), append(vals, v)
		}
	}
	t := f
	if len(keys) < n {
		t = FromSorted(keys, vals)
	}
	m := merger{quiet: true}
	for _, k := range paths {
		v, _ := f.Get(k)
		t = m.table(t, nest(k, v), nil)
	}
	return t
}

// nest makes the tables that a key with slashes stands for.
func nest(key string, v Value) *Table {
	parts := strings.FieldsFunc(key, func(r rune) bool { return r == '/' })
	t := v
	for i := len(parts) - 1; i >= 0; i-- {
		n := emptyTable.Set(parts[i], t)
		n.slash = i > 0
		t = n
	}
	if t, ok := t.(*Table); ok && len(parts) > 0 {
		return t
	}
	return emptyTable
}
