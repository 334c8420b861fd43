package jsonx

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"patchbay/engine/lua53/syntax"
	"patchbay/patchdev"
)

// tree is a Sink that builds Go values: nil, bool, int64, float64, string, []any,
// map[string]any. Nulls are kept.
type tree struct {
	stack []any // *[]any or map[string]any
	keys  []string
	root  any
}

func (t *tree) put(v any) error {
	if len(t.stack) == 0 {
		t.root = v
		return nil
	}
	switch top := t.stack[len(t.stack)-1].(type) {
	case *[]any:
		*top = append(*top, v)
	case map[string]any:
		top[t.keys[len(t.keys)-1]] = v
		t.keys = t.keys[:len(t.keys)-1]
	}
	return nil
}

func (t *tree) Null() error           { return t.put(nil) }
func (t *tree) Bool(b bool) error     { return t.put(b) }
func (t *tree) String(s string) error { return t.put(s) }
func (t *tree) Key(s string) error    { t.keys = append(t.keys, s); return nil }
func (t *tree) BeginArray() error     { t.stack = append(t.stack, &[]any{}); return nil }
func (t *tree) BeginObject() error    { t.stack = append(t.stack, map[string]any{}); return nil }
func (t *tree) EndObject() error      { return t.pop() }
func (t *tree) EndArray() error       { return t.pop() }
func (t *tree) Number(n syntax.Number) error {
	if n.IsInt {
		return t.put(n.Int)
	}
	return t.put(n.Float)
}

func (t *tree) pop() error {
	v := t.stack[len(t.stack)-1]
	t.stack = t.stack[:len(t.stack)-1]
	if l, ok := v.(*[]any); ok {
		return t.put(*l)
	}
	return t.put(v)
}

func decode(doc string) (any, error) {
	var t tree
	err := Decode(doc, &t)
	return t.root, err
}

