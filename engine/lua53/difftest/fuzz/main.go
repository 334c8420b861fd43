// Command fuzz makes up Lua programs, runs them on the engine and on lua5.3, and reduces what differs. Run it
// from the module's root: go run ./engine/lua53/difftest/fuzz -for 10m
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"patchbay/engine/lua53/difftest"
)

func main() {
	dur := flag.Duration("for", 10*time.Minute, "how long to run")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "seed of the first program")
	out := flag.String("out", "", "folder for the programs that differ (default: none is written)")
	most := flag.Int("max", 20, "stop after so many differences")
	one := flag.Bool("one", false, "print the program of -seed and both answers")
	flag.Parse()
	if err := run(*dur, *seed, *out, *most, *one); err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

func run(dur time.Duration, seed uint64, dir string, most int, one bool) error {
	ref, err := difftest.FindReference()
	if err != nil {
		return err
	}
	if one {
		src := difftest.Prelude + difftest.Generate(seed).String()
		want, err := ref.RunBatch([]string{src})
		if err != nil {
			return err
		}
		fmt.Printf("%s--- lua5.3\n%s--- engine\n%s", src, want[0], difftest.RunProgram(src))
		return nil
	}
	start := time.Now()
	next := start.Add(time.Minute)
	programs, timeouts, found := 0, 0, map[string]bool{}
	for time.Since(start) < dur && len(found) < most {
		f := difftest.Batch(ref, seed, 100)
		if f.Err != nil {
			return f.Err
		}
		programs += f.Programs
		timeouts += f.Timeouts
		seed += 100
		if seed%1000 == 0 {
			calls, _, err := difftest.CompareCalls(ref, seed, 1000)
			if err != nil {
				return err
			}
			for _, d := range calls {
				if key := d.Signature(); !found[key] {
					found[key] = true
					fmt.Printf("=== library call, seed %d\n%s\n--- lua5.3\n%s\n--- engine\n%s\n\n", d.Seed, d.Source, d.Want, d.Got)
				}
			}
		}
		if time.Now().After(next) {
			next = time.Now().Add(time.Minute)
			fmt.Fprintf(os.Stderr, "%s: %d programs, %d differences\n", time.Since(start).Round(time.Second), programs, len(found))
		}
		for _, d := range f.Found {
			key := d.Signature()
			if found[key] {
				continue
			}
			d.Shrink(ref, 600)
			fmt.Printf("=== seed %d\n%s--- lua5.3\n%s--- engine\n%s\n", d.Seed, d.Source, d.Want, d.Got)
			found[key] = true
			if dir != "" {
				name := filepath.Join(dir, fmt.Sprintf("%d.lua", d.Seed))
				if err := os.WriteFile(name, []byte(d.Source), 0o644); err != nil {
					return err
				}
			}
		}
	}
	fmt.Printf("%s: %d programs, %d of them too long, %d differences, next seed %d\n",
		time.Since(start).Round(time.Second), programs, timeouts, len(found), seed)
	if len(found) > 0 {
		return fmt.Errorf("%d differences: %s", len(found), strings.TrimSpace("see above"))
	}
	return nil
}
