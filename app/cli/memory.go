package cli

import (
	"os"
	"runtime/debug"

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
