package compose

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/kit"
)

// Env is what a draft's names mean.
type Env struct {
	Accounts []Account
	// Variables are the project's own.
	Variables []Variable
	// Process is the id of the process shown, Processes its siblings by name.
	Process   string
	Processes []Account
	// Last is the newest computed slot of the process, nil before there is one.
	Last *ao.Slot
	// Now and Random are what {{now}}, {{uuid}} and {{random}} are made of.
	Now    func() time.Time
	Random func() uint64
	// Repeat counts the messages of a repetition from 1, for {{n}}; 0 means 1.
	Repeat int
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
	if len(out) == 0 {
		return "the project has no accounts: add one to patchbay.toml"
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
			if _, named := e.Address(strings.TrimLeft(rest, `\`)); named {
				return rest, nil
			}
		}
	}
	return e.expand(value)
}

// Literal writes a tag's value so that [Env.ResolveValue] gives exactly it, also
// when it is somebody's name or has double braces in it.
func (e *Env) Literal(tag, value string) string {
	if _, named := e.Address(strings.TrimLeft(value, `\`)); named && !literal(tag) {
		return `\` + value
	}
	return Escape(value)
}

// Resolve makes the message of a draft: addresses for names, values for
// variables. The error is a *FieldError.
func Resolve(d Draft, e Env) (ao.Message, error) {
	m := ao.Message{Source: ao.FromComposer}
	if err := checkDraft(&d); err != nil {
		return m, err
	}
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
		if !ao.IsID(v) {
			return m, &FieldError{"from", fmt.Sprintf("From: %s is “%s”, which is no address of 43 characters. Choose %s.", from, brief(v), e.names())}
		}
		m.From = v
	case ao.IsID(from):
		m.From = from
	default:
		return m, &FieldError{"from", fmt.Sprintf("No account is called “%s”. %sChoose %s, or paste an address of 43 characters.", brief(from), didYouMean(from, e.allNames()), e.names())}
	}
	target, err := e.expand(strings.TrimSpace(d.Target))
	if err != nil {
		return m, &FieldError{"target", "Target: " + err.Error()}
	}
	switch addr, ok := e.Address(target); {
	case target == "":
		m.Target = e.Process
	case ok:
		m.Target = addr
	case ao.IsID(target):
		m.Target = target
	default:
		return m, &FieldError{"target", fmt.Sprintf("The target “%s” is neither a process of the project nor an id of 43 characters. %s", brief(target), e.targets(target))}
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
			return m, &FieldError{"", fmt.Sprintf("The tag with the value “%s” needs a name.", brief(t.Value))}
		}
		v, err := e.ResolveValue(name, t.Value)
		if err != nil {
			return m, &FieldError{name, brief(name) + ": " + err.Error()}
		}
		m.Tags = append(m.Tags, ao.Tag{Name: name, Value: v})
	}
	data, err := e.expand(d.Data)
	if err != nil {
		return m, &FieldError{"data", "Data: " + err.Error()}
	}
	if d.As == AsJSON {
		if bad := jsonError(data); bad != "" {
			return m, &FieldError{"data", "Data is set to JSON but is none: " + bad + ". Mend it, or set Data to text."}
		}
	}
	if data != "" {
		m.Data = patchdev.String(data)
	}
	return m, nil
}

// How long what is typed may be, in bytes; a longer value of a tag is kept beside
// its field. A signed data item takes 1,024 bytes of a tag's name and 3,072 of its
// value; longer values can be tried out here, so they are only warned of.
const (
	MaxName  = 1024
	MaxValue = 16 << 10
	itemName = 1024
	itemTag  = 3072
	itemTags = 128
)

// checkDraft refuses what no field may hold, with the field's name and what to do.
func checkDraft(d *Draft) error {
	for _, f := range []struct{ field, name, text string }{
		{"from", "From", d.From}, {"target", "Target", d.Target}, {"action", "Action", d.Action},
	} {
		switch {
		case len(f.text) > MaxName:
			return &FieldError{f.field, fmt.Sprintf("%s is %s long; at most %d bytes are sensible there. Put long text into Data.", f.name, bytesWord(len(f.text)), MaxName)}
		case !utf8.ValidString(f.text):
			return &FieldError{f.field, f.name + " holds bytes that are not UTF-8 text. Type it again."}
		case hasControl(f.text):
			return &FieldError{f.field, f.name + " holds a line end or another control character. Remove it."}
		}
	}
	for i, t := range d.Tags {
		name := strings.TrimSpace(t.Name)
		switch {
		case len(name) > MaxName:
			return &FieldError{name, fmt.Sprintf("The name of tag %d is %s long; a tag's name has at most %d bytes. Shorten it.", i+1, bytesWord(len(name)), MaxName)}
		case !utf8.ValidString(name) || hasControl(name):
			return &FieldError{name, fmt.Sprintf("The name of tag %d holds a control character or bytes that are not UTF-8 text. Type it again.", i+1)}
		}
	}
	return nil
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// Warn says what is odd about a draft that can be sent all the same, "" for nothing.
func Warn(d Draft, m ao.Message) string {
	data, _ := m.Data.(patchdev.String)
	if d.As == "" {
		if bad := CheckData(string(data)); bad != "" {
			return bad
		}
	}
	if !utf8.ValidString(string(data)) {
		return "Data holds bytes that are not UTF-8 text; aos makes its JSON of them as they are."
	}
	seen := map[string]bool{}
	for _, t := range m.Tags {
		switch {
		case len(t.Name) > itemName || len(t.Value) > itemTag:
			return fmt.Sprintf("%s is %s long: a signed message takes %d bytes in a tag. Put it into Data before you deploy.", brief(t.Name), bytesWord(len(t.Value)), itemTag)
		case hasControl(t.Value) || !utf8.ValidString(t.Value):
			return t.Name + " holds control characters or bytes that are not UTF-8 text: it is sent as it stands."
		case seen[t.Name]:
			return "The tag " + t.Name + " stands twice: scripts see the last one in msg.Tags."
		}
		seen[t.Name] = true
	}
	if len(m.Tags) > itemTags {
		return fmt.Sprintf("%d tags: a signed message takes %d.", len(m.Tags), itemTags)
	}
	return ""
}

// brief is a text short enough for a sentence.
func brief(s string) string {
	s = kit.OneLine(strings.ToValidUTF8(s, "\uFFFD"))
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

func bytesWord(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s + " bytes"
}
