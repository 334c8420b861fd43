package traffic

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Max is how many exchanges are kept.
const Max = 5000

// Options is what a [Panel] needs from outside.
type Options struct {
	// OnKey asks to show a key of the cache of a process.
	OnKey func(process string, path []string)
	// Known lists the paths that exist in a process's cache near a missing one, for
	// "did you mean".
	Known func(process string, path []string) []string
	Copy  func(text, what string)
	// URL is where the node listens, for the empty state and for copying.
	URL func() string
}

// Panel is the list. UI goroutine.
type Panel struct {
	List   *kit.List
	Filter *kit.Entry

	o       Options
	all     []Exchange
	rows    []item
	misses  bool
	missBtn *kit.Button
	query   string
	content fyne.CanvasObject
	follow  bool
}

// item is a row: an exchange, or a group of misses.
type item struct {
	e     Exchange
	times int
	guess string
}

// New makes the panel.
func New(o Options) *Panel {
	p := &Panel{o: o, follow: true}
	p.List = kit.NewList(func() int { return len(p.rows) }, p.row)
	p.List.OnActivated = p.open
	p.List.OnMenu = p.menu
	p.List.OnCopy = func() {
		if i := p.List.Selected(); i >= 0 && i < len(p.rows) {
			p.copy(p.rows[i])
		}
	}
	p.List.Empty = p.empty
	p.Filter = kit.NewEntry("filter: method, path, status, origin")
	p.Filter.OnChanged = func(s string) { p.query = strings.ToLower(strings.TrimSpace(s)); p.refresh() }
	p.Filter.OnEscape = func() { p.Filter.SetText("") }
	p.missBtn = kit.NewButton(kit.Quiet, "misses", func() { p.SetMisses(!p.misses) })
	p.missBtn.Hint = "Paths that nobody answered, grouped"
	clear := kit.NewButton(kit.Quiet, "Clear", func() { p.all = nil; p.refresh() })
	box := container.New(kit.Min{Width: 120}, p.Filter)
	head := kit.NewBar(40, box, box, p.missBtn, clear)
	p.content = kit.NewStack(p.List, head, kit.NewLine(), p.List)
	return p
}

// Content is the widget tree.
func (p *Panel) Content() fyne.CanvasObject { return p.content }

// Add takes new exchanges over, oldest first.
func (p *Panel) Add(list []Exchange) {
	if len(list) == 0 {
		return
	}
	p.all = append(p.all, list...)
	if len(p.all) > Max+Max/4 {
		p.all = append([]Exchange(nil), p.all[len(p.all)-Max:]...)
	}
	p.refresh()
}

// SetMisses shows only misses, one row for each path.
func (p *Panel) SetMisses(yes bool) {
	p.misses = yes
	c := theme.Text
	if yes {
		c = theme.Accent
	}
	p.missBtn.SetRuns(kit.Run{Text: "misses", Color: c})
	p.refresh()
}

// Misses counts the different paths that were not found.
func (p *Panel) Misses() int { return len(p.group()) }

func (p *Panel) refresh() {
	p.rows = p.rows[:0]
	if p.misses {
		p.rows = append(p.rows, p.group()...)
	} else {
		for i := len(p.all) - 1; i >= 0; i-- {
			if p.match(&p.all[i]) {
				p.rows = append(p.rows, item{e: p.all[i], times: 1})
			}
		}
	}
	p.List.Refresh()
}

func (p *Panel) match(e *Exchange) bool {
	if p.query == "" {
		return true
	}
	text := strings.ToLower(fmt.Sprintf("%s %s %d %s %s", e.Method, e.Path, e.Status, e.Origin, e.Note))
	for _, w := range strings.Fields(p.query) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// group makes a row for each path that answered 404, most asked first.
func (p *Panel) group() []item {
	at := map[string]int{}
	var out []item
	for i := range p.all {
		e := p.all[i]
		if e.Status != 404 || !p.match(&e) {
			continue
		}
		k, ok := at[e.Path]
		if !ok {
			k = len(out)
			at[e.Path] = k
			out = append(out, item{})
		}
		out[k].e = e
		out[k].times++
	}
	if p.misses && p.o.Known != nil {
		for i := range out {
			if e := out[i].e; e.Process != "" && len(e.Key) > 0 {
				out[i].guess = Nearest(strings.Join(e.Key, "/"), p.o.Known(e.Process, e.Key))
			}
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].times > out[b].times })
	return out
}

