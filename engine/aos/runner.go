package aos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
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
	// File gives the text of another file that a message names as its Data
	// ("@NAME.lua"); nil: there are none.
	File func(name string) (string, error)
	// Say is told, in a sentence, why a result is none; nil: nobody.
	Say func(text string)
}

// RunMessages runs a list of messages through a script and returns the results
// as one JSON array in the shape of the recordings (spec §16): for each message
// {"ok": true, "response": …}, {"ok": false, "response": TEXT}, or, without
// roll-back, {"encodeError": TEXT} for a result that aos' JSON cannot carry.
//
// messagesJSON is a list of messages with their root fields; a Data of
// "@script.lua" stands for the text of script. processJSON is the environment
// {"Process": {Id, Owner, Tags}, "Module": {…}}; when it is empty one is made
// from the first message. Errors are about the input and name the file's part.
func RunMessages(ctx context.Context, script, messagesJSON, processJSON []byte, o RunOptions) ([]byte, error) {
	r, err := ParseRun(messagesJSON, processJSON)
	if err != nil {
		return nil, err
	}
	if err := r.Fill(script, o.File); err != nil {
		return nil, err
	}
	return r.Run(ctx, o)
}

// Run is a list of messages and the process that they are for.
type Run struct {
	Env      ao.Env
	Messages []ao.Message
	// env is the environment as it was given, when it says more than Env can hold.
	env *patchdev.Table
}

// InputError says what is wrong with one of the two texts that make a Run.
type InputError struct {
	// Process: it is the environment, otherwise the list of messages.
	Process bool
	// Offset is the byte at which the text is no JSON, -1 for other errors.
	Offset int
	Err    error
}

func (e *InputError) Error() string {
	if e.Process {
		return "process: " + e.Err.Error()
	}
	return "messages: " + e.Err.Error()
}

// Unwrap returns the error inside.
func (e *InputError) Unwrap() error { return e.Err }

// bad makes an InputError.
func bad(process bool, err error) error {
	at := -1
	if j := (*patchdev.JSONError)(nil); errors.As(err, &j) {
		at, err = j.Offset, fmt.Errorf("not JSON: %w", j.Err)
	}
	return &InputError{Process: process, Offset: at, Err: err}
}

// ParseRun reads messages and an environment; see RunMessages. Its errors are
// *InputError.
func ParseRun(messagesJSON, processJSON []byte) (*Run, error) {
	msgs, err := parseMessages(withoutBOM(messagesJSON))
	if err != nil {
		return nil, bad(false, err)
	}
	r := &Run{Messages: msgs}
	if err := r.parseProcess(withoutBOM(processJSON)); err != nil {
		return nil, bad(true, err)
	}
	return r, nil
}

func withoutBOM(text []byte) []byte { return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) }

// Fill puts the texts of files in the place of their names: "@script.lua" as a
// message's Data is script, "@NAME.lua" what file gives for it. A file of nil
// leaves other names as they are.
func (r *Run) Fill(script []byte, file func(name string) (string, error)) error {
	for i := range r.Messages {
		if err := fillData(&r.Messages[i], script, file); err != nil {
			return bad(false, fmt.Errorf("item %d: %w", i, err))
		}
	}
	return nil
}

// Run evaluates the messages and returns their results; see RunMessages.
func (r *Run) Run(ctx context.Context, o RunOptions) ([]byte, error) {
	opts := []Option{withResponse()}
	if o.NoRollback {
		opts = append(opts, NoRollback())
	}
	limits := o.Limits
	if limits.Output == 0 {
		limits.Output = -1
	}
	if r.env != nil {
		opts = append(opts, withEnvironment(r.env))
	}
	vm, err := newVM(r.Env, limits, opts...)
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	var out results
	for i := range r.Messages {
		if _, err := vm.evaluate(ctx, &r.Messages[i], int64(i), false); err != nil {
			return nil, fmt.Errorf("messages: item %d: %w", i, err)
		}
		if vm.last.encode && !o.NoRollback && o.Say != nil {
			o.Say(fmt.Sprintf("message %d: the result cannot be encoded: %s", i, vm.last.thrown))
		}
		out.add(vm.last.recorded(o.NoRollback), patchdev.JSONOptions{})
	}
	return out.json(), nil
}

