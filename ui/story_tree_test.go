package ui_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/inspect"
	"patchbay/ui/tree"
)

// show makes values the newest state of the process, under cache.
func (a *app) show(kv ...any) {
	a.T.Helper()
	pid := a.pid()
	a.Engine.mu.Lock()
	list := a.Engine.slots[pid]
	last := list[len(list)-1]
	c, _ := last.Root.Get("cache")
	cache := c.(*patchdev.Table)
	add := patchdev.NewTable(kv...)
	for k, v := range add.All() {
		cache = cache.Set(k, v)
	}
	root := last.Root.Set("cache", cache)
	s := &ao.Slot{Process: pid, Number: last.Number + 1, Root: root, Changes: patchdev.Diff(last.Root, root), Message: ao.Message{
		ID: ao.ID(pid, fmt.Sprint(last.Number+1)), From: alice, Tags: []ao.Tag{{Name: "Action", Value: "Set"}},
	}}
	a.Engine.slots[pid] = append(list, s)
	a.Engine.mu.Unlock()
	a.Engine.tell(ao.Event{Kind: ao.SlotScheduled, Process: pid, Slot: s.Number})
	a.Engine.tell(ao.Event{Kind: ao.SlotComputed, Process: pid, Slot: s.Number, Computed: s})
	a.settle()
}

func wideTable(n int) *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	for i := range n {
		b.Set(fmt.Sprintf("k%07d", i), patchdev.Int(i))
	}
	return b.Table()
}

// --- A million keys -----------------------------------------------------------------

func TestAMillionKeysAreShownFilteredAndSorted(t *testing.T) {
	if testing.Short() {
		t.Skip("a million keys")
	}
	a := open(t, setup{quiet: true})
	a.show("wide", wideTable(1_000_000))
	a.contains("row", a.value("cache", "wide"), "1,000,000 keys")
	wide := []string{"cache", "wide"}
	a.W.Tree.Select(wide)
	a.Focus(a.W.Tree.List)
	a.press("Right")
	more := a.W.Tree.Model.Row(a.W.Tree.Model.IndexOf(wide)+1+tree.PageSize, a.Clock.Now())
	a.expect("the rest", fmt.Sprint(more.More), "999800")
	if !a.W.Tree.Select([]string{"cache", "wide", "k0999999"}) {
		t.Fatal("the last key is not found")
	}
	a.expect("selected", strings.Join(a.W.Tree.Selected(), "/"), "cache/wide/k0999999")
	a.press("Ctrl+Shift+F").Type("key:k0123456")
	a.settle()
	a.expect("note", a.W.Tree.Note(), "1 match")
	a.press("Ctrl+A").Type("value:99999")
	a.settle()
	a.expect("note", a.W.Tree.Note(), "19 matches")
	a.press("Ctrl+A").Type("path:wide/k00000")
	a.settle()
	a.expect("note", a.W.Tree.Note(), "100 matches")
	a.press("Escape")
	a.W.RunCommand("Sort keys by value")
	a.settle()
	first := a.W.Tree.Model.Row(a.W.Tree.Model.IndexOf(wide)+1, a.Clock.Now())
	a.expect("biggest", first.Key, "k0999999")
}

// --- Filter and keyboard -----------------------------------------------------------------

func TestTypingInTheTreeFilters(t *testing.T) {
	a := story(t)
	a.press("Ctrl+2").Type("key:bob")
	a.settle()
	a.expect("note", a.W.Tree.Note(), "1 match")
	a.press("Ctrl+A").Type("value:demo")
	a.settle()
	a.expect("found", strings.Join(a.W.Tree.Model.Row(2, a.Clock.Now()).Path, "/"), "cache/info/name")
	a.press("Ctrl+A").Type("path:cache/bal")
	a.settle()
	a.press("Ctrl+A").Type("balances")
	a.settle()
	a.press("Down", "End", "Enter") // into the rows; a branch that was found is shown with its keys
	if a.W.Tree.Filter.Text != "" || !a.W.Tree.Model.IsOpen([]string{"cache", "balances"}) {
		t.Errorf("filter %q", a.W.Tree.Filter.Text)
	}
	a.expect("selected", strings.Join(a.W.Tree.Selected(), "/"), "cache/balances")
}

