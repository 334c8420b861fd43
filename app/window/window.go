//go:build !headless

// Package window is the desktop: it opens Fyne's application, opens the session
// beside it, and wires the two together. It is the only package that links OpenGL.
package window

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/dialog"

	"patchbay/app/cli"
	_ "patchbay/app/window/locale" // before Fyne begins
	"patchbay/assets"
	"patchbay/engine/project"
	"patchbay/ui"
	"patchbay/ui/code"
	"patchbay/ui/code/files"
	"patchbay/ui/code/watch"
	"patchbay/ui/kit"
	"patchbay/ui/opening"
	"patchbay/ui/theme"
)

// ID is the application's id, under which Fyne keeps its preferences.
const ID = "dev.patchbay.Patchbay"

// desktop is the open window and what stands behind it. Its methods belong to the
// UI goroutine but for those that say otherwise.
type desktop struct {
	ctx  context.Context
	o    cli.WindowOptions
	app  fyne.App
	win  fyne.Window
	face *face

	session *cli.Session
	kept    *cli.Settings
	ui      *ui.Window
	tells   tells
	opening sync.WaitGroup
	waits   *opening.Wait // while the project is opened
	themed  themed        // as it was set last
	scale   scale
}

// Open opens the window and returns when it is closed. It must be called on the
// main goroutine. Without a display it fails with cli.ErrNoWindow.
func Open(ctx context.Context, o cli.WindowOptions) error {
	if err := display(); err != nil {
		return err
	}
	if dir, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(dir, 0o700) // Fyne makes its folder in it, and complains where there is none
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d := &desktop{ctx: ctx, o: o, app: app.NewWithID(ID), face: newFace()}
	d.app.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon()))
	d.app.Settings().AddListener(forgetFonts)
	saveNothing(d.app.Lifecycle())
	path, err := cli.SettingsFile()
	if err != nil {
		d.tells.add("how you like the window will not be remembered: " + err.Error())
	}
	d.kept = cli.OpenSettings(path, func(err error) { d.tells.add(err.Error()) })
	all := settings{kept: d.kept}
	size, err := strconv.ParseFloat(all.Get("scale"), 32)
	if err != nil {
		size = 1
	}
	d.setTheme(all.Get("theme"), float32(size))
	d.win = d.app.NewWindow("Patchbay")
	d.win.SetMaster()
	d.win.Resize(ui.ParseSize(all.Get("window.size")))
	d.waiting()

	// The session opens while the window does; what comes of it waits for the loop.
	opened := make(chan func(), 1)
	d.opening.Go(func() { opened <- d.open() })
	d.app.Lifecycle().SetOnStarted(func() {
		d.opening.Go(func() { do(<-opened) })
		go func() {
			<-ctx.Done()
			do(d.app.Quit)
		}()
	})
	d.win.Show()
	d.fitScreen()
	d.app.Run()

	cancel()
	if d.ui != nil {
		d.ui.Close()
	}
	d.kept.Close()
	d.opening.Wait()
	if d.session != nil {
		return d.session.Close()
	}
	return nil
}

// waiting shows that the project is being opened, and what is due while that takes
// long.
func (d *desktop) waiting() {
	wait := opening.NewWait(d.o.Dir, d.app.Quit)
	d.waits = wait
	content := wait.Content()
	d.win.SetContent(content)
	d.opening.Go(func() {
		var waited time.Duration
		for _, at := range []time.Duration{opening.TellAfter, opening.QuitAfter} {
			select {
			case <-d.ctx.Done():
				return
			case <-time.After(at - waited):
			}
			waited = at
			do(func() {
				if d.win.Content() == content {
					wait.Waited(at)
				}
			})
		}
	})
}

// open opens the session, off the UI goroutine, and returns what the window shows
// of it.
func (d *desktop) open() func() {
	o := d.o.Options
	o.OnAccess, o.Capture = d.face.access, true
	o.OnTell = d.tells.add
	s, err := cli.Open(d.ctx, o)
	if err != nil {
		return func() { d.fail(err) }
	}
	processes, err := s.Start(d.ctx)
	if err != nil {
		err = errors.Join(err, s.Close())
		return func() { d.fail(err) }
	}
	if s.Note != "" {
		fmt.Fprintln(d.o.Stdout, s.Note)
	}
	s.Announce(d.o.Stdout, processes)
	if err := cli.Remember(s.Project.Dir); err != nil {
		d.tells.add("this project will not be found again at the next start: " + err.Error())
	}
	d.face.url, d.face.note, d.face.handler = s.URL, s.Note, s.Node.Quiet()
	return func() { d.show(s) }
}

// show puts the window's content in place.
func (d *desktop) show(s *cli.Session) {
	d.waits.Stop()
	d.session = s
	d.ui = ui.New(ui.Deps{
		Do:          do,
		Engine:      local{Engine: s.Engine, session: s},
		Project:     &folder{session: s},
		Node:        d.face,
		Drafts:      files.NewDrafts(filepath.Join(s.Project.Dir, project.Hidden, "drafts")),
		Watch:       func(changed func(string)) (code.Watcher, error) { return watch.New(changed) },
		Settings:    settings{kept: d.kept, project: s.Project.Dir},
		OpenURL:     func(u *url.URL) error { return d.app.OpenURL(u) },
		SetTheme:    d.setTheme,
		Recent:      slices.DeleteFunc(slices.Clone(d.o.Recent), func(dir string) bool { return dir == s.Project.Dir }),
		OpenProject: d.another,
		NewProject:  d.makeProject,
		Version:     cli.Version,
		Versions:    versions(),
		Quit:        d.app.Quit,
	})
	d.ui.Attach(d.win)
	d.ui.Start()
	d.tells.follow(d.ui.Tell)
}