// results is the list that is printed, a result a line.
type results struct{ b []byte }

func (r *results) add(v patchdev.Value, o patchdev.JSONOptions) {
	if r.b != nil {
		r.b = append(r.b, ',')
	}
	r.b = patchdev.AppendJSON(append(r.b, "\n  "...), v, o)
}

func (r *results) json() []byte {
	if r.b == nil {
		return []byte("[]\n")
	}
	return append(append([]byte{'['}, r.b...), "\n]\n"...)
}

// notEncoded is what a compute unit meets when the module returns nothing because
// it cannot encode the result.
const notEncoded = "Unexpected end of JSON input"

// recorded is an evaluation in the shape of the recordings.
func (e *evaluation) recorded(noRollback bool) *patchdev.Table {
	switch {
	case e.ok && e.response == nil: // handle returned nothing
		return patchdev.NewTable("ok", patchdev.Bool(true))
	case e.ok:
		return patchdev.NewTable("ok", patchdev.Bool(true), "response", e.response)
	case e.encode && noRollback:
		return patchdev.NewTable("encodeError", patchdev.String(e.thrown))
	case e.encode:
		return patchdev.NewTable("ok", patchdev.Bool(false), "response", patchdev.String(notEncoded))
	}
	return patchdev.NewTable("ok", patchdev.Bool(false), "response", patchdev.String(e.thrown))
}

// fillData replaces a Data of the form "@NAME.lua" by the text of that file.
func fillData(m *ao.Message, script []byte, file func(name string) (string, error)) error {
	for i, f := range m.Fields {
		s, ok := f.Value.(patchdev.String)
		if !ok || f.Name != "Data" || !strings.HasPrefix(string(s), "@") || !strings.HasSuffix(string(s), ".lua") {
			continue
		}
		if s == "@script.lua" {
			m.Fields[i].Value = patchdev.String(script)
			continue
		}
		if file == nil {
			continue
		}
		text, err := file(string(s[1:]))
		if err != nil {
			return fmt.Errorf("the file named as Data %q: %w", string(s), err)
		}
		m.Fields[i].Value = patchdev.String(text)
	}
	return nil
}

// parseMessages reads a list of recorded messages.
func parseMessages(data []byte) ([]ao.Message, error) {
	v, err := patchdev.ParseJSON(data)
	if err != nil {
		return nil, err
	}
	list, ok := v.(*patchdev.List)
	if !ok {
		return nil, fmt.Errorf("want a JSON list of messages, got %s", kindOf(v))
	}
	out := make([]ao.Message, 0, list.Len())
	for i, e := range list.All() {
		t, ok := e.(*patchdev.Table)
		if !ok {
			return nil, fmt.Errorf("item %d: want an object with the fields of a message, got %s", i, kindOf(e))
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
	switch v := v.(type) {
	case nil:
		return "null"
	case *patchdev.Table:
		return "an object"
	case *patchdev.List:
		return "a list"
	case patchdev.String:
		return fmt.Sprintf("the text %.40q", string(v))
	}
	return string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
}

// Missing says, in a sentence, which root fields the module needs and the first
// message has not, "" when it has all: the module cannot seed its random numbers
// without them.
func Missing(r *Run) string {
	if len(r.Messages) == 0 {
		return ""
	}
	var names []string
	for _, name := range []string{"Id", "Owner", "Module", "Block-Height"} {
		if !slices.ContainsFunc(r.Messages[0].Fields, func(f ao.Field) bool { return f.Name == name && f.Value != nil }) {
			names = append(names, name)
		}
	}
	if names == nil {
		return ""
	}
	return "item 0 has no " + strings.Join(names, ", ") + ", of which the aos module makes the seed of its random numbers: it fails until a message has them"
}
