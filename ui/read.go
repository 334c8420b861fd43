package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"patchbay/patchdev"
	"patchbay/ui/inspect"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
	"patchbay/ui/traffic"
	"patchbay/ui/tree"
)

// baseURL is where the node listens, "" when it does not.
func (w *Window) baseURL() string {
	if w.d.Node == nil {
		return ""
	}
	return w.d.Node.URL()
}

func (w *Window) url(path []string) string {
	return w.baseURL() + inspect.URLPath(w.pid, path, w.shown, w.live)
}

func (w *Window) opener() func(string) {
	if w.d.OpenURL == nil {
		return nil
	}
	return func(s string) {
		u, err := url.Parse(s)
		if err == nil {
			err = w.d.OpenURL(u)
		}
		if err != nil {
			w.fail(fmt.Errorf("the browser could not be opened: %w; the URL is %s", err, s))
		}
	}
}

// respond is the exact answer of the node. Any goroutine.
func (w *Window) respond(method, path string, h http.Header) (inspect.Response, error) {
	if w.d.Node == nil {
		return inspect.Response{}, errors.New("the local node does not listen, so there is no response")
	}
	ctx, cancel := context.WithTimeout(w.loop.ctx, 35*time.Second)
	defer cancel()
	return w.d.Node.Respond(ctx, method, path, h)
}

// Historian gives the past of a path without walking every root; an Engine that
// is one makes the history plot fast.
type Historian interface {
	PathHistory(ctx context.Context, pid string, path []string, from, to int64) ([]inspect.Point, error)
}

// maxWalk is how many slots are read for a history when the engine is no Historian.
const maxWalk = 2000

// history is the past of a path. Any goroutine; it reads no state of the window
// but the process, which the UI goroutine put into the closure's snapshot.
func (w *Window) history(path []string, upTo int64) ([]inspect.Point, error) {
	pid := w.shownPID.Load()
	if pid == nil {
		return nil, nil
	}
	if h, ok := w.d.Engine.(Historian); ok {
		return h.PathHistory(w.loop.ctx, *pid, path, 0, upTo)
	}
	from := max(0, upTo-maxWalk)
	slots, err := w.d.Engine.Slots(w.loop.ctx, *pid, from, upTo)
	if err != nil {
		return nil, err
	}
	var out []inspect.Point
	for _, s := range slots {
		if s == nil {
			continue
		}
		v, _ := tree.Lookup(s.Root, path)
		if n := len(out); n == 0 || !patchdev.Equal(out[n-1].Value, v) {
			out = append(out, inspect.Point{Slot: s.Number, Value: v})
		}
	}
	return out, nil
}

// spark are the last numbers of a path among the slots at hand.
func (w *Window) spark(path []string) []float64 {
	var out []float64
	var last patchdev.Value
	n := 0
	for at := w.shown; at >= 0 && len(out) < 12 && n < 300; at-- {
		s := w.store.slots[at]
		if s == nil {
			break
		}
		n++
		v, _ := tree.Lookup(s.Root, path)
		if v == last && last != nil {
			continue
		}
		last = v
		f, ok := inspect.Number(v)
		if !ok {
			break
		}
		out = append(out, f)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// showAsked shows what a request asked for: a process, a key of it, perhaps after
// a slot of the past.
func (w *Window) showAsked(pid string, path []string, past bool, slot int64) {
	w.choose(pid)
	p, ok := w.process()
	if !ok || p.ID != pid {
		w.status.fail("The process " + shortID(pid) + " is not in this project any more.")
		return
	}
	if len(path) == 0 {
		w.say("This is the process " + p.Name + ".")
		return
	}
	if past && slot != w.shown {
		w.showSlot(slot)
	} else if !past && !w.live {
		w.goLive()
	}
	w.showKey(path)
}

// askPath asks which path the node is to be asked for, beside those of the keys.
func (w *Window) askPath() {
	if w.baseURL() == "" {
		w.say("The node does not listen, so there is nothing to ask.")
		return
	}
	check := func(s string) string {
		_, bad := w.pathOf(s)
		return bad
	}
	w.askChecked("Ask the node", "GET any path of this node: now/… and compute=N/… of the process shown, /~meta@1.0/info, or a URL", w.Inspect.Path(), check, func(s string) {
		p, _ := w.pathOf(s)
		w.Inspect.Ask(p)
	})
}

// pathOf makes a path of what was typed: a path, what stands behind the process in
// one, or a URL of this node. bad says what is wrong with it, "" for nothing.
func (w *Window) pathOf(s string) (path, bad string) {
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), "GET "))
	if rest, ok := strings.CutPrefix(s, w.baseURL()); ok {
		s = rest
	}
	switch {
	case strings.Contains(s, "://"):
		return "", "Only this node is asked, at " + w.baseURL() + "."
	case s == "":
		return "", "Type a path, such as now/cache."
	case s[0] == '/':
	case w.pid == "":
		return "", "There is no process yet: begin the path with /."
	default:
		s = "/" + w.pid + "~process@1.0/" + s
	}
	if u, err := url.ParseRequestURI(s); err != nil || u.Path == "" {
		return "", "That is no path: a space in it is %20, and % itself is %25."
	}
	if strings.HasPrefix(s, "/~patchbay@1.0/events") {
		return "", "The stream of events never ends: read it with curl -N."
	}
	if strings.ContainsAny(s, " \"<>\\") {
		return "", "That is no path: a space in it is %20."
	}
	return s, ""
}

// showSent shows what a message did that came over HTTP.
func (w *Window) showSent(pid string, slot int64) {
	w.choose(pid)
	p, ok := w.process()
	switch {
	case !ok || p.ID != pid:
		w.status.fail("The process " + shortID(pid) + " is not in this project any more.")
	case slot > w.store.head:
		w.say("Slot " + itoa(slot) + " is not computed yet, or in another branch.")
	default:
		w.showSlot(slot)
		w.Bottom.Select(TabSlot)
		w.focus(w.Facts.Rows)
	}
}

// showKey chooses a key in the tree.
func (w *Window) showKey(path []string) {
	if !w.Tree.Select(path) {
		w.status.fail("There is no key " + strings.Join(path, "/") + " in slot " + itoa(w.shown) + ".")
	}
}

// captured is an exchange in full, nil when the node keeps it no longer.
func (w *Window) captured(id uint64) *traffic.Captured {
	if w.d.Node == nil {
		return nil
	}
	return w.d.Node.Captured(id)
}

// bodyRuns draws a body in the traffic as the inspector draws one.
func bodyRuns(body []byte, contentType string) [][]kit.Run {
	var out [][]kit.Run
	for _, l := range inspect.BodyLines(body, contentType) {
		out = append(out, l.Runs)
	}
	return out
}

// takeTraffic takes new exchanges over, and says whether there were any.
func (w *Window) takeTraffic() bool {
	if w.d.Node == nil {
		return false
	}
	select {
	case <-w.d.Node.TrafficC():
	default:
		if w.seen > 0 {
			return false
		}
	}
	list, total := w.d.Node.Traffic(w.seen)
	if len(list) == 0 {
		return false
	}
	w.seen = list[len(list)-1].ID
	w.Traffic.Add(list)
	w.Bottom.SetBadge(TabTraffic, kit.Thousands(int64(total)), theme.Dim)
	if n := w.Traffic.Misses(); n > 0 {
		w.Bottom.SetBadge(TabTraffic, kit.Thousands(int64(total)), theme.Warn)
	}
	w.head.requests(list)
	return true
}
