package ui_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui"
	"patchbay/ui/theme"
	"patchbay/ui/uitest"
)

// look is how a window is drawn for the gallery: its colours, its size in device
// independent pixels and how many pixels of the screen each of these has.
type look struct {
	name  string
	theme *theme.Theme
	w, h  float32
	scale float32
}

// looks are the windows that people have. At scale 2 the screen has 1920×1080
// pixels, of which a window has half as many each way to lay itself out in.
var looks = []look{
	{"dark-1280", theme.New(theme.Dark), 1280, 800, 1},
	{"light-1280", theme.New(theme.Light), 1280, 800, 1},
	{"contrast-dark-1280", theme.Contrast(theme.Dark), 1280, 800, 1},
	{"contrast-light-1280", theme.Contrast(theme.Light), 1280, 800, 1},
	{"dark-1920", theme.New(theme.Dark), 1920, 1080, 1},
	{"light-1920", theme.New(theme.Light), 1920, 1080, 1},
	{"dark-x2", theme.New(theme.Dark), 960, 540, 2},
	{"light-x2", theme.New(theme.Light), 960, 540, 2},
}

// scene is something that the window shows, and how one gets there.
type scene struct {
	name  string
	setup setup
	show  func(a *app)
}

// scenes are all screens, dialogs and menus of the window.
func scenes() []scene {
	return slices.Concat(panelScenes(), editorScenes(), composerScenes(), dialogScenes(), menuScenes())
}

// TestGallery draws every scene in every look into the folder that UITEST_SHOTS
// names, for a person to look at. One look or scene alone:
//
//	UITEST_SHOTS=/tmp/shots go test ./ui -run 'TestGallery/light-1920/palette'
//
// Fyne's software painter clips to the innermost scroller only: what a field holds
// that is scrolled out of the composer stands beside it here, and not in the window.
func TestGallery(t *testing.T) {
	if os.Getenv("UITEST_SHOTS") == "" {
		t.Skip("UITEST_SHOTS names no folder")
	}
	for _, l := range looks {
		t.Run(l.name, func(t *testing.T) {
			for _, s := range scenes() {
				t.Run(s.name, func(t *testing.T) {
					s.draw(t, l)
				})
			}
			for name, page := range pages {
				t.Run(name, func(t *testing.T) {
					uitest.Build(t, l.w, l.h, page, l.options()...).Shot(l.name + "/" + name)
				})
			}
		})
	}
}

func (l look) options() []uitest.Option {
	return []uitest.Option{uitest.Theme(l.theme), uitest.Scale(l.scale)}
}

func (s scene) draw(t *testing.T, l look) {
	s.setup.w, s.setup.h = l.w, l.h
	s.setup.opts = append(s.setup.opts, l.options()...)
	a := open(t, s.setup)
	s.show(a)
	a.settle()
	a.Shot(l.name + "/" + s.name)
}

// TestEverySceneIsReached goes to every scene once, in the smallest window, where
// nothing may be larger than the window: a dialog whose buttons are off the screen
// cannot be answered.
func TestEverySceneIsReached(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			s.setup.w, s.setup.h = 960, 540
			a := open(t, s.setup)
			s.show(a)
			a.settle()
			for _, p := range uitest.FindAll[*widget.PopUp](a.UI) { // menus scroll
				if m := p.MinSize(); m.Width > 960 || m.Height > 540 {
					t.Errorf("the dialog needs %v", m)
				}
			}
		})
	}
}

// menuAt opens a menu as the menu bar does, which is not drawn without a display.
func (a *app) menuAt(i int) {
	widget.ShowPopUpMenuAtPosition(a.Window.MainMenu().Items[i], a.Canvas(), fyne.NewPos(10+float32(i)*60, 4))
}

// rowMenu opens the menu of the selected row of a list.
func (a *app) rowMenu(list fyne.Focusable) {
	a.Focus(list)
	a.press("Menu")
}

// textWith is the first visible text that a part is in, and where it stands.
func (a *app) textWith(part string) (*canvas.Text, fyne.Position) {
	a.T.Helper()
	for _, t := range uitest.FindAll[*canvas.Text](a.UI) {
		if at, ok := a.Place(t); ok && strings.Contains(t.Text, part) {
			return t, at.AddXY(t.Size().Width/2, t.Size().Height/2)
		}
	}
	a.T.Fatalf("nothing visible says %q; there is %q", part, a.Texts())
	return nil, fyne.Position{}
}

// pointAt moves the pointer to a text: on an item of a menu it opens what is below.
func (a *app) pointAt(part string) {
	a.T.Helper()
	_, at := a.textWith(part)
	a.Move(at.X, at.Y)
}

// tapPart clicks on a text.
func (a *app) tapPart(part string) {
	a.T.Helper()
	_, at := a.textWith(part)
	a.Click(at.X, at.Y)
}

func someLint(file, _ string) []ui.Problem {
	if file == "escrow.lua" { // which is not open
		return nil
	}
	return []ui.Problem{{
		Severity: ui.Warning, Rule: "reserved-key", Line: 20, Col: 7,
		Message: "cache.info cannot be read by path on a HyperBEAM node: info is a function of every message. Rename it, e.g. token-info.",
	}}
}

// Branches and SwitchBranch let the gallery show the list of branches.
func (e *fakeEngine) Branches(string) []string { return []string{"main", "branch-2", "before the fee"} }

func (e *fakeEngine) SwitchBranch(context.Context, string, string) error { return nil }
