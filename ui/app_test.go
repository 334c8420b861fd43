package ui_test

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"patchbay/engine/ao"
	"patchbay/ui"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
	"patchbay/ui/uitest"
)

// app is the whole window over the fakes, driven by one goroutine.
type app struct {
	*uitest.UI
	T       testing.TB
	W       *ui.Window
	Engine  *fakeEngine
	Project *fakeProject
	Node    *fakeNode
	Set     fakeSettings
	Opened  []string
	Quit    bool
	// Projects were opened, Made were made; openErr and madeErr say why not.
	Projects, Made   []string
	openErr, madeErr error

	mu    sync.Mutex
	queue []func()
	wake  chan struct{} // has a value when something was queued
}

// settings of a test's window.
type setup struct {
	w, h     float32
	opts     []uitest.Option
	empty    bool // no process
	lint     func(file, text string) []ui.Problem
	settings fakeSettings
	tour     bool
	quiet    bool // no messages sent
	readOnly string
	recent   []string
}

func open(t testing.TB, s setup) *app {
	t.Helper()
	if s.w == 0 {
		s.w, s.h = 1280, 800
	}
	a := &app{T: t, Engine: newFakeEngine(), Project: newFakeProject(), Set: s.settings, wake: make(chan struct{}, 1)}
	if a.Set == nil {
		a.Set = fakeSettings{}
	}
	if !s.tour {
		a.Set["tour"] = "seen"
	}
	a.Engine.readOnly = s.readOnly
	a.Node = &fakeNode{e: a.Engine, c: make(chan struct{}, 1)}
	owner := ao.Address("owner")
	if !s.empty {
		must(a.Engine.Spawn(context.Background(), ui.SpawnRequest{Name: "token", Script: "token.lua", Owner: owner, Source: tokenScript}))
	}
	a.UI = uitest.Build(t, s.w, s.h, func(u *uitest.UI) fyne.CanvasObject {
		a.W = ui.New(ui.Deps{
			Do: a.do, Now: u.Clock.Now, Engine: a.Engine, Project: a.Project, Node: a.Node, Files: a.Project,
			Settings: a.Set, Lint: s.lint,
			OpenURL: func(u *url.URL) error { a.Opened = append(a.Opened, u.String()); return nil },
			SetTheme: func(mode string, _ float32) {
				m, _ := theme.ParseMode(mode)
				fyne.CurrentApp().Settings().SetTheme(theme.New(m))
			},
			Version: "1.0", Versions: []string{"fyne 2.8.0"}, Recent: s.recent, Quit: func() { a.Quit = true },
			OpenProject: func(dir string) error {
				if a.openErr == nil {
					a.Projects = append(a.Projects, dir)
				}
				return a.openErr
			},
			NewProject: func(dir string) error {
				if a.madeErr == nil {
					a.Made = append(a.Made, dir)
				}
				return a.madeErr
			},
		})
		return a.W.Content()
	}, s.opts...)
	a.W.Attach(a.Window)
	a.OnTick(a.settle)
	t.Cleanup(a.W.Close)
	a.settle()
	if !s.empty && !s.quiet {
		a.fill()
	}
	return a
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// do is the queue to the UI goroutine, which here is the test's.
func (a *app) do(f func()) {
	a.mu.Lock()
	a.queue = append(a.queue, f)
	a.mu.Unlock()
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// settle runs steps and what the background brought until nothing more comes.
func (a *app) settle() {
	idle := 0
	for idle < 3 {
		a.W.Step()
		a.mu.Lock()
		q := a.queue
		a.queue = nil
		a.mu.Unlock()
		for _, f := range q {
			f()
		}
		if len(q) > 0 || a.W.Working() > 0 {
			idle = 0
			if len(q) == 0 {
				a.W.Await()
			}
			continue
		}
		idle++
	}
}

// send gives the process a message as if it came from elsewhere.
func (a *app) send(from, action string, tags ...string) {
	m := ao.Message{From: ao.Address(from), Tags: []ao.Tag{{Name: "Action", Value: action}}}
	for i := 0; i+1 < len(tags); i += 2 {
		m.Tags = append(m.Tags, ao.Tag{Name: tags[i], Value: tags[i+1]})
	}
	must(a.Engine.Send(context.Background(), a.pid(), m))
}

func (a *app) pid() string { return a.Engine.Processes()[0].ID }

// fill sends some messages, so that there is something to see.
func (a *app) fill() {
	for i := range 12 {
		switch i % 6 {
		case 3:
			a.send("bob", "Info")
		case 5:
			a.send("carol", "Transfer", "Recipient", ao.Address("bob"))
		default:
			a.send("alice", "Transfer", "Recipient", ao.Address("bob"), "Quantity", fmt.Sprint(10000+i*1000))
		}
	}
	a.settle()
	a.Clock.Advance(5 * time.Second)
	a.send("alice", "Transfer", "Recipient", ao.Address("bob"), "Quantity", "250")
	a.settle()
}

var _ = test.NewApp

// TapLast clicks the last visible text of these words: the one on top.
func (a *app) TapLast(label string) {
	a.T.Helper()
	found := false
	var last fyne.CanvasObject
	for _, b := range uitest.FindAll[*widget.Button](a.UI) {
		if b.Text == label {
			last = b
		}
	}
	for _, b := range uitest.FindAll[*kit.Button](a.UI) {
		if b.Text() == label {
			last = b
		}
	}
	if last != nil {
		a.ClickOn(last)
		found = true
	}
	if !found {
		a.T.Fatalf("there is no button %q", label)
	}
}
