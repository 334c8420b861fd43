package code_test

import (
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"go.uber.org/goleak"

	"patchbay/ui/code"
)

var chords = []string{
	"Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "Backspace", "Delete", "Return", "Tab", "Shift+Tab", "Escape", "Ctrl+Left", "Ctrl+Right",
	"Ctrl+Home", "Ctrl+End", "Shift+Left", "Shift+Right", "Shift+Up", "Shift+Down", "Shift+End", "Ctrl+Shift+Left", "Ctrl+Shift+End", "Ctrl+A", "Ctrl+C",
	"Ctrl+X", "Ctrl+V", "Ctrl+Z", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z", "Ctrl+/", "Alt+Up", "Alt+Down", "Shift+Alt+Down", "Shift+Alt+Up", "Ctrl+Shift+K",
	"Ctrl+L", "Ctrl+D", "Ctrl+]", "Ctrl+[", "Ctrl+F", "Ctrl+H", "F3", "Shift+F3", "Ctrl+G", "Ctrl+Shift+O", "Ctrl+Space", "F8", "Shift+F8", `Ctrl+Shift+\`,
	"Ctrl+Backspace", "Ctrl+Delete", "Ctrl+D", "Ctrl+D", "Ctrl+Shift+L", "Ctrl+Alt+Up", "Ctrl+Alt+Down", "Ctrl+=", "Ctrl+-", "Ctrl+0", "Ctrl+Up", "Ctrl+Down", "Alt+R", "Alt+C", "Alt+W", "Shift+Return", "Ctrl+Shift+Return",
}

var typed = []string{
	"x", "end", "function f()\n", "ao.", "(", ")", "{", "}", `"`, "'", "--[[", "]]", "漢", "😀", "\t", "\n", "local s = ", ".*", "12", "e\u0301", "if x then\n",
	"Handlers.add('a', ", "\u202e", ":",
}

// TestMonkey presses keys and clicks at random; nothing may panic, the text must survive an undo of everything, and no goroutine
// may be left. UITEST_MONKEY=10m in the environment makes it go on for so long.
func TestMonkey(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	limit, steps := time.Duration(0), 1500
	if s := os.Getenv("UITEST_MONKEY"); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		limit = d
	}
	began := time.Now()
	for seed := uint64(1); seed <= 4 || time.Since(began) < limit; seed++ {
		monkey(t, seed, steps)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func monkey(t *testing.T, seed uint64, steps int) {
	r := rand.New(rand.NewPCG(seed, 7))
	d := newDisk()
	start := token + "\r\n\xff\x00 mixed\n" + strings.Repeat("x = 1 -- 漢字\n", int(seed%3)*100)
	d.files["/a.lua"], d.files["/b.lua"] = start, strings.Repeat("wide ", 2000)
	ui, tabs := openTabs(t, d)
	tabs.Open("/b.lua")
	k := tabs.Open("/a.lua")
	var log []string
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("panic %v after %q\n%s", p, log[max(0, len(log)-12):], debug.Stack())
		}
	}()
	note := func(s string) { log = append(log, s) }
	at := func() fyne.Position { return fyne.NewPos(r.Float32()*900, r.Float32()*500) }
	for range steps {
		if tabs.Active() == nil {
			tabs.Open("/b.lua")
		}
		switch n := r.IntN(100); {
		case n < 45:
			c := chords[r.IntN(len(chords))]
			note(c)
			ui.Press(c)
		case n < 75:
			s := typed[r.IntN(len(typed))]
			note("type " + s)
			ui.Type(s)
		case n < 81:
			p := at()
			note("click")
			ui.Click(p.X, p.Y)
		case n < 84:
			p := at()
			note("double click")
			ui.DoubleClick(p.X, p.Y)
		case n < 88:
			p := fyne.NewPos(40+r.Float32()*700, 80+r.Float32()*300)
			if o, _ := ui.At(p, func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Draggable); return ok }); o != nil {
				note("drag")
				ui.Drag(p, at(), at())
			}
		case n < 91:
			p := at()
			note("scroll")
			ui.Scroll(p.X, p.Y, (r.Float32()-0.5)*200, (r.Float32()-0.5)*2000)
		case n < 92:
			p := at()
			note("right click")
			ui.RightClick(p.X, p.Y)
		case n < 96:
			p := at()
			ui.Move(p.X, p.Y).Wait(time.Duration(r.IntN(900)) * time.Millisecond)
		case n < 97:
			note("resize")
			ui.Resize(100+r.Float32()*1200, 60+r.Float32()*700)
		case n < 98:
			note("changed outside")
			d.files["/a.lua"] += "-- more\n"
			tabs.FileChanged("/a.lua")
		default:
			if a := tabs.Active(); a != nil {
				a.Editor.SetMarks([]code.Mark{{Line: r.IntN(40), Col: r.IntN(30), EndCol: r.IntN(40), Severity: code.Severity(r.IntN(3)), Message: "m"}})
				a.Editor.SetCoverage([]int{r.IntN(50), r.IntN(50)})
			}
		}
		if r.IntN(200) == 0 {
			ui.Capture()
		}
	}
	if o := ui.Canvas().Overlays().Top(); o != nil {
		ui.Canvas().Overlays().Remove(o)
	}
	if tabs.Find("/a.lua") != k {
		return // it was closed on the way
	}
	for k.Editor.CanUndo() {
		k.Editor.Undo()
	}
	if got := k.Editor.Text(); got != start && !k.Editor.ReadOnly() {
		t.Errorf("undoing everything gives %d bytes, want %d; last steps %q", len(got), len(start), log[max(0, len(log)-12):])
	}
}

func TestHugeFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("100 MB")
	}
	big := strings.Repeat(token, 100<<20/len(token))
	ui, e := open(t, big)
	e.Reveal(e.Lines(), 1)
	ui.Type("-- the end")
	ui.Press("Ctrl+Home").Type("-- the start\n")
	if e.Text() != "-- the start\n"+big+"-- the end" {
		t.Error("the text of 100 MB was changed elsewhere")
	}
	for range 30 {
		ui.Wait(50 * time.Millisecond)
	}
	ui.Press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
	if e.Text() != big {
		t.Error("undo did not bring it back")
	}
	for name, line := range map[string]string{"ascii": strings.Repeat("x = 1 ", 5<<20/6), "wide": strings.Repeat("漢é\t", 5<<20/6), "NUL": strings.Repeat("\x00\xff", 1<<20)} {
		e.SetText(line)
		ui.Press("End", "Left", "Right", "Home", "PageDown", "Ctrl+Right").Type("x").Press("Ctrl+End", "Backspace", "Ctrl+F").Type("zz").Press("Escape", "Ctrl+Z", "Ctrl+Z")
		for e.CanUndo() {
			e.Undo()
		}
		if e.Text() != line {
			t.Errorf("%s: the line of 5 MB was changed", name)
		}
	}
}
