// Command probe is Patchbay with a profiler: at SIGUSR1 it begins to sample, at
// the next it writes the profile to the file that PATCHBAY_PROFILE names. Only the
// measurements of e2e build it; the product has no such door.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"

	"patchbay/app/cli"
	"patchbay/app/window"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go sample()
	code := cli.Main(ctx, os.Args[1:], cli.Machine{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Window: window.Open})
	stop()
	os.Exit(code)
}

func sample() {
	usr1 := make(chan os.Signal, 1)
	signal.Notify(usr1, syscall.SIGUSR1)
	for range usr1 {
		f, err := os.Create(os.Getenv("PATCHBAY_PROFILE"))
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Println("probe:", err)
			continue
		}
		fmt.Println("probe: sampling")
		<-usr1
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			fmt.Println("probe:", err)
			continue
		}
		fmt.Println("probe: written")
	}
}
