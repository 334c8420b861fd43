package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"patchbay/engine"
	"patchbay/engine/journal"
	"patchbay/engine/project"
)

type exportCmd struct {
	Dir        string `arg:"" optional:"" help:"The project folder." placeholder:"PROJECT-DIR"`
	DB         string `help:"A journal's file (default: the project's)." placeholder:"FILE"`
	Output     string `short:"o" help:"Write to this file (default: standard output)." placeholder:"FILE"`
	NoRollback bool   `help:"The journal was made with --no-rollback."`
}

// Run writes the export. It may run beside a Patchbay that has the project open.
func (c *exportCmd) Run(ctx context.Context, m Machine) (err error) {
	if c.Dir == "" && c.DB == "" {
		return usage("which project? patchbay export PROJECT-DIR [--output FILE]")
	}
	var files []engine.ExportedFile
	db := c.DB
	if c.Dir != "" {
		p, err := project.Load(c.Dir)
		if err != nil {
			return &Exit{Code: ExitUsage, Err: err}
		}
		db = cmp.Or(db, p.JournalPath())
		list, err := p.Files()
		if err != nil {
			return machine("%w", err)
		}
		for _, f := range list {
			files = append(files, engine.ExportedFile{Path: f.Path, Text: f.Text})
		}
	}
	o := engine.Options{Journal: db, NewVM: flavours(c.NoRollback), NoRollback: c.NoRollback, ReadOnly: true}
	e, err := engine.Open(ctx, o)
	if errors.Is(err, journal.ErrUnwritable) { // an older schema, which only a writer brings up to date
		o.ReadOnly = false
		e, err = engine.Open(ctx, o)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return usage("%s: there is no journal yet: open the project once, or name another with --db FILE", db)
	}
	if err != nil {
		return machine("%w", err)
	}
	defer func() {
		if closed := e.Close(); err == nil && closed != nil {
			err = machine("%w", closed)
		}
	}()
	var text bytes.Buffer // whole before a byte of it is written
	if err := e.Export(ctx, &text, files...); err != nil {
		return machine("%w", err)
	}
	if c.Output == "" {
		_, err = io.Copy(m.Stdout, &text)
	} else {
		err = replaceFile(c.Output, text.Bytes())
	}
	if err != nil {
		return machine("%w", err)
	}
	return nil
}

// replaceFile writes a file whole, or leaves what was there.
func replaceFile(path string, text []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
		}
	}()
	if _, err = temp.Write(text); err != nil {
		return err
	}
	if err = temp.Chmod(0o644); err != nil {
		return err
	}
	if err = errors.Join(temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

type importCmd struct {
	File string `arg:"" help:"The file that patchbay export wrote (\"-\": standard input)." placeholder:"FILE"`
	Dir  string `arg:"" help:"The project folder to make." placeholder:"PROJECT-DIR"`
	DB   string `help:"The journal's file (default: the project's)." placeholder:"FILE"`
}

// Run makes the project's files and journal. Nothing that is there is replaced.
func (c *importCmd) Run(ctx context.Context, m Machine) (err error) {
	text, err := c.read(m)
	if err != nil {
		return usage("%w", err)
	}
	info, err := engine.InspectExport(bytes.NewReader(text))
	if err != nil {
		return usage("%s: %w", c.File, err)
	}
	var files []project.TextFile
	for _, f := range info.Files {
		files = append(files, project.TextFile{Path: f.Path, Text: f.Text})
	}
	if err := project.CheckFiles(c.Dir, files); err != nil {
		return usage("%w", err)
	}
	db := c.DB
	if db == "" {
		dir, err := filepath.Abs(c.Dir)
		if err != nil {
			return machine("%w", err)
		}
		p := &project.Project{Dir: dir}
		if _, err := p.HiddenDir(); err != nil {
			return machine("%w", err)
		}
		db = p.JournalPath()
	}
	e, err := engine.Open(ctx, engine.Options{Journal: db, NewVM: flavours(info.NoRollback), NoRollback: info.NoRollback})
	if err != nil {
		return machine("%w", err)
	}
	defer func() {
		if closed := e.Close(); err == nil && closed != nil {
			err = machine("%w", closed)
		}
	}()
	if err := e.Import(ctx, bytes.NewReader(text)); errors.Is(err, engine.ErrNameTaken) || errors.Is(err, engine.ErrBadExport) {
		return usage("%w", err)
	} else if err != nil {
		return machine("%w", err)
	}
	if err := project.WriteFiles(c.Dir, files); err != nil {
		return machine("%w", err)
	}
	// The results follow from the messages: the last line comes when they are there.
	for _, p := range e.Processes() {
		if _, _, err := e.WaitScheduled(ctx, p.ID); err != nil {
			return machine("%w", err)
		}
		fmt.Fprintf(m.Stdout, "process %s %s: %d slots\n", p.Name, p.ID, e.Scheduled(p.ID)+1)
	}
	fmt.Fprintf(m.Stdout, "imported %d processes, %d branches, %d messages, %d files\n", info.Processes, info.Branches, info.Messages, len(files))
	return nil
}

func (c *importCmd) read(m Machine) ([]byte, error) {
	if c.File == "-" {
		if m.Stdin == nil {
			return nil, nil
		}
		return io.ReadAll(m.Stdin)
	}
	return os.ReadFile(c.File)
}
