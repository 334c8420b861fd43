package project

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

var nameLine = regexp.MustCompile(`^(\s*["']?name["']?\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*')(.*)$`)

// RenameProcess changes a process's name in patchbay.toml, whose text stays as it
// is but for that, and returns the project read anew. A process that the file does
// not have is no error: it was made over HTTP.
func (p *Project) RenameProcess(old, name string) (*Project, error) {
	return p.edit(func(now *Project, lines []string) ([]string, *Error) {
		i := now.process(old)
		if i < 0 {
			return lines, nil
		}
		by := &Error{Message: fmt.Sprintf("process %q is written in a way that Patchbay cannot change", old), Remedy: fmt.Sprintf("write name = %q yourself", name)}
		by.Line, by.Column = placeOf(strings.Join(lines, "\n"), "process", i, "name")
		if by.Line == 0 {
			return nil, by
		}
		m := nameLine.FindStringSubmatch(lines[by.Line-1])
		if m == nil {
			return nil, by
		}
		value, err := quoted(name)
		if err != nil {
			return nil, by
		}
		lines[by.Line-1] = m[1] + value + m[3]
		now.Processes[i].Name = name
		return lines, nil
	})
}

// RemoveProcess takes a process out of patchbay.toml, whose text stays as it is but
// for that, and returns the project read anew and what puts the process back. A
// process that the file does not have is no error.
func (p *Project) RemoveProcess(name string) (next *Project, undo func() (*Project, error), err error) {
	var before, after, block string
	next, err = p.edit(func(now *Project, lines []string) ([]string, *Error) {
		before = strings.Join(lines, "\n")
		after = before
		i := now.process(name)
		if i < 0 {
			return lines, nil
		}
		from, to := blockOf(lines, i)
		if from < 0 {
			return nil, &Error{Message: fmt.Sprintf("process %q is written in a way that Patchbay cannot change", name), Remedy: "take it out yourself"}
		}
		block = strings.Join(lines[from:to], "\n")
		out := slices.Delete(lines, from, to)
		for len(out) > 1 && strings.TrimSpace(out[len(out)-1]) == "" && strings.TrimSpace(out[len(out)-2]) == "" {
			out = out[:len(out)-1]
		}
		after = strings.Join(out, "\n")
		now.Processes = slices.Delete(now.Processes, i, i+1)
		return out, nil
	})
	if err != nil {
		return nil, nil, err
	}
	return next, func() (*Project, error) {
		if before == after {
			return Load(p.Dir)
		}
		file := filepath.Join(p.Dir, File)
		now, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		text := before
		if string(now) != after { // somebody wrote to it meanwhile
			text = strings.TrimRight(string(now), "\n") + "\n\n" + block + "\n"
		}
		if _, err := parse(file, text); err != nil {
			return nil, err
		}
		if err := writeFile(file, []byte(text)); err != nil {
			return nil, err
		}
		return Load(p.Dir)
	}, nil
}

// edit changes the lines of patchbay.toml. change gets the project as the file has
// it, and changes that the same way: the file is only written when it reads so.
func (p *Project) edit(change func(now *Project, lines []string) ([]string, *Error)) (*Project, error) {
	file := filepath.Join(p.Dir, File)
	old, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	now, err := parse(file, string(old))
	if err != nil {
		return nil, err
	}
	lines, bad := change(now, strings.Split(string(old), "\n"))
	if bad != nil {
		bad.Path = file
		return nil, bad
	}
	text := strings.Join(lines, "\n")
	if text == string(old) {
		return Load(p.Dir)
	}
	next, err := parse(file, text)
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(next.Processes, now.Processes, func(a, b Process) bool {
		return a.Name == b.Name && a.Script == b.Script && a.Owner == b.Owner && slices.Equal(a.Tags, b.Tags)
	}) || !slices.Equal(next.Accounts, now.Accounts) {
		return nil, &Error{Path: file, Message: "its processes are written in a way that Patchbay cannot change", Remedy: "change it yourself; nothing was changed"}
	}
	if err := writeFile(file, []byte(text)); err != nil {
		return nil, err
	}
	return Load(p.Dir)
}

func (p *Project) process(name string) int {
	return slices.IndexFunc(p.Processes, func(q Process) bool { return q.Name == name })
}

// blockOf is the lines of the n-th [[process]] with its tables, without the
// comments and empty lines that lead over to what follows; -1 if there is none.
func blockOf(lines []string, n int) (from, to int) {
	from, count := -1, -1
	for i, line := range lines {
		m := header.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if from >= 0 && !strings.HasPrefix(m[1], "process.") {
			to = i
			break
		}
		if from < 0 && m[1] == "process" {
			if count++; count == n {
				from, to = i, len(lines)
			}
		}
	}
	if from < 0 {
		return -1, -1
	}
	for to > from+1 {
		if s := strings.TrimSpace(lines[to-1]); s != "" && !strings.HasPrefix(s, "#") {
			break
		}
		to--
	}
	return from, to
}

// quoted is a string as TOML writes it.
func quoted(s string) (string, error) {
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(map[string]string{"v": s}); err != nil {
		return "", err
	}
	_, v, ok := strings.Cut(strings.TrimSpace(b.String()), "= ")
	if !ok || strings.Contains(v, "\n") {
		return "", fmt.Errorf("%q cannot be written on a line", s)
	}
	return v, nil
}
