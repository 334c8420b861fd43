package patchdev

import "strings"

// Member is a key of a state message with its value; nil means that the key is gone.
type Member struct {
	Key   string
	Value Value
}

// Leave writes into a root what the compute function of a raw process left in the
// state message that it returned: members that are there as a whole, in place of
// what was there before, not merged into it as patches are. Patches of the same
// evaluation are applied to the result (see [Apply]).
//
// What did not change keeps its identity. The root keys that the process writes
// itself must not be among the members.
func Leave(root *Table, left []Member, o ApplyOptions) Applied {
	m := merger{}
	now := root
	for _, x := range left {
		key, v := x.Key, Normal(x.Value, o)
		if o.Profile.FoldKeys {
			key = Fold(key)
		}
		switch {
		case key == "" || dropped(key, o.Profile):
			continue
		case strings.Contains(key, "/") && !isIDKey(key):
			if v != nil {
				now = m.table(now, nest(key, v), nil)
			}
			continue
		}
		was, _ := now.Get(key)
		if put := m.replace(was, v, []string{key}); put == nil {
			now = now.Delete(key)
		} else if !same0(put, was) {
			now = now.Set(key, put)
		}
	}
	a := Applied{Root: now, Changes: m.changes}
	if len(m.changes) > 0 {
		a.Warnings = lint(nil, m.changes, root, now, o)
	}
	return a
}

// replace puts v in the place of a value (either may be nil: absent) and notes
// where they differ. It returns the old value where nothing does, and shares with
// it what is equal.
func (m *merger) replace(was, v Value, path []string) Value {
	s, ok1 := was.(*Table)
	t, ok2 := v.(*Table)
	if !ok1 || !ok2 || s.Len() == 0 || t.Len() == 0 {
		if !Equal(was, v) {
			m.note(path[:len(path)-1], path[len(path)-1], was, v)
			return v
		}
		return was
	}
	edit, changed := s.Edit(), false
	both(s, t, func(k string, x, y Value) bool {
		now := m.replace(x, y, join(path, k))
		switch {
		case same0(now, x):
			return true
		case now == nil:
			edit.Delete(k)
		default:
			edit.Set(k, now)
		}
		changed = true
		return true
	})
	if !changed {
		return s
	}
	return edit.Table()
}
