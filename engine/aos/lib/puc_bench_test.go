//go:build unix

package lib

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// BenchmarkAgainstPUC reports the CPU time of the modules as a ratio to the same
// work in lua5.3 with plain Lua modules (testdata/bench), measured in the same run:
// below 1 is faster than PUC. It is skipped where that program is missing.
func BenchmarkAgainstPUC(b *testing.B) {
	puc, err := exec.LookPath("lua5.3")
	if err != nil {
		b.Skip("lua5.3 is not installed")
	}
	dir := filepath.Join("testdata", "bench")
	for what, count := range map[string]int{"transfer": 20_000, "add": 400_000, "decode": 10_000, "encode": 20_000} {
		b.Run(what, func(b *testing.B) {
			out, err := exec.Command(puc, filepath.Join(dir, "main.lua"), dir, what, strconv.Itoa(count)).Output()
			if err != nil {
				b.Fatal(err)
			}
			theirs, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
			if err != nil {
				b.Fatal(err)
			}
			m := newMachineWith(b, lua53.Limits{Gas: -1, Alloc: -1, Heap: -1})
			fn, err := m.s.Load(read(b, filepath.Join("bench", "work.lua")), "=work", "t", nil)
			if err != nil {
				b.Fatal(err)
			}
			bint := m.run(b, `return require(".bint")(256)`)[0]
			json := m.run(b, `return require("json")`)[0]
			start := cpuTime(b)
			for b.Loop() {
				m.s.Begin() // with the store barrier on
				if _, err := m.s.Call(b.Context(), fn, bint, json, lua.LString(what), lua53.MakeInt(int64(count))); err != nil {
					b.Fatal(err)
				}
				m.s.Commit()
			}
			ours := (cpuTime(b) - start) / float64(b.N)
			b.ReportMetric(ours/theirs, "×PUC")
			b.ReportMetric(ours/float64(count)*1e9, "cpu-ns/call")
		})
	}
}

// cpuTime is the CPU time of this process in seconds.
func cpuTime(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
