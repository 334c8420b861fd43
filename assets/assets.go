// Package assets holds what the binary carries with it: the icon and the
// example projects.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed icon.png
var icon []byte

//go:embed all:examples
var examples embed.FS

// Icon is the application's icon, a PNG of 256 × 256 pixels. Callers must not
// change it.
func Icon() []byte { return icon }

// Example returns the files of an example project by name ("token"), or an
// error that wraps fs.ErrNotExist.
func Example(name string) (fs.FS, error) {
	if _, err := fs.Stat(examples, "examples/"+name); err != nil {
		return nil, err
	}
	return fs.Sub(examples, "examples/"+name)
}
