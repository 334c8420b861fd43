package patchdev

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"sync/atomic"
	"unicode/utf8"
)

// memo is what is remembered of a list, a table or a node of one once it was
// asked for. All of it follows from the content, so that two goroutines that
// compute it at once store the same.
type memo struct {
	hash atomic.Pointer[[32]byte]
	attr atomic.Uint32
}

// attr says what occurs in a value or anywhere below it, so that a rule need
// not walk a tree in which nothing can match, and nodes shared with an earlier
// root are not looked at again.
type attr uint32

const (
	attrKnown      attr = 1 << iota // the others are filled in
	attrUpperKey                    // a key with A-Z that would be folded
	attrSlashKey                    // a key with '/'
	attrEmptyTable                  // a table without keys
	attrEmptyList                   // a list without values
	attrNumbered                    // a table with the keys "1" to "n" exactly
	attrBigInt                      // an integer of more than 15 digits
	attrNotNumber                   // NaN or an infinity
	attrNonASCII                    // a key that is not ASCII
	attrBool                        // a boolean
	attrControl                     // a string member with control characters or spaces at its ends
	attrNotUTF8                     // a string that is not UTF-8
	attrNamedKey                    // a key that is reserved, framing or otherwise special
	attrIDKey                       // a key of 32, 42 or 43 bytes
	attrOddKey                      // a key that a path or a header cannot carry
	attrLong                        // a string of more than 4096 bytes
	attrEmptyKey                    // the empty key
	attrUnset                       // the string that removes a key in some nodes
	attrPriv                        // a key named exactly priv
	attrRounded                     // a float that is a whole number of 15 or more digits
	attrFloat                       // any other number with a fraction or held as float
)

// without is a after the part was of what it is made of became now: a itself
// corrected, or 0, not known, when something else may have what now lacks.
func (a attr) without(was, now attr) attr {
	if was&^now != 0 {
		return 0
	}
	return a | now
}

// MaxInt is the greatest integer that a node can store; more digits break the
// process for good (spec hyperbeam-http §4.6).
const MaxInt = 999_999_999_999_999

func attrOf(v Value) attr {
	switch v := v.(type) {
	case String:
		return stringAttr(string(v))
	case Int:
		if v > MaxInt || v < -MaxInt {
			return attrKnown | attrBigInt
		}
	case Float:
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return attrKnown | attrNotNumber
		} else if f >= 1e14 || f <= -1e14 {
			return attrKnown | attrRounded
		}
		return attrKnown | attrFloat
	case Bool, Atom:
		return attrKnown | attrBool
	case *List:
		return v.attrs()
	case *Table:
		return v.attrs()
	}
	return attrKnown
}

func stringAttr(s string) attr {
	a := attrKnown
	ascii := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x80 {
			ascii = false
		} else if c < 0x20 && c != '\t' || c == 0x7f {
			a |= attrControl
		}
	}
	if len(s) > 0 && (s[0] == ' ' || s[len(s)-1] == ' ' || s[0] == '\t' || s[len(s)-1] == '\t') {
		a |= attrControl
	}
	if !ascii && !utf8.ValidString(s) {
		a |= attrNotUTF8
	}
	if len(s) > 4096 {
		a |= attrLong
	}
	if s == unsetMark {
		a |= attrUnset
	}
	return a
}

func keyAttr(k string) attr {
	if isIDKey(k) {
		return attrIDKey | keyBytes(k, false)
	}
	a := keyBytes(k, true)
	if k == "" {
		a |= attrEmptyKey
	}
	if namedKey(k) {
		a |= attrNamedKey
	}
	if k == "priv" {
		a |= attrPriv
	}
	return a
}

func keyBytes(k string, fold bool) attr {
	var a attr
	for i := 0; i < len(k); i++ {
		switch c := k[i]; {
		case c >= 'A' && c <= 'Z':
			if fold {
				a |= attrUpperKey
			}
		case c == '/':
			a |= attrSlashKey
		case c >= 0x80:
			a |= attrNonASCII
		case c == '~' || c == '+' || c == '&' || c == '%' || c == '=' || c == '(' || c == ')' || c <= ' ' || c == ':' || c == '?' || c == '"' || c == 0x7f:
			a |= attrOddKey
		}
	}
	return a
}

func (l *List) attrs() attr {
	if a := attr(l.memo.attr.Load()); a != 0 {
		return a
	}
	a := attrKnown
	if l.Len() == 0 {
		a |= attrEmptyList
	}
	for _, v := range l.items() {
		a |= attrOf(v)
	}
	l.memo.attr.Store(uint32(a))
	return a
}

func (t *Table) attrs() attr {
	if a := attr(t.memo.attr.Load()); a != 0 {
		return a
	}
	a := attrKnown
	if t.root == nil {
		a |= attrEmptyTable
	} else {
		a |= t.root.attrs()
		if isNumbered(t) {
			a |= attrNumbered
		}
	}
	t.memo.attr.Store(uint32(a))
	return a
}

func (n *node) attrs() attr {
	if a := attr(n.memo.attr.Load()); a != 0 {
		return a
	}
	a := attrKnown
	for i, k := range n.keys {
		if n.kids != nil {
			a |= n.kids[i].attrs()
		} else {
			a |= keyAttr(k) | attrOf(n.vals[i])
		}
	}
	n.memo.attr.Store(uint32(a))
	return a
}

