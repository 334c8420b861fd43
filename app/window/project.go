//go:build !headless

package window

import (
	"patchbay/app/cli"
	"patchbay/engine/ao"
	"patchbay/engine/project"
	"patchbay/ui"
	"patchbay/ui/compose"
)

// folder shows a session's project folder to the window.
type folder struct{ session *cli.Session }

var (
	_ ui.Project        = (*folder)(nil)
	_ ui.MessageRemover = (*folder)(nil)
)

func (f *folder) now() *project.Project { return f.session.Folder() }

func (f *folder) Name() string { return f.now().Name }

func (f *folder) Dir() string { return f.now().Dir }

func (f *folder) Accounts() []compose.Account {
	var all []compose.Account
	for _, a := range f.now().Accounts {
		all = append(all, compose.Account{Name: a.Name, Address: a.Address})
	}
	return all
}

// Variables are the project's own, in the order of patchbay.toml.
func (f *folder) Variables() []compose.Variable {
	var all []compose.Variable
	for _, v := range f.now().Variables {
		all = append(all, compose.Variable{Name: v.Name, Value: v.Value})
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
			From: m.From, Target: m.Target, Action: m.Action, Tags: m.Tags, Data: m.Data, As: m.As,
		}}
	}
	return all, err
}

func (f *folder) SaveMessage(m compose.Saved) error {
	return f.now().SaveMessage(kept(m))
}

// RemoveMessage deletes a saved message.
func (f *folder) RemoveMessage(name string) error { return f.now().RemoveMessage(name) }

// kept is a saved message as the project keeps it.
func kept(m compose.Saved) project.Saved {
	d := m.Draft
	return project.Saved{Name: m.Name, From: d.From, Target: d.Target, Action: d.Action, Tags: d.Tags, Data: d.Data, As: d.As}
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

// AddProcess writes the process with its script and its messages.
func (f *folder) AddProcess(name, script, text string, messages []compose.Saved) error {
	list := make([]project.Saved, len(messages))
	for i, m := range messages {
		list[i] = kept(m)
	}
	return f.session.AddProcess(name, script, text, list)
}
