package ui

import (
	"strconv"
	"strings"
	"time"

	"patchbay/engine/ao"
	"patchbay/ui/compose"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// key makes one string of a path, for maps.
func key(path []string) string { return strings.Join(path, "\x00") }

// alias is the name of an address, "" if it has none. Any goroutine.
func (w *Window) alias(address string) string { return (*w.names.Load())[address] }

// refreshNames collects the names of accounts and processes anew.
func (w *Window) refreshNames() {
	names := map[string]string{}
	for _, p := range w.d.Engine.Processes() {
		if p.Owner != "" {
			names[p.Owner] = "owner"
		}
	}
	for _, p := range w.d.Engine.Processes() {
		if p.Name != "" {
			names[p.ID] = p.Name
		}
	}
	for _, a := range w.d.Project.Accounts() {
		names[a.Address] = a.Name
	}
	w.names.Store(&names)
	if w.Composer != nil {
		w.Composer.Refresh()
	}
	if w.head != nil {
		w.head.update()
	}
}

// process is the process shown.
func (w *Window) process() (ao.ProcessInfo, bool) {
	for _, p := range w.d.Engine.Processes() {
		if p.ID == w.pid {
			return p, true
		}
	}
	return ao.ProcessInfo{}, false
}

// processScript is the script of the process shown, "" if it has none here.
func (w *Window) processScript() string {
	if p, ok := w.process(); ok {
		return w.d.Project.ProcessScript(p)
	}
	return ""
}

// chooseFirst shows a process when none is shown or the one shown is gone.
func (w *Window) chooseFirst() {
	list := w.d.Engine.Processes()
	for _, p := range list {
		if p.ID == w.pid {
			return
		}
	}
	pid := ""
	for _, p := range list {
		if pid == "" || p.Name == w.d.Settings.Get("process") {
			pid = p.ID
		}
	}
	w.choose(pid)
}

// choose shows a process with its script.
func (w *Window) choose(pid string) {
	if pid == w.pid {
		return
	}
	w.pid = pid
	w.ran = -1
	w.resync()
	p, ok := w.process()
	if !ok {
		return
	}
	w.d.Settings.Set("process", p.Name)
	if s := w.d.Project.ProcessScript(p); s != "" {
		w.openScript(s)
	}
	w.suggest()
}

// env is what names mean in the composer.
func (w *Window) env() compose.Env {
	e := compose.Env{Accounts: w.d.Project.Accounts(), Variables: w.d.Project.Variables(), Process: w.pid}
	for _, p := range w.d.Engine.Processes() {
		if p.Name != "" {
			e.Processes = append(e.Processes, compose.Account{Name: p.Name, Address: p.ID})
		}
	}
	if p, ok := w.process(); ok {
		known := false
		for _, a := range e.Accounts {
			known = known || a.Address == p.Owner || a.Name == "owner"
		}
		if !known && p.Owner != "" {
			e.Accounts = append(e.Accounts[:len(e.Accounts):len(e.Accounts)], compose.Account{Name: "owner", Address: p.Owner})
		}
	}
	e.Last = w.store.slots[w.store.head]
	e.Now, e.Random = w.now, w.d.Random
	return e
}

// suggest offers the actions that were seen and those that the script handles.
func (w *Window) suggest() {
	var out []compose.Action
	at := map[string]bool{}
	add := func(name string, tags []string) {
		if name != "" && name != "Eval" && !at[name] {
			at[name] = true
			out = append(out, compose.Action{Name: name, Tags: tags})
		}
	}
	for _, a := range w.handles {
		add(a.Name, a.Tags)
	}
	for _, a := range w.order {
		add(a, w.actions[a])
	}
	w.Composer.SetActions(out)
}

// readHandlers looks again what the script handles, when its text has changed and
// rested for a moment.
func (w *Window) readHandlers() {
	k := w.script()
	if k == nil || !k.Loaded() || w.reading {
		return
	}
	v := k.Editor.Version()
	if k == w.readTab && v == w.readVersion {
		return
	}
	if k == w.readTab && w.now().Sub(w.readAt) < readEvery {
		return
	}
	w.readTab, w.readVersion, w.readAt, w.reading = k, v, w.now(), true
	text := k.Editor.Text()
	var list []compose.Action
	w.loop.async(func() { list = handled(text) }, func() {
		w.reading = false
		w.handles = list
		w.suggest()
	})
}

// readEvery is how often the script's handlers are looked for while it is typed.
const readEvery = 700 * time.Millisecond

// maxActions is how many different actions are remembered to be offered.
const maxActions = 200

// sawAction remembers the action of a slot, and says whether it is a new one.
func (w *Window) sawAction(s *ao.Slot) bool {
	a := s.Message.Action()
	if _, known := w.actions[a]; known || a == "" || s.Number == 0 || s.Message.Source == ao.FromRun || len(w.actions) >= maxActions {
		return false
	}
	tags := []string{}
	for _, t := range s.Message.Tags {
		if t.Name != "Action" {
			tags = append(tags, t.Name)
		}
	}
	if w.actions == nil {
		w.actions = map[string][]string{}
	}
	w.actions[a] = tags
	w.order = append(w.order, a)
	return true
}