// fail shows why the project cannot be opened, and offers what can be done.
func (d *desktop) fail(err error) {
	d.waits.Stop()
	fmt.Fprintln(os.Stderr, "patchbay:", err)
	d.win.SetTitle("Patchbay")
	d.win.SetContent(opening.Failed(err, opening.Offers{
		Again: func() {
			d.waiting()
			d.opening.Go(func() { do(d.open()) })
		},
		Other: func() {
			folders := dialog.NewFolderOpen(func(dir fyne.ListableURI, err error) {
				if err != nil || dir == nil {
					return
				}
				d.opening.Go(func() {
					if err := d.another(dir.Path()); err != nil {
						do(func() { dialog.ShowError(err, d.win) })
					}
				})
			}, d.win)
			kit.ShowFolders(folders, d.win.Canvas())
		},
		Quit: d.app.Quit,
	}))
}

// setTheme colours the window. The scale is Fyne's own, so that everything grows
// alike: text, widths and what is drawn. Fyne loads all fonts anew for it, and keeps
// the old ones for a while, so what is so already is not set again.
func (d *desktop) setTheme(mode string, scale float32) {
	want := themed{mode, scale}
	if d.themed == want {
		return
	}
	d.themed = want
	t, err := theme.Parse(mode, 1)
	if err != nil { // of another version of Patchbay
		t = theme.New(theme.System)
	}
	if !(scale >= theme.MinScale && scale <= theme.MaxScale) {
		scale = 1
	}
	var size fyne.Size
	var was float32
	if d.win != nil {
		size, was = d.win.Canvas().Size(), d.win.Canvas().Scale()
	}
	d.scale.set(scale, d.app.Settings().Scale())
	d.app.Settings().SetTheme(t) // and takes the scale over
	if was <= 0 {
		return
	}
	do(func() { // Fyne lets the window grow with the scale, beyond the screen; it keeps its place instead
		if now := d.win.Canvas().Scale(); now > 0 && now != was {
			d.win.Resize(theme.SameOnScreen(size, was, now))
		}
	})
}

// themed is what setTheme was told.
type themed struct {
	mode  string
	scale float32
}

// scaleKey is the environment variable from which Fyne takes the user's scale.
const scaleKey = "FYNE_SCALE"

// scale multiplies the user's own scale.
type scale struct {
	known bool
	base  string // what the variable was when the program began
}

func (s *scale) set(by, setting float32) {
	if !s.known {
		s.known, s.base = true, os.Getenv(scaleKey)
	}
	value := theme.ScaleEnv(s.base, setting, by)
	if value == "" {
		_ = os.Unsetenv(scaleKey)
		return
	}
	_ = os.Setenv(scaleKey, value)
}

// settings are the window's: how it looks for all projects, the rest for each by
// itself.
type settings struct {
	kept    *cli.Settings
	project string
}

func (s settings) key(key string) string {
	switch key {
	case "theme", "scale", "window.size", "tour":
		return "ui." + key
	}
	return "ui." + key + " " + s.project
}

// Get is part of ui.Settings.
func (s settings) Get(key string) string { return s.kept.Get(s.key(key)) }

// Set is part of ui.Settings.
func (s settings) Set(key, value string) { s.kept.Set(s.key(key), value) }

// tells keeps what the session has to say until the window can show it. Its
// methods may be called from any goroutine.
type tells struct {
	mu    sync.Mutex
	early []string
	show  func(string)
}

func (t *tells) add(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintln(os.Stderr, "patchbay:", text)
	if t.show == nil {
		t.early = append(t.early, text)
		return
	}
	show := t.show
	do(func() { show(text) })
}

// follow shows what was said so far and what will be. UI goroutine.
func (t *tells) follow(show func(string)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.show = show
	for _, text := range t.early {
		show(text)
	}
	t.early = nil
}

// makeProject makes a project of a folder and opens it.
func (d *desktop) makeProject(dir string) error {
	if err := project.Init(dir); err != nil {
		return err
	}
	return d.another(dir)
}

// another opens a project in a window of its own. What cannot be opened is said
// here, where the user is. It reads the folder: not for the UI goroutine.
func (d *desktop) another(dir string) error {
	if _, err := project.Load(dir); errors.Is(err, project.ErrNotProject) {
		return fmt.Errorf("%w: %w", ui.ErrNotProject, err)
	} else if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, dir)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, scaleKey+"=")
	}), scaleKey+"="+d.scale.base)
	cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}

func versions() []string {
	return append([]string{runtime.Version() + " on " + runtime.GOOS + "/" + runtime.GOARCH}, cli.Foundations()...)
}

var _ manager = (*cli.Session)(nil)
