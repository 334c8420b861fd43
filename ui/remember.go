package ui

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"patchbay/ui/compose"
	"patchbay/ui/tree"
)

// forgetful is the Settings of a window that remembers nothing.
type forgetful struct{}

func (forgetful) Get(string) string  { return "" }
func (forgetful) Set(string, string) {}

// memory is what the composer remembers.
type memory struct {
	Draft   compose.Draft       `json:"draft"`
	History []compose.Draft     `json:"history"`
	Schemas map[string][]string `json:"schemas"`
}

// takeSettings makes the window as the user left it. What cannot be read is as if
// it had never been written.
func (w *Window) takeSettings() {
	get := w.d.Settings.Get
	float := func(key string, def float64) float64 {
		if f, err := strconv.ParseFloat(get(key), 64); err == nil && f > 0.05 && f < 0.95 {
			return f
		}
		return def
	}
	w.columns.Offset = float("split.columns", w.columns.Offset)
	w.leftRows.Offset = float("split.left", w.leftRows.Offset)
	w.rightRow.Offset = float("split.right", w.rightRow.Offset)
	w.bottom.Offset = float("split.bottom", w.bottom.Offset)
	for _, s := range []tree.Sort{tree.ByChanged, tree.ByValue, tree.BySize} {
		if get("tree.sort") == s.String() {
			w.Tree.SetSort(s)
		}
	}
	var pins [][]string
	if json.Unmarshal([]byte(get("tree.pins")), &pins) == nil {
		w.Tree.SetPins(pins)
	}
	var m memory
	if json.Unmarshal([]byte(get("composer")), &m) == nil {
		w.Composer.Restore(m.Draft, m.History, m.Schemas)
	}
	var history []string
	if json.Unmarshal([]byte(get("console")), &history) == nil {
		w.Console.SetHistory(history)
	}
	if i, err := strconv.Atoi(get("inspect.tab")); err == nil {
		w.Inspect.Tabs.Select(i)
	}
}

// remember writes how the window is, when it closes.
func (w *Window) remember() {
	set := func(key string, f float64) { w.d.Settings.Set(key, strconv.FormatFloat(f, 'f', 4, 64)) }
	set("split.columns", w.columns.Offset)
	set("split.left", w.leftRows.Offset)
	set("split.right", w.rightRow.Offset)
	set("split.bottom", w.bottom.Offset)
	w.d.Settings.Set("inspect.tab", strconv.Itoa(w.Inspect.Tabs.Current()))
	if w.win != nil {
		s := w.win.Canvas().Size()
		w.d.Settings.Set("window.size", fmt.Sprintf("%dx%d", int(s.Width), int(s.Height)))
	}
	w.rememberComposer()
}

// ParseSize reads the setting "window.size", the size that the window had last
// ("1280x760", in device independent pixels). What cannot be read or is no size to
// work in gives one that fits, with a title bar, on a screen of 1280×800.
func ParseSize(setting string) fyne.Size {
	var x, y int
	if n, _ := fmt.Sscanf(setting, "%dx%d", &x, &y); n == 2 && x >= 640 && y >= 400 && x < 10000 && y < 10000 {
		return fyne.NewSize(float32(x), float32(y))
	}
	return fyne.NewSize(1280, 760)
}

// titleBar is what the desktop puts above a window, in device independent pixels.
const titleBar = 40

// FitScreen is the size of a window, in device independent pixels, made so small that
// it fits, with a title bar, on a screen of a size in the desktop's own pixels at a
// scale of the window. What is not known changes nothing. Nor does a window change
// that has the room without a title bar: a desktop that gives windows their sizes
// may have given it this one, and when such a one refuses another, Fyne 2.8.0 is not
// told and draws for a window that there is not.
func FitScreen(size, screen fyne.Size, scale float32) fyne.Size {
	if !(screen.Width > 0 && screen.Height > titleBar && scale > 0) ||
		size.Width*scale <= screen.Width && size.Height*scale <= screen.Height {
		return size
	}
	return size.Min(fyne.NewSize(screen.Width/scale, screen.Height/scale-titleBar))
}

// How much of the history is remembered, in bytes, and how often it is written
// while the user types.
const (
	maxMemory     = 1 << 20
	rememberEvery = 2 * time.Second
)

// composerChanged has the composer written down soon: not at each key.
func (w *Window) composerChanged() { w.unwritten = true }

// tickMemory writes the composer down when that is due.
func (w *Window) tickMemory() {
	if w.unwritten && w.now().Sub(w.writtenAt) >= rememberEvery {
		w.rememberComposer()
	}
}

func (w *Window) rememberComposer() {
	if w.Composer == nil {
		return
	}
	w.unwritten, w.writtenAt = false, w.now()
	m := memory{Draft: w.Composer.Draft(), Schemas: w.Composer.Schemas()}
	size := 0
	for _, d := range w.Composer.History() {
		size += len(d.Data) + 200
		for _, t := range d.Tags {
			size += len(t.Name) + len(t.Value)
		}
		if size > maxMemory {
			break
		}
		m.History = append(m.History, d)
	}
	if b, err := json.Marshal(m); err == nil {
		w.d.Settings.Set("composer", string(b))
	}
}

func (w *Window) rememberPins(pins [][]string) {
	if b, err := json.Marshal(pins); err == nil {
		w.d.Settings.Set("tree.pins", string(b))
	}
}

func (w *Window) rememberFiles() {
	var list []string
	for _, k := range w.Files.All() {
		if k.Path != "" {
			list = append(list, w.rel(k.Path))
		}
	}
	if b, err := json.Marshal(list); err == nil {
		w.d.Settings.Set("files", string(b))
	}
}

// openRemembered opens the scripts that were open last.
func (w *Window) openRemembered(files string) {
	var list []string
	if json.Unmarshal([]byte(files), &list) != nil {
		return
	}
	front := w.Files.Active()
	for _, p := range list {
		w.openScript(p)
	}
	if front != nil {
		w.Files.Select(front)
	}
}

// themes in the order of the button.
func (w *Window) toggleTheme() {
	if fynetheme.Current() == nil || w.d.SetTheme == nil {
		return
	}
	if w.isLight() {
		w.setTheme("dark")
	} else {
		w.setTheme("light")
	}
}

// isLight says whether the window is light now, whatever made it so.
func (w *Window) isLight() bool {
	r, g, b, _ := fynetheme.Color(fynetheme.ColorNameBackground).RGBA()
	return r+g+b > 3*0x8000
}

func (w *Window) setTheme(mode string) {
	w.d.Settings.Set("theme", mode)
	w.applyTheme(mode)
	w.menuChanged()
}

// themeMode is how the window is coloured; what cannot be read is "system".
func (w *Window) themeMode() string {
	switch mode := w.d.Settings.Get("theme"); mode {
	case "dark", "light", "contrast":
		return mode
	}
	return "system"
}

func (w *Window) applyTheme(mode string) {
	w.d.SetTheme(mode, float32(w.scale()))
	w.head.showTheme()
}

func (w *Window) scale() float64 {
	if f, err := strconv.ParseFloat(w.d.Settings.Get("scale"), 64); err == nil && f >= 0.5 && f <= 3 {
		return f
	}
	return 1
}

// zoom makes everything bigger by a part, or normal with 0.
func (w *Window) zoom(by float64) {
	s := max(0.6, min(2.5, w.scale()+by))
	if by == 0 {
		s = 1
	}
	w.d.Settings.Set("scale", strconv.FormatFloat(s, 'f', 2, 64))
	w.applyTheme(w.themeMode())
	w.say(fmt.Sprintf("Size %d %%", int(s*100+0.5)))
}
