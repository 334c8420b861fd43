package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is set by the linker (see the Makefile).
var Version = "devel"

type versionCmd struct{}

// Run prints the version of Patchbay and of what stands under it.
func (versionCmd) Run(m Machine) error {
	fmt.Fprintf(m.Stdout, "patchbay %s %s %s/%s\n", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			switch dep.Path {
			case "fyne.io/fyne/v2", "github.com/yuin/gopher-lua", "github.com/mattn/go-sqlite3":
				fmt.Fprintf(m.Stdout, "  %s %s\n", dep.Path, dep.Version)
			}
		}
	}
	return nil
}
