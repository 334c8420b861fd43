package engine

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"patchbay/patchdev"
)

// valueJSON writes a value so that a person can read it and parseValueJSON gives
// it back exactly: strings, integers, booleans, lists and null as JSON has them;
// {"table": {…}}, {"float": "1.5"}, {"base64": "…"} for what JSON has not.
func valueJSON(v patchdev.Value) json.RawMessage {
	var b bytes.Buffer
	appendValueJSON(&b, v)
	return b.Bytes()
}

func appendValueJSON(b *bytes.Buffer, v patchdev.Value) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case patchdev.String:
		if utf8.ValidString(string(v)) {
			b.Write(textJSON(string(v)))
		} else {
			fmt.Fprintf(b, `{"base64":%q}`, base64.StdEncoding.EncodeToString([]byte(v)))
		}
	case patchdev.Int:
		b.WriteString(strconv.FormatInt(int64(v), 10))
	case patchdev.Float:
		// In hexadecimal, because not-a-number has many forms and minus zero a sign.
		if f := float64(v); math.IsNaN(f) {
			fmt.Fprintf(b, `{"bits":"%x"}`, math.Float64bits(f))
		} else {
			fmt.Fprintf(b, `{"float":%q}`, strconv.FormatFloat(f, 'g', -1, 64))
		}
	case patchdev.Bool:
		b.WriteString(strconv.FormatBool(bool(v)))
	case *patchdev.List:
		b.WriteByte('[')
		for i, x := range v.All() {
			if i > 0 {
				b.WriteByte(',')
			}
			appendValueJSON(b, x)
		}
		b.WriteByte(']')
	case *patchdev.Table:
		// As a list of pairs, because keys need not be UTF-8.
		b.WriteString(`{"table":[`)
		i := 0
		for k, x := range v.All() {
			if i++; i > 1 {
				b.WriteByte(',')
			}
			b.WriteByte('[')
			appendValueJSON(b, patchdev.String(k))
			b.WriteByte(',')
			appendValueJSON(b, x)
			b.WriteByte(']')
		}
		b.WriteString("]}")
	}
}

// textJSON is a string in JSON, with <, > and & as they are.
func textJSON(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}

// parseValueJSON reads what valueJSON wrote.
func parseValueJSON(raw json.RawMessage) (patchdev.Value, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var x any
	if err := dec.Decode(&x); err != nil {
		return nil, err
	}
	return fromJSON(x)
}

func fromJSON(x any) (patchdev.Value, error) {
	switch x := x.(type) {
	case nil:
		return nil, nil
	case string:
		return patchdev.String(x), nil
	case bool:
		return patchdev.Bool(x), nil
	case json.Number:
		if n, err := strconv.ParseInt(string(x), 10, 64); err == nil {
			return patchdev.Int(n), nil
		}
		f, err := x.Float64()
		return patchdev.Float(f), err
	case []any:
		vals := make([]patchdev.Value, 0, len(x))
		for _, y := range x {
			v, err := fromJSON(y)
			if err != nil {
				return nil, err
			}
			vals = append(vals, v)
		}
		return patchdev.NewList(vals...), nil
	case map[string]any:
		return fromObject(x)
	}
	return nil, fmt.Errorf("%T is no value", x)
}

func fromObject(x map[string]any) (patchdev.Value, error) {
	if len(x) == 1 {
		if s, ok := x["base64"].(string); ok {
			b, err := base64.StdEncoding.DecodeString(s)
			return patchdev.String(b), err
		}
		if s, ok := x["float"].(string); ok {
			f, err := strconv.ParseFloat(s, 64)
			return patchdev.Float(f), err
		}
		if s, ok := x["bits"].(string); ok {
			n, err := strconv.ParseUint(s, 16, 64)
			return patchdev.Float(math.Float64frombits(n)), err
		}
		if list, ok := x["table"].([]any); ok {
			b := patchdev.EmptyTable().Edit()
			for _, y := range list {
				pair, ok := y.([]any)
				if !ok || len(pair) != 2 {
					return nil, fmt.Errorf("an entry of a table is not a pair")
				}
				k, err := fromJSON(pair[0])
				if err != nil {
					return nil, err
				}
				key, ok := k.(patchdev.String)
				if !ok {
					return nil, fmt.Errorf("a key of a table is not a string")
				}
				v, err := fromJSON(pair[1])
				if err != nil {
					return nil, err
				}
				b.Set(string(key), v)
			}
			return b.Table(), nil
		}
	}
	keys := make([]string, 0, len(x))
	for k := range x {
		keys = append(keys, strconv.Quote(k))
	}
	return nil, fmt.Errorf("an object with %s is no value: it has one of table, float, base64, bits", strings.Join(keys, ", "))
}
