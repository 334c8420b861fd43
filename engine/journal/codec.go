package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"patchbay/patchdev"
)

// ErrDamaged is wrapped by errors about stored bytes that cannot be decoded.
var ErrDamaged = errors.New("the stored bytes are damaged")

// maxDepth bounds the nesting of a decoded value, so that damaged bytes cannot
// exhaust the stack.
const maxDepth = 100_000

// The kinds of encoded values. They are part of the file format.
const (
	codeNone byte = iota
	codeString
	codeInt
	codeFloat
	codeFalse
	codeTrue
	codeList
	codeTable
	// codeRef is a table or list that equals the one at the same place of a root
	// stored elsewhere; codeDelta is that table with some keys set and deleted. They
	// keep the journal small when a script sends its whole table with every patch.
	codeRef
	codeDelta
)

// refMin is how many keys a table has before it is worth a reference.
const refMin = 8

// encoder appends to a buffer. Tables may refer to root, which the decoder will
// be given too; nil stores everything in full.
type encoder struct {
	b    []byte
	root *patchdev.Table
}

func (e *encoder) uint(n uint64)   { e.b = binary.AppendUvarint(e.b, n) }
func (e *encoder) int(n int64)     { e.b = binary.AppendVarint(e.b, n) }
func (e *encoder) byte(c byte)     { e.b = append(e.b, c) }
func (e *encoder) string(s string) { e.uint(uint64(len(s))); e.b = append(e.b, s...) }

func (e *encoder) bool(v bool) {
	if v {
		e.byte(1)
	} else {
		e.byte(0)
	}
}

// value appends a value. base is the value at the same place of the root that
// the decoder will be given too, or nil.
func (e *encoder) value(v, base patchdev.Value) {
	switch v := v.(type) {
	case nil:
		e.byte(codeNone)
	case patchdev.String:
		e.byte(codeString)
		e.string(string(v))
	case patchdev.Int:
		e.byte(codeInt)
		e.int(int64(v))
	case patchdev.Float:
		e.byte(codeFloat)
		e.b = binary.BigEndian.AppendUint64(e.b, math.Float64bits(float64(v)))
	case patchdev.Bool:
		if v {
			e.byte(codeTrue)
		} else {
			e.byte(codeFalse)
		}
	case *patchdev.List:
		if b, ok := base.(*patchdev.List); ok && v.Len() > 0 && (v == b || v.Len() == b.Len() && patchdev.Hash(v) == patchdev.Hash(b)) {
			e.byte(codeRef)
			return
		}
		e.byte(codeList)
		e.uint(uint64(v.Len()))
		for _, x := range v.All() {
			if t, ok := x.(*patchdev.Table); ok {
				e.table(t, nil, true)
			} else {
				e.value(x, nil)
			}
		}
	case *patchdev.Table:
		b, _ := base.(*patchdev.Table)
		e.table(v, b, false)
	}
}

// table appends a table. In a list it may be a tag, {name, value}, and a patch's
// tag is found in the root under its name: aos hands the list of tags on beside
// the fields that are made of it.
func (e *encoder) table(t, base *patchdev.Table, inList bool) {
	if base != nil && t.Len() >= refMin {
		if t == base || t.Len() == base.Len() && patchdev.Hash(t) == patchdev.Hash(base) {
			e.byte(codeRef)
			return
		}
		if base.Len() > t.Len()/2 && e.delta(t, base) {
			return
		}
	}
	e.byte(codeTable)
	e.uint(uint64(t.Len()))
	name := ""
	for k, v := range t.All() {
		e.string(k)
		var b patchdev.Value
		switch {
		case base != nil:
			b, _ = base.Get(k)
		case inList && k == "value" && name != "":
			b = under(e.root, name)
		}
		e.value(v, b)
		if s, ok := v.(patchdev.String); ok && k == "name" {
			name = string(s)
		}
	}
}

// delta tries to write t as what differs from base.
func (e *encoder) delta(t, base *patchdev.Table) bool {
	changes := patchdev.Diff(base, t)
	if len(changes) > t.Len()/4 {
		return false
	}
	e.byte(codeDelta)
	root := e.root
	e.root = nil // what differs is stored in full
	e.changes(changes, false)
	e.root = root
	return true
}

// changes appends a list of changes, with the old values if old is true. Both may
// refer to the root before the changes.
func (e *encoder) changes(list []patchdev.Change, old bool) {
	e.uint(uint64(len(list)))
	var last []string
	for _, c := range list {
		// Paths come in order and share their beginnings.
		n := 0
		for n < len(last) && n < len(c.Path) && last[n] == c.Path[n] {
			n++
		}
		e.uint(uint64(n))
		e.uint(uint64(len(c.Path) - n))
		for _, k := range c.Path[n:] {
			e.string(k)
		}
		last = c.Path
		var base patchdev.Value
		if e.root != nil {
			base = lookUp(e.root, c.Path)
		}
		if old {
			e.value(c.Old, base)
		}
		e.value(c.New, base)
	}
}

// lookUp follows a path.
func lookUp(root *patchdev.Table, path []string) patchdev.Value {
	var v patchdev.Value = root
	for _, k := range path {
		t, ok := v.(*patchdev.Table)
		if !ok {
			return nil
		}
		v, _ = t.Get(k)
	}
	return v
}

// decoder reads what encoder wrote. After the first error it returns zeros.
type decoder struct {
	b     []byte
	root  *patchdev.Table // what encoder.root was
	err   error
	depth int
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", ErrDamaged, what)
	}
	d.b = nil
}

