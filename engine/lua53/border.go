package lua53

import "math/bits"

// Where a list has holes, "#" is one of several borders. Scripts that set items to
// nil see which, so it must be PUC's: that depends on how many slots the list part of
// its table has, which changes when its hash part is full. layout follows both for
// the tables in which it shows, from the first hole on; of other tables, which have
// but one border, enough is known by then. As long as all keys are integers, whose
// slots follow from the keys, it gives the order of pairs, too.
type layout struct {
	list  int     // slots of the list part
	nodes []pnode // the hash part: a power of two of slots, or none
	free  int     // no slot from here on is free
	steps int     // looked at since they were paid for
	mixed bool    // some slot was taken by a key that is no integer
}

// pnode is a slot of the hash part. Whether its key has a value the table itself says.
type pnode struct {
	key  val
	used bool
	next int32 // how far the next slot of the chain is; 0: there is none
}

// layoutBytes is about what a layout and its tracker take, nodeBytes a slot.
const (
	layoutBytes = 256
	nodeBytes   = 24
)

// border is "#" for a table with a layout (luaH_getn).
func (t *Table) border() int64 {
	l := t.track.layout
	low, high := int64(0), int64(l.list)
	switch {
	case high > 0 && t.getInt(high).isNil():
	case len(l.nodes) == 0:
		return high
	default:
		low, high = high, high+1
		for !t.getInt(high).isNil() {
			low = high
			if high > 1<<40 { // built with malice; PUC looks one by one then
				return low
			}
			high *= 2
		}
	}
	for high-low > 1 {
		if m := (low + high) / 2; t.getInt(m).isNil() {
			high = m
		} else {
			low = m
		}
	}
	return low
}

// layoutOf begins to follow a table that has more than one border, or is about to.
// The room of our list part says how far that of PUC has grown.
func (s *State) layoutOf(t *Table) {
	l := layout{list: len(t.arr)}
	switch c := cap(t.arr); {
	case l.list == 0 || c == l.list:
	case c < listDoubles && c != 4: // which is where all that grow begin
		l.list = c
	default:
		l.list = slots(l.list)
	}
	s.follow(t, l, t.live(), nil)
}

// follow gives a table its layout, with a hash part of so many slots for the keys that
// stand outside of the list, in the order given or else in that of the table. Tables of
// luerl have none: their list part is all that counts.
func (s *State) follow(t *Table, l layout, size int, keys []val) {
	if s.opts.Luerl {
		return
	}
	if t.track == nil {
		t.track = &tracker{}
	}
	l.clear(slots(size))
	if keys == nil {
		for i := l.list; i < len(t.arr); i++ {
			keys = append(keys, intVal(int64(i+1)))
		}
		for i := range t.ents {
			keys = append(keys, t.ents[i].key)
		}
	}
	for _, k := range keys {
		if !l.inList(k) && !t.get(k).isNil() {
			l.insert(t, k, nil)
		}
	}
	old, was := t.track.layout, t.holed
	t.track.layout, t.holed = &l, true
	if s.logs(t) {
		s.Save(func() { t.track.layout, t.holed = old, was })
	}
	s.grow(layoutBytes + int64(len(l.nodes))*nodeBytes)
}

// setField is rawSet for a field in brackets of a constructor. Integers stay among the
// other keys until fieldKeys.
func (s *State) setField(t *Table, k, v val) {
	if k = normKey(k); !k.isInt() || int64(k.n) < 1 {
		s.rawSet(t, k, v)
		return
	}
	h := hashVal(k)
	switch e := t.find(k, h); {
	case e >= 0 && !t.ents[e].v.isNil():
		s.setEntry(t, e, v)
	case !v.isNil():
		if g := t.insert(k, v, h); g != 0 {
			s.grow(int64(cap(t.ents)) * entryBytes)
		}
	}
}

// fieldKeys puts the integers among the fields of a constructor where they belong. It
// returns all keys in the order in which PUC's hash part got them, nil when no integer
// is among them.
func (s *State) fieldKeys(t *Table) (keys []val) {
	ints := false
	for i := range t.ents {
		ints = ints || t.ents[i].key.isInt() && int64(t.ents[i].key.n) > 0
	}
	if !ints {
		return nil
	}
	keys = make([]val, len(t.ents))
	for i := range t.ents {
		keys[i] = t.ents[i].key
	}
	s.migrate(t)
	return keys
}

// slots is the smallest power of two that is at least n; 0 for 0.
func slots(n int) int {
	if n == 0 {
		return 0
	}
	return 1 << bits.Len(uint(n-1))
}

// place tells the layout of a key without a value that one is about to be stored for,
// be it nil (luaH_newkey).
func (s *State) place(t *Table, k val) {
	if s.opts.Luerl {
		return
	}
	if !t.holed {
		s.layoutOf(t)
	}
	l := t.track.layout
	if l.inList(k) {
		return
	}
	found := l.find(k) >= 0
	s.paySteps(l)
	if found {
		return
	}
	var was moved
	old := *l
	switch fits := l.insert(t, k, &was); {
	case !fits:
		if s.logs(t) {
			s.Save(func() { *l = old }) // whose slots nobody changes any more
		}
		s.rehash(t, l, k)
	case s.logs(t):
		s.Save(func() {
			l.free, l.mixed = old.free, old.mixed
			for i, at := range was.at[:was.n] {
				l.nodes[at] = was.old[i]
			}
		})
	}
	s.paySteps(l)
}

