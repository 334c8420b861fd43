package engine

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"patchbay/patchdev"
)

// Whatever the file holds, it is read or refused with a line.
func FuzzParseExport(f *testing.F) {
	f.Add(`{"patchbay":1}` + "\n" + `{"process":{"id":"p","flavour":"aos","created":"2024-01-01T00:00:00Z","tags":[]}}` + "\n" +
		`{"slot":0,"message":{"id":"m","from":"a","data":{"table":[["k",[1,2.5,{"float":"1"},{"base64":"/w=="}]]]},"timestamp":1,"block-height":1}}`)
	f.Add("")
	f.Add(`{"patchbay":1}` + "\n{}")
	f.Fuzz(func(t *testing.T, text string) {
		_, list, err := parseExport(strings.NewReader(text))
		if err != nil && (!errors.Is(err, ErrBadExport) || !strings.Contains(err.Error(), "line ")) {
			t.Fatalf("%v", err)
		}
		for _, im := range list {
			for i, e := range im.entries {
				if e.Slot != int64(i) {
					t.Fatalf("slot %d in place %d", e.Slot, i)
				}
			}
		}
	})
}

func TestValuesComeBackFromJSON(t *testing.T) {
	var value func(depth int) *rapid.Generator[patchdev.Value]
	value = func(depth int) *rapid.Generator[patchdev.Value] {
		all := []*rapid.Generator[patchdev.Value]{
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) patchdev.Value { return patchdev.String(b) }),
			rapid.Map(rapid.String(), func(s string) patchdev.Value { return patchdev.String(s) }),
			rapid.Map(rapid.Int64(), func(n int64) patchdev.Value { return patchdev.Int(n) }),
			rapid.Map(rapid.Float64(), func(f float64) patchdev.Value { return patchdev.Float(f) }),
			rapid.Map(rapid.Bool(), func(b bool) patchdev.Value { return patchdev.Bool(b) }),
		}
		if depth > 0 {
			all = append(all,
				rapid.Map(rapid.SliceOfN(value(depth-1), 0, 4), func(l []patchdev.Value) patchdev.Value { return patchdev.NewList(l...) }),
				rapid.Map(rapid.MapOfN(rapid.String(), value(depth-1), 0, 4), func(m map[string]patchdev.Value) patchdev.Value {
					b := patchdev.EmptyTable().Edit()
					for k, v := range m {
						b.Set(k, v)
					}
					return b.Table()
				}))
		}
		return rapid.OneOf(all...)
	}
	rapid.Check(t, func(t *rapid.T) {
		v := value(3).Draw(t, "v")
		text := valueJSON(v)
		if bytes.ContainsRune(text, '\n') {
			t.Fatalf("%s", text)
		}
		got, err := parseValueJSON(text)
		if err != nil || patchdev.Hash(got) != patchdev.Hash(v) {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