func TestTheTreeIsUsedWithTheKeyboardAlone(t *testing.T) {
	a := story(t)
	at := func(want string) {
		t.Helper()
		a.expect("selected", strings.Join(a.W.Tree.Selected(), "/"), want)
	}
	a.press("Ctrl+2", "Home")
	at("cache")
	a.press("Left") // closes
	if a.W.Tree.Model.Len() != 1 {
		t.Errorf("%d rows", a.W.Tree.Model.Len())
	}
	a.press("Right", "Right")
	at("cache/balances")
	a.press("Space")
	if a.W.Tree.Model.IsOpen([]string{"cache", "balances"}) {
		t.Error("space does not close")
	}
	a.press("Left", "Left", "*") // closes all, then opens all below
	if !a.W.Tree.Model.IsOpen([]string{"cache", "balances"}) || !a.W.Tree.Model.IsOpen([]string{"cache", "info"}) {
		t.Error("* does not open all below")
	}
	a.press("End")
	at("cache/totalsupply")
	a.press("Ctrl+C")
	a.expect("value", a.Clipboard().Content(), "1000000")
	a.press("Ctrl+Alt+C")
	a.expect("path", a.Clipboard().Content(), "cache/totalsupply")
	a.press("Ctrl+Shift+C")
	a.contains("URL", a.Clipboard().Content(), "/now/cache/totalsupply")
	a.press("Ctrl+Alt+P")
	if len(a.W.Tree.Pins()) != 1 {
		t.Error("not pinned")
	}
	a.press("Ctrl+Alt+P")
	if len(a.W.Tree.Pins()) != 0 {
		t.Error("still pinned")
	}
	a.press("Up", "PageUp")
	at("cache")
}

func TestExpandAllStopsAtItsLimit(t *testing.T) {
	a := open(t, setup{quiet: true})
	b := patchdev.EmptyTable().Edit()
	for i := range 1200 {
		b.Set(fmt.Sprintf("g%04d", i), wideTable(100))
	}
	a.show("groups", b.Table())
	a.W.Tree.Select([]string{"cache", "groups"})
	a.Focus(a.W.Tree.List)
	a.press("*")
	a.contains("note", a.W.Tree.Note(), "Not everything was expanded: that would be more than 100,000 rows or 2,000 branches. Expand a smaller branch, or filter.")
	if n := a.W.Tree.Model.Len(); n > tree.MaxExpand {
		t.Errorf("%d rows", n)
	}
	a.W.RunCommand("Collapse all below")
	if a.W.Tree.Model.IsOpen([]string{"cache", "groups"}) {
		t.Error("still open")
	}
}

func TestWhatIsCopiedFromTheMenu(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	m := a.W.Tree.List.OnMenu(a.W.Tree.List.Selected())
	for label, want := range map[string]string{
		"Copy value": "631750", "Copy path": "cache/balances/" + alice,
		"Copy URL": "http://127.0.0.1:8734/" + a.pid() + "~process@1.0/now/cache/balances/" + alice,
	} {
		a.menu(m, label)
		a.expect(label, a.Clipboard().Content(), want)
	}
	a.menu(m, "Copy path for Lua")
	a.expect("lua", a.Clipboard().Content(), tree.LuaPath(aliceAt))
}

// --- Watch list --------------------------------------------------------------------------------

func TestTheWatchListShowsASparkline(t *testing.T) {
	a := story(t)
	a.W.Tree.Pin(aliceAt)
	a.W.Tree.Pin([]string{"cache", "price"})
	for i := range 6 {
		a.show("price", fmt.Sprint(100+i*i)) // texts that are numbers, as aos sends balances
	}
	spark := 0
	for _, s := range a.Texts() {
		if strings.ContainsAny(s, "▁▂▃▄▅▆▇█") {
			spark++
		}
	}
	if spark != 2 {
		t.Errorf("%d sparklines", spark)
	}
	a.Shot("watch")
	a.W.ShowSlot(3)
	a.settle()
	a.Sees("not in this slot")
}

