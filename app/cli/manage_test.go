package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"patchbay/engine"
	"patchbay/engine/ao"
	"patchbay/engine/project"
	"patchbay/patchdev"
)

// opened opens a session on a folder; closing is the test's.
func opened(t *testing.T, dir string) *Session {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir, Port: 0, OnTell: func(text string) { t.Log(text) }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func names(s *Session) string {
	var all []string
	for _, p := range s.Engine.Processes() {
		all = append(all, p.Name)
	}
	return strings.Join(all, " ")
}

const countScript = `Count = Count or 0
Handlers.add("inc", "Inc", function() Count = Count + 1; Send({ device = "patch@1.0", cache = { count = Count } }) end)
`

func counted(t *testing.T, s *Session, pid string) patchdev.Value {
	t.Helper()
	r, err := s.Engine.Send(t.Context(), pid, ao.Message{From: ao.Address("alice"), Tags: []ao.Tag{{Name: "Action", Value: "Inc"}}})
	if err != nil {
		t.Fatal(err)
	}
	slot, err := s.Engine.Wait(t.Context(), pid, r.Slot)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := slot.Root.Get("cache")
	cache, _ := c.(*patchdev.Table)
	v, _ := cache.Get("count")
	return v
}

// What is done to processes in the window is there at the next start, and nothing
// that is gone comes again.
func TestProcessesAreManaged(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, project.File)
	toml := "# mine\nname = \"demo\"\n[accounts]\nboss = \"\"\n\n[[process]]\nname = \"one\" # first\nscript = \"one.lua\"\nowner = \"boss\"\n"
	for name, text := range map[string]string{project.File: toml, "one.lua": countScript} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	again := func(s *Session) *Session {
		t.Helper()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return opened(t, dir)
	}
	s := opened(t, dir)
	defer func() { _ = s.Close() }()
	one, _ := s.Engine.ByName("one")
	counted(t, s, one.ID)

	if err := s.Rename(ctx, one.ID, "uno"); err != nil {
		t.Fatal(err)
	}
	s = again(s)
	if p, ok := s.Engine.ByName("uno"); !ok || p.ID != one.ID || names(s) != "uno" {
		t.Fatalf("after a renaming there is %q", names(s))
	}

	twin, err := s.Fork(ctx, one.ID, "twin", 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Fork(ctx, one.ID, "twin", 1); err == nil {
		t.Error("two processes have one name")
	}
	if _, err := s.Fork(ctx, one.ID, "far", 99); err == nil {
		t.Error("a slot that is not there was copied")
	}
	s = again(s)
	if names(s) != "uno twin" {
		t.Fatalf("after a fork there is %q", names(s))
	}
	if p, _ := s.Engine.Process(twin.ID); p.Owner != ao.Address("boss") || p.Script != "one.lua" {
		t.Errorf("%+v", p)
	}
	if got := counted(t, s, twin.ID); got != patchdev.Int(2) {
		t.Errorf("the copy counts %v", got)
	}
	if got := counted(t, s, one.ID); got != patchdev.Int(2) {
		t.Errorf("the original counts %v", got)
	}

	before, _ := os.ReadFile(file)
	undo, err := s.Remove(ctx, one.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Rename(ctx, twin.ID, "other"); err != nil { // a later deed is not what undo undoes
		t.Fatal(err)
	}
	if names(s) != "other" {
		t.Fatalf("after a removal there is %q", names(s))
	}
	if err := undo(ctx); err != nil {
		t.Fatal(err)
	}
	if names(s) != "uno other" {
		t.Errorf("after the undo there is %q", names(s))
	}
	if err := s.Rename(ctx, twin.ID, "twin"); err != nil {
		t.Fatal(err)
	}
	undo, err = s.Remove(ctx, one.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := undo(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Remove(ctx, one.ID); err != nil {
		t.Fatal(err)
	}
	s = again(s)
	if names(s) != "twin" {
		t.Errorf("a removed process came again: %q", names(s))
	}
	after, _ := os.ReadFile(file)
	for _, kept := range []string{"# mine", "boss"} {
		if !strings.Contains(string(after), kept) {
			t.Errorf("%q is lost; before\n%s\nafter\n%s", kept, before, after)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "one.lua")); err != nil {
		t.Error("the script is gone: ", err)
	}
}

func TestANewProcessIsWritten(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, project.File), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	s := opened(t, dir)
	defer func() { _ = s.Close() }()
	saved := []project.Saved{{Name: "counter/inc", From: "alice", Action: "Inc"}}
	if err := s.AddProcess("counter", "counter.lua", countScript, saved); err != nil {
		t.Fatal(err)
	}
	if list := s.Folder().Processes; len(list) != 1 || list[0].Script != "counter.lua" {
		t.Errorf("%+v", list)
	}
	if list, err := s.Folder().Messages(); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if err := s.AddProcess("again", "counter.lua", "", nil); err != nil {
		t.Errorf("a script that is there is not taken: %v", err)
	}
	if err := s.AddProcess("more", "nowhere.lua", "", nil); err == nil {
		t.Error("a script that is not there was taken")
	}
	if err := s.AddProcess("other", "counter.lua", "-- other", nil); err == nil || !strings.Contains(err.Error(), "choose another name") {
		t.Errorf("overwrote a script: %v", err)
	}
	if text, _ := s.Folder().ReadScript("counter.lua"); text != countScript {
		t.Error("the script was changed")
	}
}

func TestTheWindowExportsAndImports(t *testing.T) {
	project := func() *Session {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "patchbay.toml"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		s := opened(t, dir)
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	a, b := project(), project()
	p, err := a.Engine.Spawn(t.Context(), engine.SpawnRequest{Name: "one", Source: countScript})
	if err != nil {
		t.Fatal(err)
	}
	counted(t, a, p.ID)
	path := filepath.Join(t.TempDir(), "state.jsonl")
	if err := a.ExportTo(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if err := a.ExportTo(t.Context(), path); err == nil || !strings.Contains(err.Error(), "choose a new name") {
		t.Errorf("overwrote an export: %v", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the export was changed")
	}
	if err := b.ImportFrom(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if got := counted(t, b, p.ID); got != patchdev.Int(2) {
		t.Errorf("counts %v", got)
	}
	if err := b.ImportFrom(t.Context(), path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("imported twice: %v", err)
	}
	if err := b.ImportFrom(t.Context(), path+"x"); err == nil {
		t.Error("imported what is not there")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.ExportTo(ctx, path+".2"); err == nil {
		t.Error("exported although it was called off")
	}
	if _, err := os.Stat(path + ".2"); err == nil {
		t.Error("half an export was left")
	}
}
