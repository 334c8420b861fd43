package patchdev

// unsetMark is the string that removes a key (profile setting Unset).
const unsetMark = "__ao-unset__"

// merger merges tables deeply and notes what changed. Table onto table merges,
// everything else replaces (spec hyperbeam-http §4.2).
type merger struct {
	changes []Change
	quiet   bool // note nothing
	unset   bool // unsetMark removes
}

func (m *merger) note(path []string, key string, old, now Value) {
	if !m.quiet {
		m.changes = append(m.changes, Change{Path: join(path, key), Old: old, New: now})
	}
}

// table returns old with patch merged into it: old itself when nothing changes,
// patch itself when the result is just what patch holds, so that the next patch
// made from this one shares nodes with the root and only differences are walked.
func (m *merger) table(old, patch *Table, path []string) *Table {
	if old == patch || old.root == patch.root || patch.root == nil {
		return old
	}
	// Between an empty table and one with keys there is one change, as Diff says.
	inside := len(path) > 0
	if old.root == nil && (m.quiet || inside) {
		if m.unset {
			if patch = clean(patch).(*Table); patch.root == nil {
				return old
			}
		}
		if inside {
			m.note(path[:len(path)-1], path[len(path)-1], old, patch)
		}
		return patch
	}
	noted := len(m.changes)
	now := m.walk(old, patch, path)
	if inside && !m.quiet && now.root == nil && old.root != nil {
		m.changes = m.changes[:noted]
		m.note(path[:len(path)-1], path[len(path)-1], old, now)
	}
	return now
}

// walk is table for a patch with keys, key by key.
func (m *merger) walk(old, patch *Table, path []string) *Table {
	// A patch much smaller than the table: look up its keys.
	if patch.Len() < old.Len()/8 {
		return m.batch(old, patch, path)
	}
	if (old.root == nil || old.root.kids == nil) && patch.root.kids == nil {
		return m.leaves(old, patch, path)
	}
	// Else walk both, skipping what they share, and edit the one that needs less.
	type set struct {
		key string
		val Value
	}
	var onOld, onPatch []set
	both(old, patch, func(k string, was, v Value) bool {
		if v == nil {
			onPatch = append(onPatch, set{k, was})
			return true
		}
		now := m.entry(k, was, v, path)
		if !same0(now, was) {
			onOld = append(onOld, set{k, now})
		}
		if !same0(now, v) {
			onPatch = append(onPatch, set{k, now})
		}
		return true
	})
	if len(onOld) == 0 {
		return old
	}
	base, edits := old, onOld
	if len(onPatch) <= len(onOld)+old.Len()/64 {
		base, edits = patch, onPatch
	}
	if len(edits) == 0 {
		return base
	}
	b := base.Edit()
	for _, e := range edits {
		b.Set(e.key, e.val)
	}
	return b.Table()
}

// leaves is table for two tables of one leaf at most, which most are.
func (m *merger) leaves(old, patch *Table, path []string) *Table {
	x, y := old.root, patch.root
	if x == nil {
		x = &node{}
	}
	var buf [2 * maxLeaf]Value
	vals := buf[:0]
	isOld, isPatch := true, true     // what the result is
	oldKeys, patchKeys := true, true // whose keys it has
	for i, j := 0, 0; i < len(x.keys) || j < len(y.keys); {
		var was, v, now Value
		switch {
		case j == len(y.keys) || i < len(x.keys) && x.keys[i] < y.keys[j]:
			was, now = x.vals[i], x.vals[i]
			i++
		case i == len(x.keys) || y.keys[j] < x.keys[i]:
			v = y.vals[j]
			now = m.entry(y.keys[j], nil, v, path)
			j++
		default:
			was, v = x.vals[i], y.vals[j]
			if now = was; !same(was, v) {
				now = m.entry(y.keys[j], was, v, path)
			}
			i++
			j++
		}
		isOld = isOld && same0(now, was)
		isPatch = isPatch && same0(now, v)
		oldKeys = oldKeys && (now != nil) == (was != nil)
		patchKeys = patchKeys && (now != nil) == (v != nil)
		vals = append(vals, now)
	}
	switch {
	case isOld:
		return old
	case isPatch:
		return patch
	case patchKeys:
		return FromSorted(y.keys, present(vals, len(y.keys)))
	case oldKeys:
		return FromSorted(x.keys, present(vals, len(x.keys)))
	}
	keys := make([]string, 0, len(vals))
	for i, j, n := 0, 0, 0; i < len(x.keys) || j < len(y.keys); n++ {
		k := ""
		switch {
		case j == len(y.keys) || i < len(x.keys) && x.keys[i] < y.keys[j]:
			k = x.keys[i]
			i++
		case i == len(x.keys) || y.keys[j] < x.keys[i]:
			k = y.keys[j]
			j++
		default:
			k = x.keys[i]
			i++
			j++
		}
		if vals[n] != nil {
			keys = append(keys, k)
		}
	}
	return FromSorted(keys, present(vals, len(keys)))
}

