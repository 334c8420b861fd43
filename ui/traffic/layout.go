package traffic

import (
	"fyne.io/fyne/v2"

	"patchbay/ui/theme"
)

// beside is from which width on what is told of the chosen request stands beside the
// list and not below it.
const beside = 860

// fewLines is how many lines of detail are shown before the list, if need be, gets
// more of the height than they.
const fewLines = 7

// shape lays the panel out: the head, a line, and below them the list with the detail,
// which is hidden while nothing is chosen.
type shape struct{ p *Panel }

// MinSize is part of fyne.Layout.
func (shape) MinSize(o []fyne.CanvasObject) fyne.Size {
	head, list := o[0].MinSize(), o[2].MinSize()
	return fyne.NewSize(max(head.Width, list.Width), head.Height+1+list.Height)
}

// Layout is part of fyne.Layout.
func (l shape) Layout(o []fyne.CanvasObject, s fyne.Size) {
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, max(h, 0)))
	}
	head, line, list, foot, edge := o[0], o[1], o[2], o[3], o[4]
	y := head.MinSize().Height
	put(head, 0, 0, s.Width, y)
	put(line, 0, y, s.Width, 1)
	y++
	rest := s.Height - y
	switch {
	case foot.Visible() && s.Width >= beside:
		w := float32(int(s.Width * 0.48))
		put(list, 0, y, w, rest)
		put(edge, w, y, 1, rest)
		put(foot, w+1, y, s.Width-w-1, rest)
	case foot.Visible():
		h := float32(len(l.p.lines))*lineHeight + 4
		if len(l.p.lines) > fewLines {
			h = max(fewLines*lineHeight+4, rest*0.6)
		}
		h = min(h, float32(len(l.p.lines))*lineHeight+4, rest-1-leastRows*theme.Size(theme.SizeRow))
		h = max(h, lineHeight+4)
		put(list, 0, y, s.Width, rest-h-1)
		put(edge, 0, y+rest-h-1, s.Width, 1)
		put(foot, 0, y+rest-h, s.Width, h)
	default:
		put(list, 0, y, s.Width, rest)
	}
}
