//go:build linux

package patchdev

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// cpu is the CPU time that the program has used, which other programs on the
// machine disturb less than the clock.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkApplyGrowth reports how much dearer a patch of k changed keys is in a
// table of 1,000,000 than in one of 1,000: at most three times.
func BenchmarkApplyGrowth(b *testing.B) {
	for _, k := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("k=%d", k), func(b *testing.B) {
			var cost [2]float64
			for b.Loop() {
			}
			for i, n := range []int{1000, 1_000_000} {
				keys := benchKeys(n)
				t := EmptyTable().Edit()
				for j, key := range keys {
					t.Set(key, Int(j))
				}
				root := NewTable("cache", NewTable("balances", t.Table()))
				patches := benchPatches(keys, k)
				best := time.Duration(1 << 62)
				rounds := max(100, 20_000/k)
				for range 5 {
					begin := cpu()
					for j := range rounds {
						root = Apply(root, patches[j%len(patches):j%len(patches)+1], ApplyOptions{Profile: Current()}).Root
					}
					best = min(best, cpu()-begin)
				}
				cost[i] = float64(best.Nanoseconds()) / float64(rounds)
			}
			b.ReportMetric(cost[0], "ns/1000")
			b.ReportMetric(cost[1], "ns/1000000")
			b.ReportMetric(cost[1]/cost[0], "ratio")
		})
	}
}
