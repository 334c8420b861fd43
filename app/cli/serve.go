package cli

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"

	"patchbay/engine"
	"patchbay/engine/node"
	"patchbay/patchdev"
)

// ansi matches the colours that aos puts into what it prints.
var ansi = regexp.MustCompile("\x1b\\[[0-9;]*m")

type serveCmd struct {
	Path        string   `arg:"" optional:"" help:"A Lua script or a project folder; without one an empty node." placeholder:"SCRIPT|DIR"`
	Port        int      `help:"Port on 127.0.0.1 (0: any free one; default: the project's, or ${port})." default:"-1" placeholder:"N"`
	Profile     string   `help:"Which generation of nodes to answer like: current, 2025-06, 2025-05." placeholder:"NAME"`
	DB          string   `help:"The journal's file (default: the project's; \":memory:\" keeps nothing)." placeholder:"FILE"`
	Name        string   `help:"Name of the process of a single script."`
	Owner       string   `help:"Owner of the process of a single script: an account's name or an address."`
	Log         bool     `help:"Print a line for every request."`
	Reload      bool     `help:"Evaluate a script again when it changes on disk."`
	Verify      bool     `help:"Replay every process, compare with the journal, and exit."`
	AllowHost   []string `help:"Answer requests with this Host header too." placeholder:"HOST:PORT"`
	AllowOrigin []string `help:"Let pages of this origin write." placeholder:"URL"`
	budgets     `prefix:""`
	NoRollback  bool `help:"Keep the state of evaluations that end in an Error, as the aos module does by itself."`
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, m Machine) error {
	o := Options{
		Port: c.Port, Profile: c.Profile, DB: c.DB, Name: c.Name, Owner: c.Owner, Reload: c.Reload,
		AllowHosts: c.AllowHost, AllowOrigins: c.AllowOrigin, Limits: c.limits(), NoRollback: c.NoRollback,
	}
	if c.Path != "" {
		info, err := os.Stat(c.Path)
		switch {
		case err != nil:
			return usage("%s: there is no such script or folder", c.Path)
		case info.IsDir():
			o.Dir = c.Path
		default:
			o.Script = c.Path
		}
	}
	if o.Script == "" && (c.Name != "" || c.Owner != "") {
		return usage("--name and --owner belong to a single script: patchbay serve SCRIPT.lua --name NAME")
	}
	tune(o.Limits, 400)
	var mu sync.Mutex // OnTell and OnAccess come from goroutines of their own
	o.OnTell = func(text string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(m.Stderr, "patchbay:", text)
	}
	if c.Log {
		o.OnAccess = func(a node.Access) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintln(m.Stdout, accessLine(a))
		}
	}
	s, err := Open(ctx, o)
	if err != nil {
		return err
	}
	err = c.serve(ctx, s, m, &mu)
	if closed := s.Close(); err == nil && closed != nil {
		err = machine("%w", closed)
	}
	return err
}

func (c *serveCmd) serve(ctx context.Context, s *Session, m Machine, mu *sync.Mutex) error {
	if c.Verify {
		return verify(ctx, s, m)
	}
	processes, err := s.Start(ctx)
	if err != nil {
		return err
	}
	mu.Lock()
	if s.Note != "" {
		fmt.Fprintln(m.Stderr, "patchbay:", s.Note)
	}
	s.Announce(m.Stdout, processes)
	mu.Unlock()
	<-ctx.Done()
	return nil
}

// differingKeys are the first places at which the two roots differ.
func differingKeys(r engine.VerifyReport) (keys []string) {
	d := r.Difference
	if d == nil || d.Old == nil || d.New == nil {
		return nil
	}
	changes := patchdev.Diff(d.Old.Root, d.New.Root)
	for i, c := range changes {
		if i == 10 {
			return append(keys, fmt.Sprintf("and %d more", len(changes)-i))
		}
		keys = append(keys, strings.Join(c.Path, "/"))
	}
	return keys
}

// verify replays every process and compares.
func verify(ctx context.Context, s *Session, m Machine) error {
	differ := false
	for _, p := range s.Engine.Processes() {
		r, err := s.Engine.Verify(ctx, p.ID)
		if err != nil {
			return machine("process %s: %w", p.Name, err)
		}
		if r.First < 0 {
			fmt.Fprintf(m.Stdout, "process %s %s: %d slots verified\n", p.Name, p.ID, r.Slots)
			continue
		}
		differ = true
		fmt.Fprintf(m.Stdout, "process %s %s: slot %d differs from the journal (%s)\n", p.Name, p.ID, r.First, r.What)
		if d := r.Difference; d != nil && d.New != nil {
			recorded := "cannot be read"
			if d.Old != nil {
				recorded = summary(d.Old)
			}
			fmt.Fprintf(m.Stdout, "  recorded: %s\n  replayed: %s\n", recorded, summary(d.New))
		}
		for _, key := range differingKeys(r) {
			fmt.Fprintf(m.Stdout, "  differs:  %s\n", key)
		}
	}
	if differ {
		return &Exit{Code: ExitScript}
	}
	return nil
}

// accessLine is a request as the log shows it.
func accessLine(a node.Access) string {
	line := fmt.Sprintf("%s %s %s %d %d B %d µs", a.Time.Format("15:04:05.000"), a.Method, a.Path, a.Status, a.Bytes, a.Micros)
	if a.Origin != "" {
		line += " from " + a.Origin
	}
	for _, note := range []string{a.Reason, a.Lint} {
		if note != "" {
			line += " · " + note
		}
	}
	if a.Dropped > 0 {
		line += fmt.Sprintf(" (%d lines before this one were lost)", a.Dropped)
	}
	return line
}