// present copies the n values that are not nil.
func present(vals []Value, n int) []Value {
	out := make([]Value, 0, n)
	for _, v := range vals {
		if v != nil {
			out = append(out, v)
		}
	}
	return out
}

// entry merges v onto the value that a key had (nil: none) and returns the new
// value: nil when the key is to go, the old one itself when nothing changes.
func (m *merger) entry(k string, was, v Value, path []string) Value {
	if t, ok := v.(*Table); ok {
		if o, ok := was.(*Table); ok {
			return m.table(o, t, join(path, k))
		}
		if m.unset {
			v = clean(t)
		}
	}
	if s, ok := v.(String); ok && m.unset && s == unsetMark {
		if was != nil {
			m.note(path, k, was, nil)
		}
		return nil
	}
	if was != nil && Equal(was, v) {
		return was
	}
	m.note(path, k, was, v)
	return v
}

// clean takes the removal marks out of a table that is new as a whole.
func clean(t *Table) Value {
	if t.attrs()&attrUnset == 0 {
		return t
	}
	b := t.Edit()
	for k, v := range t.All() {
		switch v := v.(type) {
		case String:
			if v == unsetMark {
				b.Delete(k)
			}
		case *Table:
			if c := clean(v); !same(c, v) {
				b.Set(k, c)
			}
		}
	}
	return b.Table()
}

// same0 is same for values that may be nil.
func same0(a, b Value) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return same(a, b)
}

// Merge returns old with patch merged into it deeply, as the set operation of a
// node does; old itself when nothing changes.
func Merge(old, patch *Table) *Table {
	m := merger{quiet: true}
	return m.table(old, patch, nil)
}

// Normal gives a value the form in which a node stores it (keys, lists, what it
// never shows); see [Apply], which does it with patches.
func Normal(v Value, o ApplyOptions) Value {
	if v == nil {
		return nil
	}
	return normal(v, o)
}

// BrokenNumber is what Broken says of NaN and infinities.
const BrokenNumber = "the state holds NaN or an infinity"

// BadKey is what the error of a slot says that failed for a table key which is
// neither a text nor a whole number nor a boolean. A node tells of it in full,
// where it has nothing to say of other errors of a script.
const BadKey = "is neither a text nor a whole number nor a boolean, which fails the evaluation on a node"

// ValidText says whether all strings in a value are UTF-8. Keys are not looked at.
func ValidText(v Value) bool { return v == nil || attrOf(v)&attrNotUTF8 == 0 }

// Broken says why a node with this profile could not read a state with this
// value in it at all, or "" (spec hyperbeam-http §4.6).
func Broken(v Value, p Profile) string {
	if v == nil || !p.StuckOnBadValue {
		return ""
	}
	a := attrOf(v)
	switch {
	case a&attrBigInt != 0:
		return "the state holds an integer of more than 15 digits"
	case a&attrNotNumber != 0:
		return BrokenNumber
	case a&attrPriv != 0:
		return "the state holds a key named priv"
	}
	return ""
}
