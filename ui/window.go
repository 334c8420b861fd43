package ui

import (
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/code"
	"patchbay/ui/compose"
	"patchbay/ui/console"
	"patchbay/ui/inspect"
	"patchbay/ui/kit"
	"patchbay/ui/problems"
	"patchbay/ui/timeline"
	"patchbay/ui/traffic"
	"patchbay/ui/tree"
)

// Window is Patchbay's one window: the panels, what they show, and what the user
// can do. All its methods belong to the UI goroutine.
//
// Life: [New], [Window.Attach], [Window.Start], … [Window.Close].
type Window struct {
	// The panels, for tests and for who wires the window.
	Tree     *tree.Panel
	Slots    *timeline.List
	Outbox   *timeline.Detail
	Output   *timeline.Detail
	Facts    *timeline.Detail
	Bar      *timeline.Bar
	Composer *compose.Panel
	Inspect  *inspect.Panel
	Traffic  *traffic.Panel
	Problems *problems.Panel
	Console  *console.Panel
	Bottom   *kit.Tabs
	Files    *code.Tabs

	d       Deps
	loop    *loop
	win     fyne.Window
	feed    Feed
	store   *store
	closers []io.Closer
	tour    *tour
	head    *header
	strip   *strip
	shadow  *shadow
	survey  *survey
	output  *fyne.Container
	cover   *cover
	status  *status
	accept  func() // what Ctrl+Enter does in the dialog that is open, nil for nothing
	content fyne.CanvasObject
	mac     bool

	pid   string
	shown int64 // slot whose state the window shows, -1 none
	live  bool
	root  *patchdev.Table
	moved int // grows with each move through time: late roots are dropped

	names       atomic.Pointer[map[string]string]
	shownPID    atomic.Pointer[string] // pid, for the background
	actions     map[string][]string    // seen in slots, with their tags
	order       []string               // of actions, as seen
	handles     []compose.Action       // what the script handles, as read from its text
	reading     bool
	readAt      time.Time
	readTab     *code.Tab
	readVersion uint64
	warnings    map[string]patchdev.Warning
	ran         int64 // slot of the newest Run: errors before it are history
	saved       []compose.Saved
	seen        uint64 // newest exchange shown
	bottom      *kit.Split
	columns     *kit.Split
	leftRows    *kit.Split
	rightRow    *kit.Split
	lower       *fyne.Container   // the chosen tab of the lower left
	panel       *fyne.Container   // what stands beside the slots
	verified    map[string]string // what is known of the replay of a process
	faulty      map[string]bool   // the processes of which the engine told a fault
	seenMark    []code.Mark       // of the script in front, as last gathered
	closed      bool
	quits       bool     // as soon as nothing is being written
	failedAt    *ao.Slot // whose error the script shows
	runSaves    struct { // the text that Run saved last
		tab     *code.Tab
		version uint64
	}
	marks     []code.Mark
	marked    *code.Tab
	tasks     []*task
	regain    bool // something was taken off the screen, perhaps with the keyboard
	unwritten bool // the composer changed since it was written down
	writtenAt time.Time
	stopJump  func()     // of the jump to an error under way
	scripts   []string   // of the project, as last read
	deleted   []deletion // processes that can be brought back
}

// Tabs at the bottom left.
const (
	TabSend = iota
	TabOutbox
	TabOutput
	TabSlot
	TabConsole
	TabTraffic
	TabProblems
)

// New builds the window's content. Nothing is started and nothing is asked of the
// engine that could wait.
func New(d Deps) *Window {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Random == nil {
		d.Random = rand.Uint64
	}
	if d.Settings == nil {
		d.Settings = forgetful{}
	}
	if d.Lint == nil {
		d.Lint = lintText(d.Engine)
	}
	w := &Window{
		d: d, loop: newLoop(d.Do), shown: -1, live: true, root: patchdev.EmptyTable(),
		faulty: map[string]bool{}, warnings: map[string]patchdev.Warning{}, mac: runtime.GOOS == "darwin", ran: -1,
	}
	w.names.Store(&map[string]string{})
	w.store = newStore(d.Engine, w.loop.ctx, w.loop.async)
	w.store.onFetch = w.fetched
	w.status = newStatus(w)
	w.strip = newStrip(w)
	w.shadow = &shadow{w: w}
	w.survey = newSurvey(w)
	w.cover = &cover{w: w}
	w.build()
	w.Files = w.newTabs()
	w.head = newHeader(w)
	w.tour = newTour(w)
	w.layout()
	w.takeSettings()
	w.refreshNames()
	open := w.d.Settings.Get("files")
	w.chooseFirst()
	w.openRemembered(open)
	w.reloadMessages()
	return w
}

