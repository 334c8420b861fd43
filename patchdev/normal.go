package patchdev

import "strings"

// normal gives a value of a patch the form in which a node stores it: keys
// folded if the profile does that, keys with a slash nested, keys that never
// leave a node left out, and for raw Lua numbered tables as lists. What needs no
// change keeps its identity, and nodes in which nothing can need one are not
// walked.
func normal(v Value, o ApplyOptions) Value {
	need := attrSlashKey | attrEmptyKey | attrNamedKey
	if o.Profile.FoldKeys {
		need |= attrUpperKey
	}
	if o.Flavour == Raw {
		need |= attrNumbered
		if o.Profile.EmptyIsList {
			need |= attrEmptyTable
		}
	}
	return normalizer{o: o, need: need}.value(v)
}

type normalizer struct {
	o    ApplyOptions
	need attr
}

func (n normalizer) value(v Value) Value {
	switch v := v.(type) {
	case *List:
		if v.attrs()&n.need == 0 {
			return v
		}
		out := make([]Value, v.Len())
		changed := false
		for i, x := range v.items() {
			out[i] = n.value(x)
			changed = changed || !same(out[i], x)
		}
		if !changed {
			return v
		}
		return &List{vals: out}
	case *Table:
		return n.table(v)
	}
	return v
}

func (n normalizer) table(t *Table) Value {
	a := t.attrs()
	if a&n.need == 0 {
		return t
	}
	if t.Len() == 0 {
		if n.need&attrEmptyTable != 0 {
			return emptyList
		}
		return t
	}
	if n.need&attrNumbered != 0 && a&attrNumbered != 0 && isNumbered(t) {
		out := make([]Value, t.Len())
		for k, v := range t.All() {
			i, _ := listIndex(k)
			out[i-1] = n.value(v)
		}
		return &List{vals: out}
	}
	b := t.Edit()
	var nested []string
	n.node(t.root, b, &nested)
	out := b.Table()
	m := merger{quiet: true}
	for _, k := range nested {
		v, _ := t.Get(k)
		if n.o.Profile.FoldKeys {
			k = Fold(k)
		}
		out = m.table(out, nest(k, n.value(v)), nil)
	}
	return out
}

// node writes into b what changes below nd.
func (n normalizer) node(nd *node, b *Builder, nested *[]string) {
	if nd.attrs()&n.need == 0 {
		return
	}
	if nd.kids != nil {
		for _, kid := range nd.kids {
			n.node(kid, b, nested)
		}
		return
	}
	for i, k := range nd.keys {
		switch {
		case k == "" || dropped(k, n.o.Profile):
			b.Delete(k)
			continue
		case strings.Contains(k, "/") && !isIDKey(k):
			b.Delete(k)
			*nested = append(*nested, k)
			continue
		}
		v := n.value(nd.vals[i])
		name := k
		if n.o.Profile.FoldKeys {
			name = Fold(k)
		}
		if name != k {
			b.Delete(k)
			// Of two spellings the lower-case one wins (spec hyperbeam-observed §1.3).
			if _, taken := b.Get(name); taken {
				continue
			}
			b.Set(name, v)
		} else if !same(v, nd.vals[i]) {
			b.Set(k, v)
		}
	}
}

// dropped says whether a key never reaches the state. The key priv itself stays
// where the profile repeats that it makes the process unreadable.
func dropped(k string, p Profile) bool {
	return isPrivate(k) && (k != "priv" || !p.StuckOnBadValue)
}
