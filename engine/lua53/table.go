package lua53

import (
	"fmt"
	"hash/maphash"
	"math/bits"

	lua "github.com/yuin/gopher-lua"
)

// Table is a Lua table. gopher-lua's LTable cannot serve: it fills arrays up to
// sparse keys, forgets no key, and has no place where a store could be logged.
//
// A table lists its keys in a fixed order: 1 … n of the list part, then the
// other keys in the order in which they got their present value from nil; a table
// with holes and no keys but integers lists them in PUC's (see layout). The order
// depends on nothing else, so that a replayed evaluation sees the same.
//
// Reading is done by methods; every store goes through a State (Set), because
// it may have to be logged for a roll-back.
type Table struct {
	arr  []val   // the list part: keys 1 … len(arr); the last is never nil
	ents []entry // the other keys in order; dead ones have a nil value
	idx  *index  // open addressing over ents; nil for few entries
	meta *Table
	dead int32 // entries of ents without a value

	// absent has a bit for each metamethod that this table, used as a
	// metatable, is known not to have. A store of a string key clears it.
	absent uint32
	born   uint32 // the transaction that made it
	ref    uint32 // its number for tostring; 0: not shown yet
	mark   uint32 // of the last recount that met it
	queued bool   // in the state's list of tables to compact
	holed  bool   // "#" is a matter of the layout: see border
	track  *tracker
}

// index finds entries by the hash of their key: 0 is free, else the entry+1. Its
// length is a power of two.
type index []int32

type entry struct {
	key, v val
	hash   uint32
}

// Type says LTTable.
func (*Table) Type() lua.LValueType { return lua.LTTable }

// String is for debugging; scripts see State.ToString.
func (t *Table) String() string { return fmt.Sprintf("table: %p", t) }

// Metatable is the table's metatable, or nil.
func (t *Table) Metatable() *Table { return t.meta }

// Get is rawget(t, key).
func (t *Table) Get(key lua.LValue) lua.LValue { return t.get(unbox(key)).box() }

// GetString is rawget(t, key).
func (t *Table) GetString(key string) lua.LValue { return t.getStr(key).box() }

// GetInt is rawget(t, i).
func (t *Table) GetInt(i int64) lua.LValue { return t.getInt(i).box() }

// Len is rawlen(t): a border of the list.
func (t *Table) Len() int64 { return t.length() }

// Count is the number of keys with a value.
func (t *Table) Count() int {
	t.open()
	n := t.live()
	for i := range t.arr {
		if !t.arr[i].isNil() {
			n++
		}
	}
	return n
}

// live is the number of keys with a value outside of the list part.
func (t *Table) live() int { return len(t.ents) - int(t.dead) }

// normKey gives a float key with an integer value its integer form.
func normKey(k val) val {
	if k.isFloat() {
		if i, ok := floatToInteger(k.float()); ok {
			return intVal(i)
		}
	}
	return k
}

func (t *Table) get(k val) val {
	if k.o == nil {
		return t.getInt(int64(k.n))
	}
	switch x := k.o.(type) {
	case lua.LString:
		return t.getStr(string(x))
	case floatTag:
		k = normKey(k)
		if k.o == nil {
			return t.getInt(int64(k.n))
		}
	}
	if i := t.find(k, hashVal(k)); i >= 0 {
		return t.ents[i].v
	}
	return vNil
}

func (t *Table) getInt(i int64) val {
	if uint64(i-1) < uint64(len(t.arr)) {
		return t.arr[i-1]
	}
	if t.track != nil && t.track.late {
		t.openLate()
		return t.getInt(i)
	}
	if len(t.ents) == 0 {
		return vNil
	}
	k := intVal(i)
	if e := t.find(k, hashVal(k)); e >= 0 {
		return t.ents[e].v
	}
	return vNil
}

func (t *Table) getStr(s string) val {
	if len(t.ents) == 0 {
		return vNil
	}
	if i := t.findStr(s, hashStr(s)); i >= 0 {
		return t.ents[i].v
	}
	return vNil
}

// length is a border: the end of the list part, or PUC's choice among several. Keys
// of a list that are stored out of order reach the list part as soon as those before
// them are there.
func (t *Table) length() int64 {
	t.open()
	if t.holed {
		return t.border()
	}
	return int64(len(t.arr))
}

// Hashing.

var hashSeed = maphash.MakeSeed()

func hashStr(s string) uint32 { return uint32(maphash.String(hashSeed, s)) }

func hashVal(k val) uint32 {
	if k.o == nil {
		return mix(k.n)
	}
	switch x := k.o.(type) {
	case lua.LString:
		return hashStr(string(x))
	case floatTag:
		return mix(k.n ^ 0x9E3779B97F4A7C15)
	case lua.LBool:
		if x {
			return 0x51ED270B
		}
		return 0x2545F491
	}
	return uint32(maphash.Comparable(hashSeed, k.o))
}

