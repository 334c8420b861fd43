package inspect

import (
	"net/http"
	"strings"
	"time"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// askEvery is how often the node or the journal is asked while slots flow.
const askEvery = 200 * time.Millisecond

// wait says that a question has to wait: one is under way, or the last was a
// moment ago. Tick asks it then.
func (p *Panel) wait() bool {
	if p.busy || p.o.Now().Sub(p.asked) < askEvery {
		p.due = true
		return true
	}
	p.due, p.busy, p.asked = false, true, p.o.Now()
	return false
}

// Tick asks what had to wait. The window calls it some times a second.
func (p *Panel) Tick() {
	if !p.due || p.busy {
		return
	}
	switch p.Tabs.Current() {
	case TabResponse:
		p.request()
	case TabHistory:
		p.fetchHistory()
	default:
		p.due = false
	}
}

// Ask shows the response for any path, as it was typed, until another key is chosen
// or the key is asked for in another way.
func (p *Panel) Ask(path string) {
	p.typed, p.response = path, nil
	p.Tabs.Select(TabResponse)
	p.show()
}

// request asks the node; an answer to what is not shown any more is dropped.
func (p *Panel) request() {
	if p.o.Respond == nil || p.typed == "" && (p.pid == "" || len(p.keys) == 0) || p.wait() {
		return
	}
	path, header := p.Path(), http.Header{"Accept": {"*/*"}}
	if h := encodings[p.encoding].header; h != [2]string{} && p.typed == "" {
		header[http.CanonicalHeaderKey(h[0])] = []string{h[1]}
	}
	var res Response
	var err error
	p.o.Async(func() { res, err = p.o.Respond(http.MethodGet, path, header) }, func() {
		p.busy = false
		if p.Tabs.Current() != TabResponse {
			return
		}
		if p.Path() != path {
			p.due = true
			return
		}
		if err != nil {
			p.setLines([]Line{{Runs: []kit.Run{{Text: err.Error(), Color: theme.Bad}}}})
			return
		}
		p.response = &res
		p.setLines(p.responseLines())
	})
}

// fetchHistory fills the plot with what the path was up to the slot shown.
func (p *Panel) fetchHistory() {
	if p.o.History == nil || len(p.keys) == 0 || p.slot < 0 {
		p.Plot.Set(nil, p.slot)
		return
	}
	if p.wait() {
		return
	}
	keys, slot := p.keys, p.slot
	var pts []Point
	var err error
	p.o.Async(func() { pts, err = p.o.History(keys, slot) }, func() {
		p.busy = false
		if strings.Join(keys, "\x00") != strings.Join(p.keys, "\x00") {
			p.due = true
			return
		}
		if err == nil {
			p.points = pts
			p.Plot.Set(pts, slot)
		}
	})
}
