package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"patchbay/engine"
	"patchbay/engine/ao"
	"patchbay/engine/aos"
	"patchbay/engine/node"
	"patchbay/engine/project"
	"patchbay/engine/rawlua"
	"patchbay/patchdev"
)

// DefaultPort is the port of a HyperBEAM node.
const DefaultPort = 8734

// Options say what a session opens. Exactly one of Dir and Script may be given;
// without both it is an empty node (DESIGN S15).
type Options struct {
	// Dir is a project folder.
	Dir string
	// Script is a single Lua file, spawned under Name by Owner (an address or the
	// name of an account).
	Script, Name, Owner string
	// DB is the journal's file; "" is the project's, or ":memory:" without one.
	DB string
	// Port to listen on; below zero is the project's, or DefaultPort. 0: any free one.
	Port int
	// Profile is the name of a profile; "" is the project's, or "current".
	Profile string
	// AllowHosts and AllowOrigins widen what the project allows (DESIGN S16).
	AllowHosts, AllowOrigins []string
	Limits                   ao.Limits
	NoRollback               bool
	// Reload evaluates scripts that changed on disk; otherwise they are told only.
	Reload bool
	// Memory is how many bytes of encoded answers the node remembers, 0 for its own
	// default.
	Memory int
	// OnAccess is told of every HTTP request, from one goroutine at a time.
	OnAccess func(node.Access)
	// Capture has it told of headers and bodies too.
	Capture bool
	// OnTell is told, in a sentence, what the user should know: a script that
	// cannot be read, a script changed on disk. From any goroutine.
	OnTell func(text string)
}

// Session is a project with everything that runs for it: engine, journal, HTTP
// server, and what watches the folder. Close stops them in the reverse order.
type Session struct {
	// Project is nil for a single script and for an empty node.
	Project *project.Project
	Engine  *engine.Engine
	Node    *node.Server
	// URL is where the node listens: "http://127.0.0.1:8734".
	URL string
	// Note says what is unusual about that, or is empty: "port 8734 was taken".
	Note string

	options  Options
	folder   *project.Project                // for reading and watching scripts, also of a single one
	current  atomic.Pointer[project.Project] // Project as its file has it now, nil: as it was opened
	managing sync.Mutex                      // held while processes are added, renamed, removed
	ln       net.Listener
	clock    *time.Ticker
	stop     context.CancelFunc
	work     sync.WaitGroup
	served   error
	tried    map[string]string // digests of changed texts by process: each is told once; Start, then watch
}

