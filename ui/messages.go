package ui

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/compose"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
	"patchbay/ui/timeline"
)

// send gives a message to the process, or to the target that the draft names.
func (w *Window) send(m ao.Message, d compose.Draft) {
	pid := m.Target
	if pid == "" {
		pid = w.pid
	}
	if pid == "" {
		w.needProcess()
		return
	}
	w.evaluateSlot("Sending", pid, func(ctx context.Context) (int64, error) {
		return w.d.Engine.Send(ctx, pid, m)
	}, func(s *ao.Slot, err error) {
		if err != nil {
			w.Composer.Say("Not sent: "+err.Error(), theme.Bad)
			w.fail(err)
			return
		}
		w.Step()
		if pid == w.pid && !w.live {
			w.goLive()
		}
		if s.Result.Failed() {
			w.Composer.Say(fmt.Sprintf("Slot %d failed: %s", s.Number, timeline.ErrorText(s.Result.Error)), theme.Bad)
			w.markError(s)
			return
		}
		if odd := compose.Warn(d, m); odd != "" { // it was said, and is still to be seen
			w.Composer.Say(sentence(sent(s))+" "+odd, theme.Warn)
			return
		}
		w.Composer.Say(sent(s), theme.Good)
	})
}

// composerSays tells at the foot what the composer says while another tab hides it.
func (w *Window) composerSays(text string, c fyne.ThemeColorName) {
	if w.Bottom != nil && w.Bottom.Current() != TabSend {
		w.status.note(text, c, sayFor)
	}
}

// sent says in a sentence what a slot did.
func sent(s *ao.Slot) string {
	n := timeline.Changed(s)
	text := fmt.Sprintf("Slot %d: %d keys changed", s.Number, n)
	if n == 1 {
		text = fmt.Sprintf("Slot %d: 1 key changed", s.Number)
	}
	if n := timeline.Sent(s); n > 0 {
		text += fmt.Sprintf(", %d sent", n)
	}
	if len(s.Result.Messages) == 0 && len(s.Changes) == 0 {
		text += ". No handler answered."
	}
	return text
}

// dryRun shows what a message would do.
func (w *Window) dryRun(m ao.Message, _ compose.Draft) {
	pid := m.Target
	if pid == "" {
		pid = w.pid
	}
	if pid == "" {
		w.needProcess()
		return
	}
	var s *ao.Slot
	w.do("Dry run", func(ctx context.Context) (err error) {
		s, err = w.d.Engine.DryRun(ctx, pid, m)
		return err
	}, func(err error) {
		if err != nil {
			w.Composer.Say("Dry run: "+err.Error(), theme.Bad)
			return
		}
		w.dry(s)
		w.Bottom.Select(TabSlot)
		w.say("Dry run. Nothing was kept.")
	})
}

func (w *Window) saveMessage(m compose.Saved) {
	w.do("Saving the message", func(context.Context) error { return w.d.Project.SaveMessage(m) }, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.say("Saved messages/" + m.Name + ".json")
		w.reloadMessages()
	})
}

func (w *Window) reloadMessages() { w.readMessages(nil) }

// readMessages reads the saved messages, then goes on. What cannot be read is told.
func (w *Window) readMessages(then func()) {
	var list []compose.Saved
	var err error
	w.loop.async(func() { list, err = w.d.Project.Messages() }, func() {
		w.saved = list
		if err != nil {
			w.fail(err)
		}
		if then != nil {
			then()
		}
	})
}

