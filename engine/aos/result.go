package aos

import (
	"cmp"
	"encoding/binary"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/aos/lib"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// DefaultOutput is how many printed bytes of an evaluation are kept unless
// ao.Limits says otherwise.
const DefaultOutput = 1 << 20

// toResult makes an ao.Result of what handle returned. A value that aos' JSON
// cannot carry is an error of aos' JSON: the evaluation as a whole has failed.
func (w *world) toResult(response lua.LValue, maxOutput int64) (*ao.Result, error) {
	res := &ao.Result{}
	t, ok := response.(*table)
	if !ok {
		_, err := w.conv.value(response)
		return res, err
	}
	conv := w.conv
	if e := t.GetString("Error"); e != lua.LNil {
		v, err := conv.value(e)
		if err != nil {
			return nil, err
		}
		res.Error = errorText(v)
		res.ErrorAt = w.placeOfError(res.Error)
		return res, nil
	}
	out, err := conv.value(t.GetString("Output"))
	if err != nil {
		return nil, err
	}
	res.Output = out
	w.takeText(res, maxOutput)
	b := outboxBuilder{w: w, conv: conv, res: res, fields: fields{w.scratch}}
	defer func() { w.scratch = b.fields.pairs[:0] }()
	if res.Messages, err = b.messages(t.GetString("Messages"), true); err != nil {
		return nil, err
	}
	if res.Spawns, err = b.messages(t.GetString("Spawns"), false); err != nil {
		return nil, err
	}
	return res, b.assignments(t.GetString("Assignments"))
}

// takeText fills Text from Output.data and cuts both to the limit.
func (w *world) takeText(res *ao.Result, limit int64) {
	o, ok := res.Output.(*patchdev.Table)
	if !ok {
		if s, ok := res.Output.(patchdev.String); ok {
			res.Text = string(s)
		}
		return
	}
	data, _ := o.Get("data")
	s, ok := data.(patchdev.String)
	if !ok {
		return
	}
	res.Text = string(s)
	if limit == 0 {
		limit = DefaultOutput
	}
	if limit < 0 || int64(len(s)) <= limit {
		return
	}
	cut := int(limit)
	for cut > 0 && !utf8.RuneStart(res.Text[cut]) {
		cut--
	}
	res.Truncated = int64(len(s) - cut)
	res.Text = res.Text[:cut]
	o = o.Set("data", patchdev.String(res.Text))
	if test, ok := o.Get("test"); ok {
		if ts, ok := test.(patchdev.String); ok && int64(len(ts)) > limit {
			o = o.Set("test", ts[:limit])
		}
	}
	res.Output = o
}

// errorText is the text of an Error, which scripts may set to anything.
func errorText(v patchdev.Value) string {
	switch x := v.(type) {
	case patchdev.String:
		if x == "" {
			return "(empty error)"
		}
		return string(x)
	case nil:
		return "(error without a value)"
	}
	return string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
}

var scriptPlace = regexp.MustCompile(`\[string "(aos)"\]:(\d+):`)

// placeOf finds the place in the script that an error text names.
func placeOf(text string) ao.Place {
	m := scriptPlace.FindStringSubmatch(text)
	if m == nil {
		return ao.Place{}
	}
	line, _ := strconv.Atoi(m[2])
	return ao.Place{Chunk: m[1], Line: line}
}

// outboxBuilder reads the lists of an outbox.
type outboxBuilder struct {
	w    *world
	conv *converter
	res  *ao.Result

	fields  fields           // of the message being read
	records patchdev.Records // for its tags
}

// list checks that v is a list to JSON and tells how many entries it has; there
// are none in anything else that JSON can carry.
func (b *outboxBuilder) list(v lua.LValue) (t *table, n int, err error) {
	t, ok := v.(*table)
	if !ok {
		_, err := b.conv.value(v)
		return nil, 0, err
	}
	if t.Dense() {
		return t, int(t.Len()), nil
	}
	for k := range t.All {
		if !lua53.IsNumber(k) {
			// An object where a list belongs: encodable or not, nothing in it is sent.
			_, err := b.conv.value(t)
			return nil, 0, err
		}
	}
	if t.GetInt(1) == lua.LNil {
		return nil, 0, lib.ErrMixedKeys
	}
	return nil, 0, lib.ErrSparse
}

// messages reads ao.outbox.Messages or .Spawns; entries adds them to Result.Outbox.
func (b *outboxBuilder) messages(v lua.LValue, entries bool) ([]ao.OutMessage, error) {
	list, n, err := b.list(v)
	if err != nil || n == 0 {
		return nil, err
	}
	out := make([]ao.OutMessage, n)
	if entries {
		b.res.Outbox = make([]ao.OutboxEntry, 0, n)
	}
	for i := range out {
		it := list.GetInt(int64(i + 1))
		t, ok := it.(*table)
		if !ok {
			if _, isFn := it.(*lua.LFunction); isFn {
				return nil, errFunction
			}
			if out[i].Data, err = b.conv.value(it); err != nil {
				return nil, err
			}
			continue
		}
		fields, err := b.message(&out[i], t)
		if err != nil {
			return nil, err
		}
		if entries {
			b.res.Outbox = append(b.res.Outbox, ao.OutboxEntry{Key: strconv.Itoa(i + 1), Fields: fields, Line: out[i].Line})
		}
	}
	return out, nil
}

// fields gathers the entries of a table that is built from pairs in any order; of
// pairs with the same key the last wins.
type fields struct {
	pairs []field
}

type field struct {
	key  string
	head uint64 // the first bytes of key, as a number of the same order
	v    patchdev.Value
}

func (a *field) compare(b *field) int {
	if a.head != b.head {
		return cmp.Compare(a.head, b.head)
	}
	return strings.Compare(a.key, b.key)
}

func (f *fields) set(key string, v patchdev.Value) {
	if v == nil {
		return
	}
	var head [8]byte
	copy(head[:], key)
	f.pairs = append(f.pairs, field{key, binary.BigEndian.Uint64(head[:]), v})
}

// fewFields is up to how many fields are sorted by insertion, in place of which
// only their indexes move.
const fewFields = 32

// table makes the table and empties f.
func (f *fields) table() *patchdev.Table {
	p := f.pairs
	var few [fewFields]uint8
	order := few[:0]
	if len(p) > fewFields {
		slices.SortStableFunc(p, func(a, b field) int { return a.compare(&b) })
	} else {
		order = few[:len(p)]
		for i := range p {
			j := i
			for ; j > 0 && p[order[j-1]].compare(&p[i]) > 0; j-- {
				order[j] = order[j-1]
			}
			order[j] = uint8(i)
		}
	}
	keys, vals := make([]string, 0, len(p)), make([]patchdev.Value, 0, len(p))
	for i := range p {
		e := &p[i]
		if len(order) > 0 {
			e = &p[order[i]]
		}
		if n := len(keys); n > 0 && keys[n-1] == e.key {
			vals[n-1] = e.v
			continue
		}
		keys, vals = append(keys, e.key), append(vals, e.v)
	}
	clear(p)
	f.pairs = p[:0]
	return patchdev.FromSorted(keys, vals)
}

// message reads one message of an outbox and flattens it the way HyperBEAM's
// json-iface does: root fields, then the tags by name, of which the last wins
// (spec hyperbeam-http §4.3). Names keep their spelling; which profile folds them
// is the patch device's business.
func (b *outboxBuilder) message(out *ao.OutMessage, t *table) (*patchdev.Table, error) {
	if t.GetInt(1) != lua.LNil {
		if _, err := b.conv.value(t); err != nil {
			return nil, err
		}
		return patchdev.EmptyTable(), nil
	}
	for k, v := range t.All {
		s, ok := k.(lua.LString)
		if !ok {
			return nil, lib.ErrMixedKeys
		}
		if s == "Tags" {
			continue
		}
		pv, err := b.conv.value(v)
		if err != nil {
			return nil, err
		}
		switch s {
		case "Target":
			out.Target = pv
		case "Data":
			out.Data = pv
		case "Anchor":
			if a, ok := pv.(patchdev.String); ok {
				out.Anchor = string(a)
			}
		}
		b.fields.set(string(s), pv)
	}
	b.fields.set("from-process", b.w.fromProcess)
	b.fields.set("from-image", b.w.fromImage)
	if err := b.tags(out, t.GetString("Tags")); err != nil {
		return nil, err
	}
	out.Line = b.w.lineOfSend(t)
	return b.fields.table(), nil
}

func (b *outboxBuilder) tags(out *ao.OutMessage, v lua.LValue) error {
	if t, ok := v.(*table); ok {
		if rows, ok := b.w.m.rows(t); ok {
			return b.rows(out, t, rows)
		}
	}
	tags, n, err := b.list(v)
	if err != nil {
		return err
	}
	list := make([]patchdev.Value, 0, n)
	out.Tags = make([]ao.OutTag, 0, n)
	b.records = patchdev.NewRecords(n, nameAndValue)
	for i := 1; i <= n; i++ {
		it := tags.GetInt(int64(i))
		t, ok := it.(*table)
		if !ok {
			if _, err := b.conv.value(it); err != nil {
				return err
			}
			continue
		}
		tag, shown, err := b.tag(t)
		if err != nil {
			return err
		}
		b.add(out, tag)
		list = append(list, shown)
	}
	b.fields.set("Tags", patchdev.ListOf(list))
	return nil
}

// rows is tags for a list that the script has not looked into.
func (b *outboxBuilder) rows(out *ao.OutMessage, t *table, rows [][2]lua.LValue) (err error) {
	out.Tags = make([]ao.OutTag, 0, len(rows))
	whole := true
	for _, row := range rows {
		var tag ao.OutTag
		if s, ok := row[0].(lua.LString); ok {
			tag.Name = b.conv.text(string(s))
		} else if tag.Name, err = b.conv.value(row[0]); err != nil {
			return err
		}
		if tag.Value, err = b.conv.value(row[1]); err != nil {
			return err
		}
		whole = whole && tag.Name != nil && tag.Value != nil
		b.add(out, tag)
	}
	if !whole { // a function, perhaps, which inside of a table is an error
		list, err := b.conv.value(t)
		b.fields.set("Tags", list)
		return err
	}
	tags := out.Tags
	b.fields.set("Tags", patchdev.LateList(len(tags), func() []patchdev.Value { return shownTags(tags) }))
	return nil
}

// shownTags are tags as a message shows them: tables of name and value.
func shownTags(tags []ao.OutTag) []patchdev.Value {
	records := patchdev.NewRecords(len(tags), nameAndValue)
	list := make([]patchdev.Value, len(tags))
	for i, tag := range tags {
		if t := fixedTags[tag]; t != nil {
			list[i] = t
		} else {
			list[i] = records.Table(tag.Name, tag.Value)
		}
	}
	return list
}

// fixedTags are tags that every message has, or every patch. Their tables are the same
// each time, because a table remembers its digest.
var fixedTags = func() map[ao.OutTag]*patchdev.Table {
	out := map[ao.OutTag]*patchdev.Table{}
	for _, t := range [][2]patchdev.String{{"Data-Protocol", "ao"}, {"Variant", "ao.TN.1"}, {"Type", "Message"}, {"device", "patch@1.0"}} {
		out[ao.OutTag{Name: t[0], Value: t[1]}] = patchdev.FromSorted(nameAndValue, []patchdev.Value{t[0], t[1]})
	}
	return out
}()

// add notes a tag of a message.
func (b *outboxBuilder) add(out *ao.OutMessage, tag ao.OutTag) {
	out.Tags = append(out.Tags, tag)
	if name, ok := nameText(tag.Name); ok {
		b.fields.set(name, tag.Value)
	}
}

// nameAndValue are the keys of every tag.
var nameAndValue = []string{"name", "value"}

// tag reads {name, value}; other keys a script may have put there are carried too.
func (b *outboxBuilder) tag(t *table) (tag ao.OutTag, shown patchdev.Value, err error) {
	if s, ok := t.GetString("name").(lua.LString); ok {
		tag.Name = b.conv.text(string(s))
	} else if tag.Name, err = b.conv.value(t.GetString("name")); err != nil {
		return tag, nil, err
	}
	if tag.Value, err = b.conv.value(t.GetString("value")); err != nil {
		return tag, nil, err
	}
	if t.Count() == 2 && tag.Name != nil && tag.Value != nil {
		return tag, b.records.Table(tag.Name, tag.Value), nil
	}
	shown, err = b.conv.value(t)
	return tag, shown, err
}

// nameText is a tag's name as a key.
func nameText(v patchdev.Value) (string, bool) {
	switch x := v.(type) {
	case patchdev.String:
		return string(x), true
	case patchdev.Int:
		return strconv.FormatInt(int64(x), 10), true
	case patchdev.Float:
		return lua53.FormatFloat(float64(x)), true
	}
	return "", false
}

func (b *outboxBuilder) assignments(v lua.LValue) error {
	list, n, err := b.list(v)
	if err != nil {
		return err
	}
	for i := 1; i <= n; i++ {
		pv, err := b.conv.value(list.GetInt(int64(i)))
		if err != nil {
			return err
		}
		b.res.Assignments = append(b.res.Assignments, pv)
	}
	return nil
}
