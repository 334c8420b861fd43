package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Variables stand in double braces in every field of a draft. They are filled in
// when the message is sent, so that a saved one can be sent again and again.

// variableName is what may stand between double braces as a variable; anything
// else there (Lua tables, JSON) is text.
var variableName = regexp.MustCompile(`^\s*[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_.-]+)?\s*$`)

// expand fills {{name}} in. A backslash before the braces keeps them text. What
// stands between braces and could be no variable's name stays as it is.
func (e *Env) expand(s string) (string, error) {
	if !strings.Contains(s, "{{") {
		return s, nil
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, "{{")
		if !ok {
			b.WriteString(before)
			return b.String(), nil
		}
		if text, escaped := strings.CutSuffix(before, `\`); escaped {
			b.WriteString(text + "{{")
			s = after
			continue
		}
		b.WriteString(before)
		name, rest, closed := strings.Cut(after, "}}")
		switch {
		case !closed && variableName.MatchString(after):
			name = strings.TrimSpace(after)
			return "", fmt.Errorf(`{{ without }}: write {{%s}} for a variable, or \{{ for the braces themselves`, brief(name))
		case !closed || !variableName.MatchString(name):
			// a brace more may begin a variable: "{{{alice}}"
			b.WriteString("{")
			s = "{" + after
			if !strings.HasPrefix(after, "{") {
				b.WriteString("{")
				s = after
			}
			continue
		}
		v, err := e.variable(strings.TrimSpace(name))
		if err != nil {
			return "", err
		}
		b.WriteString(v)
		s = rest
	}
}

// Escape writes a text so that expand gives it back as it is.
func Escape(s string) string { return strings.ReplaceAll(s, "{{", `\{{`) }

// Variable is one of the project's own: a text with a name. The text is put in as it
// is, also where it has braces.
type Variable struct{ Name, Value string }

// The variables that are not names of somebody, with what they give.
var variables = [][2]string{
	{"process", "id of the process shown"},
	{"last.Id", "id of the last message"},
	{"last.Slot", "its slot"},
	{"last.From", "its sender"},
	{"last.Data", "Data of what the process answered to it"},
	{"last.Error", "its error"},
	{"last.Output", "what it printed"},
	{"last.TAG", "a tag of the message, else of what it sent: {{last.Reference}}"},
	{"last.out.TAG", "a tag of what it sent"},
	{"now", "time in milliseconds"},
	{"now.s", "time in seconds"},
	{"now.iso", "time as text"},
	{"uuid", "a new UUID"},
	{"random", "a random number below 2^53"},
	{"random.100", "a random number from 1 to 100"},
	{"n", "1, 2, 3 … when it is sent repeatedly"},
}

func (e *Env) variable(name string) (string, error) {
	for _, v := range e.Variables { // the project refuses names of accounts and of what follows
		if v.Name == name {
			return v.Value, nil
		}
	}
	if a, ok := e.Address(name); ok { // what the project calls somebody comes first
		return a, nil
	}
	head, field, dotted := strings.Cut(name, ".")
	switch {
	case name == "process":
		if e.Process == "" {
			return "", fmt.Errorf("{{process}} needs a process; make one first")
		}
		return e.Process, nil
	case head == "last" && dotted:
		return e.last(field)
	case name == "n":
		return strconv.Itoa(max(e.Repeat, 1)), nil
	case head == "now":
		return e.time(name, field)
	case name == "uuid":
		a, b := e.random(), e.random()
		a = a&^0xf000 | 0x4000 // version 4
		b = b&^(3<<62) | 1<<63 // variant 1
		h := fmt.Sprintf("%016x%016x", a, b)
		return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:], nil
	case name == "random":
		return strconv.FormatUint(e.random()>>11, 10), nil
	case head == "random":
		if n, err := strconv.ParseUint(field, 10, 53); err == nil && n > 0 {
			return strconv.FormatUint(e.random()%n+1, 10), nil
		}
		return "", fmt.Errorf("{{%s}} is no range: write {{random.100}} for a number from 1 to 100", brief(name))
	}
	return "", e.unknown(name)
}

func (e *Env) time(name, field string) (string, error) {
	t := time.Now
	if e.Now != nil {
		t = e.Now
	}
	switch field {
	case "", "ms":
		return strconv.FormatInt(t().UnixMilli(), 10), nil
	case "s":
		return strconv.FormatInt(t().Unix(), 10), nil
	case "iso":
		return t().UTC().Format("2006-01-02T15:04:05.000Z"), nil
	}
	return "", e.unknown(name)
}

func (e *Env) random() uint64 {
	if e.Random == nil {
		return 0
	}
	return e.Random()
}

// unknown is the error for a variable that there is not, with those that there are.
func (e *Env) unknown(name string) error {
	var fixed []string
	for _, v := range variables {
		fixed = append(fixed, "{{"+v[0]+"}}")
	}
	own := ""
	for i, v := range e.Variables {
		if i == 12 {
			own += "…, "
			break
		}
		own += "{{" + v.Name + "}}, "
	}
	if own != "" {
		own = "the project's own " + own
	}
	near := e.allNames()
	for _, v := range e.known() {
		near = append(near, v[0])
	}
	return fmt.Errorf(`there is no variable {{%s}}. %sThere are the accounts (%s), the processes, %s%s. For the braces themselves write \{{`,
		brief(name), didYouMean(name, near), e.names(), own, strings.Join(fixed, ", "))
}

// allNames are the names of accounts and processes.
func (e *Env) allNames() []string {
	var out []string
	for _, a := range e.Accounts {
		out = append(out, a.Name)
	}
	for _, p := range e.Processes {
		out = append(out, p.Name)
	}
	return out
}

// targets says what a target may be.
func (e *Env) targets(typed string) string {
	var out []string
	for i, p := range e.Processes {
		if i == 6 {
			out = append(out, "…")
			break
		}
		out = append(out, p.Name)
	}
	if len(out) == 0 {
		return "Leave it empty for the process shown."
	}
	return didYouMean(typed, e.allNames()) + "There are " + strings.Join(out, ", ") + "; empty is the process shown."
}

// didYouMean is a sentence with the name that is most like what was typed, "" when
// none is near.
func didYouMean(typed string, names []string) string {
	if len(typed) > 40 {
		return ""
	}
	best, at := "", 3
	for _, n := range names {
		if d := distance(strings.ToLower(typed), strings.ToLower(n)); d < at && d < max(len(n), len(typed)) {
			best, at = n, d
		}
	}
	if best == "" {
		return ""
	}
	return "Did you mean " + best + "? "
}

// distance is how many letters must be changed, added or left out between two words.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			d := diagonal
			if x[i] != y[j] {
				d++
			}
			diagonal = row[j+1]
			row[j+1] = min(d, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

// last reads a field of the newest slot: of its message, then of what it sent.
func (e *Env) last(field string) (string, error) {
	if e.Last == nil {
		return "", fmt.Errorf("{{last.%s}} needs a slot that was computed; send a message without it first", field)
	}
	m, res := &e.Last.Message, &e.Last.Result
	if name, ok := strings.CutPrefix(field, "out."); ok {
		if name == "Data" {
			if s, ok := answered(res); ok {
				return s, nil
			}
		} else if v, ok := outTag(res, name); ok {
			return v, nil
		}
		return "", fmt.Errorf("slot %d sent nothing with %s for {{last.%s}}", e.Last.Number, brief(name), brief(field))
	}
	switch strings.ToLower(field) {
	case "id":
		return m.ID, nil
	case "slot":
		return strconv.FormatInt(e.Last.Number, 10), nil
	case "from":
		return m.From, nil
	case "target":
		return m.Target, nil
	case "timestamp":
		return strconv.FormatInt(m.Timestamp, 10), nil
	case "error":
		return res.Error, nil
	case "output":
		return strings.TrimRight(res.Text, "\n"), nil
	case "data":
		if s, ok := answered(res); ok {
			return s, nil
		}
		s, _ := m.Data.(patchdev.String)
		return string(s), nil
	}
	if v, ok := ao.TagValue(m.Tags, field); ok {
		return v, nil
	}
	if v, ok := outTag(res, field); ok {
		return v, nil
	}
	return "", fmt.Errorf("slot %d has no tag %s for {{last.%s}}. %s", e.Last.Number, brief(field), brief(field), e.lastTags())
}

// lastTags says which tags the newest slot has.
func (e *Env) lastTags() string {
	var names []string
	add := func(n string) {
		if n != "" && len(names) < 12 && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for _, t := range e.Last.Message.Tags {
		add(t.Name)
	}
	for _, o := range e.Last.Result.Messages {
		for _, t := range o.Tags {
			if n, ok := t.Name.(patchdev.String); ok {
				add(string(n))
			}
		}
	}
	if len(names) == 0 {
		return "It has none."
	}
	return "It has " + strings.Join(names, ", ") + "."
}

// answered is the Data of the first message sent that has a text in it.
func answered(r *ao.Result) (string, bool) {
	for _, o := range r.Messages {
		if s, ok := o.Data.(patchdev.String); ok {
			return string(s), true
		}
	}
	return "", false
}

// outTag is the first value of a tag among what was sent, numbers and booleans as
// they would be written.
func outTag(r *ao.Result, name string) (string, bool) {
	for _, o := range r.Messages {
		for _, t := range slices.Backward(o.Tags) {
			if n, ok := t.Name.(patchdev.String); !ok || string(n) != name || t.Value == nil {
				continue
			}
			if s, ok := t.Value.(patchdev.String); ok {
				return string(s), true
			}
			return string(patchdev.AppendJSON(nil, t.Value, patchdev.JSONOptions{})), true
		}
	}
	return "", false
}