func mix(n uint64) uint32 {
	hi, lo := bits.Mul64(n^0xA0761D6478BD642F, 0xE7037ED1A0B428DB)
	return uint32(hi ^ lo ^ lo>>32)
}

// find returns the entry of a key, dead or alive, or -1.
func (t *Table) find(k val, h uint32) int {
	if t.idx == nil {
		for i := len(t.ents) - 1; i >= 0; i-- {
			if en := &t.ents[i]; en.hash == h && en.key.n == k.n && en.key.o == k.o {
				return i
			}
		}
		return -1
	}
	idx := *t.idx
	mask := uint32(len(idx) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		e := idx[i]
		if e == 0 {
			return -1
		}
		if en := &t.ents[e-1]; en.hash == h && en.key.n == k.n && en.key.o == k.o {
			return int(e - 1)
		}
	}
}

func (t *Table) findStr(s string, h uint32) int {
	if t.idx == nil {
		for i := len(t.ents) - 1; i >= 0; i-- {
			if en := &t.ents[i]; en.hash == h {
				if x, ok := en.key.o.(lua.LString); ok && string(x) == s {
					return i
				}
			}
		}
		return -1
	}
	idx := *t.idx
	mask := uint32(len(idx) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		e := idx[i]
		if e == 0 {
			return -1
		}
		if en := &t.ents[e-1]; en.hash == h {
			if x, ok := en.key.o.(lua.LString); ok && string(x) == s {
				return int(e - 1)
			}
		}
	}
}

// Storage, without logging: only store.go calls what follows.

const (
	entryBytes = 64 // an entry with its share of the index
	itemBytes  = 24
	tableBytes = 176
)

// insert appends a key that has no live entry. It returns the growth in bytes.
func (t *Table) insert(k, v val, h uint32) int64 {
	before := cap(t.ents)
	t.ents = append(t.ents, entry{key: k, v: v, hash: h})
	n, size := len(t.ents), 0
	if t.idx != nil {
		size = len(*t.idx)
	}
	switch {
	case n > size-size/4:
		t.reindex(n)
	case size > 0:
		t.link(n-1, k, h)
	}
	return int64(cap(t.ents)-before) * entryBytes
}

// link makes the index point to entry e for its key.
func (t *Table) link(e int, k val, h uint32) {
	if t.idx == nil {
		return
	}
	idx := *t.idx
	mask := uint32(len(idx) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		x := idx[i]
		if x == 0 {
			idx[i] = int32(e + 1)
			return
		}
		if en := &t.ents[x-1]; en.hash == h && en.key == k {
			idx[i] = int32(e + 1)
			return
		}
	}
}

// scanMax is how many entries are searched one by one instead of by an index.
const scanMax = 8

// reindex makes room in the index for n entries. Of a key that died and came
// back only the last entry counts.
func (t *Table) reindex(n int) {
	if n <= scanMax {
		t.idx = nil
		return
	}
	size := 16
	for size-size/4 < n {
		size *= 2
	}
	if size == 32 { // that of a message
		x := &struct {
			idx   index
			slots [32]int32
		}{}
		x.idx = x.slots[:]
		t.idx = &x.idx
	} else {
		idx := make(index, size)
		t.idx = &idx
	}
	for i := range t.ents {
		t.link(i, t.ents[i].key, t.ents[i].hash)
	}
}

// pop takes the last entry off again, as if it had never been there. An older,
// dead entry of the key stays unfindable, which nothing can notice.
func (t *Table) pop() {
	last := len(t.ents) - 1
	e := &t.ents[last]
	if t.idx != nil {
		t.unlink(last, e.hash)
	}
	if e.v.isNil() {
		t.dead--
	}
	*e = entry{}
	t.ents = t.ents[:last]
}

// unlink removes an entry from the index.
func (t *Table) unlink(last int, h uint32) {
	idx := *t.idx
	mask := uint32(len(idx) - 1)
	i := h & mask
	for idx[i] != int32(last+1) && idx[i] != 0 {
		i = (i + 1) & mask
	}
	// Close the gap in the probe sequence.
	found := idx[i] != 0
	idx[i] = 0
	for j := (i + 1) & mask; found && idx[j] != 0; j = (j + 1) & mask {
		home := t.ents[idx[j]-1].hash & mask
		if (j-home)&mask >= (j-i)&mask {
			idx[i], idx[j] = idx[j], 0
			i = j
		}
	}
}

// compact drops dead entries; the order of the others stays.
func (t *Table) compact() {
	live := t.live()
	ents := make([]entry, 0, live)
	for i := range t.ents {
		if !t.ents[i].v.isNil() {
			ents = append(ents, t.ents[i])
		}
	}
	t.ents, t.dead = ents, 0
	if live == 0 {
		t.ents, t.idx = nil, nil
		return
	}
	t.reindex(live)
}