func (w *Window) now() time.Time { return w.d.Now() }

// build makes the panels.
func (w *Window) build() {
	w.Tree = tree.New(tree.Options{
		Now: w.now, Async: w.loop.async, Copy: w.copy, Alias: w.alias,
		Warn: func(path []string) string {
			if x, ok := w.warnings[key(path)]; ok {
				return x.Message
			}
			return ""
		},
		OnSelected: func([]string) { w.inspect() },
		OnOpen:     func([]string) { w.Inspect.Tabs.Select(inspect.TabValue) },
		URL:        func(path []string) string { return w.url(path) },
		Empty:      w.emptyTree,
		Spark:      w.spark,
		OnPins:     w.rememberPins,
		OnSort:     func(s tree.Sort) { w.d.Settings.Set("tree.sort", s.String()) },
	})
	var branch func(int64)
	if _, ok := w.d.Engine.(Starter); ok {
		branch = w.startBranch
	}
	to := timeline.Options{
		OnFork: branch,
		Source: w.store, Names: w.alias, Copy: w.copy,
		OnShow:   w.showSlot,
		OnSlot:   w.showSlotOf,
		OnError:  w.nextError,
		OnKey:    func(path []string) { w.showKey(path) },
		OnPlace:  func(chunk string, line int) { w.place(chunk, line, 1) },
		OfScript: w.ofScript,
		OnResend: w.resend,
		Empty:    w.emptySlots,
	}
	w.Slots = timeline.NewList(to)
	w.Outbox = timeline.NewOutbox(to)
	w.Output = timeline.NewOutput(to)
	w.Facts = timeline.NewFacts(to)
	w.Bar = timeline.NewBar(w.showSlot, w.goLive, w.status.content)
	w.Composer = compose.New(compose.Options{
		Env: w.env, Send: w.send, DryRun: w.dryRun, Saved: func() []compose.Saved { return w.saved },
		Save: w.saveMessage, Remove: w.messageRemover(), Ask: w.askChecked, Pick: w.pickItem, Repeat: w.repeat,
		Copy: w.copy, BaseURL: w.baseURL,
		OnChanged: w.composerChanged, Shortcut: w.keyName("⏎"),
		Show: func() { w.Bottom.Select(TabSend) }, OnSay: w.composerSays,
	})
	w.Inspect = inspect.New(inspect.Options{
		Respond: w.respond, History: w.history, Async: w.loop.async, Now: w.now, Lints: w.lintsOf,
		Copy: w.copy, OnShow: w.showSlot, Open: w.opener(), Alias: w.alias,
	})
	w.Traffic = traffic.New(traffic.Options{
		OnKey: w.showAsked, OnSlot: w.showSent, Guess: w.guess, Copy: w.copy, URL: w.baseURL, Say: w.say, Captured: w.captured, Body: bodyRuns,
	})
	w.Problems = problems.New(w.copy)
	w.Console = w.newConsole()
}

// layout puts the panels together as the drawing has them.
func (w *Window) layout() {
	w.Bottom = kit.NewTabs("Send", "Outbox", "Output", "Slot", "Console", "HTTP traffic", "Problems")
	w.Bottom.OnSelected = func(int) { w.showBottom() }
	w.lower = container.NewStack()
	w.output = container.New(kit.Pad{Top: 4}, w.Output.Content())
	editor := kit.NewStack(w.Files, w.Files, w.strip.content)
	w.panel = container.NewStack()
	w.bottom = kit.NewSplit(w.panel, w.Slots.Content(), 0.45)
	w.leftRows = kit.NewVSplit(editor, kit.NewStack(w.lower, w.Bottom, w.lower), 0.54)
	w.rightRow = kit.NewVSplit(w.Tree.Content(), w.Inspect.Content(), 0.6)
	w.columns = kit.NewSplit(w.leftRows, w.rightRow, 0.555)
	foot := kit.NewStack(nil, kit.NewLine(), w.Bar.Content())
	w.showBottom()
	// The canvas is cleared in the colour of theme.Panel before each frame: a surface
	// of that colour below everything would paint every pixel of it a second time.
	w.content = container.NewStack(kit.NewStack(w.columns, w.head.content, kit.NewLine(), w.tour.content, w.columns, foot), w.tour.outline)
}

