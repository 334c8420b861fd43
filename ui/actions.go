package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/compose"
	"patchbay/ui/inspect"
	"patchbay/ui/theme"
	"patchbay/ui/timeline"
	"patchbay/ui/tree"
)

// task is something that the user waits for.
type task struct {
	name   string
	since  time.Time
	cancel context.CancelFunc
}

// do runs work in the background under a name that the status line shows when it
// takes long; the user may cancel it. then comes on the UI goroutine.
func (w *Window) do(name string, work func(context.Context) error, then func(error)) {
	ctx, cancel := context.WithCancel(w.loop.ctx)
	t := &task{name: name, since: w.now(), cancel: cancel}
	w.tasks = append(w.tasks, t)
	var err error
	w.loop.async(func() { err = work(ctx) }, func() {
		cancel()
		for i, x := range w.tasks {
			if x == t {
				w.tasks = append(w.tasks[:i], w.tasks[i+1:]...)
				break
			}
		}
		w.status.tick()
		if errors.Is(err, context.Canceled) {
			err = fmt.Errorf("%s was cancelled", name)
		}
		then(err)
	})
}

// cancelTasks gives up everything that the user waits for.
func (w *Window) cancelTasks() {
	for _, t := range w.tasks {
		t.cancel()
	}
	w.d.Engine.Stop(w.pid)
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
	k := w.script()
	if k == nil {
		w.status.fail("No script is open: open one with " + w.keyName("O") + ".")
		return "", "", false
	}
	if k.Editor.Modified() {
		k.Save()
	}
	return k.Editor.Text(), k.Title(), true
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
	var s *ao.Slot
	w.do("Running "+name, func(ctx context.Context) error {
		n, err := w.d.Engine.Run(ctx, pid, text)
		if err != nil {
			return err
		}
		s, err = w.d.Engine.Wait(ctx, pid, n)
		return err
	}, func(err error) {
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
			w.status.fail(name + " was not loaded: " + timeline.FirstLine(s.Result.Error) + " — the old state runs on.")
			w.markError(s)
			return
		}
		w.say(fmt.Sprintf("Ran %s as slot %d", name, s.Number))
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

// send gives a message to the process, or to the target that the draft names.
func (w *Window) send(m ao.Message, _ compose.Draft) {
	pid := m.Target
	if pid == "" {
		pid = w.pid
	}
	if pid == "" {
		w.needProcess()
		return
	}
	var s *ao.Slot
	w.do("Sending", func(ctx context.Context) error {
		n, err := w.d.Engine.Send(ctx, pid, m)
		if err != nil {
			return err
		}
		s, err = w.d.Engine.Wait(ctx, pid, n)
		return err
	}, func(err error) {
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
			w.Composer.Say(fmt.Sprintf("Slot %d failed: %s", s.Number, timeline.FirstLine(s.Result.Error)), theme.Bad)
			w.markError(s)
			return
		}
		w.Composer.Say(sent(s), theme.Good)
	})
}

// sent says in a sentence what a slot did.
func sent(s *ao.Slot) string {
	text := fmt.Sprintf("Slot %d: %d keys changed", s.Number, len(s.Changes))
	if len(s.Changes) == 1 {
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
		w.detail(s)
		w.Bottom.Select(TabSlot)
		w.say("Dry run: this is what the message would do. Nothing was kept.")
	})
}

func (w *Window) saveMessage(m compose.Saved) {
	var err error
	w.loop.async(func() { err = w.d.Project.SaveMessage(m) }, func() {
		if err != nil {
			w.fail(err)
			return
		}
		w.say("Saved messages/" + m.Name + ".json")
		w.reloadMessages()
	})
}

func (w *Window) reloadMessages() {
	var list []compose.Saved
	var err error
	w.loop.async(func() { list, err = w.d.Project.Messages() }, func() {
		w.saved = list
		if err != nil {
			w.fail(err)
		}
	})
}

// baseURL is where the node listens, "" when it does not.
func (w *Window) baseURL() string {
	if w.d.Node == nil {
		return ""
	}
	return w.d.Node.URL()
}

func (w *Window) url(path []string) string {
	return w.baseURL() + inspect.URLPath(w.pid, path, w.shown, w.live)
}

func (w *Window) opener() func(string) {
	if w.d.OpenURL == nil {
		return nil
	}
	return func(s string) {
		u, err := url.Parse(s)
		if err == nil {
			err = w.d.OpenURL(u)
		}
		if err != nil {
			w.fail(fmt.Errorf("the browser could not be opened: %w; the URL is %s", err, s))
		}
	}
}

// respond is the exact answer of the node. Any goroutine.
func (w *Window) respond(method, path string, h http.Header) (inspect.Response, error) {
	if w.d.Node == nil {
		return inspect.Response{}, errors.New("the local node does not listen, so there is no response")
	}
	ctx, cancel := context.WithTimeout(w.loop.ctx, 35*time.Second)
	defer cancel()
	return w.d.Node.Respond(ctx, method, path, h)
}

