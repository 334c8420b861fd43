package patchdev

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// LinkID is the id under which a value can be asked for: its digest in base64url.
func LinkID(v Value) string {
	h := Hash(v)
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// SerializeJSON is what serialize~json@1.0 answers for a value (spec
// hyperbeam-http §6.2, §6.3): a table with a `device` member added, a list as a
// numbered object, a leaf wrapped as `body`. How booleans and nested tables look
// depends on the profile; bundle writes nested tables out where it would write ids.
func SerializeJSON(v Value, p Profile, bundle bool) []byte {
	c := Codec{NativeBooleans: p.NativeBooleans, Links: p.Links && !bundle}
	switch v := v.(type) {
	case *Table:
		return c.AppendTable(nil, v, String("json@1.0"))
	case *List:
		return c.AppendTable(nil, Numbered(v), String("json@1.0"))
	default:
		t := NewTable("ao-result", "body", "body", v)
		return c.AppendTable(nil, t, String("json@1.0"))
	}
}

// Numbered is a list as the table that readers see.
func Numbered(l *List) *Table {
	b := emptyTable.Edit()
	for i, v := range l.items() {
		b.Set(strconv.Itoa(i+1), v)
	}
	return b.Table()
}

// Codec writes values as json@1.0 does. The zero value is the codec of the build
// of September 2025 when everything is bundled.
type Codec struct {
	// NativeBooleans: true and false; else strings with an ao-types member beside.
	NativeBooleans bool
	// Links: nested tables and lists as "key+link" ids.
	Links bool
	// OnLink, if not nil, is told each id that is written and what it stands for.
	OnLink func(id string, v Value)
}

// AppendTable appends a table as an object. A device that is not empty becomes
// its `device` member, whatever the table says.
func (c *Codec) AppendTable(dst []byte, t *Table, device String) []byte {
	if c.NativeBooleans || t.attrs()&attrBool == 0 || c.Links {
		if !c.Links && device == "" && (t.attrs()&attrBool == 0 || c.NativeBooleans) {
			return appendJSON(dst, t, &JSONOptions{FloatPoint: true}, 0)
		}
	}
	w := objectWriter{c: c, dst: append(dst, '{'), device: device}
	if !c.NativeBooleans {
		if types := boolTypes(t); types != "" {
			w.types = types
		}
	}
	for k, v := range t.All() {
		w.member(k, v)
	}
	w.flush("\xff\xff")
	return append(w.dst, '}')
}

// objectWriter writes members in order and puts `device` and `ao-types` at
// their place among them.
type objectWriter struct {
	c      *Codec
	dst    []byte
	device String
	types  string
	n      int
}

func (w *objectWriter) name(k string) {
	if w.n > 0 {
		w.dst = append(w.dst, ',')
	}
	w.n++
	w.dst = append(appendString(w.dst, k), ':')
}

// flush writes the added members that come before key.
func (w *objectWriter) flush(key string) {
	if w.types != "" && "ao-types" < key {
		w.name("ao-types")
		w.dst = appendString(w.dst, w.types)
		w.types = ""
	}
	if w.device != "" && "device" < key {
		w.name("device")
		w.dst = appendString(w.dst, string(w.device))
		w.device = ""
	}
}

func (w *objectWriter) member(k string, v Value) {
	if k == "device" && w.device != "" || k == "ao-types" && w.types != "" {
		return
	}
	w.flush(k)
	if t, ok := v.(*Table); ok && t.slash && w.c.Links {
		w.name(k)
		w.dst = w.c.AppendTable(w.dst, t, "")
		return
	}
	if w.c.Links && k != "commitments" && (v.Kind() == KindTable || v.Kind() == KindList) {
		id := LinkID(v)
		if w.c.OnLink != nil {
			w.c.OnLink(id, v)
		}
		w.name(k + "+link")
		w.dst = appendString(w.dst, id)
		return
	}
	w.name(k)
	if k == "commitments" {
		inline := Codec{NativeBooleans: w.c.NativeBooleans}
		w.dst = inline.AppendValue(w.dst, v)
		return
	}
	w.dst = w.c.AppendValue(w.dst, v)
}

// AppendValue appends a value as it stands inside an object.
func (c *Codec) AppendValue(dst []byte, v Value) []byte {
	switch v := v.(type) {
	case Bool:
		if c.NativeBooleans {
			return strconv.AppendBool(dst, bool(v))
		}
		return appendString(dst, strconv.FormatBool(bool(v)))
	case Atom:
		return appendString(dst, string(v))
	case *Table:
		if t := v.attrs(); !c.Links && (c.NativeBooleans || t&attrBool == 0) {
			return appendJSON(dst, v, &JSONOptions{FloatPoint: true}, 0)
		}
		return c.AppendTable(dst, v, "")
	case *List:
		return c.appendList(dst, v)
	default:
		return appendJSON(dst, v, &JSONOptions{FloatPoint: true}, 0)
	}
}

// appendList appends an array, or, where booleans need types, the numbered object
// that has them.
func (c *Codec) appendList(dst []byte, l *List) []byte {
	typed := false
	for _, v := range l.items() {
		typed = typed || !c.NativeBooleans && v.Kind() == KindBool
	}
	if typed {
		w := objectWriter{c: c, dst: append(dst, '{'), types: listTypes(l)}
		for k, v := range Numbered(l).All() {
			w.member(k, v)
		}
		w.flush("\xff\xff")
		return append(w.dst, '}')
	}
	dst = append(dst, '[')
	for i, v := range l.items() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = c.AppendValue(dst, v)
	}
	return append(dst, ']')
}

// boolTypes is the ao-types text for the booleans that are members of t.
func boolTypes(t *Table) string {
	if t.attrs()&attrBool == 0 {
		return ""
	}
	var b strings.Builder
	for k, v := range t.All() {
		if v.Kind() == KindBool {
			if b.Len() > 0 {
				b.WriteString(", ")
			}
			b.WriteString(TypeKey(k) + `="atom"`)
		}
	}
	return b.String()
}

func listTypes(l *List) string {
	var b strings.Builder
	b.WriteString(`.="list"`)
	for k, v := range Numbered(l).All() {
		if v.Kind() == KindBool {
			b.WriteString(", " + TypeKey(k) + `="atom"`)
		}
	}
	return b.String()
}

// TypeKey is a key as it stands in ao-types: bytes that a structured-field key
// may not have, and capitals, as %xx (spec hyperbeam-http §5.4).
func TypeKey(k string) string {
	plain := true
	for i := 0; i < len(k); i++ {
		plain = plain && plainTypeByte(k[i])
	}
	if plain {
		return k
	}
	var b strings.Builder
	for i := 0; i < len(k); i++ {
		if c := k[i]; plainTypeByte(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
		}
	}
	return b.String()
}

func plainTypeByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '*' || c == '/'
}
