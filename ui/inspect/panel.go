package inspect

import (
	"fmt"
	"net/http"
	"sort"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/patchdev"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// Point is a value that the path had from a slot on; nil: there was none.
type Point struct {
	Slot  int64
	Value patchdev.Value
}

// Lint is what a real node does otherwise with the path, and the remedy.
type Lint struct {
	Rule, Message, Remedy string
}

// Options is what a [Panel] needs from outside.
type Options struct {
	// Respond asks the local node for the exact answer. It may wait: the panel calls
	// it in Async.
	Respond func(method, path string, header http.Header) (Response, error)
	// History gives the values of a path up to a slot, oldest first. In Async.
	History func(path []string, upTo int64) ([]Point, error)
	// Async runs work on another goroutine and then then on the UI goroutine.
	Async func(work, then func())
	// Now is the clock by which questions to the node are spaced; nil is time.Now.
	Now func() time.Time
	// Lints lists what is to be said about a path.
	Lints func(path []string) []Lint
	Copy  func(text, what string)
	// OnShow asks for the window's state after a slot.
	OnShow func(n int64)
	// Open opens the URL in a browser; nil is not offered.
	Open func(url string)
	// Alias gives the name of an address, "" for none.
	Alias func(string) string
}

// Tabs of the inspector.
const (
	TabValue = iota
	TabResponse
	TabHistory
)

// Panel is the path bar with what is known of its path. UI goroutine.
type Panel struct {
	Tabs    *kit.Tabs
	Lines   *kit.List
	Find    *kit.Find
	Plot    *Plot
	URLBtn  *kit.Button
	CurlBtn *kit.Button

	o         Options
	path      *kit.Button
	pathBox   *fyne.Container
	content   fyne.CanvasObject
	body      *fyne.Container
	base      string
	pid       string
	keys      []string
	slot      int64
	live      bool
	value     patchdev.Value
	has       bool
	lines     []Line // of the value or the response
	shown     []Line // the same, broken to the width
	joins     []bool // which of them go on from the one before
	picture   *pictureBox
	valueBox  *fyne.Container
	respBox   *fyne.Container
	sizes     map[patchdev.Value]int // bytes of branches as JSON, as far as known
	encoding  int
	typed     string // a path that was typed, in place of the key's; "" for none
	bundle    bool
	encBtn    *kit.Button
	encRow    *fyne.Container
	busy      bool
	measuring bool
	due       bool // a question is to be asked again
	asked     time.Time
	response  *Response
	points    []Point
}

// Line is a line of the value or of the response.
type Line struct {
	Runs []kit.Run
	dump []byte // the bytes of a row of a dump, and where they are
	at   int
}

// New makes the panel.
func New(o Options) *Panel {
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &Panel{o: o, slot: -1}
	p.path = kit.NewNote(kit.Field, p.CopyURL, kit.Mono("GET", theme.Good))
	p.path.CutFront = true
	p.path.Hint = "Click to copy the URL"
	p.URLBtn = kit.NewButton(kit.Quiet, "Copy URL", p.CopyURL)
	p.URLBtn.Hint = "Copy the URL of the key (Ctrl+Shift+C)"
	p.CurlBtn = kit.NewButton(kit.Quiet, "curl ▾", p.codeMenu)
	p.CurlBtn.Hint = "Copy as curl, fetch or aoconnect"
	p.pathBox = container.New(kit.Min{Width: 120}, p.path)
	bar := kit.NewBar(46, p.pathBox, p.pathBox, p.URLBtn, p.CurlBtn)
	bar.Layout.(*kit.Bar).Gap = 8
	p.Tabs = kit.NewTabs("Value", "Response", "History")
	p.Tabs.OnSelected = func(int) { p.show() }
	p.Lines = kit.NewList(func() int { return len(p.shown) }, func(i int, r *kit.Row) { r.Add(14, 0, p.shown[i].Runs...) })
	p.Lines.RowHeight = 20
	p.Lines.OnCopy = p.copyAll
	p.Lines.OnMenu = p.linesMenu
	p.Lines.OnResized = func(float32) { p.wrap() }
	p.picture = newPictureBox()
	p.Find = kit.NewFind(p.Lines, container.New(kit.Pad{Top: 4}, p.Lines))
	p.Find.Joins = func(i int) bool { return p.joins[i] }
	lines := p.Find.Content()
	p.valueBox = container.New(&kit.Stack{Fill: lines, Gives: p.picture.box}, p.picture.box, lines)
	p.Lines.Empty = p.empty
	p.encBtn = kit.NewButton(kit.Bare, "", p.encodingMenu)
	p.encBtn.Hint = "How the value is asked for"
	p.encRow = kit.NewStack(nil, kit.NewBar(32, nil, p.encBtn), kit.NewLine())
	p.respBox = kit.NewStack(lines, p.encRow, lines)
	p.Plot = NewPlot()
	p.Plot.OnShow = o.OnShow
	p.body = container.NewStack()
	p.content = kit.NewStack(p.body, bar, kit.NewLine(), p.Tabs, p.body)
	p.show()
	return p
}

// Content is the widget tree.
func (p *Panel) Content() fyne.CanvasObject { return p.content }

func (p *Panel) copy(text, what string) {
	if p.o.Copy != nil {
		p.o.Copy(text, what)
	}
}

// copyAll copies the whole value or response, however much of it is shown.
func (p *Panel) copyAll() {
	switch {
	case p.Tabs.Current() == TabValue && p.has:
		if s, ok := p.value.(patchdev.String); ok {
			p.copy(string(s), "value")
			return
		}
		p.copy(string(patchdev.AppendJSON(nil, p.value, patchdev.JSONOptions{Indent: "  "})), "value")
	case p.Tabs.Current() == TabResponse && p.response != nil:
		p.copy(string(p.response.Body), "body")
	default:
		p.copy(p.text(), "text")
	}
}

func (p *Panel) text() string {
	var b strings.Builder
	for _, l := range p.lines {
		b.WriteString(kit.Plaintext(l.Runs) + "\n")
	}
	return b.String()
}

func (p *Panel) empty() []string {
	switch {
	case p.pid == "":
		return []string{"Start a process to read its cache."}
	case len(p.keys) == 0:
		return []string{"Choose a key in the tree: here stands what a node answers for it."}
	case p.busy:
		return []string{"asking the node …"}
	}
	return []string{"There is no such key in this slot."}
}

// SetBase says where the node listens and which process is shown.
func (p *Panel) SetBase(base, pid string) {
	if p.base != base || p.pid != pid {
		p.base, p.pid, p.typed = base, pid, ""
		p.response, p.points = nil, nil
		p.bar()
	}
}

// Show shows a path with its value after a slot; has says that there is one.
func (p *Panel) Show(keys []string, v patchdev.Value, has bool, slot int64, live bool) {
	same := strings.Join(keys, "\x00") == strings.Join(p.keys, "\x00")
	if same && p.slot == slot && p.live == live && p.value == v && p.has == has {
		return
	}
	// other slots that did not touch the value answer the same
	unchanged := same && p.has == has && p.value == v && p.live == live && live && p.typed == ""
	p.keys, p.value, p.has, p.slot, p.live = keys, v, has, slot, live
	if !unchanged {
		p.response = nil
	}
	p.bar()
	if !same {
		p.points, p.typed = nil, ""
	}
	p.show()
}

// URLPath is the path under which a node answers a key: the newest state as
// now/…, a past slot as compute=N/….
func URLPath(pid string, keys []string, slot int64, live bool) string {
	var b strings.Builder
	b.WriteString("/" + pid + "~process@1.0/")
	if live {
		b.WriteString("now")
	} else {
		fmt.Fprintf(&b, "compute=%d", slot)
	}
	for _, k := range keys {
		b.WriteString("/" + escape(k))
	}
	return b.String()
}

// escape writes a key so that it is one step of a path.
func escape(k string) string {
	var b strings.Builder
	for i := 0; i < len(k); i++ {
		c := k[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~!$'()*,;:@", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// Path is the path shown, as it goes over the wire.
func (p *Panel) Path() string {
	if p.typed != "" && p.Tabs.Current() == TabResponse {
		return p.typed
	}
	s := URLPath(p.pid, p.keys, p.slot, p.live)
	if p.Tabs.Current() == TabResponse {
		s += p.suffix()
	}
	return s
}

// URL is the address that Copy URL copies, "" without a process.
func (p *Panel) URL() string {
	if p.pid == "" {
		return ""
	}
	return p.base + p.Path()
}

// CopyURL copies the address.
func (p *Panel) CopyURL() {
	if u := p.URL(); u != "" {
		p.copy(u, "URL")
	}
}

// Bar is the text of the path bar.
func (p *Panel) Bar() string { return p.path.Text() }

func (p *Panel) bar() {
	p.URLBtn.SetEnabled(p.pid != "")
	p.CurlBtn.SetEnabled(p.pid != "")
	if p.pid == "" {
		p.path.SetRuns(kit.Mono("GET ", theme.Good), kit.Mono("no process yet", theme.Dim))
		return
	}
	text := p.Path()
	text = strings.ReplaceAll(text, p.pid, p.pid[:min(4, len(p.pid))]+"…"+p.pid[max(0, len(p.pid)-4):])
	for _, k := range p.keys {
		if len(k) == 43 {
			text = strings.ReplaceAll(text, k, k[:4]+"…"+k[39:])
		}
	}
	p.path.SetRuns(kit.Mono("GET ", theme.Good), kit.Mono(text, theme.Text))
}

// show fills the shown tab.
func (p *Panel) show() {
	p.bar()
	switch p.Tabs.Current() {
	case TabValue:
		p.setLines(p.valueLines())
		p.put(p.valueBox)
		s, _ := p.value.(patchdev.String)
		p.showPicture(string(s))
		p.measure()
	case TabResponse:
		enc := encodings[p.encoding].name
		if p.bundle {
			enc += " · bundle"
		}
		p.encBtn.SetRuns(kit.Dim(enc + " ▾"))
		p.setLines(p.responseLines())
		p.put(p.respBox)
		if p.response == nil {
			p.request()
		}
	case TabHistory:
		p.put(p.Plot)
		p.fetchHistory()
	}
	p.Lines.Refresh()
}

// put shows one object; the tab's old one stays when it is the same.
func (p *Panel) put(o fyne.CanvasObject) {
	if len(p.body.Objects) == 1 && p.body.Objects[0] == o {
		return
	}
	p.body.Objects = []fyne.CanvasObject{o}
	p.body.Refresh()
}

func (p *Panel) valueLines() []Line {
	if !p.has || len(p.keys) == 0 {
		return nil
	}
	var out []Line
	if p.o.Lints != nil {
		for _, l := range p.o.Lints(p.keys) {
			width := max(p.Lines.Size().Width-50, 200)
			for i, s := range kit.Wrap(kit.Dim(l.Message), width) {
				run := kit.Run{Text: "▲ ", Color: theme.Warn}
				if i > 0 {
					run = kit.Plain("    ")
				}
				out = append(out, Line{Runs: []kit.Run{run, kit.Dim(s)}})
			}
			if l.Remedy != "" {
				for _, s := range kit.Wrap(kit.Plain(l.Remedy), width) {
					out = append(out, Line{Runs: []kit.Run{kit.Plain("    " + s)}})
				}
			}
		}
		if len(out) > 0 {
			out = append(out, Line{})
		}
	}
	lines := ValueLines(p.value, p.o.Alias)
	if n, ok := p.sizes[p.value]; ok && len(lines) > 0 {
		lines[0].Runs = append(lines[0].Runs, kit.Dim(", "+kit.Bytes(n)+" as JSON"))
	}
	return append(out, lines...)
}

// measure finds out beside the UI goroutine how big a branch is. While slots flow
// it does so only when it is done with the last one.
func (p *Panel) measure() {
	if _, is := p.value.(patchdev.String); is || p.o.Async == nil || count(p.value) == "" || p.measuring {
		return
	}
	v := p.value
	if _, known := p.sizes[v]; known {
		return
	}
	p.measuring = true
	n := 0
	p.o.Async(func() { n = jsonSize(v) }, func() {
		p.measuring = false
		p.sizes = map[patchdev.Value]int{v: n}
		if p.value == v && p.Tabs.Current() == TabValue {
			p.setLines(p.valueLines())
		}
	})
}

// jsonSize is how many bytes a value has as JSON.
func jsonSize(v patchdev.Value) int {
	switch v := v.(type) {
	case *patchdev.Table:
		n := 2 + max(v.Len()-1, 0)
		for k, c := range v.All() {
			n += len(k) + 3 + jsonSize(c)
		}
		return n
	case *patchdev.List:
		n := 2 + max(v.Len()-1, 0)
		for _, c := range v.All() {
			n += jsonSize(c)
		}
		return n
	case patchdev.String:
		return len(v) + 2
	}
	return len(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
}

// linesMenu is the menu of a line.
func (p *Panel) linesMenu(i int) *fyne.Menu {
	m := fyne.NewMenu("")
	if i >= 0 && i < len(p.shown) {
		line := p.shown[i]
		m.Items = append(m.Items, fyne.NewMenuItem("Copy line", func() { p.copy(strings.TrimSpace(kit.Plaintext(line.Runs)), "line") }))
	}
	m.Items = append(m.Items, fyne.NewMenuItem("Copy all", p.copyAll))
	if p.Tabs.Current() == TabResponse && p.response != nil {
		m.Items = append(m.Items, fyne.NewMenuItem("Copy status, headers and body", func() { p.copy(RawResponse(p.response), "response") }))
	}
	return m
}

func (p *Panel) responseLines() []Line {
	if p.response == nil {
		return nil
	}
	return ResponseLines(p.response)
}

// ResponseLines shows status, headers and body.
func ResponseLines(r *Response) []Line {
	c := theme.Good
	switch {
	case r.Status >= 400:
		c = theme.Bad
	case r.Status >= 300:
		c = theme.Warn
	}
	out := []Line{{Runs: []kit.Run{
		{Text: fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status)), Bold: true, Color: c},
		kit.Dim("   " + kit.Bytes(len(r.Body)) + took(r.Duration)),
	}}}
	names := make([]string, 0, len(r.Header))
	for n := range r.Header {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		for _, v := range r.Header[n] {
			out = append(out, Line{Runs: []kit.Run{kit.Mono(strings.ToLower(n)+": ", theme.CodeFunction), kit.Mono(v, theme.Text)}})
		}
	}
	out = append(out, Line{})
	return append(out, BodyLines(r.Body, r.Header.Get("Content-Type"))...)
}

func took(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Millisecond:
		return fmt.Sprintf("   %d µs", max(d.Microseconds(), 1))
	}
	return fmt.Sprintf("   %.1f ms", float64(d)/1e6)
}

// RawResponse is a response as text, as it goes over the wire but for its framing.
func RawResponse(r *Response) string {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\n", r.Status, http.StatusText(r.Status))
	names := make([]string, 0, len(r.Header))
	for n := range r.Header {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		for _, v := range r.Header[n] {
			b.WriteString(strings.ToLower(n) + ": " + v + "\n")
		}
	}
	return b.String() + "\n" + string(r.Body)
}

// Text is what the shown tab says.
func (p *Panel) Text() string {
	if p.Tabs.Current() == TabHistory {
		return p.Plot.Text()
	}
	return p.text()
}
