package aos

import (
	"regexp"
	"strconv"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// DefaultOutput is how many printed bytes of an evaluation are kept unless
// ao.Limits says otherwise.
const DefaultOutput = 1 << 20

// toResult makes an ao.Result of what handle returned. A value that aos' JSON
// cannot carry is an *encodeError: the evaluation as a whole has failed.
func (w *world) toResult(response lua.LValue, slot int64, maxOutput int64) (*ao.Result, error) {
	res := &ao.Result{}
	t, ok := response.(*lua.LTable)
	if !ok {
		_, err := w.converter().value(response)
		return res, err
	}
	conv := w.converter()
	if e := t.RawGetString("Error"); e != lua.LNil {
		v, err := conv.value(e)
		if err != nil {
			return nil, err
		}
		res.Error = errorText(v)
		res.ErrorAt = placeOf(res.Error)
		return res, nil
	}
	out, err := conv.value(t.RawGetString("Output"))
	if err != nil {
		return nil, err
	}
	res.Output = out
	w.takeText(res, maxOutput)
	b := outboxBuilder{w: w, conv: conv, res: res, slot: slot}
	if res.Messages, err = b.messages(t.RawGetString("Messages"), true); err != nil {
		return nil, err
	}
	if res.Spawns, err = b.messages(t.RawGetString("Spawns"), false); err != nil {
		return nil, err
	}
	return res, b.assignments(t.RawGetString("Assignments"))
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
}

// items gives the entries of a list that must be a list to JSON.
func (b *outboxBuilder) items(v lua.LValue) ([]lua.LValue, error) {
	t, ok := v.(*lua.LTable)
	if !ok {
		_, err := b.conv.value(v)
		return nil, err
	}
	n := 0
	for k, _ := b.w.m.next(t, lua.LNil); k != lua.LNil; k, _ = b.w.m.next(t, k) {
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
	if t.RawGetInt(1) == lua.LNil {
		return nil, &encodeError{mixedKeys}
	}
	if n != b.w.m.length(t) {
		return nil, &encodeError{sparseArray}
	}
	out := make([]lua.LValue, n)
	for i := range out {
		out[i] = t.RawGetInt(i + 1)
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
		t, ok := it.(*lua.LTable)
		if !ok {
			if _, isFn := it.(*lua.LFunction); isFn {
				return nil, &encodeError{"unexpected type 'function'"}
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

// message reads one message of an outbox and flattens it the way HyperBEAM's
// json-iface does: root fields, then the tags by name, of which the last wins
// (spec hyperbeam-http §4.3). Names keep their spelling; which profile folds them
// is the patch device's business.
func (b *outboxBuilder) message(out *ao.OutMessage, t *lua.LTable) (*patchdev.Table, error) {
	m := b.w.m
	if t.RawGetInt(1) != lua.LNil {
		if _, err := b.conv.value(t); err != nil {
			return nil, err
		}
		return patchdev.EmptyTable(), nil
	}
	fields := patchdev.EmptyTable().Edit()
	for k, v := m.next(t, lua.LNil); k != lua.LNil; k, v = m.next(t, k) {
		s, ok := k.(lua.LString)
		if !ok {
			return nil, &encodeError{mixedKeys}
		}
		if _, isFn := v.(*lua.LFunction); isFn {
			continue
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
		if pv != nil {
			fields.Set(string(s), pv)
		}
	}
	fields.Set("from-process", patchdev.String(b.w.env.ID))
	if b.w.env.ModuleID != "" {
		fields.Set("from-image", patchdev.String(b.w.env.ModuleID))
	}
	if err := b.tags(out, t.RawGetString("Tags"), fields); err != nil {
		return nil, err
	}
	out.Line = b.w.lineOfSend(t)
	return fields.Table(), nil
}

func (b *outboxBuilder) tags(out *ao.OutMessage, v lua.LValue, fields *patchdev.Builder) error {
	items, err := b.items(v)
	if err != nil {
		return err
	}
	list := make([]patchdev.Value, 0, len(items))
	out.Tags = make([]ao.OutTag, 0, len(items))
	for _, it := range items {
		t, ok := it.(*lua.LTable)
		if !ok {
			if _, err := b.conv.value(it); err != nil {
				return err
			}
			continue
		}
		var tag ao.OutTag
		tb := patchdev.EmptyTable().Edit()
		for k, v := b.w.m.next(t, lua.LNil); k != lua.LNil; k, v = b.w.m.next(t, k) {
			s, ok := k.(lua.LString)
			if !ok {
				return &encodeError{mixedKeys}
			}
			if _, isFn := v.(*lua.LFunction); isFn {
				continue
			}
			pv, err := b.conv.value(v)
			if err != nil {
				return err
			}
			switch s {
			case "name":
				tag.Name = pv
			case "value":
				tag.Value = pv
			}
			tb.Set(string(s), pv)
		}
		out.Tags = append(out.Tags, tag)
		list = append(list, tb.Table())
		if name, ok := nameText(tag.Name); ok && tag.Value != nil {
			fields.Set(name, tag.Value)
		}
	}
	fields.Set("Tags", patchdev.NewList(list...))
	return nil
}

// nameText is a tag's name as a key.
func nameText(v patchdev.Value) (string, bool) {
	switch x := v.(type) {
	case patchdev.String:
		return string(x), true
	case patchdev.Int:
		return strconv.FormatInt(int64(x), 10), true
	case patchdev.Float:
		return format14g(float64(x)), true
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