func (d *decoder) uint() uint64 {
	n, k := binary.Uvarint(d.b)
	if k <= 0 {
		d.fail("a number is cut off")
		return 0
	}
	d.b = d.b[k:]
	return n
}

func (d *decoder) int() int64 {
	n, k := binary.Varint(d.b)
	if k <= 0 {
		d.fail("a number is cut off")
		return 0
	}
	d.b = d.b[k:]
	return n
}

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.fail("a byte is missing")
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) bool() bool { return d.byte() != 0 }

func (d *decoder) string() string {
	n := d.uint()
	if n > uint64(len(d.b)) {
		d.fail("a string is cut off")
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

// count reads how many items follow. An item has at least one byte, so that
// damaged bytes cannot ask for more memory than they have.
func (d *decoder) count() int {
	n := d.uint()
	if n > uint64(len(d.b)) {
		d.fail("a list is cut off")
		return 0
	}
	return int(n)
}

func (d *decoder) value(base patchdev.Value) patchdev.Value {
	if d.depth++; d.depth > maxDepth {
		d.fail("nested too deeply")
		return nil
	}
	defer func() { d.depth-- }()
	switch c := d.byte(); c {
	case codeNone:
		return nil
	case codeString:
		return patchdev.String(d.string())
	case codeInt:
		return patchdev.Int(d.int())
	case codeFloat:
		if len(d.b) < 8 {
			d.fail("a float is cut off")
			return nil
		}
		f := math.Float64frombits(binary.BigEndian.Uint64(d.b))
		d.b = d.b[8:]
		return patchdev.Float(f)
	case codeFalse, codeTrue:
		return patchdev.Bool(c == codeTrue)
	case codeList:
		n := d.count()
		vals := make([]patchdev.Value, 0, min(n, 1024))
		for ; n > 0 && d.err == nil; n-- {
			if len(d.b) > 0 && d.b[0] == codeTable {
				d.byte()
				vals = append(vals, d.fields(nil, true))
			} else {
				vals = append(vals, d.value(nil))
			}
		}
		return patchdev.NewList(vals...)
	case codeTable:
		return d.fields(base, false)
	case codeRef:
		switch base.(type) {
		case *patchdev.Table, *patchdev.List:
			return base
		}
		d.fail("a table refers to a root that is not there")
		return nil
	case codeDelta:
		t, ok := base.(*patchdev.Table)
		if !ok {
			d.fail("a table refers to a root that is not there")
			return nil
		}
		root := d.root
		d.root = nil
		t = ApplyChanges(t, d.changes(false))
		d.root = root
		return t
	default:
		d.fail(fmt.Sprintf("unknown kind of value %d", c))
		return nil
	}
}

func (d *decoder) fields(base patchdev.Value, inList bool) patchdev.Value {
	if d.depth++; d.depth > maxDepth {
		d.fail("nested too deeply")
		return nil
	}
	defer func() { d.depth-- }()
	t, _ := base.(*patchdev.Table)
	name := ""
	b := patchdev.EmptyTable().Edit()
	for n := d.count(); n > 0 && d.err == nil; n-- {
		k := d.string()
		var base patchdev.Value
		switch {
		case t != nil:
			base, _ = t.Get(k)
		case inList && k == "value" && name != "":
			base = under(d.root, name)
		}
		if v := d.value(base); d.err == nil {
			b.Set(k, v)
			if s, ok := v.(patchdev.String); ok && k == "name" {
				name = string(s)
			}
		}
	}
	return b.Table()
}

func (d *decoder) changes(old bool) []patchdev.Change {
	n := d.count()
	if n == 0 {
		return nil
	}
	out := make([]patchdev.Change, 0, min(n, 1024))
	var last []string
	for ; n > 0 && d.err == nil; n-- {
		shared, more := d.uint(), d.count()
		if shared > uint64(len(last)) {
			d.fail("a path refers to a longer one than there is")
			return nil
		}
		path := append(make([]string, 0, int(shared)+more), last[:shared]...)
		for ; more > 0 && d.err == nil; more-- {
			path = append(path, d.string())
		}
		c := patchdev.Change{Path: path}
		var base patchdev.Value
		if d.root != nil {
			base = lookUp(d.root, path)
		}
		if old {
			c.Old = d.value(base)
		}
		c.New = d.value(base)
		out = append(out, c)
		last = path
	}
	return out
}

// ApplyChanges sets the new value of every change in root, making the tables on
// the way, and deletes where there is none.
func ApplyChanges(root *patchdev.Table, changes []patchdev.Change) *patchdev.Table {
	for i := 0; i < len(changes); {
		c := changes[i]
		if len(c.Path) == 0 {
			if t, ok := c.New.(*patchdev.Table); ok {
				root = t
			}
			i++
			continue
		}
		if len(c.Path) == 1 {
			root = set(root, c.Path[0], c.New)
			i++
			continue
		}
		// All that follow under the same key are done at once, so that the tables on
		// the way are made once and not for every change.
		n := i + 1
		for n < len(changes) && len(changes[n].Path) > 1 && changes[n].Path[0] == c.Path[0] {
			n++
		}
		inner := make([]patchdev.Change, n-i)
		for k, x := range changes[i:n] {
			inner[k] = patchdev.Change{Path: x.Path[1:], New: x.New}
		}
		v, _ := root.Get(c.Path[0])
		t, ok := v.(*patchdev.Table)
		if !ok {
			t = patchdev.EmptyTable()
		}
		root = root.Set(c.Path[0], ApplyChanges(t, inner))
		i = n
	}
	return root
}

func set(t *patchdev.Table, key string, v patchdev.Value) *patchdev.Table {
	if v == nil {
		return t.Delete(key)
	}
	return t.Set(key, v)
}
