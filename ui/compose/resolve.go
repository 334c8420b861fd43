package compose

import (
	"encoding/json"
	"fmt"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Env is what a draft's names mean.
type Env struct {
	Accounts []Account
	// Process is the id of the process shown, Processes its siblings by name.
	Process   string
	Processes []Account
	// Last is the newest computed slot of the process, nil before there is one.
	Last *ao.Slot
	// History gives the last computed slot for {{last.…}} after an error too.
}

// Address finds an account or a process by its exact name.
func (e *Env) Address(name string) (string, bool) {
	for _, a := range e.Accounts {
		if a.Name == name {
			return a.Address, true
		}
	}
	for _, p := range e.Processes {
		if p.Name == name {
			return p.Address, true
		}
	}
	return "", false
}

// names lists the accounts for a message to the user.
func (e *Env) names() string {
	var out []string
	for i, a := range e.Accounts {
		if i == 6 {
			out = append(out, "…")
			break
		}
		out = append(out, a.Name)
	}
	return strings.Join(out, ", ")
}

// A FieldError says which field of a draft is wrong and what to do about it.
type FieldError struct {
	// Field is "from", "target", "action", "data", or a tag's name.
	Field string
	Text  string
}

func (e *FieldError) Error() string { return e.Text }

// literal says whether a tag's values are words and never an account, even if one
// has the same name.
func literal(tag string) bool {
	switch tag {
	case "Action", "Name", "Ticker", "Type", "Variant", "Data-Protocol":
		return true
	}
	return false
}

// ResolveValue gives the text that is sent for a tag's value: variables filled
// in, and a value that is exactly an account's or process's name as its address.
// A backslash before such a name keeps it a word.
func (e *Env) ResolveValue(tag, value string) (string, error) {
	if !literal(tag) {
		if a, ok := e.Address(value); ok {
			return a, nil
		}
		if rest, ok := strings.CutPrefix(value, `\`); ok {
			if _, named := e.Address(rest); named {
				return rest, nil
			}
		}
	}
	return e.expand(value)
}

// expand fills {{name}} in.
func (e *Env) expand(s string) (string, error) {
	if !strings.Contains(s, "{{") {
		return s, nil
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, "{{")
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		name, rest, closed := strings.Cut(after, "}}")
		if !closed {
			return "", fmt.Errorf("{{ without }}: write {{%s}}", strings.TrimSpace(after))
		}
		v, err := e.variable(strings.TrimSpace(name))
		if err != nil {
			return "", err
		}
		b.WriteString(v)
		s = rest
	}
}

func (e *Env) variable(name string) (string, error) {
	if name == "process" {
		return e.Process, nil
	}
	if field, ok := strings.CutPrefix(name, "last."); ok {
		return e.last(field)
	}
	if a, ok := e.Address(name); ok {
		return a, nil
	}
	return "", fmt.Errorf("there is no variable {{%s}}: use an account (%s), {{process}}, {{last.Id}}, {{last.Slot}}, {{last.Data}} or {{last.TAG}}", name, e.names())
}

// last reads a field of the newest slot: of its message, then of what it sent.
func (e *Env) last(field string) (string, error) {
	if e.Last == nil {
		return "", fmt.Errorf("{{last.%s}} needs a slot that was computed; send a message without it first", field)
	}
	m := &e.Last.Message
	switch field {
	case "Id":
		return m.ID, nil
	case "Slot":
		return fmt.Sprint(e.Last.Number), nil
	case "From":
		return m.From, nil
	case "Data":
		for _, o := range e.Last.Result.Messages {
			if s, ok := o.Data.(patchdev.String); ok {
				return string(s), nil
			}
		}
		s, _ := m.Data.(patchdev.String)
		return string(s), nil
	}
	for i := range e.Last.Result.Messages {
		if v := e.Last.Result.Messages[i].Tag(field); v != "" {
			return v, nil
		}
	}
	if v, ok := ao.TagValue(m.Tags, field); ok {
		return v, nil
	}
	return "", fmt.Errorf("slot %d has no tag %s for {{last.%s}}", e.Last.Number, field, field)
}

// Resolve makes the message of a draft: addresses for names, values for
// variables. The error is a *FieldError.
func Resolve(d Draft, e Env) (ao.Message, error) {
	m := ao.Message{Source: ao.FromComposer}
	from := strings.TrimSpace(d.From)
	switch addr, ok := e.Address(from); {
	case ok:
		m.From = addr
	case from == "":
		return m, &FieldError{"from", "Choose who sends: " + e.names() + ", or paste an address of 43 characters."}
	case strings.Contains(from, "{{"):
		v, err := e.expand(from)
		if err != nil {
			return m, &FieldError{"from", "From: " + err.Error()}
		}
		m.From = v
	case ao.IsID(from):
		m.From = from
	default:
		return m, &FieldError{"from", fmt.Sprintf("No account is called “%s”. Choose %s, or paste an address of 43 characters.", from, e.names())}
	}
	target := strings.TrimSpace(d.Target)
	switch addr, ok := e.Address(target); {
	case target == "":
		m.Target = e.Process
	case ok:
		m.Target = addr
	case ao.IsID(target):
		m.Target = target
	default:
		return m, &FieldError{"target", fmt.Sprintf("The target “%s” is neither a process of the project nor an id of 43 characters.", target)}
	}
	action, err := e.expand(strings.TrimSpace(d.Action))
	if err != nil {
		return m, &FieldError{"action", "Action: " + err.Error()}
	}
	if action != "" {
		m.Tags = append(m.Tags, ao.Tag{Name: "Action", Value: action})
	}
	for _, t := range d.Tags {
		name := strings.TrimSpace(t.Name)
		if name == "" {
			if t.Value == "" {
				continue
			}
			return m, &FieldError{"", fmt.Sprintf("The tag with the value “%s” needs a name.", t.Value)}
		}
		v, err := e.ResolveValue(name, t.Value)
		if err != nil {
			return m, &FieldError{name, name + ": " + err.Error()}
		}
		m.Tags = append(m.Tags, ao.Tag{Name: name, Value: v})
	}
	data, err := e.expandData(d.Data)
	if err != nil {
		return m, &FieldError{"data", "Data: " + err.Error()}
	}
	if data != "" {
		m.Data = patchdev.String(data)
	}
	return m, nil
}

// expandData fills variables into Data, where {{ may be part of the text: what is
// not a known variable stays as it is.
func (e *Env) expandData(s string) (string, error) {
	if !strings.Contains(s, "{{") {
		return s, nil
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, "{{")
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		name, rest, closed := strings.Cut(after, "}}")
		if !closed {
			b.WriteString("{{" + after)
			return b.String(), nil
		}
		if v, err := e.variable(strings.TrimSpace(name)); err == nil {
			b.WriteString(v)
		} else if strings.HasPrefix(strings.TrimSpace(name), "last.") {
			return "", err
		} else {
			b.WriteString("{{" + name + "}}")
		}
		s = rest
	}
}

// CheckData says what is wrong with Data that looks like JSON, "" when it is
// JSON or plainly text. Data is sent as it stands either way.
func CheckData(s string) string {
	t := strings.TrimSpace(s)
	if t == "" || t[0] != '{' && t[0] != '[' || strings.HasPrefix(t, "{{") {
		return ""
	}
	var v any
	err := json.Unmarshal([]byte(t), &v)
	if err == nil {
		return ""
	}
	at := ""
	if se, ok := err.(*json.SyntaxError); ok {
		line := 1 + strings.Count(t[:min(int(se.Offset), len(t))], "\n")
		at = fmt.Sprintf(" (line %d)", line)
	}
	return "Data looks like JSON but is not" + at + ": " + strings.TrimPrefix(err.Error(), "json: ") + ". It would be sent as text."
}
