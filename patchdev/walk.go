package patchdev

import "strings"

// Walk follows a path from v, as a read of a node does: keys as written, else in
// lower case; a list has the keys "1" to "n" (spec §2.2, §2.4). Names that are
// functions of a device and not data are the caller's concern. Keys that begin
// with priv are not there.
func Walk(v Value, path []string, p Profile) (Value, bool) {
	for _, k := range path {
		var ok bool
		if v, ok = Step(v, k, p); !ok {
			return nil, false
		}
	}
	return v, v != nil
}

// Step follows one key.
func Step(v Value, key string, p Profile) (Value, bool) {
	if isPrivate(key) {
		return nil, false
	}
	switch v := v.(type) {
	case *List:
		i, ok := listIndex(key)
		if !ok || i < 1 || i > v.Len() {
			return nil, false
		}
		return v.At(i - 1), true
	case *Table:
		if x, ok := v.Get(key); ok {
			return x, true
		}
		if isIDKey(key) {
			return nil, false
		}
		low := strings.ToLower(key)
		if low == key {
			return nil, false
		}
		return v.Get(low)
	}
	return nil, false
}
