package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"patchbay/engine"
	"patchbay/engine/ao"
	"patchbay/engine/project"
)

// Folder is the project as its file has it now; it changes when processes are
// added, renamed or removed. nil for a single script and for an empty node. Any
// goroutine.
func (s *Session) Folder() *project.Project {
	if p := s.current.Load(); p != nil {
		return p
	}
	return s.Project
}

// AddProcess writes the script of a new process, then the process into the
// project's file, then its messages: what fails leaves what was there as it was.
// With an empty text the script is there already and stays as it is.
func (s *Session) AddProcess(name, script, text string, messages []project.Saved) error {
	s.managing.Lock()
	defer s.managing.Unlock()
	p := s.Folder()
	if p == nil {
		return errors.New("there is no project folder: open one with `patchbay PROJECT-DIR`")
	}
	existing, err := p.Scripts()
	if err != nil {
		return err
	}
	switch there := slices.Contains(existing, script); {
	case text == "" && !there:
		return fmt.Errorf("%s is not there any more: choose another script", script)
	case text != "" && there:
		return fmt.Errorf("%s exists already: choose another name", script)
	case text != "":
		if err := p.WriteScript(script, text); err != nil {
			return err
		}
	}
	next, err := p.AddProcess(name, script, "")
	if err != nil {
		return err
	}
	s.current.Store(next)
	var errs []error
	for _, m := range messages {
		errs = append(errs, next.SaveMessage(m))
	}
	return errors.Join(errs...)
}

// Rename gives a process another name, in the project's file as well: otherwise
// the next start would make one of the old name anew.
func (s *Session) Rename(ctx context.Context, pid, name string) error {
	s.managing.Lock()
	defer s.managing.Unlock()
	info, ok := s.Engine.Process(pid)
	if !ok {
		return s.Engine.Rename(ctx, pid, name) // which says so
	}
	p := s.Folder()
	if p == nil {
		return s.Engine.Rename(ctx, pid, name)
	}
	next, err := p.RenameProcess(info.Name, name)
	if err != nil {
		return err
	}
	if err := s.Engine.Rename(ctx, pid, name); err != nil {
		if _, back := next.RenameProcess(name, info.Name); back != nil {
			err = errors.Join(err, back)
		}
		return err
	}
	s.current.Store(next)
	return nil
}

// Remove takes a process out of the list and out of the project's file; its script
// stays. undo puts it back as it was, whatever was done meanwhile.
func (s *Session) Remove(ctx context.Context, pid string) (undo func(context.Context) error, err error) {
	s.managing.Lock()
	defer s.managing.Unlock()
	info, ok := s.Engine.Process(pid)
	if !ok {
		return nil, s.Engine.Remove(ctx, pid) // which says so
	}
	back := func() (*project.Project, error) { return s.Folder(), nil }
	if p := s.Folder(); p != nil {
		next, undo, err := p.RemoveProcess(info.Name)
		if err != nil {
			return nil, err
		}
		s.current.Store(next)
		back = undo
	}
	restore := func() error {
		p, err := back()
		if err == nil && p != nil {
			s.current.Store(p)
		}
		return err
	}
	if err := s.Engine.Remove(ctx, pid); err != nil {
		return nil, errors.Join(err, restore())
	}
	return func(ctx context.Context) error {
		s.managing.Lock()
		defer s.managing.Unlock()
		if err := restore(); err != nil {
			return err
		}
		return s.Engine.BringBack(ctx, pid)
	}, nil
}

// Fork copies a process up to a slot under a new id and name. It stands in the
// project's file with the script of the original.
func (s *Session) Fork(ctx context.Context, pid, name string, slot int64) (ao.ProcessInfo, error) {
	s.managing.Lock()
	defer s.managing.Unlock()
	info, ok := s.Engine.Process(pid)
	p := s.Folder()
	if !ok || p == nil {
		return s.Engine.Copy(ctx, pid, name, slot)
	}
	owner, tags := info.Owner, []ao.Tag(nil)
	for _, a := range p.Accounts {
		if a.Address == owner {
			owner = a.Name
		}
	}
	for _, q := range p.Processes {
		if q.Name == info.Name {
			tags = q.Tags
		}
	}
	next, err := p.AddProcess(name, info.Script, owner, tags...)
	if err != nil {
		return ao.ProcessInfo{}, err
	}
	made, err := s.Engine.Copy(ctx, pid, name, slot)
	if err != nil {
		if _, _, back := next.RemoveProcess(name); back != nil {
			err = errors.Join(err, back)
		}
		return ao.ProcessInfo{}, err
	}
	s.current.Store(next)
	if text, known, err := s.Engine.Setting(ctx, ranKey(pid)); err == nil && known {
		_ = s.Engine.SetSetting(ctx, ranKey(made.ID), text)
	}
	return made, nil
}

// ExportTo writes the project with its files, accounts, processes and messages into
// a new file, as `patchbay export` does. A file that exists is left alone, and one
// that was begun does not stay.
func (s *Session) ExportTo(ctx context.Context, path string) (err error) {
	var files []engine.ExportedFile
	if p := s.Folder(); p != nil {
		list, err := p.Files()
		if err != nil {
			return err
		}
		for _, f := range list {
			files = append(files, engine.ExportedFile{Path: f.Path, Text: f.Text})
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already and was not touched: choose a new name", path)
	}
	if err != nil {
		return fmt.Errorf("cannot export: %w", err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	if err := s.Engine.Export(ctx, f, files...); err != nil {
		return err
	}
	return f.Sync()
}

// ImportFrom reads what ExportTo wrote: all of it or nothing.
func (s *Session) ImportFrom(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot import: %w", err)
	}
	defer f.Close()
	if err := s.Engine.Import(ctx, f); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
