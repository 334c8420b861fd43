// Package uitest drives the user interface in tests as a person would, without a display: it opens a canvas with Patchbay's theme,
// presses keys, clicks, drags and scrolls at places on it, and takes pictures of it with Fyne's software painter.
//
//	ui := uitest.Open(t, 800, 600, panel)
//	ui.Click(40, 20).Type("local x = 1").Press("Ctrl+Z")
//	ui.Tap("Run")
//	ui.Shot("after-run")
//
// Events are handed out in the order and by the rules of Fyne's desktop driver (v2.8.0): main menu before the focused widget before
// the canvas; the deepest object under the pointer that takes an event gets it. A test calls everything from its own goroutine.
package uitest

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"patchbay/ui/theme"
)

// UI is an open window under test.
type UI struct {
	TB     testing.TB
	Window fyne.Window
	App    fyne.App
	// Clock is the time that panels under test should be given; Wait moves it on.
	Clock *Clock

	onTick  []func()
	mods    fyne.KeyModifier
	mouse   fyne.Position
	hover   desktop.Hoverable
	dragged fyne.Draggable
}

// Option changes how a window is opened.
type Option func(*config)

type config struct {
	theme *theme.Theme
	scale float32
	menu  *fyne.MainMenu
}

// Light opens the window in the light theme; otherwise it is dark.
func Light() Option { return Mode(theme.Light) }

// Mode opens the window in a theme.
func Mode(m theme.Mode) Option { return Theme(theme.New(m)) }

// Theme opens the window in a theme that no mode names: one of high contrast.
func Theme(t *theme.Theme) Option { return func(c *config) { c.theme = t } }

// Scale opens the window on a screen with more (2) pixels per device independent pixel.
func Scale(s float32) Option { return func(c *config) { c.scale = s } }

// Menu gives the window a main menu, whose shortcuts come first.
func Menu(m *fyne.MainMenu) Option { return func(c *config) { c.menu = m } }

// Open shows an object as the content of a window of a size in device independent pixels. The window is closed when the test ends.
func Open(tb testing.TB, w, h float32, content fyne.CanvasObject, opts ...Option) *UI {
	tb.Helper()
	return Build(tb, w, h, func(*UI) fyne.CanvasObject { return content }, opts...)
}

// Build is Open for content that needs the UI's clock or clipboard to be made.
func Build(tb testing.TB, w, h float32, content func(*UI) fyne.CanvasObject, opts ...Option) *UI {
	tb.Helper()
	c := config{theme: theme.New(theme.Dark), scale: 1}
	for _, o := range opts {
		o(&c)
	}
	if l := os.Getenv("LC_ALL"); l != "en_US.UTF-8" {
		_ = os.Setenv("LC_ALL", "en_US.UTF-8") // Fyne complains about others, and chooses fonts by it
	}
	app := test.NewApp()
	app.Settings().SetTheme(c.theme)
	u := &UI{TB: tb, App: app, Clock: NewClock()}
	u.Window = app.NewWindow("Patchbay")
	u.Window.SetPadded(false)
	if s, ok := u.Window.Canvas().(interface{ SetScale(float32) }); ok && c.scale != 1 {
		s.SetScale(c.scale)
	}
	u.Window.SetContent(content(u))
	u.Window.Resize(fyne.NewSize(w, h))
	if c.menu != nil {
		u.Window.SetMainMenu(c.menu)
	}
	u.Window.Show()
	tb.Cleanup(func() {
		u.Window.Close()
		test.NewApp()
	})
	return u
}

// Resize gives the window another size.
func (u *UI) Resize(w, h float32) *UI {
	u.Window.Resize(fyne.NewSize(w, h))
	return u
}

// Canvas is the window's canvas.
func (u *UI) Canvas() fyne.Canvas { return u.Window.Canvas() }

// OnTick adds what is to be called each time the clock moves: the ticks that the shell gives its panels.
func (u *UI) OnTick(f func()) *UI {
	u.onTick = append(u.onTick, f)
	return u
}

// Wait lets time pass in steps of 50 ms, each followed by a tick.
func (u *UI) Wait(d time.Duration) *UI {
	const step = 50 * time.Millisecond
	for d > 0 {
		u.Clock.Advance(min(step, d))
		d -= step
		for _, f := range u.onTick {
			f()
		}
	}
	return u
}

// Clipboard gives and sets the text of the clipboard.
func (u *UI) Clipboard() fyne.Clipboard { return u.App.Clipboard() }

// Capture draws the window.
func (u *UI) Capture() image.Image { return u.Canvas().Capture() }

// Shot writes a picture of the window into the folder named by the environment variable UITEST_SHOTS; without it nothing is
// written. The picture is for a person to look at.
func (u *UI) Shot(name string) *UI {
	u.TB.Helper()
	dir := os.Getenv("UITEST_SHOTS")
	if dir == "" {
		return u
	}
	if err := WritePNG(filepath.Join(dir, name+".png"), u.Capture()); err != nil {
		u.TB.Errorf("screenshot %s: %v", name, err)
	}
	return u
}

// WritePNG writes a picture, making the folders on the way.
func WritePNG(path string, img image.Image) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Clock is a time that only moves when it is told to.
type Clock struct{ now time.Time }

// NewClock starts at noon of a day in 2026.
func NewClock() *Clock { return &Clock{time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)} }

// Now gives the time.
func (c *Clock) Now() time.Time { return c.now }

// Advance moves the time on.
func (c *Clock) Advance(d time.Duration) { c.now = c.now.Add(d) }