// repeat sends n messages one after the other: each is made when the one before
// was computed, so that {{last.Id}} means that one. What the process answers with
// an error is counted; what cannot be sent ends it.
func (w *Window) repeat(n int, message func(i int) (ao.Message, error)) {
	ctx, t := w.begin(fmt.Sprintf("Sending %d messages", n))
	first, last, failed := int64(-1), int64(-1), 0
	var next func(i int)
	done := func(sent int, err error) {
		cancelled := ctx.Err() != nil
		w.end(t)
		if !w.live {
			w.goLive()
		}
		text := fmt.Sprintf("Sent %d as slots %d to %d", sent, first, last)
		if sent == 0 {
			text = "Nothing was sent"
		}
		if failed > 0 {
			text += fmt.Sprintf("; %d failed", failed)
		}
		switch {
		case cancelled && sent < n:
			w.Composer.Say(text+fmt.Sprintf(". Cancelled before the other %d.", n-sent), theme.Warn)
		case err != nil:
			w.Composer.Say(text+". Then: "+err.Error(), theme.Bad)
		case failed > 0:
			w.Composer.Say(text+".", theme.Bad)
		default:
			w.Composer.Say(text+".", theme.Good)
		}
	}
	next = func(i int) {
		if i > n || ctx.Err() != nil {
			done(i-1, nil)
			return
		}
		m, err := message(i)
		if err == nil && m.Target == "" {
			err = fmt.Errorf("there is no process yet; make one with Process › New process…")
		}
		if err != nil {
			done(i-1, err)
			return
		}
		t.name = fmt.Sprintf("Sending %s of %s", kit.Thousands(int64(i)), kit.Thousands(int64(n)))
		var s *ao.Slot
		w.loop.async(func() {
			var slot int64
			if slot, err = w.d.Engine.Send(ctx, m.Target, m); err == nil {
				s, err = w.d.Engine.Wait(ctx, m.Target, slot)
			}
		}, func() {
			if err != nil {
				done(i-1, err)
				return
			}
			if last = s.Number; first < 0 {
				first = last
			}
			if s.Result.Failed() {
				failed++
			}
			w.Step()
			next(i + 1)
		})
	}
	next(1)
}

// pickItem shows the composer's lists.
func (w *Window) pickItem(hint string, items []compose.Item) {
	all := make([]choice, len(items))
	for i, it := range items {
		all[i] = choice{title: it.Title, note: it.Note, run: it.Run, off: it.Run == nil}
	}
	w.pick(hint, all)
}

// pickSaved reads the saved messages anew, which others may have changed, and
// shows them.
func (w *Window) pickSaved() { w.readMessages(w.Composer.PickSaved) }

// messageRemover deletes a saved message and offers to take that back; nil when the
// project cannot.
func (w *Window) messageRemover() func(compose.Saved) {
	r, ok := w.d.Project.(MessageRemover)
	if !ok {
		return nil
	}
	return func(m compose.Saved) {
		var err error
		w.loop.async(func() { err = r.RemoveMessage(m.Name) }, func() {
			if err != nil {
				w.fail(err)
				return
			}
			w.reloadMessages()
			w.status.offer("Deleted messages/"+m.Name+".json.", "Undo", func() { w.saveMessage(m) })
		})
	}
}

// resend fills the composer with a slot's message, so that sending it gives the
// same message again.
func (w *Window) resend(s *ao.Slot) {
	e := w.env()
	name := func(tag, value string) string {
		for _, a := range append(e.Accounts[:len(e.Accounts):len(e.Accounts)], e.Processes...) {
			if a.Address == value {
				return a.Name
			}
		}
		return e.Literal(tag, value)
	}
	d := compose.Draft{From: name("", s.Message.From)}
	if s.Message.Target != "" && s.Message.Target != w.pid {
		d.Target = name("", s.Message.Target)
	}
	action := false
	for _, t := range s.Message.Tags {
		if t.Name == "Action" && !action {
			action, d.Action = true, compose.Escape(t.Value)
			continue
		}
		d.Tags = append(d.Tags, ao.Tag{Name: t.Name, Value: name(t.Name, t.Value)})
	}
	switch v := s.Message.Data.(type) {
	case nil:
	case patchdev.String:
		d.Data = compose.Escape(string(v))
	default:
		d.Data = compose.Escape(string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{})))
	}
	w.Composer.SetDraft(d)
	w.Bottom.Select(TabSend)
}
