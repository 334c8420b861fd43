package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"patchbay/engine/ao"
	"patchbay/ui/timeline"
)

// task is something that the user waits for.
type task struct {
	name   string
	since  time.Time
	cancel context.CancelFunc
	// stops says that the task waits for an evaluation of the process pid: giving it up
	// stops that, and the slot says so. stopped: that was asked for.
	stops, stopped bool
	pid            string
}

// do runs work in the background under a name that the status line shows when it
// takes long; the user may cancel it. then comes on the UI goroutine.
func (w *Window) do(name string, work func(context.Context) error, then func(error)) {
	w.run(&task{name: name}, work, then)
}

// evaluate is do for work that waits until a process has computed a message.
func (w *Window) evaluate(name, pid string, work func(context.Context) error, then func(error)) {
	w.run(&task{name: name, stops: true, pid: pid}, work, then)
}

// evaluateSlot is evaluate for what is scheduled as a slot, and waits for what comes of
// that.
func (w *Window) evaluateSlot(name, pid string, schedule func(context.Context) (int64, error), then func(*ao.Slot, error)) {
	var s *ao.Slot
	w.evaluate(name, pid, func(ctx context.Context) error {
		n, err := schedule(ctx)
		if err != nil {
			return err
		}
		s, err = w.d.Engine.Wait(ctx, pid, n)
		return err
	}, func(err error) { then(s, err) })
}

func (w *Window) run(t *task, work func(context.Context) error, then func(error)) {
	ctx := w.wait(t)
	var err error
	w.loop.async(func() { err = work(ctx) }, func() {
		w.end(t)
		if errors.Is(err, context.Canceled) {
			err = fmt.Errorf("%s was cancelled", t.name)
		}
		then(err)
	})
}

// begin notes that the user waits for something.
func (w *Window) begin(name string) (context.Context, *task) {
	t := &task{name: name}
	return w.wait(t), t
}

func (w *Window) wait(t *task) context.Context {
	ctx, cancel := context.WithCancel(w.loop.ctx)
	t.since, t.cancel = w.now(), cancel
	w.tasks = append(w.tasks, t)
	return ctx
}

// end notes that it came, or was given up.
func (w *Window) end(t *task) {
	t.cancel()
	if i := slices.Index(w.tasks, t); i >= 0 {
		w.tasks = slices.Delete(w.tasks, i, i+1)
	}
	w.status.tick()
}

// cancelTasks gives up everything that the user waits for. An evaluation is
// stopped, which is its slot's outcome; asked a second time, it is not even waited
// for any more.
func (w *Window) cancelTasks() {
	stop := map[string]bool{}
	for _, t := range w.tasks {
		if t.stops && !t.stopped {
			t.stopped = true
			stop[t.pid] = true
			continue
		}
		t.cancel()
	}
	w.store.sync()
	if w.store.schedule > w.store.head {
		stop[w.pid] = true
	}
	for pid := range stop {
		w.d.Engine.Stop(pid)
	}
}

// needProcess says so when there is no process to act on.
func (w *Window) needProcess() bool {
	if w.pid == "" {
		w.status.fail("There is no process yet. Make one with Process › New process…")
		return false
	}
	return true
}

// source is the text that Run and Replay take: the script of the process shown if
// it is open, else the script in front.
func (w *Window) source() (text, name string, ok bool) {
	w.followFront()
	k := w.script()
	if k == nil {
		w.status.fail("No script is open: open one with " + w.keyName("O") + ".")
		return "", "", false
	}
	if k.Editor.Modified() {
		w.runSaves.tab, w.runSaves.version = k, k.Editor.Version()
		k.Save()
	}
	return k.Editor.Text(), k.Title(), true
}

// followFront shows the process whose script is in front, when that is not the one
// shown: what is run is what is looked at. A file that no process is made of, a part
// of a script perhaps, leaves the process as it is.
func (w *Window) followFront() {
	k := w.Files.Active()
	if k == nil || k.Path == w.abs(w.processScript()) {
		return
	}
	if p, ok := w.madeOf(k.Path); ok {
		w.choose(p.ID)
	}
}

