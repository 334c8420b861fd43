package project

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Variable is a text with a name of the project's own, which messages hold as {{name}}.
type Variable struct{ Name, Value string }

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// ownVariables are names that stand in double braces for something that Patchbay
// knows by itself; each may have a field, as in last.Id.
var ownVariables = []string{"process", "last", "now", "uuid", "random", "n"}

// readVariables takes the table [variables] over, in the order of the file. A name
// that stands for something else already is refused: which of the two was meant could
// not be seen in a message.
func (p *Project) readVariables(f *file, meta *toml.MetaData, bad func(table string, n int, key, remedy, format string, args ...any) error) error {
	values, isTable := f.Variables.(map[string]any)
	if f.Variables != nil && !isTable {
		return bad("", 0, "variables", `write [variables] and below it price = "100"`, "variables is no table")
	}
	for _, key := range meta.Keys() {
		if len(key) < 2 || key[0] != "variables" {
			continue
		}
		name, written := key[1], strings.Join(key[1:], ".")
		wrong := func(remedy, format string, args ...any) error {
			return bad("variables", 0, written, remedy, "variable %q: "+format, append([]any{name}, args...)...)
		}
		head, _, _ := strings.Cut(name, ".")
		switch _, account := p.Address(name); {
		case slices.Contains(ownVariables, head):
			return wrong("choose another name", "{{%s}} is Patchbay's own", cutName(name, head))
		case account:
			return wrong("choose another name for one of them", "an account has this name, and {{%s}} is its address", name)
		case !variableName.MatchString(name):
			return wrong("choose another, as in min-price", "a name has letters, digits, - and _, and begins with a letter")
		}
		switch v := values[name].(type) {
		case string:
			p.Variables = append(p.Variables, Variable{name, v})
		case int64, float64, bool:
			return wrong(fmt.Sprintf(`write %s = "%v"`, name, v), "a variable is a text in quotes, and %v is none", v)
		default:
			return wrong(fmt.Sprintf(`write %s = "…"`, name), "a variable is a text in quotes")
		}
	}
	for _, q := range p.Processes {
		if slices.ContainsFunc(p.Variables, func(v Variable) bool { return v.Name == q.Name }) {
			p.Warnings = append(p.Warnings, bad("variables", 0, q.Name, "choose another name for one of them",
				"a process is called %q as well: {{%s}} is the variable", q.Name, q.Name))
		}
	}
	return nil
}

// cutName is how a name of Patchbay's own is told: with a star for its fields.
func cutName(name, head string) string {
	if name != head || head == "last" {
		return head + ".*"
	}
	return head
}
