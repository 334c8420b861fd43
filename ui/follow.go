package ui

import (
	"cmp"
	"context"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/theme"
	"patchbay/ui/timeline"
	"patchbay/ui/tree"
)

// take takes a batch of events over and refreshes once.
func (w *Window) take(events []ao.Event) {
	if len(events) == 0 {
		return
	}
	var fresh []*ao.Slot
	reload, list, elsewhere := false, false, false
	for _, e := range events {
		if e.Kind == ao.SlotComputed && e.Computed != nil && w.survey.saw(cmp.Or(e.Process, w.pid), e.Computed) {
			elsewhere = elsewhere || e.Process != "" && e.Process != w.pid
		}
		switch e.Kind {
		case ao.ScriptReloaded, ao.Lost:
			if e.Process == "" {
				clear(w.survey.processes)
			}
			w.survey.forget(e.Process)
			delete(w.faulty, e.Process)
			elsewhere = true
		case ao.ProcessAdded, ao.ProcessRemoved:
			list = true
		case ao.Fault:
			if e.Process == "" {
				w.status.fail(e.Text)
				break
			}
			w.faulty[e.Process] = true
			w.status.fail(cmp.Or(w.alias(e.Process), e.Process) + ": " + e.Text)
		case ao.StormEnded: // also of another process: its messages are missing here
			w.status.fail(cmp.Or(w.alias(e.Process), e.Process) + ": " + e.Text)
		}
		if e.Process != w.pid && e.Process != "" {
			continue
		}
		switch e.Kind {
		case ao.SlotScheduled:
			w.store.schedule = max(w.store.schedule, e.Slot)
		case ao.SlotComputed:
			if e.Computed != nil {
				fresh = append(fresh, e.Computed)
			}
		case ao.ScriptReloaded, ao.Lost:
			reload = true
		case ao.ReplayProgress:
			w.status.progress(e.Slot, e.Total)
		case ao.Idle:
			w.status.progress(0, 0)
		}
	}
	if list {
		w.refreshNames()
		w.chooseFirst()
	}
	if elsewhere || list {
		w.gatherProblems()
	}
	if reload {
		w.resync()
		return
	}
	if len(fresh) > 0 {
		w.computed(fresh)
	} else {
		w.Slots.Refresh()
		w.head.update()
	}
}

// computed takes new slots of the process shown over. It is on the path of a
// thousand messages a second: nothing in it looks at more than the new slots.
func (w *Window) computed(fresh []*ao.Slot) {
	news, trouble := false, false
	for _, s := range fresh {
		w.store.put(s)
		w.store.head = max(w.store.head, s.Number)
		news = w.sawAction(s) || news
		trouble = trouble || s.Result.Failed()
		for _, x := range s.Warnings {
			x = w.lined(s, x)
			k := key(x.Path)
			old, known := w.warnings[k]
			trouble = trouble || !known || old.Message != x.Message || old.Line != x.Line
			w.warnings[k] = x
		}
	}
	w.store.schedule = max(w.store.schedule, w.store.head)
	if w.live {
		last := fresh[len(fresh)-1]
		w.setState(last.Root, w.store.head)
		for _, s := range fresh {
			w.Tree.Model.Changed(s.Number, s.Changes, w.now())
		}
		w.Tree.Refresh()
		w.detail(last)
	} else {
		w.refreshTime()
	}
	if trouble {
		w.gatherProblems()
	}
	w.head.update()
	if news {
		w.suggest()
	}
}

// setState shows a root as the state after slot n.
func (w *Window) setState(root *patchdev.Table, n int64) {
	if root == nil {
		root = patchdev.EmptyTable()
	}
	w.root, w.shown = root, n
	w.Tree.Show(root, n, w.live)
	w.Tree.Preselect([]string{"cache"})
	w.inspect()
	w.refreshTime()
}

func (w *Window) refreshTime() {
	w.Bar.Set(w.shown, w.store.head, w.live, w.store.failed)
	w.Slots.Show(w.shown)
}

// inspect shows the selected path in the inspector.
func (w *Window) inspect() {
	path := w.Tree.Selected()
	w.Inspect.SetBase(w.baseURL(), w.pid)
	v, ok := tree.Lookup(w.root, path)
	w.Inspect.Show(path, v, ok && len(path) > 0, w.shown, w.live)
}