// madeOf finds a process that is made of a script on disk.
func (w *Window) madeOf(path string) (ao.ProcessInfo, bool) {
	for _, p := range w.d.Engine.Processes() {
		if s := w.d.Project.ProcessScript(p); s != "" && w.abs(s) == path {
			return p, true
		}
	}
	return ao.ProcessInfo{}, false
}

// inFront says that a file that was not run is in front, "" when it was.
func (w *Window) inFront() string {
	if k := w.Files.Active(); k != nil && k != w.script() {
		return ". " + k.Title() + " in front belongs to no process: " + w.keyName("N") + " makes one."
	}
	return ""
}

// Run evaluates the edited text in the process, as an Eval of its owner.
func (w *Window) Run() {
	if !w.needProcess() {
		return
	}
	text, name, ok := w.source()
	if !ok {
		return
	}
	pid := w.pid
	w.evaluateSlot("Running "+name, pid, func(ctx context.Context) (int64, error) {
		return w.d.Engine.Run(ctx, pid, text)
	}, func(s *ao.Slot, err error) {
		if err != nil {
			w.fail(err)
			return
		}
		if pid == w.pid {
			w.ran = s.Number
			w.Step()
			w.goLive()
			w.gatherProblems()
		}
		if s.Result.Failed() {
			w.status.fail(name + " was not loaded: " + timeline.ErrorText(s.Result.Error) + " — the old state runs on.")
			w.markError(s)
			return
		}
		w.say(fmt.Sprintf("Ran %s as slot %d", name, s.Number) + w.inFront())
	})
}

// Replay runs the whole schedule against the edited text.
func (w *Window) Replay() {
	if !w.needProcess() {
		return
	}
	text, name, ok := w.source()
	if !ok {
		return
	}
	pid, n := w.pid, w.store.head+1
	says := ""
	w.do(fmt.Sprintf("Replaying %d slots", n), func(ctx context.Context) (err error) {
		if c, ok := w.d.Engine.(Comparer); ok {
			says, err = c.ReplayCompared(ctx, pid, text)
			return err
		}
		return w.d.Engine.Replay(ctx, pid, text)
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		if pid == w.pid {
			w.ran = -1
			w.shadow.adopt()
			w.Step()
			w.resync()
		}
		if says == "" {
			says = "against " + name
		}
		w.say(fmt.Sprintf("Replayed %d slots: %s", n, says))
	})
}

// verify replays the process beside itself and tells whether that gives what is
// recorded; the answer stays at the foot until something else is to be said.
func (w *Window) verify() {
	v, ok := w.d.Engine.(Verifier)
	if !ok || !w.needProcess() {
		return
	}
	pid := w.pid
	var says string
	var same bool
	w.do("Checking the replay", func(ctx context.Context) (err error) {
		says, same, err = v.VerifyReplay(ctx, pid)
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		if !same {
			w.status.fail(says)
			return
		}
		w.verified = map[string]string{pid: says}
		w.status.tick()
	})
}

// startBranch makes a branch that ends with a slot.
func (w *Window) startBranch(n int64) {
	b, ok := w.d.Engine.(Starter)
	if !ok || !w.needProcess() {
		return
	}
	pid := w.pid
	var name string
	w.do("Making a branch", func(ctx context.Context) (err error) {
		name, err = b.StartBranch(ctx, pid, n)
		return err
	}, func(err error) {
		if err != nil {
			w.fail(err)
			return
		}
		if pid == w.pid {
			w.Step()
			w.resync()
		}
		w.say(fmt.Sprintf("Branch %s begins after slot %d. The old one stays.", name, n))
	})
}

// Reset goes back to slot 0 after asking.
func (w *Window) Reset() {
	if !w.needProcess() {
		return
	}
	pid := w.pid
	w.confirm("Reset", fmt.Sprintf("Go back to slot 0? The %d slots stay in a branch of their own.", w.store.head+1), "Reset", func() {
		w.do("Resetting", func(ctx context.Context) error { return w.d.Engine.Reset(ctx, pid) }, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			if pid == w.pid {
				w.Step()
				w.resync()
			}
			w.say("Back at slot 0. The old branch stays.")
		})
	})
}