// showBottom shows the chosen tab of the lower left: the first four beside the
// list of slots, the others in full width.
func (w *Window) showBottom() {
	tab := w.Bottom.Current()
	w.Outbox.SetHidden(tab != TabOutbox)
	w.Output.SetHidden(tab != TabOutput)
	w.Facts.SetHidden(tab != TabSlot)
	var o fyne.CanvasObject
	switch tab {
	case TabSend:
		o = w.Composer.Content()
	case TabOutbox:
		o = w.Outbox.Content()
	case TabOutput:
		o = w.output
	case TabSlot:
		o = w.Facts.Content()
	case TabConsole:
		w.Console.Refresh()
		w.put(w.Console.Content())
		return
	case TabTraffic:
		w.put(w.Traffic.Content())
		return
	case TabProblems:
		w.survey.due = true
		w.put(w.Problems.Content())
		return
	}
	if box := w.panel; len(box.Objects) != 1 || box.Objects[0] != o {
		box.Objects = []fyne.CanvasObject{o}
		box.Refresh()
		defer w.swapped()
	}
	w.put(w.bottom)
}

func (w *Window) put(o fyne.CanvasObject) {
	if len(w.lower.Objects) == 1 && w.lower.Objects[0] == o {
		return
	}
	w.lower.Objects = []fyne.CanvasObject{o}
	w.lower.Refresh()
	w.swapped()
}

// Content is what the window shows.
func (w *Window) Content() fyne.CanvasObject { return w.content }

// Attach puts the content, the menu and the reactions to drops and closing into a
// window of Fyne's.
func (w *Window) Attach(win fyne.Window) {
	w.win = win
	win.SetPadded(false)
	win.SetContent(w.content)
	win.SetMainMenu(w.Menu())
	w.listen(win.Canvas())
	win.SetOnDropped(w.dropped)
	win.SetCloseIntercept(w.Quit)
	win.SetTitle(w.d.Project.Name() + " — Patchbay")
	if s := w.d.Settings.Get("tour"); s == "" {
		w.showTour()
	}
}

// Start begins to follow the engine.
func (w *Window) Start() {
	if w.feed == nil {
		w.feed = w.d.Engine.Subscribe()
	}
	w.resync()
	t := time.NewTicker(tick)
	w.loop.start(w.catchUp, t.C, t.Stop)
}

// Close stops everything that the window started. The panels keep what they show.
func (w *Window) Close() {
	if w.closed {
		return
	}
	w.closed = true
	w.remember()
	w.Files.SaveDrafts()
	for _, c := range w.closers {
		if err := c.Close(); err != nil {
			w.fail(err)
		}
	}
	w.Tree.Close()
	w.loop.stop()
	if w.feed != nil {
		w.feed.Close()
	}
}

// Step takes over what happened since the last step. The loop calls it some
// fifteen times a second; tests call it themselves.
func (w *Window) Step() { w.catchUp() }

// catchUp is Step; it says whether there was anything to take over.
func (w *Window) catchUp() (flows bool) {
	if w.feed == nil {
		w.feed = w.d.Engine.Subscribe()
	}
	select {
	case <-w.feed.C():
	default:
	}
	events := w.feed.Drain()
	w.take(events)
	flows = w.takeTraffic() || len(events) > 0
	w.Tree.Tick()
	w.head.tick()
	w.status.tick()
	w.Files.Tick()
	if k := w.script(); k != nil && k != w.marked && k.Loaded() {
		w.markRuntime()
	}
	if k := w.Files.Active(); k != nil {
		if err := k.Editor.DraftError(); err != nil {
			w.fail(err)
		}
		if m := k.Editor.Marks(); !slices.Equal(m, w.seenMark) { // the editor checks by itself
			w.seenMark = m
			w.gatherProblems()
		}
	}
	w.Inspect.Tick()
	if w.Bottom.Current() == TabConsole {
		w.Console.Tick()
	}
	w.tickMemory()
	w.readHandlers()
	w.regainKeyboard()
	w.cover.tick()
	w.strip.tick()
	w.shadow.tick()
	w.survey.tick()
	w.tour.tick()
	return flows
}
