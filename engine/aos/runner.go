package aos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// RunOptions are what RunMessages may be told.
type RunOptions struct {
	// NoRollback keeps the state of evaluations that end in an Error.
	NoRollback bool
	// Limits bound each evaluation; zero values mean the defaults, but printed
	// output is not cut.
	Limits ao.Limits
	// ScriptName is what the script is called in errors, such as its path.
	ScriptName string
	// File gives the text of another file that a message names as its Data
	// ("@NAME.lua"); nil: there are none.
	File func(name string) (string, error)
}

// RunMessages runs a list of messages through a script and returns the results
// as one JSON array in the shape of the recordings (spec §16): for each message
// {"ok": true, "response": …}, {"ok": false, "response": TEXT}, or
// {"encodeError": TEXT} for a result that aos' JSON cannot carry.
//
// messagesJSON is a list of messages with their root fields; a Data of
// "@script.lua" stands for the text of script. processJSON is the environment
// {"Process": {Id, Owner, Tags}, "Module": {…}}; when it is empty one is made
// from the first message. Errors are about the input and name the file's part.
func RunMessages(ctx context.Context, script, messagesJSON, processJSON []byte, o RunOptions) ([]byte, error) {
	msgs, err := parseMessages(messagesJSON)
	if err != nil {
		return nil, err
	}
	env, err := parseProcess(processJSON, msgs)
	if err != nil {
		return nil, err
	}
	opts := []Option{withResponse()}
	if o.NoRollback {
		opts = append(opts, NoRollback())
	}
	limits := o.Limits
	if limits.Output == 0 {
		limits.Output = -1
	}
	vm, err := newVM(env, limits, opts...)
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	out := []byte{'['}
	for i := range msgs {
		if err := fillData(&msgs[i], script, o); err != nil {
			return nil, fmt.Errorf("messages: item %d: %w", i, err)
		}
		if _, err := vm.evaluate(ctx, &msgs[i], int64(i), false); err != nil {
			return nil, fmt.Errorf("messages: item %d: %w", i, err)
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, "\n  "...)
		out = patchdev.AppendJSON(out, vm.last.recorded(o.NoRollback), patchdev.JSONOptions{})
	}
	return append(out, "\n]\n"...), nil
}

// recorded is an evaluation in the shape of the recordings.
func (e *evaluation) recorded(noRollback bool) *patchdev.Table {
	switch {
	case e.ok:
		return patchdev.NewTable("ok", patchdev.Bool(true), "response", e.response)
	case e.encode && noRollback:
		return patchdev.NewTable("encodeError", patchdev.String(e.thrown))
	}
	return patchdev.NewTable("ok", patchdev.Bool(false), "response", patchdev.String(e.thrown))
}

// fillData replaces a Data of the form "@NAME.lua" by the text of that file.
func fillData(m *ao.Message, script []byte, o RunOptions) error {
	for i, f := range m.Fields {
		s, ok := f.Value.(patchdev.String)
		if !ok || f.Name != "Data" || !strings.HasPrefix(string(s), "@") || !strings.HasSuffix(string(s), ".lua") {
			continue
		}
		if s == "@script.lua" {
			m.Fields[i].Value = patchdev.String(script)
			continue
		}
		if o.File == nil {
			continue
		}
		text, err := o.File(string(s[1:]))
		if err != nil {
			return fmt.Errorf("the file named as Data %q: %w", string(s), err)
		}
		m.Fields[i].Value = patchdev.String(text)
	}
	return nil
}

