// Command patchbay is a desktop workbench for people who write AO processes in
// Lua. See README.md, and `patchbay --help` for the commands.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"patchbay/app/cli"
	"patchbay/app/window"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Main(ctx, os.Args[1:], cli.Machine{
		Stdin:  os.Stdin,
		Stdout: os.Stdout,
		Stderr: os.Stderr,
		Window: window.Open,
	})
	stop()
	os.Exit(code)
}
