package e2e

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"patchbay/ui/theme"
)

// A user looks for words on the screen, and so do the stories here: the words are
// drawn with the font and in the sizes of the window, and the picture is searched
// for them in whatever colour on whatever ground. So a story names what it clicks,
// and goes on working when a panel moves.

// See waits until the text is on the screen.
func (d *desktop) See(text string) image.Rectangle {
	d.t.Helper()
	var at image.Rectangle
	d.wait(fmt.Sprintf("«%s» on the screen", text), func() error {
		found := find(d.Look(), text)
		if len(found) == 0 {
			return fmt.Errorf("it is not there")
		}
		at = found[0]
		return nil
	})
	return at
}

// Gone waits until the text is not on the screen any more.
func (d *desktop) Gone(text string) {
	d.t.Helper()
	d.wait(fmt.Sprintf("«%s» off the screen", text), func() error {
		if found := find(d.Look(), text); len(found) > 0 {
			return fmt.Errorf("it is at %v", found)
		}
		return nil
	})
}

// ClickOn waits for the text and clicks in the middle of it: of the first one from
// the top when there are several.
func (d *desktop) ClickOn(text string) {
	d.t.Helper()
	at := d.See(text)
	d.Click((at.Min.X+at.Max.X)/2, (at.Min.Y+at.Max.Y)/2)
}

// DoubleClickOn is ClickOn twice.
func (d *desktop) DoubleClickOn(text string) {
	d.t.Helper()
	at := d.See(text)
	d.DoubleClick((at.Min.X+at.Max.X)/2, (at.Min.Y+at.Max.Y)/2)
}

// ClickOnLast is ClickOn for the lowest of several.
func (d *desktop) ClickOnLast(text string) {
	d.t.Helper()
	d.See(text)
	found := find(d.Look(), text)
	if len(found) == 0 {
		d.t.Fatalf("«%s» went away", text)
	}
	at := found[len(found)-1]
	d.Click((at.Min.X+at.Max.X)/2, (at.Min.Y+at.Max.Y)/2)
}

// wait is eventually with a picture of the screen when it never came to pass.
func (d *desktop) wait(what string, ask func() error) {
	d.t.Helper()
	err := within(ask)
	if err == nil {
		return
	}
	path := d.Screenshot("failed-" + strings.ReplaceAll(d.t.Name(), "/", "-"))
	d.t.Fatalf("%s: %v (see %s)", what, err, path)
}

// glyphs is a text as drawn: how much of each pixel is ink, cut to the ink.
type glyphs struct {
	w, h int
	ink  []uint8
	// order is the pixels in the order in which to compare them: first those that
	// tell the most, so that nearly every place is dismissed after a few.
	order []int
	full  int // the pixel with the most ink
	none  int // one without
}

var drawn struct {
	sync.Mutex
	app  fyne.App
	text map[string][]glyphs
}

// faces are the looks of text in the window: [ui/kit]'s and Fyne's.
var faces = []struct {
	size  float32
	style fyne.TextStyle
}{
	{13, fyne.TextStyle{}},
	{13, fyne.TextStyle{Bold: true}},
	{13, fyne.TextStyle{Monospace: true}},
	{13, fyne.TextStyle{Monospace: true, Bold: true}},
	{14, fyne.TextStyle{}}, // of a bare window, which has the theme of Fyne
	{11, fyne.TextStyle{}},
	{11, fyne.TextStyle{Monospace: true}},
	{15, fyne.TextStyle{Bold: true}},
	{20, fyne.TextStyle{Bold: true}},
}