// Historian gives the past of a path without walking every root; an Engine that
// is one makes the history plot fast.
type Historian interface {
	PathHistory(ctx context.Context, pid string, path []string, from, to int64) ([]inspect.Point, error)
}

// maxWalk is how many slots are read for a history when the engine is no Historian.
const maxWalk = 2000

// history is the past of a path. Any goroutine; it reads no state of the window
// but the process, which the UI goroutine put into the closure's snapshot.
func (w *Window) history(path []string, upTo int64) ([]inspect.Point, error) {
	pid := w.shownPID.Load()
	if pid == nil {
		return nil, nil
	}
	if h, ok := w.d.Engine.(Historian); ok {
		return h.PathHistory(w.loop.ctx, *pid, path, 0, upTo)
	}
	from := max(0, upTo-maxWalk)
	slots, err := w.d.Engine.Slots(w.loop.ctx, *pid, from, upTo)
	if err != nil {
		return nil, err
	}
	var out []inspect.Point
	for _, s := range slots {
		if s == nil {
			continue
		}
		v, _ := tree.Lookup(s.Root, path)
		if n := len(out); n == 0 || !patchdev.Equal(out[n-1].Value, v) {
			out = append(out, inspect.Point{Slot: s.Number, Value: v})
		}
	}
	return out, nil
}

// spark are the last numbers of a path among the slots at hand.
func (w *Window) spark(path []string) []float64 {
	var out []float64
	var last patchdev.Value
	n := 0
	for at := w.shown; at >= 0 && len(out) < 12 && n < 300; at-- {
		s := w.store.slots[at]
		if s == nil {
			break
		}
		n++
		v, _ := tree.Lookup(s.Root, path)
		if v == last && last != nil {
			continue
		}
		last = v
		switch v := v.(type) {
		case patchdev.Int:
			out = append(out, float64(v))
		case patchdev.Float:
			out = append(out, float64(v))
		default:
			at = -1
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// known lists the paths near a missing one, for "did you mean".
func (w *Window) known(pid string, path []string) []string {
	_, root, ok := w.d.Engine.Head(pid)
	if !ok || len(path) == 0 {
		return nil
	}
	var out []string
	at, prefix := patchdev.Value(root), ""
	for _, k := range path {
		t, is := at.(*patchdev.Table)
		if !is {
			break
		}
		n := 0
		for name := range t.All() {
			out = append(out, prefix+name)
			if n++; n == 2000 {
				break
			}
		}
		next, ok := t.Get(k)
		if !ok {
			break
		}
		at, prefix = next, prefix+k+"/"
	}
	rest := strings.Join(path, "/")
	sort.SliceStable(out, func(a, b int) bool {
		return strings.Count(out[a], "/") == strings.Count(rest, "/") && strings.Count(out[b], "/") != strings.Count(rest, "/")
	})
	return out
}

// showKey chooses a key in the tree.
func (w *Window) showKey(path []string) {
	if !w.Tree.Select(path) {
		w.status.fail("There is no key " + strings.Join(path, "/") + " in slot " + itoa(w.shown) + ".")
	}
}

// takeTraffic takes new exchanges over.
func (w *Window) takeTraffic() {
	if w.d.Node == nil {
		return
	}
	select {
	case <-w.d.Node.TrafficC():
	default:
		if w.seen > 0 {
			return
		}
	}
	list, total := w.d.Node.Traffic(w.seen)
	if len(list) == 0 {
		return
	}
	w.seen = list[len(list)-1].ID
	w.Traffic.Add(list)
	w.Bottom.SetBadge(TabTraffic, tree.Thousands(int64(total)), theme.Dim)
	if n := w.Traffic.Misses(); n > 0 {
		w.Bottom.SetBadge(TabTraffic, tree.Thousands(int64(total)), theme.Warn)
	}
	w.head.requests(list)
}

// coverEvery is how often coverage is asked for while slots flow.
const coverEvery = 300 * time.Millisecond

// coverage shows in the editor which lines the slot shown ran.
func (w *Window) coverage() {
	c, ok := w.d.Engine.(Coverer)
	x := w.script()
	if !ok || x == nil || w.shown < 0 || w.pid == "" || w.covering {
		return
	}
	if x.Path != w.abs(w.processScript()) || w.covered == [2]int64{int64(w.store.gen), w.shown} {
		return
	}
	if w.now().Sub(w.coverAt) < coverEvery {
		return
	}
	w.coverAt = w.now()
	w.covering = true
	pid, n, gen := w.pid, w.shown, int64(w.store.gen)
	var lines map[int]int
	var err error
	w.loop.async(func() { lines, err = c.Coverage(w.loop.ctx, pid, n) }, func() {
		w.covering = false
		if pid != w.pid {
			return
		}
		w.covered = [2]int64{gen, n}
		if err == nil {
			list := make([]int, 0, len(lines))
			for l, times := range lines {
				if times > 0 {
					list = append(list, l)
				}
			}
			sort.Ints(list)
			x.Editor.SetCoverage(list)
		}
	})
}