func TestDecode(t *testing.T) {
	type obj = map[string]any
	for doc, want := range map[string]any{
		` 1 `:                     int64(1),
		`01`:                      int64(1),
		`-7`:                      int64(-7),
		`1.0`:                     1.0,
		`1e2`:                     100.0,
		`0x10`:                    int64(16),
		`9223372036854775807`:     int64(math.MaxInt64),
		`9223372036854775808`:     9223372036854775808.0,
		`-9223372036854775808`:    int64(math.MinInt64),
		`12345678901234567890`:    12345678901234567890.0,
		`true`:                    true,
		`false`:                   false,
		`null`:                    nil,
		`[]`:                      []any{},
		`{}`:                      obj{},
		`[1,]`:                    []any{int64(1)},
		`{"a":1,}`:                obj{"a": int64(1)},
		`[ 1 , [ 2 ] , {"b":[]}]`: []any{int64(1), []any{int64(2)}, obj{"b": []any{}}},
		`"a\"\\\/\b\f\n\r\t"`:     "a\"\\/\b\f\n\r\t",
		`"\u0041\u00e9\u20ac"`:    "Aé€",
		`"\ud83d\ude00"`:          "😀",
		`"\ud83d"`:                "\xed\xa0\xbd",
		`"\ud800\u0041"`:          "\u2441",
		"\"\x7f\xff\"":            "\x7f\xff",
		`"[" `:                    "[",
		`["[","{"]`:               []any{"[", "{"},
		`{"a":1,"a":2}`:           obj{"a": int64(2)},
		"\t\r\n[null]":            []any{nil},
	} {
		got, err := decode(doc)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, %v; want %#v", doc, got, err, want)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	for doc, want := range map[string]string{
		``:                  `unexpected character '' at line 1 col 1`,
		`not json`:          `invalid literal 'not' at line 1 col 1`,
		`nul`:               `invalid literal 'nul' at line 1 col 1`,
		`[1,2`:              `expected ']' or ',' at line 1 col 6`,
		`[1 2]`:             `expected ']' or ',' at line 1 col 5`,
		`{"a" 1}`:           `expected ':' after key at line 1 col 6`,
		`{"a":1 "b"}`:       `expected '}' or ',' at line 1 col 9`,
		`{a:1}`:             `expected string for key at line 1 col 2`,
		`{"a"`:              `expected ':' after key at line 1 col 5`,
		`{"a":`:             `unexpected character '' at line 1 col 6`,
		`{`:                 `expected string for key at line 1 col 2`,
		`[`:                 `unexpected character '' at line 1 col 2`,
		`[,]`:               `unexpected character ',' at line 1 col 2`,
		`[1,,2]`:            `unexpected character ',' at line 1 col 4`,
		`1 2`:               `trailing garbage at line 1 col 3`,
		`-`:                 `invalid number '-' at line 1 col 1`,
		`1.2.3`:             `invalid number '1.2.3' at line 1 col 1`,
		`1:2`:               `invalid number '1:2' at line 1 col 1`,
		"[1,\n  x]":         `unexpected character 'x' at line 2 col 3`,
		"[\n\n\"a\nb\"]":    `control character in string at line 3 col 3`,
		`"abc`:              `expected closing quote for string at line 1 col 1`,
		`"a\n`:              `expected closing quote for string at line 1 col 1`,
		`"\x"`:              `invalid escape char 'x' in string at line 1 col 2`,
		`"\`:                `invalid escape char '' in string at line 1 col 2`,
		`"\u12"`:            `invalid unicode escape in string at line 1 col 2`,
		`"ab\u"`:            `invalid unicode escape in string at line 1 col 4`,
		`"\udbff\uffff"`:    `invalid unicode codepoint '111fff'`,
		`]`:                 `unexpected character ']' at line 1 col 1`,
		`[1}`:               `expected ']' or ',' at line 1 col 4`,
		`tru e`:             `invalid literal 'tru' at line 1 col 1`,
		`{"a":1,"b"}`:       `expected ':' after key at line 1 col 11`,
		"{\"a\":1,\n,}":     `expected string for key at line 2 col 1`,
		`'a'`:               `unexpected character ''' at line 1 col 1`,
		"\"\n\"":            `control character in string at line 1 col 2`,
		"[\"a\\\\\",\t\x01": "unexpected character '\x01' at line 1 col 9",
	} {
		_, err := decode(doc)
		var se *SyntaxError
		if !errors.As(err, &se) || se.Error() != want {
			t.Errorf("%q: %v; want %s", doc, err, want)
		}
	}
}

func TestDepth(t *testing.T) {
	if _, err := decode(strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)); err != nil {
		t.Error(err)
	}
	if _, err := decode(strings.Repeat(`{"a":`, MaxDepth+1)); err == nil || err.Error() != "stack overflow" {
		t.Error(err)
	}
}

// What Go's encoder writes is read as Go reads it.
func TestAgainstStandard(t *testing.T) {
	var value func(depth int) *rapid.Generator[any]
	value = func(depth int) *rapid.Generator[any] {
		leaf := rapid.OneOf(
			rapid.Just(any(nil)), rapid.Bool().AsAny(), rapid.String().AsAny(),
			rapid.Float64().AsAny(), rapid.Int64().AsAny(),
		)
		if depth == 0 {
			return leaf
		}
		sub := value(depth - 1)
		return rapid.OneOf(leaf, rapid.SliceOf(sub).AsAny(), rapid.MapOf(rapid.String(), sub).AsAny())
	}
	rapid.Check(t, func(t *rapid.T) {
		doc, err := json.Marshal(value(3).Draw(t, "value"))
		if err != nil {
			t.Skip(err)
		}
		var want any
		if err := json.Unmarshal(doc, &want); err != nil {
			t.Fatal(err)
		}
		got, err := decode(string(doc))
		if err != nil || !reflect.DeepEqual(floats(got), want) {
			t.Fatalf("%s: %#v, %v", doc, got, err)
		}
	})
}

// floats turns integers into floats, as encoding/json reads them.
func floats(v any) any {
	switch x := v.(type) {
	case int64:
		return float64(x)
	case []any:
		for i := range x {
			x[i] = floats(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = floats(x[k])
		}
	}
	return v
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		f    float64
		text string
		val  patchdev.Value
	}{
		{0, "0", patchdev.Int(0)},
		{math.Copysign(0, -1), "-0", patchdev.Int(0)},
		{3, "3", patchdev.Int(3)},
		{2.5, "2.5", patchdev.Float(2.5)},
		{0.1 + 0.2, "0.3", patchdev.Float(0.3)},
		{1e14, "1e+14", patchdev.Float(1e14)},
		{99999999999999, "99999999999999", patchdev.Int(99999999999999)},
		{12345678901234.4, "12345678901234", patchdev.Int(12345678901234)},
		{9007199254740993, "9.007199254741e+15", patchdev.Float(9.007199254741e15)},
		{1e-5, "1e-05", patchdev.Float(1e-5)},
		{0.0001, "0.0001", patchdev.Float(0.0001)},
		{-1.0 / 3, "-0.33333333333333", patchdev.Float(-0.33333333333333)},
		{math.MaxFloat64, "1.7976931348623e+308", patchdev.Float(1.7976931348623e308)},
	} {
		if got := string(AppendFloat(nil, c.f)); got != c.text {
			t.Errorf("%v: %s, want %s", c.f, got, c.text)
		}
		if got := Float(c.f); got != c.val {
			t.Errorf("%v: %#v, want %#v", c.f, got, c.val)
		}
	}
	if got := string(AppendInt(nil, math.MaxInt64)); got != "9.2233720368548e+18" {
		t.Error(got)
	}
	if got := Int(9007199254740993); got != patchdev.Float(9.007199254741e15) {
		t.Errorf("%#v", got)
	}
	if got := Int(42); got != patchdev.Int(42) {
		t.Errorf("%#v", got)
	}
}

// The value of a number is that of its text.
func TestNumberRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64().Filter(func(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) }).Draw(t, "f")
		got, err := decode(string(AppendFloat(nil, f)))
		if err != nil {
			t.Fatal(err)
		}
		switch v := Float(f).(type) {
		case patchdev.Int:
			if got != int64(v) {
				t.Fatalf("%v: %v, %v", f, v, got)
			}
		case patchdev.Float:
			if got != float64(v) {
				t.Fatalf("%v: %v, %v", f, v, got)
			}
		}
		i := rapid.Int64().Draw(t, "i")
		if a, b := string(AppendInt(nil, i)), strconv.FormatFloat(float64(i), 'g', 14, 64); a != b {
			t.Fatalf("%d: %s, %s", i, a, b)
		}
	})
}

// Whatever the bytes, decoding ends without a panic, and a string comes back.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,null,true,"x\u00e9\ud83d\ude00"],}`, `[`, `"\u`, `1e999`, `{"a":{"b":`, "[1\n,\x00]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := decode(s)
		if err == nil {
			again, err := decode(" " + s + "\n")
			if err != nil || !reflect.DeepEqual(got, again) && !strings.Contains(s, "nan") {
				t.Fatalf("%q with space around: %v, %v", s, again, err)
			}
		}
		back, err := decode(string(AppendString(nil, s)))
		if err != nil || back != s {
			t.Fatalf("%q came back as %q, %v", s, back, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	doc := `{"Target":"abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE","Tags":[{"name":"Action","value":"Transfer"},{"name":"Quantity","value":"1000000"}],"n":12345,"f":1.5}`
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		var t null
		if err := Decode(doc, t); err != nil {
			b.Fatal(err)
		}
	}
}

type null struct{}

func (null) Null() error                { return nil }
func (null) Bool(bool) error            { return nil }
func (null) Number(syntax.Number) error { return nil }
func (null) String(string) error        { return nil }
func (null) BeginArray() error          { return nil }
func (null) EndArray() error            { return nil }
func (null) BeginObject() error         { return nil }
func (null) Key(string) error           { return nil }
func (null) EndObject() error           { return nil }