// StatusColor is the colour of an HTTP status.
func StatusColor(status int) fyne.ThemeColorName {
	switch {
	case status >= 500:
		return theme.Bad
	case status >= 400:
		return theme.Warn
	case status >= 300:
		return theme.Accent
	}
	return theme.Good
}

// ShortPath shortens the ids in a path.
func ShortPath(path string) string {
	var b strings.Builder
	for {
		i := 0
		for i < len(path) && idByte(path[i]) {
			i++
		}
		if i == 43 {
			b.WriteString(path[:4] + "…" + path[39:43])
		} else {
			b.WriteString(path[:i])
		}
		if i == len(path) {
			return b.String()
		}
		b.WriteByte(path[i])
		path = path[i+1:]
	}
}

func idByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

func took(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

func (p *Panel) row(i int, r *kit.Row) {
	it := p.rows[i]
	e := it.e
	r.Line = true
	if p.misses {
		r.Cells = append(r.Cells, kit.Cell{X: 6, Width: 44, End: true, Runs: []kit.Run{kit.Mono(fmt.Sprintf("%d×", it.times), theme.Warn)}})
		if it.guess != "" {
			r.AddRight(14, 0, kit.Dim("did you mean "), kit.Mono(ShortPath(it.guess), theme.Accent))
		}
		r.Add(62, 0, kit.Mono(ShortPath(e.Path), theme.Text))
		return
	}
	r.Add(14, 44, kit.Mono(fmt.Sprint(e.Status), StatusColor(e.Status)))
	r.Add(54, 56, kit.Mono(e.Method, theme.Dim))
	r.AddRight(14, 66, kit.Dim(took(e.Duration)))
	r.Cells[len(r.Cells)-1].End = true
	r.AddRight(88, 150, kit.Run{Text: origin(e.Origin), Color: theme.Dim})
	runs := []kit.Run{kit.Mono(ShortPath(e.Path), theme.Text)}
	if e.Note != "" {
		runs = append(runs, kit.Run{Text: "  ▲ " + e.Note, Color: theme.Warn})
	}
	r.Add(112, 0, runs...)
}

func origin(s string) string {
	if s == "" {
		return "no origin"
	}
	return strings.TrimPrefix(s, "http://")
}

func (p *Panel) open(i int) {
	it := p.rows[i]
	if p.o.OnKey == nil || it.e.Process == "" {
		return
	}
	key := it.e.Key
	if it.guess != "" {
		key = strings.Split(it.guess, "/")
	}
	p.o.OnKey(it.e.Process, key)
}

func (p *Panel) copy(it item) {
	if p.o.Copy == nil {
		return
	}
	base := ""
	if p.o.URL != nil {
		base = p.o.URL()
	}
	p.o.Copy(base+it.e.Path, "URL")
}

func (p *Panel) menu(i int) *fyne.Menu {
	it := p.rows[i]
	show := fyne.NewMenuItem("Show the key", func() { p.open(i) })
	show.Disabled = it.e.Process == "" || len(it.e.Key) == 0
	return fyne.NewMenu("", show, fyne.NewMenuItem("Copy URL", func() { p.copy(it) }))
}

func (p *Panel) empty() []string {
	switch {
	case p.query != "":
		return []string{"No request matches."}
	case p.misses:
		return []string{"Nothing was asked for that is not there."}
	}
	url := ""
	if p.o.URL != nil {
		url = p.o.URL()
	}
	if url == "" {
		return []string{"The local node does not listen."}
	}
	return []string{"Nobody has asked for anything yet.", "Open the URL of a key in a browser, or with curl:", url + "/~meta@1.0/info/address"}
}

// Nearest is the candidate that is most like what was asked for, "" if none is
// like enough: at most a third of its letters differ.
func Nearest(asked string, known []string) string {
	best, bestD := "", 1<<30
	for _, k := range known {
		if k == asked {
			continue
		}
		d := distance(strings.ToLower(asked), strings.ToLower(k))
		if d < bestD || d == bestD && k < best {
			best, bestD = k, d
		}
	}
	if best == "" || bestD*3 > max(len(asked), len(best)) {
		return ""
	}
	return best
}

// distance is Levenshtein's, with a swap of neighbours as one step.
func distance(a, b string) int {
	if len(a) > 200 || len(b) > 200 {
		return 1 << 20
	}
	prev2 := make([]int, len(b)+1)
	prev := make([]int, len(b)+1)
	cur := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
