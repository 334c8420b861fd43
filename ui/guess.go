package ui

import (
	"net/url"
	"slices"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/traffic"
)

// verbs are the first steps of a path below a process that authors use.
var verbs = []string{"now", "compute", "schedule", "push", "slot"}

// maxSiblings is how many keys beside a missing one are compared with it.
const maxSiblings = 5000

// guess says what a path that nobody answered may have meant: another process,
// another device, a word that is written otherwise, a key that is nearly the same
// or lies elsewhere. It never waits.
func (w *Window) guess(e traffic.Exchange) traffic.Guess {
	path, _, _ := strings.Cut(e.Path, "?")
	segs := strings.Split(strings.Trim(path, "/"), "/")
	for i, s := range segs {
		if t, err := url.PathUnescape(s); err == nil {
			segs[i] = t
		}
	}
	id, device, _ := strings.Cut(segs[0], "~")
	segs = segs[1:]
	if id == "" || strings.HasPrefix(path, "/~") {
		return traffic.Guess{}
	}
	if device == "" && len(segs) > 0 && strings.HasPrefix(segs[0], "~") { // PID/~process@1.0
		device, segs = segs[0][1:], segs[1:]
	}
	pid := w.guessProcess(id)
	if pid == "" {
		return traffic.Guess{}
	}
	wrong := pid != id || device != "" && device != "process@1.0"
	verb, past := "now", ""
	if len(segs) > 0 {
		verb = segs[0]
		name, args := verb, ""
		if i := strings.IndexAny(verb, "=&+"); i >= 0 {
			name, args = verb[:i], verb[i:]
		}
		switch near := traffic.Nearest(name, verbs); {
		case slices.Contains(verbs, name):
			past = args
			segs = segs[1:]
		case near != "":
			verb, past, wrong = near+args, args, true
			segs = segs[1:]
		default: // the word is missing: /PID~process@1.0/cache/…
			verb, wrong = "now", true
		}
	}
	keys := segs[:min(len(segs), 64)]
	found, same := w.guessKey(pid, keys)
	g := traffic.Guess{Process: pid, Key: found}
	switch {
	case !wrong && same:
		g.There = true
	case !wrong && found != nil:
		g.Text = strings.Join(found, "/")
	case wrong:
		if found == nil {
			found = keys
		}
		verb = strings.TrimSuffix(verb, past) + past
		g.Text = "/" + strings.Join(append([]string{pid + "~process@1.0", verb}, found...), "/")
	default:
		return traffic.Guess{}
	}
	return g
}

// guessProcess is the process that an id or a name may mean, "" for none.
func (w *Window) guessProcess(id string) string {
	var ids []string
	for _, p := range w.d.Engine.Processes() {
		if p.ID == id || strings.EqualFold(p.Name, id) {
			return p.ID
		}
		ids = append(ids, p.ID)
	}
	if len(id) < 20 {
		return ""
	}
	return traffic.Nearest(id, ids)
}

// guessKey finds the key that a path may mean in the newest state of a process,
// nil for none; same says that the path is there as it is.
func (w *Window) guessKey(pid string, path []string) (found []string, same bool) {
	_, root, ok := w.d.Engine.Head(pid)
	if !ok || root == nil {
		return nil, false
	}
	if len(path) == 0 {
		return nil, true
	}
	found, same = w.walk(root, path)
	if found != nil {
		return found, same
	}
	// Perhaps the step into the cache is missing.
	if c, ok := root.Get("cache"); ok && path[0] != "cache" {
		if t, ok := c.(*patchdev.Table); ok {
			if found, _ = w.walk(t, path); found != nil {
				return append([]string{"cache"}, found...), false
			}
		}
	}
	return nil, false
}

// walk goes down a tree, and where a key is missing on with the one that is most
// like it.
func (w *Window) walk(t *patchdev.Table, path []string) (found []string, same bool) {
	same = true
	var at patchdev.Value = t
	for _, k := range path {
		t, ok := at.(*patchdev.Table)
		if !ok {
			return found, false // there is nothing below: the value itself may be meant
		}
		next, ok := t.Get(k)
		if !ok {
			same = false
			if k = w.sibling(t, k); k == "" {
				return nil, false
			}
			next, _ = t.Get(k)
		}
		found = append(found, k)
		at = next
	}
	return found, same
}

// sibling is the key of a table that is most like one that it has not: another
// case, the address of an account that was given by name, a few other letters.
func (w *Window) sibling(t *patchdev.Table, k string) string {
	addresses := []string{ao.Address(k)}
	for address, name := range *w.names.Load() {
		if strings.EqualFold(name, k) {
			addresses = append(addresses, address)
		}
	}
	for _, a := range addresses {
		if _, ok := t.Get(a); ok {
			return a
		}
	}
	var names []string
	for name := range t.All() {
		if strings.EqualFold(name, k) {
			return name
		}
		if names = append(names, name); len(names) == maxSiblings {
			break
		}
	}
	return traffic.Nearest(k, names)
}