// stepsPerGas is how many slots are looked at for the gas of an instruction. Keys can
// be chosen so that all of them are in one chain.
const stepsPerGas = 4

// paySteps takes the gas for the slots that were looked at.
func (s *State) paySteps(l *layout) {
	n := l.steps
	l.steps = 0
	s.payLooks(n)
}

// payLooks takes the gas for places of a table that were looked at on the way to one.
func (s *State) payLooks(n int) {
	if s.fuel -= int64(n / stepsPerGas); s.fuel < 0 {
		s.refuel()
	}
}

// moved are the slots that an insertion changed, as they were.
type moved struct {
	n   int
	at  [3]int
	old [3]pnode
}

// changes notes that slot i is about to be changed.
func (m *moved) changes(l *layout, i int) {
	if m != nil {
		m.at[m.n], m.old[m.n] = i, l.nodes[i]
		m.n++
	}
}

// inList says whether the list part has a slot for a key.
func (l *layout) inList(k val) bool { return k.isInt() && k.n-1 < uint64(l.list) }

// home is the slot where a key is looked for first.
func (l *layout) home(k val) int {
	h := uint64(hashVal(k))
	if k.isInt() {
		h = k.n
	}
	return int(h & uint64(len(l.nodes)-1))
}

// find is the slot of a key in the hash part, -1 if it has none.
func (l *layout) find(k val) int {
	if len(l.nodes) == 0 {
		return -1
	}
	for i := l.home(k); ; i += int(l.nodes[i].next) {
		if n := &l.nodes[i]; n.used && n.key == k {
			return i
		}
		if l.nodes[i].next == 0 {
			return -1
		}
		l.steps++
	}
}

// insert gives a key a slot of the hash part; false: there is none. It notes in was,
// unless that is nil, what it changes besides free.
func (l *layout) insert(t *Table, k val, was *moved) bool {
	if len(l.nodes) == 0 {
		return false
	}
	at := l.home(k)
	n := &l.nodes[at]
	if n.used && !t.get(n.key).isNil() {
		free := l.free - 1
		for free >= 0 && l.nodes[free].used {
			free--
		}
		l.free = max(free, 0)
		if free < 0 {
			return false
		}
		was.changes(l, free)
		if other := l.home(n.key); other != at { // a guest: it gives way
			for other+int(l.nodes[other].next) != at {
				other += int(l.nodes[other].next)
				l.steps++
			}
			was.changes(l, at)
			was.changes(l, other)
			l.nodes[other].next = int32(free - other)
			l.nodes[free] = *n
			if n.next != 0 {
				l.nodes[free].next += int32(at - free)
				n.next = 0
			}
		} else {
			was.changes(l, at)
			f := &l.nodes[free]
			f.next = 0
			if n.next != 0 {
				f.next = int32(at + int(n.next) - free)
			}
			n.next = int32(free - at)
			at = free
		}
	} else {
		was.changes(l, at)
	}
	l.nodes[at].key, l.nodes[at].used = k, true
	l.mixed = l.mixed || !k.isInt()
	return true
}

// clear makes an empty hash part.
func (l *layout) clear(size int) {
	l.nodes, l.free, l.mixed = make([]pnode, size), size, false
}

// rehash makes both parts anew, with room for one more key: as many of the integer
// keys as fill more than half of the slots go into the list part.
func (s *State) rehash(t *Table, l *layout, k val) {
	var bins [65]int
	ints, all := 0, 1
	count := func(k val) {
		if k.isInt() && int64(k.n) > 0 {
			bins[bits.Len64(k.n-1)]++
			ints++
		}
	}
	count(k)
	for i := range t.arr {
		if !t.arr[i].isNil() {
			count(intVal(int64(i) + 1))
			all++
		}
	}
	for i := range t.ents {
		if !t.ents[i].v.isNil() {
			count(t.ents[i].key)
			all++
		}
	}
	if s.fuel -= int64(len(t.arr)+len(t.ents)) / 8; s.fuel < 0 {
		s.refuel()
	}
	was, nodes := l.list, l.nodes
	l.list = 0
	sum, inList := 0, 0
	for i, size := 0, 1; i < 31 && ints > size/2; i, size = i+1, size*2 {
		if sum += bins[i]; bins[i] > 0 && sum > size/2 {
			l.list, inList = size, sum
		}
	}
	size := slots(all - inList)
	if size > len(nodes) {
		s.grow(int64(size-len(nodes)) * nodeBytes)
	}
	l.clear(size)
	for i := l.list; i < was; i++ {
		if x := intVal(int64(i + 1)); !t.getInt(int64(i + 1)).isNil() {
			l.insert(t, x, nil)
		}
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		if n := &nodes[i]; n.used && !t.get(n.key).isNil() && !l.inList(n.key) {
			l.insert(t, n.key, nil)
		}
	}
	if !l.inList(k) {
		l.insert(t, k, nil)
	}
}
