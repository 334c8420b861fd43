package tree

import (
	"strconv"
	"time"

	"patchbay/patchdev"
)

// FlashFor is how long a changed key stays lit.
const FlashFor = 1400 * time.Millisecond

// most is how many changes of one slot are marked one by one; of the rest only
// the branches above are.
const most = 2000

// marks remember what changed when.
type marks struct {
	keys  map[string]mark
	under map[string]mark
	// recent are the keys of each branch as they changed, stale the branches whose
	// order does not know of the newest changes yet.
	recent map[string]*touches
	stale  map[string]bool
	slot   int64     // the newest slot with changes that was marked
	until  time.Time // when the last flash goes out
}

type mark struct {
	slot  int64
	at    time.Time
	delta string
	n     int
}

func (k *marks) init() {
	k.keys, k.under = map[string]mark{}, map[string]mark{}
	k.recent, k.stale = map[string]*touches{}, map[string]bool{}
	k.slot = -1
}

// Changed takes over what a slot changed. Call it along with SetRoot.
func (m *Model) Changed(slot int64, changes []patchdev.Change, now time.Time) {
	if len(changes) == 0 {
		return
	}
	k := &m.marks
	if len(k.keys) > 40*most {
		k.init()
	}
	k.slot, k.until = slot, now.Add(FlashFor)
	for i, c := range changes {
		if i < most {
			k.keys[join(c.Path)] = mark{slot: slot, at: now, delta: Delta(c.Old, c.New)}
		}
		if i >= 20*most {
			break
		}
		parent := ""
		for d := 1; d <= len(c.Path); d++ {
			if i < most {
				k.touch(parent, c.Path[d-1], slot, now)
			}
			id := join(c.Path[:d])
			if parent = id; d == len(c.Path) {
				break
			}
			u := k.under[id]
			if u.slot != slot || !u.at.Equal(now) {
				u = mark{slot: slot, at: now}
			}
			u.n++
			k.under[id] = u
		}
	}
}

// Travel forgets what is lit, for another slot shown out of order; the changes of
// that slot are then marked without a flash.
func (m *Model) Travel(slot int64, changes []patchdev.Change, now time.Time) {
	before := m.marks.recent
	m.marks.init()
	for parent := range before { // what stood first there does no longer
		m.marks.stale[parent] = true
	}
	m.Changed(slot, changes, now.Add(-FlashFor-time.Millisecond))
}

// Flashing says that something is lit and a refresh will be due.
func (m *Model) Flashing(now time.Time) bool { return now.Before(m.marks.until) }

func (k *marks) at(id string, now time.Time) (delta string, flash bool) {
	c, ok := k.keys[id]
	if !ok {
		return "", false
	}
	flash = now.Sub(c.at) < FlashFor
	if flash || c.slot == k.slot {
		delta = c.delta
	}
	return delta, flash
}

func (k *marks) below(id string, now time.Time) (flash bool, n int) {
	u, ok := k.under[id]
	if !ok || u.slot != k.slot {
		return false, 0
	}
	return now.Sub(u.at) < FlashFor, u.n
}

// Delta says in a word how a value changed: "+250", "-3", "new", "was text".
func Delta(old, now patchdev.Value) string {
	switch {
	case old == nil:
		return "new"
	case now == nil:
		return "gone"
	}
	if a, ok := number(old); ok {
		if b, ok := number(now); ok {
			return signed(a, b, old, now)
		}
	}
	if old.Kind() != now.Kind() {
		return "was " + old.Kind().String()
	}
	if n, ok := branch(old); ok {
		k, _ := branch(now)
		if k != n {
			return sign(int64(k) - int64(n))
		}
	}
	return "changed"
}

func sign(n int64) string {
	if n > 0 {
		return "+" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}

func signed(a, b float64, old, now patchdev.Value) string {
	if x, ok := old.(patchdev.Int); ok {
		if y, ok := now.(patchdev.Int); ok {
			if d := int64(y) - int64(x); (d > 0) == (y > x) {
				return sign(d)
			}
		}
	}
	s := strconv.FormatFloat(b-a, 'g', 6, 64)
	if b >= a {
		s = "+" + s
	}
	return s
}

func number(v patchdev.Value) (float64, bool) {
	switch v := v.(type) {
	case patchdev.Int:
		return float64(v), true
	case patchdev.Float:
		return float64(v), true
	case patchdev.String:
		// balances are often decimal strings
		if len(v) == 0 || len(v) > 24 || v[0] > '9' {
			return 0, false
		}
		f, err := strconv.ParseFloat(string(v), 64)
		return f, err == nil
	}
	return 0, false
}