// Open opens a session. The server listens when it returns, and answers once
// Serve is called. Errors of the project's file are *project.Error.
func Open(ctx context.Context, o Options) (_ *Session, err error) {
	s := &Session{options: o, tried: map[string]string{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := s.load(); err != nil {
		return nil, err
	}
	var asks project.Project // what the project's file asks for, nothing without one
	if s.Project != nil {
		asks = *s.Project
	}
	profile, ok := patchdev.ProfileByName(cmp.Or(o.Profile, asks.Profile, "current"))
	if !ok {
		return nil, usage("there is no profile %q: choose current, 2025-06 or 2025-05", o.Profile)
	}
	db, err := s.database()
	if err != nil {
		return nil, err
	}
	s.clock = time.NewTicker(time.Second)
	s.Engine, err = engine.Open(ctx, engine.Options{
		Ticks:   s.clock.C, // cron messages that are due
		Journal: db, NewVM: flavours(o.NoRollback), NoRollback: o.NoRollback,
		Profile: profile, Limits: o.Limits, Modules: s.module,
	})
	if err != nil {
		return nil, machine("%w", err)
	}
	if reason, readOnly := s.Engine.ReadOnly(); readOnly {
		s.tell("read-only: " + reason)
	}
	s.Node, err = node.New(node.Options{
		Source: source{Engine: s.Engine, owner: s.address("owner")}, Version: Version,
		AllowHosts: slices.Concat(o.AllowHosts, asks.AllowHosts), AllowOrigins: slices.Concat(o.AllowOrigins, asks.AllowOrigins),
		OnAccess: o.OnAccess, Capture: o.Capture, Memory: o.Memory,
	})
	if err != nil {
		return nil, machine("%w", err)
	}
	port := o.Port
	if port < 0 {
		port = cmp.Or(asks.Port, DefaultPort)
	}
	var moved bool
	s.ln, moved, err = node.Listen("", port)
	if err != nil {
		return nil, machine("%w", err)
	}
	s.URL = "http://" + s.ln.Addr().String()
	if moved {
		s.Note = fmt.Sprintf("port %d is taken by another program, so this is %d", port, s.ln.Addr().(*net.TCPAddr).Port)
	}
	return s, nil
}

// Start makes the project's processes that are not there yet, and begins to serve
// and to watch. It returns the processes, oldest first.
func (s *Session) Start(ctx context.Context) ([]ao.ProcessInfo, error) {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.work.Go(func() { s.served = s.Node.Serve(running, s.ln) })
	if err := s.processes(ctx); err != nil {
		return nil, err
	}
	if s.folder != nil {
		s.work.Go(func() { s.watch(running) })
	}
	return s.Engine.Processes(), nil
}

// Announce tells the processes, and then where the node listens: the lines that
// scripts wait for.
func (s *Session) Announce(out io.Writer, processes []ao.ProcessInfo) {
	for _, p := range processes {
		fmt.Fprintf(out, "process %s %s\n", p.Name, p.ID)
	}
	fmt.Fprintln(out, "listening on", s.URL)
}

// Close stops serving, then the engine, and waits for both.
func (s *Session) Close() error {
	var errs []error
	if s.stop != nil {
		s.stop()
	} else if s.ln != nil {
		errs = append(errs, s.ln.Close())
	}
	s.work.Wait()
	errs = append(errs, s.served)
	if s.clock != nil {
		s.clock.Stop()
	}
	if s.Engine != nil {
		errs = append(errs, s.Engine.Close())
	}
	return errors.Join(errs...)
}

// load reads the project or the folder of the single script.
func (s *Session) load() error {
	var err error
	switch {
	case s.options.Dir != "":
		if s.Project, err = project.Load(s.options.Dir); err != nil {
			return &Exit{Code: ExitUsage, Err: err}
		}
		s.folder = s.Project
		for _, w := range s.Project.Warnings {
			s.tell(w.Error())
		}
	case s.options.Script != "":
		path, err := filepath.Abs(s.options.Script)
		if err != nil {
			return machine("%w", err)
		}
		if _, err := project.ReadScript(path); err != nil {
			return &Exit{Code: ExitUsage, Err: err}
		}
		script := filepath.Base(path)
		owner := cmp.Or(s.options.Owner, "owner")
		if !ao.IsID(owner) {
			owner = ao.Address(owner)
		}
		s.folder = &project.Project{
			Dir: filepath.Dir(path),
			Processes: []project.Process{{
				Name: cmp.Or(s.options.Name, strings.TrimSuffix(script, ".lua")), Script: script, Owner: owner,
			}},
		}
	}
	return nil
}

func (s *Session) database() (string, error) {
	if s.options.DB != "" {
		return s.options.DB, nil
	}
	if s.Project == nil {
		return ":memory:", nil
	}
	if _, err := s.Project.HiddenDir(); err != nil {
		return "", machine("%w: choose another place with --db FILE, or --db :memory:", err)
	}
	return s.Project.JournalPath(), nil
}

func (s *Session) address(name string) string {
	if s.folder != nil {
		if a, ok := s.folder.Address(name); ok {
			return a
		}
	}
	if ao.IsID(name) {
		return name
	}
	return ao.Address(name)
}

func (s *Session) tell(text string) {
	if s.options.OnTell != nil {
		s.options.OnTell(text)
	}
}

// module finds the script that a process names when it spawns another one: a
// process of the project, or the path of a script with or without .lua.
func (s *Session) module(name string) (engine.Module, bool) {
	if s.folder == nil {
		return engine.Module{}, false
	}
	list := s.folder.Processes
	if p := s.Folder(); p != nil {
		list = p.Processes
	}
	for _, p := range list {
		if p.Name == name {
			name = p.Script
		}
	}
	for _, path := range []string{name, name + ".lua"} {
		if text, err := s.folder.ReadScript(path); err == nil {
			return engine.Module{Script: path, Source: text}, true
		}
	}
	return engine.Module{}, false
}

func flavours(noRollback bool) func(string) (ao.NewVM, bool) {
	return func(flavour string) (ao.NewVM, bool) {
		switch flavour {
		case "aos":
			return func(env ao.Env, limits ao.Limits) (ao.VM, error) {
				if noRollback {
					return aos.New(env, limits, aos.NoRollback())
				}
				return aos.New(env, limits)
			}, true
		case "lua@5.3a":
			return func(env ao.Env, limits ao.Limits) (ao.VM, error) {
				if noRollback {
					return rawlua.New(env, limits, rawlua.NoRollback())
				}
				return rawlua.New(env, limits)
			}, true
		default:
			return nil, false
		}
	}
}

// processes makes what the project asks for and is not in the journal yet.
func (s *Session) processes(ctx context.Context) error {
	if s.folder == nil {
		return nil
	}
	for _, p := range s.folder.Processes {
		text := ""
		var unread error
		if p.Script != "" {
			text, unread = s.folder.ReadScript(p.Script)
		}
		if unread != nil {
			s.tell(fmt.Sprintf("process %s: %v", p.Name, unread))
		}
		if info, ok := s.Engine.ByName(p.Name); ok {
			if unread == nil && p.Script != "" {
				s.changed(ctx, info, text)
			}
			continue
		}
		if unread != nil {
			continue
		}
		if _, readOnly := s.Engine.ReadOnly(); readOnly {
			continue // the Patchbay that writes makes it, and then it is seen here too
		}
		info, err := s.Engine.Spawn(ctx, engine.SpawnRequest{
			Name: p.Name, Source: text, Script: p.Script, Owner: p.Owner, Tags: p.Tags,
		})
		if err != nil {
			return machine("process %s: %w", p.Name, err)
		}
		s.Ran(ctx, info.ID, text)
		if first, err := s.Engine.Slot(ctx, info.ID, 0); err == nil && first.Result.Failed() {
			s.tell(fmt.Sprintf("process %s: its script failed: %s", p.Name, strings.ReplaceAll(oneLine(first.Result.Error), `[string "aos"]:`, p.Script+":")))
		}
	}
	return nil
}

// changed tells or evaluates a script whose text on disk is not the one that was
// evaluated last.
func (s *Session) changed(ctx context.Context, info ao.ProcessInfo, text string) {
	now := digest(text)
	if was, ok, err := s.Engine.Setting(ctx, ranKey(info.ID)); err != nil || !ok || was == now || s.tried[info.ID] == now {
		return
	}
	s.tried[info.ID] = now
	if !s.options.Reload {
		s.tell(fmt.Sprintf("%s is not what process %s runs: run it to load it (serve: --reload does so by itself)", info.Script, info.Name))
		return
	}
	r, err := s.Engine.Run(ctx, info.ID, text)
	if err != nil {
		s.tell(fmt.Sprintf("%s: not reloaded: %v", info.Script, err))
		return
	}
	outcome := "reloaded"
	if slot, err := s.Engine.Wait(ctx, info.ID, r.Slot); err != nil {
		outcome = "not reloaded: " + err.Error()
	} else if slot.Result.Failed() {
		outcome = "failed, the state is as before: " + oneLine(slot.Result.Error)
	} else {
		s.Ran(ctx, info.ID, text)
	}
	s.tell(fmt.Sprintf("%s: %s (process %s, slot %d)", info.Script, outcome, info.Name, r.Slot))
}

// Ran remembers which text a process runs, so that a change on disk is noticed.
func (s *Session) Ran(ctx context.Context, pid, text string) {
	_ = s.Engine.SetSetting(ctx, ranKey(pid), digest(text))
}

// watch tells or evaluates scripts as they change on disk.
func (s *Session) watch(ctx context.Context) {
	paths := make(chan string, 64)
	var watcher sync.WaitGroup
	defer watcher.Wait()
	watcher.Go(func() {
		err := s.folder.Watch(ctx, func(path string) {
			select {
			case paths <- path:
			default: // the burst is noticed by its first part
			}
		})
		if err != nil {
			s.tell("changes on disk are not noticed: " + err.Error())
		}
	})
	// Editors write a file in several steps: look when they have ended.
	pending := map[string]bool{}
	quiet := time.NewTimer(time.Hour)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case path := <-paths:
			pending[path] = true
			quiet.Reset(150 * time.Millisecond)
		case <-quiet.C:
			for _, info := range s.Engine.Processes() {
				if pending[info.Script] {
					if text, err := s.folder.ReadScript(info.Script); err == nil {
						s.changed(ctx, info, text)
					}
				}
			}
			clear(pending)
		}
	}
}

func ranKey(pid string) string { return "ran/" + pid }

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(ansi.ReplaceAllString(text, "")), " ")
}