// isNumbered says whether the keys are exactly "1" to "n", n at least 1: what
// the Lua of a node hands on as a list (spec hyperbeam-observed §1.8).
func isNumbered(t *Table) bool {
	n := t.Len()
	if n == 0 {
		return false
	}
	if k, _ := t.At(0); k != "1" {
		return false
	}
	for k := range t.All() {
		if i, ok := listIndex(k); !ok || i < 1 || i > n {
			return false
		}
	}
	return true
}

// listIndex reads a canonical decimal number without sign.
func listIndex(k string) (int, bool) {
	if k == "" || len(k) > 9 || k[0] == '0' && len(k) > 1 {
		return 0, false
	}
	for i := 0; i < len(k); i++ {
		if k[i] < '0' || k[i] > '9' {
			return 0, false
		}
	}
	i, err := strconv.Atoi(k)
	return i, err == nil
}

// Hash is the SHA-256 digest of a value's content (DESIGN S6). It does not
// depend on how a table came to be: the digests of a table's entries are added
// up, and the sums are remembered for every node, so that after a change only
// the path to it is digested again. A nil value has the digest of nothing.
func Hash(v Value) [32]byte {
	switch v := v.(type) {
	case *List:
		return v.digest()
	case *Table:
		return v.digest()
	default:
		var room [192]byte
		return sha256.Sum256(appendScalar(room[:0], v))
	}
}

// appendScalar appends the kind and the content of a value that is no list and no
// table, which entryDigest does itself: so it is not recursive, and buffers given
// to it can be on the stack.
func appendScalar(b []byte, v Value) []byte {
	if v == nil {
		return append(b, byte(KindNone))
	}
	b = append(b, byte(v.Kind()))
	switch v := v.(type) {
	case String:
		b = append(b, v...)
	case Int:
		b = binary.BigEndian.AppendUint64(b, uint64(v))
	case Float:
		b = binary.BigEndian.AppendUint64(b, floatBits(v))
	case Bool:
		if v {
			b = append(b, 1)
		}
	case Atom:
		b = append(append(b, 2), v...)
	}
	return b
}

// floatBits are the bits that tell two floats apart; all NaN are one.
func floatBits(f Float) uint64 {
	if f != f {
		return 0x7ff8000000000001
	}
	return math.Float64bits(float64(f))
}

func (l *List) digest() [32]byte {
	if h := l.memo.hash.Load(); h != nil {
		return *h
	}
	var room [1 + 16*32]byte
	buf := append(room[:0], byte(KindList))
	for _, v := range l.items() {
		h := Hash(v)
		buf = append(buf, h[:]...)
	}
	h := sha256.Sum256(buf)
	l.memo.hash.Store(&h)
	return h
}

func (t *Table) digest() [32]byte {
	if h := t.memo.hash.Load(); h != nil {
		return *h
	}
	var buf [1 + 8 + 32]byte
	buf[0] = byte(KindTable)
	binary.BigEndian.PutUint64(buf[1:], uint64(t.Len()))
	if t.root != nil {
		s := t.root.sum()
		copy(buf[9:], s[:])
	}
	h := sha256.Sum256(buf[:])
	t.memo.hash.Store(&h)
	return h
}

// sum adds up the digests of the entries below n, modulo 2^256.
func (n *node) sum() [32]byte {
	if h := n.memo.hash.Load(); h != nil {
		return *h
	}
	var total [32]byte
	for i, k := range n.keys {
		var s [32]byte
		if n.kids != nil {
			s = n.kids[i].sum()
		} else {
			s = entryDigest(k, n.vals[i])
		}
		add(&total, &s)
	}
	n.memo.hash.Store(&total)
	return total
}

// entryDigest is what an entry adds to the sum of its leaf.
func entryDigest(k string, v Value) [32]byte {
	var room [192]byte
	buf := binary.BigEndian.AppendUint32(room[:0], uint32(len(k)))
	buf = append(buf, k...)
	switch v := v.(type) {
	case *List:
		h := v.digest()
		buf = append(append(buf, byte(KindList)), h[:]...)
	case *Table:
		h := v.digest()
		buf = append(append(buf, byte(KindTable)), h[:]...)
	default:
		buf = appendScalar(buf, v)
	}
	return sha256.Sum256(buf)
}

// resum brings the sum of a leaf, where it is known, up to date for a key that had
// the value was and has the value now, nil for none. Else a changed value would
// cost the digests of all its neighbours.
func (n *node) resum(k string, was, now Value) {
	h := n.memo.hash.Load()
	if h == nil {
		return
	}
	total := *h
	if was != nil {
		s := entryDigest(k, was)
		sub(&total, &s)
	}
	if now != nil {
		s := entryDigest(k, now)
		add(&total, &s)
	}
	n.memo.hash.Store(&total)
}

func add(total, s *[32]byte) {
	var carry uint64
	for i := 24; i >= 0; i -= 8 {
		a, b := binary.BigEndian.Uint64(total[i:]), binary.BigEndian.Uint64(s[i:])
		var r uint64
		r, carry = bits.Add64(a, b, carry)
		binary.BigEndian.PutUint64(total[i:], r)
	}
}

func sub(total, s *[32]byte) {
	var borrow uint64
	for i := 24; i >= 0; i -= 8 {
		a, b := binary.BigEndian.Uint64(total[i:]), binary.BigEndian.Uint64(s[i:])
		var r uint64
		r, borrow = bits.Sub64(a, b, borrow)
		binary.BigEndian.PutUint64(total[i:], r)
	}
}
