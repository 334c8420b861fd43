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
	f.Add(`{"patchbay":2}` + "\n" + `{"setting":{"key":"k","value":{"base64":"/w=="}}}` + "\n" +
		`{"process":{"id":"p","name":"","owner":"","flavour":"aos","created":"2024-01-01T00:00:00Z","tags":[],"branch":"b"}}` + "\n" +
		`{"branch":{"name":"main","quiet":0,"salt":1,"created":"2024-01-01T00:00:00Z"}}` + "\n" +
		`{"slot":0,"message":{"id":"m","from":"a","timestamp":1,"block-height":1}}` + "\n" +
		`{"branch":{"name":"b","parent":"main","fork":0,"quiet":0,"salt":2,"created":"2024-01-01T00:00:00Z"}}` + "\n" +
		`{"slot":0,"script":"s.lua","outcome":"skipped","message":{"id":"m","from":"a","timestamp":1,"block-height":1}}` + "\n" +
		`{"snapshot":{"name":"s","created":"2024-01-01T00:00:00Z","places":[{"process":"p","branch":"b"}]}}` + "\n" +
		`{"operation":{"text":"t","at":"2024-01-01T00:00:00Z","active":[{"process":"p","branch":"main"}],"removed":{"p":false},"names":{"p":"q"}}}`)
	f.Add("")
	f.Add(`{"patchbay":1}` + "\n{}")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := parseExport(strings.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrBadExport) || !strings.Contains(err.Error(), "line ") {
				t.Fatalf("%v", err)
			}
			return
		}
		// What is read can be imported, and comes out again as it went in.
		w, err := Open(t.Context(), Options{NewVM: newFakes().newVM})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if err := w.Import(t.Context(), strings.NewReader(text)); err != nil && !errors.Is(err, ErrNameTaken) && !errors.Is(err, ErrDuplicate) && !errors.Is(err, ErrBadExport) {
			t.Fatalf("read, but not imported: %v", err)
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