// parseMessages reads a list of recorded messages.
func parseMessages(data []byte) ([]ao.Message, error) {
	v, err := patchdev.ParseJSON(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if err != nil {
		return nil, fmt.Errorf("messages: not JSON: %w", err)
	}
	list, ok := v.(*patchdev.List)
	if !ok {
		return nil, fmt.Errorf("messages: want a JSON list of messages, got %s", kindOf(v))
	}
	out := make([]ao.Message, 0, list.Len())
	for i, e := range list.All() {
		t, ok := e.(*patchdev.Table)
		if !ok {
			return nil, fmt.Errorf("messages: item %d: want an object with the fields of a message, got %s", i, kindOf(e))
		}
		m := ao.Message{Fields: messageFields(t)}
		if id, ok := t.Get("Id"); ok {
			if s, ok := id.(patchdev.String); ok {
				m.ID = string(s)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

func kindOf(v patchdev.Value) string {
	if v == nil {
		return "null"
	}
	return v.Kind().String()
}

// parseProcess reads process.json, or makes an environment that fits the first
// message.
func parseProcess(data []byte, msgs []ao.Message) (ao.Env, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return envOf(msgs), nil
	}
	v, err := patchdev.ParseJSON(data)
	if err != nil {
		return ao.Env{}, fmt.Errorf("process: not JSON: %w", err)
	}
	root, ok := v.(*patchdev.Table)
	if !ok {
		return ao.Env{}, fmt.Errorf("process: want an object with Process and Module, got %s", kindOf(v))
	}
	if inner, ok := tableAt(root, "env"); ok {
		root = inner
	}
	process, ok := tableAt(root, "Process")
	if !ok {
		return ao.Env{}, errors.New(`process: there is no object "Process" with Id, Owner and Tags`)
	}
	env := ao.Env{ID: textAt(process, "Id"), Owner: textAt(process, "Owner")}
	if env.ID == "" {
		return ao.Env{}, errors.New("process: Process.Id is missing")
	}
	if env.Tags, err = tagsAt(process, "Process"); err != nil {
		return ao.Env{}, err
	}
	if module, ok := tableAt(root, "Module"); ok {
		env.ModuleID = textAt(module, "Id")
		if env.ModuleTags, err = tagsAt(module, "Module"); err != nil {
			return ao.Env{}, err
		}
	}
	return env, nil
}

// envOf makes the environment of a list of messages without one: the process
// that the first message addresses, or is.
func envOf(msgs []ao.Message) ao.Env {
	env := ao.Env{}
	if len(msgs) == 0 {
		return env
	}
	for _, f := range msgs[0].Fields {
		switch s, _ := f.Value.(patchdev.String); f.Name {
		case "Target":
			env.ID = string(s)
		case "Owner":
			env.Owner = string(s)
		case "Module":
			env.ModuleID = string(s)
		case "Tags":
			list, ok := f.Value.(*patchdev.List)
			if !ok {
				continue
			}
			for _, e := range list.All() {
				if t, ok := e.(*patchdev.Table); ok {
					env.Tags = append(env.Tags, ao.Tag{Name: textAt(t, "name"), Value: textAt(t, "value")})
				}
			}
		}
	}
	if env.ID == "" {
		env.ID = msgs[0].ID
	}
	return env
}

func tableAt(t *patchdev.Table, key string) (*patchdev.Table, bool) {
	v, _ := t.Get(key)
	r, ok := v.(*patchdev.Table)
	return r, ok
}

func textAt(t *patchdev.Table, key string) string {
	v, _ := t.Get(key)
	s, _ := v.(patchdev.String)
	return string(s)
}

func tagsAt(t *patchdev.Table, where string) ([]ao.Tag, error) {
	v, ok := t.Get("Tags")
	if !ok {
		return nil, nil
	}
	list, ok := v.(*patchdev.List)
	if !ok {
		return nil, fmt.Errorf("process: %s.Tags: want a list of {name, value}, got %s", where, kindOf(v))
	}
	out := make([]ao.Tag, 0, list.Len())
	for i, e := range list.All() {
		tag, ok := e.(*patchdev.Table)
		if !ok {
			return nil, fmt.Errorf("process: %s.Tags: item %d: want {name, value}, got %s", where, i, kindOf(e))
		}
		out = append(out, ao.Tag{Name: textAt(tag, "name"), Value: textAt(tag, "value")})
	}
	return out, nil
}