func TestBrokenPinsHarmNothing(t *testing.T) {
	for _, pins := range []string{`[[]]`, `[null]`, `[["a"],["a"],["b"],["c"],["d"],["e"],["f"],["g"],["h"],["i"],["j"]]`, `{"a":1}`, "\xff", strings.Repeat("[", 5000)} {
		a := open(t, setup{settings: fakeSettings{"tree.pins": pins}, quiet: true})
		if n := len(a.W.Tree.Pins()); n > tree.MaxPins {
			t.Errorf("%d pins", n)
		}
		a.Sees("balances")
	}
}

// --- Inspector ----------------------------------------------------------------------------------

func TestValuesAreShownByWhatTheyAre(t *testing.T) {
	a := open(t, setup{quiet: true})
	a.show("html", "<!DOCTYPE html><html><script>alert(1)</script></html>", "json", `{"a":[1,{"b":null}]}`, "n", 7, "f", 0.5, "t", true,
		"text", strings.Repeat("word ", 400), "svg", "<svg onload='x'/>", "bin", "\x00\x01\xff", "list", patchdev.NewList(patchdev.Int(1), patchdev.String("x")), "none", "")
	for key, want := range map[string][]string{
		"html": {"looks like text/html, shown as source", "<script>alert(1)</script>"},
		"svg":  {"image/svg+xml, shown as source", "<svg onload='x'/>"},
		"json": {"text with JSON, 20 bytes", "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ]\n}"},
		"n":    {"integer\n\n7"}, "f": {"float\n\n0.5"}, "t": {"boolean\n\ntrue"},
		"text": {"text, 2,000 bytes"}, "bin": {"not UTF-8", "000000  00 01 ff"},
		"list": {"list with 2 items, 7 bytes as JSON", "[\n  1,\n  \"x\"\n]"}, "none": {"empty text"},
	} {
		a.W.Tree.Select([]string{"cache", key})
		a.settle()
		for _, w := range want {
			a.contains(key, a.W.Inspect.Text(), w)
		}
	}
	a.W.Tree.Select([]string{"cache", "text"})
	if n := a.W.Inspect.Lines.Len(); n < 20 {
		t.Errorf("a long line is shown in %d rows", n)
	}
	a.Shot("long-text")
}

