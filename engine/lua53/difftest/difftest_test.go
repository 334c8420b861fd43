package difftest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"patchbay/engine/lua53"
)

// TestProbes holds the engine against the recorded answers of lua5.3.
func TestProbes(t *testing.T) {
	probes, err := ReadProbes(os.DirFS("testdata/probes"))
	if err != nil {
		t.Fatal(err)
	}
	if len(probes) < 600 {
		t.Fatalf("%d probes, want at least 600", len(probes))
	}
	for _, p := range probes {
		t.Run(p.Name(), func(t *testing.T) {
			if reason, ok := knownProbes[p.Name()]; ok {
				t.Skip(reason)
			}
			got := Normalize(RunEngine(ProbeFile, p.Source))
			if diff := cmp.Diff(Fold(p.Want), Fold(got)); diff != "" {
				t.Errorf("%s\n(-lua5.3 +engine)\n%s", p.Source, diff)
			}
		})
	}
}

// TestGolden runs the scripts of the aos recordings that need no aos.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden scripts", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".lua"), func(t *testing.T) {
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(f, ".lua") + ".out")
			if err != nil {
				t.Fatal(err)
			}
			s := lua53.New(lua53.Options{})
			defer s.Close()
			// aos evaluates inside a coroutine.
			text := strings.ReplaceAll(string(src), "]==]", "")
			fn, err := s.Load("return coroutine.wrap(load([==["+text+"]==], 'aos'))()", "=test", "t", nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := s.Call(context.Background(), fn)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), res[0].String()); diff != "" {
				t.Errorf("(-aos +engine)\n%s", diff)
			}
		})
	}
}

// TestShortFuzz runs the differential fuzzer for a few hundred fixed programs.
func TestShortFuzz(t *testing.T) {
	ref, err := FindReference()
	if errors.Is(err, ErrNoReference) {
		t.Skip("SKIPPED, not proven: ", err)
	}
	programs := 1000
	if testing.Short() {
		programs = 100
	}
	timeouts := 0
	for seed := 0; seed < programs; seed += 100 {
		f := Batch(ref, uint64(seed), 100)
		if f.Err != nil {
			t.Fatal(f.Err)
		}
		timeouts += f.Timeouts
		for _, d := range f.Found {
			d.Shrink(ref, 300)
			t.Errorf("seed %d\n%s--- lua5.3\n%s--- engine\n%s", d.Seed, d.Source, d.Want, d.Got)
		}
	}
	if timeouts > programs/50 {
		t.Errorf("%d of %d programs did not end: they prove nothing", timeouts, programs)
	}
}

// TestShrink reduces a program to the statement that matters.
func TestShrink(t *testing.T) {
	for seed := uint64(0); seed < 20; seed++ {
		prog := Generate(seed)
		prog.Kids = append(prog.Kids, S("MARK(", E("1 + ", E("2")), ")"))
		got := Shrink(prog, 5000, func(src string) bool { return strings.Contains(src, "MARK(") })
		if s := got.String(); s != "MARK(nil)\n" && s != "MARK(1)\n" && s != "MARK(2)\n" {
			t.Errorf("seed %d: %q", seed, s)
		}
	}
}

// TestGenerateIsReproducible: a seed names its program.
func TestGenerateIsReproducible(t *testing.T) {
	first, again := Generate(7).String(), Generate(7).String()
	if first != again {
		t.Error("two programs of one seed differ")
	}
}

// TestLibraryCalls calls the library's functions with made-up arguments on both sides.
func TestLibraryCalls(t *testing.T) {
	ref, err := FindReference()
	if errors.Is(err, ErrNoReference) {
		t.Skip("SKIPPED, not proven: ", err)
	}
	n := 20_000
	if testing.Short() {
		n = 2_000
	}
	compareCalls(t, ref, 1, n)
}

func compareCalls(t *testing.T, ref *Reference, seed uint64, n int) {
	t.Helper()
	diffs, skipped, err := CompareCalls(ref, seed, n)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range diffs {
		if i == 40 {
			t.Fatal("and more")
		}
		t.Errorf("%s\n lua5.3: %s\n engine: %s", d.Source, d.Want, d.Got)
	}
	if skipped > n/20 {
		t.Errorf("%d of %d calls proved nothing", skipped, n)
	}
}
