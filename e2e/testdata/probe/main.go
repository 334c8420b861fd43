// Command probe is Patchbay with a profiler: at SIGUSR1 it begins to sample, at
// the next it writes the profile to the file that PATCHBAY_PROFILE names. At SIGUSR2
// it prints what Go holds as it is, collects, and writes what is live then to the
// file of that name with ".heap" at its end. What Fyne logs is followed by who called
// it. Only the measurements and the monkey of e2e build it; the product has no such
// door.
package main

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"syscall"

	"patchbay/app/cli"
	"patchbay/app/window"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	log.SetOutput(traced{})
	go sample()
	go heap()
	code := cli.Main(ctx, os.Args[1:], cli.Machine{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Window: window.Open})
	stop()
	os.Exit(code)
}

// traced writes what is logged, with the goroutine that did.
type traced struct{}

func (traced) Write(line []byte) (int, error) {
	n, err := os.Stderr.Write(line)
	if err == nil && bytes.Contains(line, []byte("Fyne error")) {
		for l := range bytes.Lines(debug.Stack()) {
			fmt.Fprintf(os.Stderr, "  by %s", l)
		}
	}
	return n, err
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

func heap() {
	usr2 := make(chan os.Signal, 1)
	signal.Notify(usr2, syscall.SIGUSR2)
	for range usr2 {
		var m, live runtime.MemStats
		runtime.ReadMemStats(&m)
		runtime.GC()
		runtime.ReadMemStats(&live)
		const mb = 1 << 20
		fmt.Printf("probe: Go holds %d MB of the system's memory (%d MB of it in heap spans, %d MB of them free), %d MB are live\n",
			(m.Sys-m.HeapReleased)/mb, (m.HeapSys-m.HeapReleased)/mb, (m.HeapIdle-m.HeapReleased)/mb, live.HeapAlloc/mb)
		f, err := os.Create(os.Getenv("PATCHBAY_PROFILE") + ".heap")
		if err == nil {
			err = pprof.Lookup("heap").WriteTo(f, 0)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			fmt.Println("probe:", err)
		}
		fmt.Println("probe: heap written")
	}
}
