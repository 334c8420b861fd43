package code

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"patchbay/ui/theme"
)

// CreateRenderer draws the panel. Fyne calls it.
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	r := &tabsRenderer{t: t, back: canvas.NewRectangle(theme.Color(theme.CodeBackground)), hint: canvas.NewText("", nil)}
	r.build()
	return r
}

type tabsRenderer struct {
	t    *Tabs
	back *canvas.Rectangle
	hint *canvas.Text
	objs []fyne.CanvasObject
}

func (r *tabsRenderer) Destroy()                     {}
func (r *tabsRenderer) MinSize() fyne.Size           { return fyne.NewSize(160, 96) }
func (r *tabsRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *tabsRenderer) Layout(fyne.Size)             { r.build() }

func (r *tabsRenderer) Refresh() {
	r.build()
	r.t.bar.Refresh()
	canvas.Refresh(r.t)
}

func (r *tabsRenderer) build() {
	t, size := r.t, r.t.Size()
	bar := t.bar.MinSize().Height
	place(t.bar, 0, 0, size.Width, bar)
	r.objs = append(r.objs[:0], t.bar)
	k := t.Active()
	if k == nil {
		r.back.FillColor = theme.Color(theme.CodeBackground)
		place(r.back, 0, bar, size.Width, size.Height-bar)
		r.hint.Text, r.hint.Color, r.hint.TextSize = "No file is open. The + above opens a script, and a .lua file can be dropped here.", theme.Color(theme.Dim), em(13)
		w := fyne.MeasureText(r.hint.Text, em(13), fyne.TextStyle{}).Width
		place(r.hint, (size.Width-w)/2, bar+(size.Height-bar)/2-10, w, 20)
		r.objs = append(r.objs, r.back, r.hint)
		return
	}
	y := bar
	if k.strip != nil {
		k.strip.layout(size.Width)
		place(k.strip, 0, y, size.Width, k.strip.want)
		k.strip.Refresh()
		y += k.strip.want
		r.objs = append(r.objs, k.strip)
	}
	e := k.Front()
	place(e, 0, y, size.Width, max(0, size.Height-y))
	r.objs = append(r.objs, e)
}