// inked is the text in all looks.
func inked(text string) []glyphs {
	drawn.Lock()
	defer drawn.Unlock()
	if drawn.app == nil {
		drawn.app = test.NewApp()
		drawn.text = map[string][]glyphs{}
	}
	if all, ok := drawn.text[text]; ok {
		return all
	}
	var all []glyphs
	for _, f := range faces {
		t := canvas.NewText(text, color.White)
		t.TextSize, t.TextStyle = f.size, f.style
		img := software.Render(container.NewStack(canvas.NewRectangle(color.Black), t), theme.New(theme.Dark))
		g, ok := cut(img)
		if ok && !slices.ContainsFunc(all, func(o glyphs) bool { return o.w == g.w && slices.Equal(o.ink, g.ink) }) {
			all = append(all, g)
		}
	}
	drawn.text[text] = all
	return all
}

// cut takes the ink out of a picture of white on black.
func cut(img image.Image) (glyphs, bool) {
	at := func(x, y int) uint8 {
		r, _, _, _ := img.At(x, y).RGBA()
		return uint8(r >> 8)
	}
	var box image.Rectangle
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if at(x, y) > 0 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	g := glyphs{w: box.Dx(), h: box.Dy()}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			g.ink = append(g.ink, at(x, y))
		}
	}
	if len(g.ink) == 0 {
		return g, false
	}
	g.full, g.none = slices.Index(g.ink, slices.Max(g.ink)), slices.Index(g.ink, 0)
	for i := range g.ink {
		g.order = append(g.order, i)
	}
	slices.SortStableFunc(g.order, func(a, b int) int { // extremes first
		return min(int(g.ink[a]), 255-int(g.ink[a])) - min(int(g.ink[b]), 255-int(g.ink[b]))
	})
	// Of the extremes every few a pixel with ink, so that an empty ground is dismissed at once.
	var with, without []int
	for _, i := range g.order {
		if g.ink[i] > 127 {
			with = append(with, i)
		} else {
			without = append(without, i)
		}
	}
	g.order = g.order[:0]
	for i := range max(len(with), len(without)) {
		if i < len(with) {
			g.order = append(g.order, with[i])
		}
		if i < len(without) {
			g.order = append(g.order, without[i])
		}
	}
	return g, g.none >= 0 && g.ink[g.full] > 160
}

// find lists where a text is in a picture, from the top down.
func find(img *image.NRGBA, text string) []image.Rectangle {
	grey := make([]uint8, img.Rect.Dx()*img.Rect.Dy())
	for i := range grey {
		p := img.Pix[4*i:]
		grey[i] = uint8((2*int(p[0]) + 5*int(p[1]) + int(p[2])) / 8)
	}
	var found []image.Rectangle
	for _, g := range inked(text) {
		found = append(found, g.in(grey, img.Rect.Dx(), img.Rect.Dy())...)
	}
	slices.SortFunc(found, func(a, b image.Rectangle) int {
		if a.Min.Y != b.Min.Y {
			return a.Min.Y - b.Min.Y
		}
		return a.Min.X - b.Min.X
	})
	return found
}

// in lists the places where the ink stands: ground and shade follow from two
// pixels, and all others must be the mixture of both that their ink asks for.
func (g *glyphs) in(grey []uint8, width, height int) []image.Rectangle {
	const contrast = 24 // at least
	at := func(i int) int { return i/g.w*width + i%g.w }
	offset := make([]int, len(g.order))
	for i, k := range g.order {
		offset[i] = at(k)
	}
	var found []image.Rectangle
	full, none, most := at(g.full), at(g.none), int(g.ink[g.full])
	for y := 0; y+g.h <= height; y++ {
		from := grey[y*width:]
	places:
		for x := 0; x+g.w <= width; x++ {
			ground := int(from[x+none])
			diff := int(from[x+full]) - ground
			if diff < contrast && diff > -contrast {
				continue
			}
			off := 4 + max(diff, -diff)/8 // at most, of each pixel: drivers round and blend a little differently
			for i, k := range g.order {
				if d := int(from[x+offset[i]]) - ground - diff*int(g.ink[k])/most; d > off || d < -off {
					continue places
				}
			}
			found = append(found, image.Rect(x, y, x+g.w, y+g.h))
		}
	}
	return found
}