// dry shows what a message would do in the tabs at the bottom. It stays until
// another slot is shown.
func (w *Window) dry(s *ao.Slot) {
	w.detail(s)
	for _, d := range []*timeline.Detail{w.Outbox, w.Output, w.Facts} {
		d.ShowDry(s)
	}
}

// detail shows a slot in the tabs at the bottom.
func (w *Window) detail(s *ao.Slot) {
	w.Outbox.Show(s)
	w.Output.Show(s)
	w.Facts.Show(s)
	badge := ""
	if s != nil {
		if n := len(s.Result.Messages) + len(s.Result.Spawns) + len(s.Result.Assignments); n > 0 {
			badge = itoa(int64(n))
		}
	}
	w.Bottom.SetBadge(TabOutbox, badge, "")
	c := theme.Dim
	mark := ""
	if s != nil && s.Result.Failed() {
		c, mark = theme.Bad, "●"
	}
	w.Bottom.SetBadge(TabOutput, mark, c)
}

// showSlot moves the window to the state after a slot; the newest one means live.
func (w *Window) showSlot(n int64) {
	if n < 0 || n > w.store.head {
		return
	}
	w.moved++
	if n == w.store.head {
		w.goLive()
		return
	}
	w.live = false
	moved, pid := w.moved, w.pid
	defer w.Slots.Reveal()
	if s := w.store.Slot(n); s != nil && s.Root != nil {
		w.setState(s.Root, n)
		w.Tree.Travel(n, s.Changes)
		w.detail(s)
		return
	}
	w.shown = n
	w.refreshTime()
	var root *patchdev.Table
	w.do("Reading slot "+itoa(n), func(ctx context.Context) (err error) {
		root, err = w.d.Engine.Root(ctx, pid, n)
		return err
	}, func(err error) {
		if moved != w.moved || pid != w.pid {
			return
		}
		if err != nil {
			w.fail(err)
			return
		}
		w.setState(root, n)
		s := w.store.Slot(n)
		if s != nil {
			w.Tree.Travel(n, s.Changes)
		}
		w.detail(s)
	})
}

// showSlotOf shows a slot of any process.
func (w *Window) showSlotOf(pid string, n int64) {
	w.choose(pid)
	if w.pid != pid {
		w.status.fail("The process " + shortID(pid) + " is not in the project any more.")
		return
	}
	w.showSlot(n)
}

// goLive follows the newest slot.
func (w *Window) goLive() {
	w.moved++
	w.live = true
	head, root, ok := w.d.Engine.Head(w.pid)
	if !ok {
		w.setState(nil, -1)
		return
	}
	w.store.head = max(head, w.store.head)
	w.setState(root, head)
	s := w.store.Slot(head)
	if s != nil {
		w.Tree.Travel(head, s.Changes)
	}
	w.detail(s)
}

// fetched refreshes after older slots came.
func (w *Window) fetched() {
	if s := w.store.slots[w.shown]; s != nil {
		if !w.Facts.Dry() {
			w.detail(s)
		}
		if !w.Tree.Model.Flashing(w.now()) {
			w.Tree.Travel(s.Number, s.Changes)
		}
	}
	for _, s := range w.store.slots {
		w.sawAction(s)
		for _, x := range s.Warnings {
			if old, ok := w.warnings[key(x.Path)]; !ok || old.Slot < x.Slot {
				w.warnings[key(x.Path)] = w.lined(s, x)
			}
		}
	}
	w.refreshTime()
	w.Tree.List.Refresh()
	w.gatherProblems()
	w.suggest()
}

// resync reads the process anew: after another was chosen, a replay, lost events.
func (w *Window) resync() {
	pid := w.pid
	w.shownPID.Store(&pid)
	w.store.reset(w.pid)
	w.Slots.Again()
	w.warnings = map[string]patchdev.Warning{}
	w.actions, w.order = nil, nil
	w.Tree.Travel(-1, nil) // what lit up there is nothing of this process
	w.live = true
	w.goLive()
	w.gatherProblems()
	w.head.update()
}