func TestAPictureIsDrawnAndNeverRun(t *testing.T) {
	a := open(t, setup{quiet: true})
	img := image.NewRGBA(image.Rect(0, 0, 8, 4))
	for i := range 8 {
		img.Set(i, i/2, color.RGBA{R: uint8(30 * i), G: 200, A: 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	code := base64.StdEncoding.EncodeToString(b.Bytes())
	a.show("raw", b.String(), "url", "data:image/png;base64,"+code, "b64", code, "broken", b.String()[:40], "big", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAf/8AAH//CAYAAAA=")
	for _, key := range []string{"raw", "url", "b64"} {
		a.W.Tree.Select([]string{"cache", key})
		a.settle()
		a.Sees(fmt.Sprintf("PNG picture, 8 × 4, %d bytes", b.Len()))
	}
	a.Shot("picture")
	a.W.Tree.Select([]string{"cache", "broken"})
	a.settle()
	a.Sees("cannot be decoded")
	a.W.Tree.Select([]string{"cache", "big"})
	a.settle()
	a.SeesNot("8 × 4")
	a.W.Tree.Select([]string{"cache", "totalsupply"})
	a.settle()
	a.SeesNot("picture")
}

func TestTheResponseInEachEncoding(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.W.Inspect.Tabs.Select(inspect.TabResponse)
	for name, want := range map[string][2]string{
		"serialize~json@1.0": {"/serialize~json@1.0\"", ""}, "~json@1.0/serialize": {"/~json@1.0/serialize\"", ""},
		"?require-codec=application/json": {"?require-codec=application/json\"", ""}, "accept: application/json": {alice + "\"", "application/json"},
	} {
		a.menu(a.W.Inspect.EncodingMenu(), name)
		a.Wait(time.Second)
		a.contains(name, a.W.Inspect.Text(), want[0])
		a.expect(name+" header", a.Node.accept, map[bool]string{true: "application/json", false: "*/*"}[want[1] != ""])
		if want[1] != "" {
			a.menu(a.W.Inspect.CodeMenu(), "Copy as curl")
			a.contains("curl", a.Clipboard().Content(), "-H 'accept: application/json' 'http")
		}
	}
	a.menu(a.W.Inspect.EncodingMenu(), "?require-codec=application/json")
	a.menu(a.W.Inspect.EncodingMenu(), "With what links lead to (accept-bundle=true)")
	a.Wait(time.Second)
	a.contains("bundle", a.W.Inspect.Text(), "?require-codec=application/json&accept-bundle=true\"")
	a.menu(a.W.Inspect.Lines.OnMenu(0), "Copy status, headers and body")
	a.contains("raw", a.Clipboard().Content(), "HTTP/1.1 200 OK\naccess-control-allow-origin: *\ncontent-type: application/json\n\n{")
	for tool, want := range map[string]string{"URL": "http://127.0.0.1:8734/", "fetch": "await fetch(\"http://127.0.0.1", "aoconnect": "request({ method: 'GET', path: \"/", "wget": "wget -qO- '"} {
		a.menu(a.W.Inspect.CodeMenu(), "Copy as "+tool)
		a.contains(tool, a.Clipboard().Content(), want)
	}
}

// The node is asked for any path, not only for those of keys.
func TestAnyPathIsAskedFor(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	ask := func(path string) {
		a.press("Ctrl+Shift+P").Type("any path\n")
		a.settle()
		a.press("Ctrl+A").Type(path + "\n")
		a.Wait(time.Second)
	}
	for typed, want := range map[string]string{
		"now/cache/balances?bundle":           "/" + a.pid() + "~process@1.0/now/cache/balances?bundle",
		"GET /~meta@1.0/info":                 "/~meta@1.0/info",
		"http://127.0.0.1:8734/~meta@1.0/x y": "",
		"https://push.forward.computer/x":     "",
		"now/%zz":                             "",
		"http://127.0.0.1:8734/~meta@1.0/x":   "/~meta@1.0/x",
	} {
		before := a.W.Inspect.Path()
		ask(typed)
		if want == "" {
			a.Sees(map[bool]string{true: "Only this node is asked", false: "That is no path"}[strings.HasPrefix(typed, "https")])
			a.press("Ctrl+A").Type("/~patchbay@1.0/events\n")
			a.Sees("never ends")
			a.press("Escape")
			want = before
		}
		a.expect(typed, a.W.Inspect.Path(), want)
		if want[0] == '/' && strings.Contains(want, "?bundle") {
			a.contains("response", a.W.Inspect.Text(), "?bundle\"")
		}
	}
	a.W.RunCommand("Copy the request as curl")
	a.contains("curl", a.Clipboard().Content(), "curl 'http://127.0.0.1:8734/")
	a.W.Tree.Select([]string{"cache", "totalsupply"})
	a.settle()
	a.contains("another key", a.W.Inspect.Path(), "/now/cache/totalsupply")
}

func TestTheHistoryIsReadWithKeysAndMouse(t *testing.T) {
	a := story(t)
	a.W.Tree.Select(aliceAt)
	a.W.Inspect.Tabs.Select(inspect.TabHistory)
	a.Wait(time.Second)
	a.Focus(a.W.Inspect.Plot)
	a.contains("reading", a.W.Inspect.Plot.Reading(), "slot 13: 631750")
	a.press("Home")
	a.expect("reading", a.W.Inspect.Plot.Reading(), "slot 0: 750000")
	a.press("Right", "Right")
	a.expect("reading", a.W.Inspect.Plot.Reading(), "slot 2: 729000")
	a.Shot("plot-reading")
	a.press("Enter")
	a.expect("bar", a.W.Bar.Text(), "slot 2 / 13")
	a.W.Inspect.Plot.FocusLost()
	a.expect("reading", a.W.Inspect.Plot.Reading(), "")
}

func TestTextsHaveATimeline(t *testing.T) {
	a := open(t, setup{quiet: true})
	for _, s := range []string{"red", "green", "blue"} {
		a.show("colour", s)
	}
	a.W.Tree.Select([]string{"cache", "colour"})
	a.W.Inspect.Tabs.Select(inspect.TabHistory)
	a.Wait(time.Second)
	a.expect("history", a.W.Inspect.Text(), "slot 0: not there\nslot 1: red\nslot 2: green\nslot 3: blue\n")
	a.Sees("green", "not there")
}

func TestLintsStandWithTheirRemedy(t *testing.T) {
	a := story(t)
	a.W.Tree.Select([]string{"cache", "info"})
	a.contains("lint", a.W.Inspect.Text(), "▲ cache.info cannot be read by path on a HyperBEAM node")
	a.contains("remedy", a.W.Inspect.Text(), "Rename it")
}

// --- Bad input in every field ---------------------------------------------------------------------

func TestGarbageInEveryFieldIsToldAndLosesNothing(t *testing.T) {
	a := open(t, setup{w: 1280, h: 1100})
	huge := strings.Repeat("0123456789abcdef\n", 70_000) // 1.2 MB
	c := a.W.Composer
	a.transfer("bob", "250")
	c.AddTag("X-Note", "n")
	keep := c.Draft()
	notes := func(what, want string) {
		t.Helper()
		a.contains(what, c.Note(), want)
		if !c.Draft().Equal(keep) {
			t.Errorf("%s: the draft changed to %s", what, c.Draft().Title())
		}
	}
	for what, e := range map[string]fyne.Focusable{"From": c.From, "Action": c.Action, "a tag": c.Tag("Quantity")} {
		a.paste(e, huge)
		notes(what, "Not pasted: the clipboard holds 1,190,000 bytes, and this field is for a line. Paste it into Data.")
	}
	a.paste(c.Data, huge)
	a.contains("data", strings.Join(a.Texts(), " "), "1.2 MB of text")
	a.press("Ctrl+Return")
	a.expect("data sent", string(a.sent().Data.(patchdev.String)), huge)
	a.Shot("huge-data")
	a.Tap("Remove")
	notes("removed", "")
	for what, set := range map[string]func(){
		"line end":      func() { c.Action.SetText("Tran\nsfer") },
		"From is 2,000": func() { c.From.SetText(strings.Repeat("x", 2000)) },
		"No account":    func() { c.From.SetText("-1") },
		"needs a name":  func() { c.AddTag("", "orphan") },
	} {
		set()
		before, n := c.Draft(), a.W.Bar.Text()
		a.press("Ctrl+Return")
		a.contains("note", c.Note(), what)
		a.expect("slots", a.W.Bar.Text(), n)
		if !c.Draft().Equal(before) {
			t.Errorf("%s: the draft changed", what)
		}
		c.SetDraft(keep)
	}
}

func TestGarbageInTheFiltersIsHarmless(t *testing.T) {
	a := story(t)
	huge := strings.Repeat("0123456789abcdef\n", 70_000)
	for _, f := range []struct {
		entry fyne.Focusable
		open  string
	}{{a.W.Tree.Filter, "Ctrl+Shift+F"}, {a.W.Slots.Filter, "Ctrl+Alt+S"}} {
		a.press(f.open)
		for _, s := range []string{"\x00\x01", "\xff\xfe", "-1", "value:", "key: path:", "[", "{{", strings.Repeat("é", 1000)} {
			a.press("Ctrl+A")
			a.paste(f.entry, s)
			a.settle()
		}
		a.press("Ctrl+A")
		a.paste(f.entry, huge)
		a.settle()
		a.press("Escape")
	}
	a.Sees("balances")
	a.W.RunCommand("Go to slot…")
	for _, s := range []string{"x", "-1", "99999999999999999999", "1.5", "0x1", " "} {
		a.press("Ctrl+A").Type(s + "\n")
		a.Sees("is no slot: there are slots 0 to")
	}
	a.press("Escape")
}

// A wide inspector has room for sixteen bytes in a row of a dump.
func TestBytesFillAWideInspector(t *testing.T) {
	for _, c := range []struct {
		w    float32
		want string
	}{
		{960, "000008  08 09 0a 0b 0c 0d 0e 0f  "},
		{1920, "000010  10 11 ff                                          ..."},
	} {
		a := open(t, setup{w: c.w, h: 1080})
		a.show("bin", "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\xff")
		a.W.Tree.Select([]string{"cache", "bin"})
		a.Wait(time.Second)
		a.contains("row", strings.Join(a.Texts(), ""), c.want)
	}
}
