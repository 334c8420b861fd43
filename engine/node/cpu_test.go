//go:build linux

package node

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// cpuNow is the CPU time that client and server have used together, which other
// programs on the machine disturb less than the clock.
func cpuNow() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkReadCPU is BenchmarkReadAgainstBare in CPU time a request, the
// client's included.
func BenchmarkReadCPU(b *testing.B) {
	src := token()
	base := start(b, Options{Source: src, OnAccess: func(Access) {}})
	path := "/" + testPID + "~process@1.0/now/cache/totalsupply"
	other := bare(b, base, path)
	best := [2]float64{1e18, 1e18}
	for b.Loop() {
		for i, a := range []string{other, strings.TrimPrefix(base, "http://")} {
			c := cpuNow()
			r, _ := load(b, a, path, 16, 200*time.Millisecond)
			best[i] = min(best[i], float64(cpuNow()-c)/(r*0.2))
		}
	}
	b.ReportMetric(best[0], "bare-cpu-ns")
	b.ReportMetric(best[1], "cpu-ns")
	b.ReportMetric(best[0]/best[1], "cpuratio")
}
