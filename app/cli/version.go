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
	for _, line := range Foundations() {
		fmt.Fprintln(m.Stdout, "  "+line)
	}
	return nil
}

// Foundations lists the modules on which Patchbay stands, with their versions.
func Foundations() []string {
	var lines []string
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			switch dep.Path {
			case "fyne.io/fyne/v2", "github.com/yuin/gopher-lua", "github.com/mattn/go-sqlite3":
				lines = append(lines, dep.Path+" "+dep.Version)
			}
		}
	}
	return lines
}
