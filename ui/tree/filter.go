package tree

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"patchbay/ui/kit"
)

func (p *Panel) sortMenu() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.sortBtn)
	if c == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.sortBtn)
	widget.ShowPopUpMenuAtPosition(p.SortMenu(), c, at.AddXY(-60, p.sortBtn.Size().Height))
}

// SortMenu lists the orders.
func (p *Panel) SortMenu() *fyne.Menu {
	m := fyne.NewMenu("Order")
	for _, s := range []Sort{ByKey, ByChanged, ByValue, BySize} {
		it := fyne.NewMenuItem("By "+s.String(), func() { p.SetSort(s) })
		it.Checked = p.Model.Sort() == s
		m.Items = append(m.Items, it)
	}
	return m
}

// SetSort orders the keys.
func (p *Panel) SetSort(s Sort) {
	p.Model.SetSort(s)
	p.reselect()
	p.jobs()
	p.List.Refresh()
	if p.o.OnSort != nil {
		p.o.OnSort(s)
	}
}

// jobs sorts wide branches off the UI goroutine, one batch at a time.
func (p *Panel) jobs() {
	if p.busy {
		p.again = true
		return
	}
	jobs := p.Model.Jobs()
	if len(jobs) == 0 {
		return
	}
	p.busy = true
	p.o.Async(func() {
		for _, j := range jobs {
			j.Run()
		}
	}, func() {
		p.busy = false
		for _, j := range jobs {
			p.Model.Done(j)
		}
		p.reselect()
		p.List.Refresh()
		if p.again {
			p.again = false
			p.jobs()
		}
	})
}

func (p *Panel) filter() {
	p.query = strings.TrimSpace(p.Filter.Text)
	p.searched = nil
	if ParseQuery(p.query).Empty() {
		p.query = ""
		if p.cancel != nil {
			p.cancel()
		}
		p.Model.SetHits(nil)
		p.say("")
		p.reselect()
		if i := p.List.Selected(); i >= 0 {
			p.List.Reveal(i)
		}
		p.List.Refresh()
		return
	}
	p.search()
}

// search runs the filter on a snapshot; a newer one cancels an older one.
func (p *Panel) search() {
	if p.cancel != nil {
		p.cancel()
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	root, text := p.Model.Root(), p.query
	p.searched = root
	var hits []Hit
	var total int
	p.o.Async(func() {
		hits, total = Search(ctx, root, ParseQuery(text), p.o.Alias)
	}, func() {
		defer cancel()
		if ctx.Err() != nil || text != p.query {
			return
		}
		if hits == nil {
			hits = []Hit{}
		}
		p.Model.SetHits(slices.Clip(hits))
		if total > MaxHits {
			p.say(kit.Thousands(int64(total)) + " matches; the first " + kit.Thousands(MaxHits) + " are shown.")
		} else {
			p.say(Count(total, "match", "matches"))
		}
		p.reselect()
		p.List.Refresh()
	})
}

// Close cancels what runs.
func (p *Panel) Close() {
	if p.cancel != nil {
		p.cancel()
	}
}
