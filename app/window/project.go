//go:build !headless

package window

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"patchbay/engine/ao"
	"patchbay/engine/project"
	"patchbay/ui"
	"patchbay/ui/compose"
)

// folder shows a project folder to the window. A project that gains a process is
// read anew, hence the lock.
type folder struct {
	mu sync.Mutex
	p  *project.Project
}

var _ ui.Project = (*folder)(nil)

func (f *folder) now() *project.Project {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.p
}

func (f *folder) Name() string { return f.now().Name }

func (f *folder) Dir() string { return f.now().Dir }

func (f *folder) Accounts() []compose.Account {
	var all []compose.Account
	for _, a := range f.now().Accounts {
		all = append(all, compose.Account{Name: a.Name, Address: a.Address})
	}
	return all
}

func (f *folder) Scripts() ([]string, error) { return f.now().Scripts() }

func (f *folder) ReadScript(path string) (string, error) { return f.now().ReadScript(path) }

func (f *folder) WriteScript(path, text string) error { return f.now().WriteScript(path, text) }

func (f *folder) Messages() ([]compose.Saved, error) {
	saved, err := f.now().Messages()
	all := make([]compose.Saved, len(saved))
	for i, m := range saved {
		all[i] = compose.Saved{Name: m.Name, Draft: compose.Draft{
			From: m.From, Target: m.Target, Action: m.Action, Tags: m.Tags, Data: m.Data,
		}}
	}
	return all, err
}

func (f *folder) SaveMessage(m compose.Saved) error {
	return f.now().SaveMessage(kept(m))
}

// kept is a saved message as the project keeps it.
func kept(m compose.Saved) project.Saved {
	d := m.Draft
	return project.Saved{Name: m.Name, From: d.From, Target: d.Target, Action: d.Action, Tags: d.Tags, Data: d.Data}
}

func (f *folder) ProcessScript(p ao.ProcessInfo) string {
	if p.Script != "" {
		return p.Script
	}
	for _, q := range f.now().Processes {
		if q.Name == p.Name {
			return q.Script
		}
	}
	return ""
}

// AddProcess writes the script, then the process, then its messages: what fails
// leaves what was there as it was.
func (f *folder) AddProcess(name, script, text string, messages []compose.Saved) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	existing, err := f.p.Scripts()
	if err != nil {
		return err
	}
	if slices.Contains(existing, script) {
		return fmt.Errorf("%s exists already: choose another name", script)
	}
	if err := f.p.WriteScript(script, text); err != nil {
		return err
	}
	next, err := f.p.AddProcess(name, script, "")
	if err != nil {
		return err
	}
	f.p = next
	var errs []error
	for _, m := range messages {
		errs = append(errs, f.p.SaveMessage(kept(m)))
	}
	return errors.Join(errs...)
}
