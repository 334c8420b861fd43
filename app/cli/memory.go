package cli

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"patchbay/engine/ao"
)

// softLimit is the size towards which Go's collector works when scripts are at
// their default limits, so that none of them makes the process larger than 1 GiB.
const softLimit = 900 << 20

// tune sets Go's collector for a command that runs scripts. Where scripts are
// short-lived work (gc above 100) memory is traded for time below the soft limit;
// limits that the user raised raise it too. GOGC and GOMEMLIMIT win.
func tune(limits ao.Limits, gc int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gc)
	}
	if os.Getenv("GOMEMLIMIT") != "" || limits.Heap < 0 {
		return
	}
	debug.SetMemoryLimit(max(softLimit, limits.Heap+limits.Heap/2))
}

// spread lets more goroutines run at once than there are processors. The one that
// draws the window is bound to a thread, and each of its thousands of calls into
// OpenGL may have to wait for a place to run in again, behind all goroutines that
// compute; with places to spare the system decides instead, and it favours a
// thread that mostly waits. GOMAXPROCS wins.
func spread() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.NumCPU() + 2)
	}
}

// Go gives memory back slowly, as if it were soon needed again. In a window that
// stands beside an editor all day it mostly is not, so it is given back at once
// when there is much of it and little is going on.
const (
	watchMemory = 2 * time.Second
	muchMemory  = 24 << 20 // more than was held after memory was given back last
	calmAllocs  = 6 << 20  // allocated between two looks
)

// windowMemory is how many bytes of encoded answers the node of a window remembers:
// one author asks, and the window shall stay small.
const windowMemory = 16 << 20

// holding is what Go holds of the system's memory, and what was ever allocated in it.
type holding struct{ held, allocs uint64 }

// readHolding asks the runtime, which stops nothing for it.
func readHolding() holding {
	s := []metrics.Sample{
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
		{Name: "/gc/heap/allocs:bytes"},
	}
	metrics.Read(s)
	return holding{held: s[0].Value.Uint64() - s[1].Value.Uint64(), allocs: s[2].Value.Uint64()}
}

// calm decides when memory is given back.
type calm struct {
	least uint64 // held after it was given back last, or less since; 0: it never was
	last  holding
}

// due says whether it is time, given what is held now.
func (c *calm) due(now holding) bool {
	quiet := c.last.allocs > 0 && now.allocs-c.last.allocs < calmAllocs
	c.last = now
	c.least = min(c.least, now.held)
	return quiet && now.held > c.least+muchMemory
}

// giveBack gives memory back whenever it is time, until the context ends.
func giveBack(ctx context.Context) {
	t := time.NewTicker(watchMemory)
	defer t.Stop()
	var c calm
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if c.due(readHolding()) {
			debug.FreeOSMemory()
			c.last = readHolding()
			c.least = c.last.held
		}
	}
}
