package aos

import (
	"bytes"
	"errors"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// parseProcess reads process.json, or makes an environment that fits the first
// message.
func (r *Run) parseProcess(data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		r.Env = envOf(r.Messages)
		return nil
	}
	v, err := patchdev.ParseJSON(data)
	if err != nil {
		return err
	}
	given, ok := v.(*patchdev.Table)
	if !ok {
		return fmt.Errorf("want an object with Process and Module, got %s", kindOf(v))
	}
	root := given
	if inner, ok := tableAt(root, "env"); ok {
		root = inner
	}
	process, ok := tableAt(root, "Process")
	if !ok {
		return errors.New(`there is no object "Process" with Id, Owner and Tags`)
	}
	e := envReader{env: ao.Env{ID: textAt(process, "Id"), Owner: textAt(process, "Owner")}}
	if e.env.ID == "" {
		return errors.New("Process.Id is missing")
	}
	if e.env.Tags, err = e.tags(process, "Process"); err != nil {
		return err
	}
	if module, ok := tableAt(root, "Module"); ok {
		e.env.ModuleID = textAt(module, "Id")
		if e.env.ModuleTags, err = e.tags(module, "Module"); err != nil {
			return err
		}
		e.only(module, "Id", "Tags")
	}
	e.only(root, "Process", "Module")
	e.only(process, "Id", "Owner", "Tags")
	r.Env = e.env
	if e.more {
		r.env = root
	}
	return nil
}

// envReader reads an environment and notes whether it says more than an ao.Env holds.
type envReader struct {
	env  ao.Env
	more bool
}

// only notes what a table has beyond texts, tables and lists under these keys.
func (e *envReader) only(t *patchdev.Table, keys ...string) {
	n := 0
	for _, k := range keys {
		switch v, ok := t.Get(k); v.(type) {
		case patchdev.String, *patchdev.Table, *patchdev.List:
			n++
		default:
			e.more = e.more || ok
		}
	}
	e.more = e.more || n < t.Len()
}

// tags reads a list of tags. What is no text in them the ao.Env lacks.
func (e *envReader) tags(t *patchdev.Table, where string) ([]ao.Tag, error) {
	v, ok := t.Get("Tags")
	if !ok {
		e.more = true
		return nil, nil
	}
	list, ok := v.(*patchdev.List)
	if !ok {
		return nil, fmt.Errorf("%s.Tags: want a list of {name, value}, got %s", where, kindOf(v))
	}
	out := make([]ao.Tag, 0, list.Len())
	for i, item := range list.All() {
		tag, ok := item.(*patchdev.Table)
		if !ok {
			return nil, fmt.Errorf("%s.Tags: item %d: want {name, value}, got %s", where, i, kindOf(item))
		}
		for _, k := range []string{"name", "value"} {
			v, _ := tag.Get(k)
			if _, ok := v.(patchdev.String); !ok {
				e.more = true
			}
		}
		out = append(out, ao.Tag{Name: textAt(tag, "name"), Value: textAt(tag, "value")})
	}
	return out, nil
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
