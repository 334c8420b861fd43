package project

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"patchbay/engine/ao"
)

// file is patchbay.toml as it is written.
type file struct {
	Name         string            `toml:"name"`
	Port         int               `toml:"port"`
	Profile      string            `toml:"profile"`
	AllowHosts   []string          `toml:"allow-hosts"`
	AllowOrigins []string          `toml:"allow-origins"`
	Accounts     map[string]string `toml:"accounts"`
	Variables    any               `toml:"variables"`
	Process      []fileProcess     `toml:"process"`
}

// fileProcess is a process as it is read; it is written by writtenProcess.
type fileProcess struct {
	Name   string `toml:"name"`
	Script string `toml:"script"`
	Owner  string `toml:"owner"`
	Tags   tags   `toml:"tags,omitempty"`
}

// tags are written as { Name = "value" }, or, where order or duplicates matter, as
// [ { name = "Name", value = "value" } ].
type tags []ao.Tag

// UnmarshalTOML reads both forms.
func (t *tags) UnmarshalTOML(v any) error {
	bad := errors.New(`tags are written as { Ticker = "TOK" }, or as [ { name = "Ticker", value = "TOK" } ]`)
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			value, ok := v[name].(string)
			if !ok {
				return bad
			}
			*t = append(*t, ao.Tag{Name: name, Value: value})
		}
	case []map[string]any: // [[process.tags]]
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = x
		}
		return t.UnmarshalTOML(list)
	case []any:
		for _, x := range v {
			pair, ok := x.(map[string]any)
			name, ok1 := pair["name"].(string)
			value, ok2 := pair["value"].(string)
			if !ok || !ok1 || !ok2 || len(pair) != 2 {
				return bad
			}
			*t = append(*t, ao.Tag{Name: name, Value: value})
		}
	default:
		return bad
	}
	return nil
}

var profiles = []string{"current", "2025-05", "2025-06"}

