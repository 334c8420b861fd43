package aos

import (
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
func (w *world) toResult(response lua.LValue, slot int64, maxOutput int64) (*ao.Result, error) {
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
	b := outboxBuilder{w: w, conv: conv, res: res, slot: slot, fields: fields{w.scratch}}
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
	slot int64

	fields fields // of the message being read
}

// items gives the entries of a list that must be a list to JSON.
func (b *outboxBuilder) items(v lua.LValue) ([]lua.LValue, error) {
	t, ok := v.(*table)
	if !ok {
		_, err := b.conv.value(v)
		return nil, err
	}
	n := 0
	for k := range t.All {
		if _, _, _, ok := b.w.m.number(k); !ok {
			// An object where a list belongs: encodable or not, nothing in it is sent.
			_, err := b.conv.value(t)
			return nil, err
		}
		n++
	}
	if n == 0 {
		return nil, nil
	}
	if t.GetInt(1) == lua.LNil {
		return nil, lib.ErrMixedKeys
	}
	if n != b.w.m.length(t) {
		return nil, lib.ErrSparse
	}
	out := make([]lua.LValue, n)
	for i := range out {
		out[i] = t.GetInt(int64(i + 1))
	}
	return out, nil
}

// messages reads ao.outbox.Messages or .Spawns; entries adds them to Result.Outbox.
func (b *outboxBuilder) messages(v lua.LValue, entries bool) ([]ao.OutMessage, error) {
	items, err := b.items(v)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	out := make([]ao.OutMessage, len(items))
	for i, it := range items {
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
		key := strconv.Itoa(i + 1)
		kind := "spawn"
		if entries {
			kind = "message"
			b.res.Outbox = append(b.res.Outbox, ao.OutboxEntry{Key: key, Fields: fields, Line: out[i].Line})
		}
		out[i].ID = ao.ID(b.w.env.ID, strconv.FormatInt(b.slot, 10), kind, key, contentOf(&out[i]))
	}
	return out, nil
}

// contentOf is what of a message goes into its id: everything that is text.
func contentOf(m *ao.OutMessage) string {
	var buf [512]byte
	b := buf[:0]
	add := func(v patchdev.Value) {
		if s, ok := v.(patchdev.String); ok {
			b = append(b, s...)
		}
		b = append(b, 0)
	}
	b = append(append(b, m.Anchor...), 0)
	add(m.Target)
	add(m.Data)
	for _, t := range m.Tags {
		add(t.Name)
		add(t.Value)
	}
	return string(b)
}

// fields gathers the entries of a table that is built from pairs in any order; of
// pairs with the same key the last wins.
type fields struct {
	pairs []field
}

type field struct {
	key string
	v   patchdev.Value
	n   int
}

func (f *fields) set(key string, v patchdev.Value) {
	if v != nil {
		f.pairs = append(f.pairs, field{key, v, len(f.pairs)})
	}
}

// table makes the table and empties f.
func (f *fields) table() *patchdev.Table {
	slices.SortFunc(f.pairs, func(a, b field) int {
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}
		return a.n - b.n
	})
	keys, vals := make([]string, 0, len(f.pairs)), make([]patchdev.Value, 0, len(f.pairs))
	for i, p := range f.pairs {
		if i+1 < len(f.pairs) && f.pairs[i+1].key == p.key {
			continue
		}
		keys, vals = append(keys, p.key), append(vals, p.v)
	}
	clear(f.pairs)
	f.pairs = f.pairs[:0]
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
	var bad error
	t.All(func(k, v lua.LValue) bool {
		s, ok := k.(lua.LString)
		if !ok {
			bad = lib.ErrMixedKeys
			return false
		}
		if s == "Tags" {
			return true
		}
		pv, err := b.conv.value(v)
		if err != nil {
			bad = err
			return false
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
		return true
	})
	if bad != nil {
		return nil, bad
	}
	b.fields.set("from-process", patchdev.String(b.w.env.ID))
	if b.w.env.ModuleID != "" {
		b.fields.set("from-image", patchdev.String(b.w.env.ModuleID))
	}
	if err := b.tags(out, t.GetString("Tags")); err != nil {
		return nil, err
	}
	out.Line = b.w.lineOfSend(t)
	return b.fields.table(), nil
}

func (b *outboxBuilder) tags(out *ao.OutMessage, v lua.LValue) error {
	items, err := b.items(v)
	if err != nil {
		return err
	}
	list := make([]patchdev.Value, 0, len(items))
	out.Tags = make([]ao.OutTag, 0, len(items))
	for _, it := range items {
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
		out.Tags = append(out.Tags, tag)
		list = append(list, shown)
		if name, ok := nameText(tag.Name); ok {
			b.fields.set(name, tag.Value)
		}
	}
	b.fields.set("Tags", patchdev.NewList(list...))
	return nil
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
	if fixed := b.conv.fixedTag(tag); fixed != nil && t.Count() == 2 {
		return tag, fixed, nil
	}
	if t.Count() == 2 && tag.Name != nil && tag.Value != nil {
		return tag, patchdev.FromSorted(nameAndValue, []patchdev.Value{tag.Name, tag.Value}), nil
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
	items, err := b.items(v)
	if err != nil {
		return err
	}
	for _, it := range items {
		pv, err := b.conv.value(it)
		if err != nil {
			return err
		}
		b.res.Assignments = append(b.res.Assignments, pv)
	}
	return nil
}
