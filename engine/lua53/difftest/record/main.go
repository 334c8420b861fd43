// Command record asks lua5.3 for the answers of the corpus in testdata/probes and writes them beside the
// programs. Run it from the module's root: go run ./engine/lua53/difftest/record
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"patchbay/engine/lua53/difftest"
)

func main() {
	dir := flag.String("dir", "engine/lua53/difftest/testdata/probes", "folder with the programs")
	flag.Parse()
	if err := record(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func record(dir string) error {
	ref, err := difftest.FindReference()
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.lua"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no programs in %s: run it from the module's root", dir)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		base := strings.TrimSuffix(filepath.Base(f), ".lua")
		probes := difftest.SplitProbes(base, string(text))
		for i := range probes {
			out, err := ref.RunProbe(probes[i].Source)
			if err != nil {
				return fmt.Errorf("%s: %w", probes[i].Name(), err)
			}
			probes[i].Want = difftest.Normalize(out)
		}
		if err := os.WriteFile(strings.TrimSuffix(f, ".lua")+".out", difftest.FormatAnswers(probes), 0o644); err != nil {
			return err
		}
		fmt.Printf("%4d  %s\n", len(probes), base)
	}
	return nil
}