// parse reads the text of a patchbay.toml. name is the path for errors.
func parse(name, text string) (*Project, error) {
	var f file
	meta, err := toml.Decode(text, &f)
	if err != nil {
		var pe toml.ParseError
		if errors.As(err, &pe) {
			e := &Error{Path: name, Line: pe.Position.Line, Column: pe.Position.Col, Message: pe.Message}
			if lines := strings.Split(text, "\n"); e.Line >= 1 && e.Line <= len(lines) { // at a line's end it counts on
				e.Column = min(e.Column, len([]rune(lines[e.Line-1]))+1)
			}
			if e.Message == "" {
				e.Message = strings.TrimPrefix(err.Error(), "toml: ")
			}
			if pe.LastKey != "" && !strings.Contains(e.Message, pe.LastKey) {
				e.Message = fmt.Sprintf("%s (at key %q)", e.Message, pe.LastKey)
			}
			e.Remedy = cmp.Or(pe.Usage, "mend that line; nothing was changed")
			return nil, e
		}
		e := &Error{Path: name, Message: strings.TrimPrefix(err.Error(), "toml: "), Remedy: "mend it; nothing was changed"}
		if m := lineInText.FindStringSubmatch(e.Message); m != nil { // values of another type
			e.Line, _ = strconv.Atoi(m[1])
			if lines := strings.Split(text, "\n"); e.Line >= 1 && e.Line <= len(lines) {
				name, value, assigned := strings.Cut(lines[e.Line-1], "=")
				if e.Column = indent(name); assigned {
					e.Column = len([]rune(name)) + 1 + indent(value)
				}
			}
			e.Message = fmt.Sprintf("key %q: %s", m[2], e.Message[len(m[0]):])
		}
		return nil, e
	}
	bad := func(table string, n int, key, remedy, format string, args ...any) error {
		e := &Error{Path: name, Message: fmt.Sprintf(format, args...), Remedy: remedy}
		e.Line, e.Column = placeOf(text, table, n, key)
		return e
	}

	p := &Project{Name: f.Name, Port: f.Port, Profile: f.Profile, AllowHosts: f.AllowHosts, AllowOrigins: f.AllowOrigins}
	if f.Port < 0 || f.Port > 65535 {
		return nil, bad("", 0, "port", "choose one from 1 to 65535", "port %d does not exist", f.Port)
	}
	if f.Profile != "" && !slices.Contains(profiles, f.Profile) {
		return nil, bad("", 0, "profile", "choose one of "+strings.Join(profiles, ", "), "there is no profile %q", f.Profile)
	}
	for _, key := range meta.Keys() { // in the order of the file, which the map has not
		if len(key) != 2 || key[0] != "accounts" {
			continue
		}
		a := Account{Name: key[1], Address: f.Accounts[key[1]]}
		switch {
		case a.Address == "":
			a.Address = ao.Address(a.Name)
		case !ao.IsID(a.Address):
			return nil, bad("accounts", 0, a.Name, `write "" for the one that Patchbay derives from the name`,
				"account %q: %q is not an address of 43 characters", a.Name, a.Address)
		}
		p.Accounts = append(p.Accounts, a)
	}
	seen := map[string]bool{}
	for i, fp := range f.Process {
		wrong := func(key, remedy, format string, args ...any) error {
			return bad("process", i, key, remedy, format, args...)
		}
		switch {
		case fp.Name == "":
			return nil, wrong("", `add: name = "…"`, "a process has no name")
		case seen[fp.Name]:
			return nil, wrong("name", "choose another name for one of them", "two processes are called %q", fp.Name)
		case fp.Script != "" && !inside(fp.Script):
			return nil, wrong("script", "write a path below the project's folder, with slashes", "script %q is outside the project", fp.Script)
		}
		seen[fp.Name] = true
		owner, ok := p.Address(cmp.Or(fp.Owner, "owner"))
		if !ok {
			if fp.Owner != "" {
				return nil, wrong("owner", "add it below [accounts], or write an address of 43 characters", "owner %q is not an account", fp.Owner)
			}
			owner = ao.Address("owner")
		}
		p.Processes = append(p.Processes, Process{Name: fp.Name, Script: fp.Script, Owner: owner, Tags: fp.Tags})
	}
	if err := p.readVariables(&f, &meta, bad); err != nil {
		return nil, err
	}
	for _, key := range meta.Undecoded() {
		if key[0] == "variables" || len(key) > 2 && key[0] == "process" && key[1] == "tags" {
			continue // read by UnmarshalTOML or readVariables
		}
		p.Warnings = append(p.Warnings, bad("", 0, key[len(key)-1], "remove it, or look for a typing error", "%q means nothing here", key.String()))
	}
	return p, nil
}

// inside says whether a path with slashes stays below the folder it starts from.
func inside(p string) bool {
	return p != "" && !path.IsAbs(p) && !strings.ContainsAny(p, "\\\x00") && !strings.Contains(p, ":") &&
		path.Clean(p) != ".." && !strings.HasPrefix(path.Clean(p), "../")
}

var lineInText = regexp.MustCompile(`^line (\d+) \(last key "(.*?)"\): `)

var header = regexp.MustCompile(`^\s*\[\[?\s*([^\]]*?)\s*\]\]?`)

// placeOf finds where the value of a key of the n-th table of this name stands
// ("": before the first table), or the table itself for key "". Line and column
// are from 1. It is for messages: 0 means that it was not found.
func placeOf(text, table string, n int, key string) (line, col int) {
	in, count := "", -1
	for i, l := range strings.Split(text, "\n") {
		if m := header.FindStringSubmatch(l); m != nil {
			in = m[1]
			if in == table {
				if count++; count == n {
					line, col = i+1, indent(l)
				}
			}
			continue
		}
		name, value, assigned := strings.Cut(l, "=")
		if !assigned || key == "" {
			continue
		}
		if strings.Trim(strings.TrimSpace(name), `"'`) == key && (in == table && (table == "" || count == n) || table == "") {
			return i + 1, len([]rune(name)) + 1 + indent(value)
		}
	}
	return line, col
}

// indent is the column, from 1, of the first character that is no space.
func indent(l string) int {
	return len([]rune(l)) - len([]rune(strings.TrimLeft(l, " \t"))) + 1
}
