// Package app holds the composition root in its subfolders; here stands only
// the test of the house's arrows (DESIGN §1).
package app

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

type pkg struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string
	Standard     bool
}

func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,TestImports,XTestImports,Deps,Standard"}, args...)...)
	cmd.Dir = ".."
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var all []pkg
	dec := json.NewDecoder(out)
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("go list: %v", err)
	}
	return all
}

// allowed says which packages of ours a package may import. The longest prefix
// counts; what is not listed may import nothing of ours. A package may always
// import what lies below its own folder, and a name that ends in /... stands for
// a folder and what is below it.
var allowed = map[string][]string{
	"patchbay":                     {"app/cli", "app/window"},
	"patchbay/app/cli":             {"assets", "engine", "engine/...", "patchdev"},
	"patchbay/app/window":          {"app/cli", "assets", "ui", "ui/...", "engine", "engine/...", "patchdev"},
	"patchbay/ui":                  {"ui/...", "assets", "engine/ao", "engine/lint", "engine/lua53/syntax", "patchdev"},
	"patchbay/ui/code":             {"ui/theme", "ui/uitest", "engine/lua53/syntax", "engine/lint"},
	"patchbay/ui/theme":            {},
	"patchbay/ui/uitest":           {"ui/theme"},
	"patchbay/engine":              {"engine/ao", "engine/aos", "engine/rawlua", "engine/journal", "engine/lint", "engine/project", "patchdev"},
	"patchbay/engine/ao":           {"patchdev"},
	"patchbay/engine/aos":          {"engine/ao", "engine/aos/...", "engine/lua53", "engine/lua53/syntax", "patchdev"},
	"patchbay/engine/rawlua":       {"engine/ao", "engine/aos", "engine/aos/...", "engine/lua53", "engine/lua53/syntax", "patchdev"},
	"patchbay/engine/lint":         {"engine/ao", "engine/lua53/syntax", "patchdev"},
	"patchbay/engine/journal":      {"engine/ao", "patchdev"},
	"patchbay/engine/project":      {"engine/ao", "patchdev"},
	"patchbay/engine/node":         {"engine/ao", "engine/lint", "patchdev"},
	"patchbay/engine/lua53":        {"engine/lua53/syntax"},
	"patchbay/engine/lua53/syntax": {},
	"patchbay/patchdev":            {},
	"patchbay/assets":              {},
}

func mayImport(from, to string) bool {
	if strings.HasPrefix(to, from+"/") && from != "patchbay" {
		return true
	}
	rules, best := []string(nil), ""
	for prefix, r := range allowed {
		if (from == prefix || strings.HasPrefix(from, prefix+"/")) && len(prefix) > len(best) {
			rules, best = r, prefix
		}
	}
	if best != "patchbay" && best != "" && strings.HasPrefix(to, best+"/") || to == best {
		return true
	}
	for _, rule := range rules {
		if folder, ok := strings.CutSuffix("patchbay/"+rule, "/..."); ok {
			if to == folder || strings.HasPrefix(to, folder+"/") {
				return true
			}
		} else if to == "patchbay/"+rule {
			return true
		}
	}
	return false
}

func TestArrows(t *testing.T) {
	for _, p := range list(t, "./...") {
		for _, to := range p.Imports {
			if strings.HasPrefix(to, "patchbay/") && !mayImport(p.ImportPath, to) {
				t.Errorf("%s imports %s: that arrow points the wrong way (DESIGN §1)", p.ImportPath, to)
			}
		}
		// Tests may look further, but panels never import each other or the engine's insides.
		if strings.HasPrefix(p.ImportPath, "patchbay/patchdev") || strings.HasPrefix(p.ImportPath, "patchbay/engine/lua53") {
			for _, to := range append(p.TestImports, p.XTestImports...) {
				if strings.HasPrefix(to, "patchbay/") && !mayImport(p.ImportPath, to) {
					t.Errorf("a test of %s imports %s", p.ImportPath, to)
				}
			}
		}
	}
}

func linksGL(p pkg) bool {
	return slices.ContainsFunc(p.Deps, func(d string) bool {
		return strings.HasPrefix(d, "github.com/go-gl/") || d == "fyne.io/fyne/v2/app"
	})
}

func TestOnlyTheWindowLinksGL(t *testing.T) {
	for _, p := range list(t, "./...") {
		if linksGL(p) != slices.Contains([]string{"patchbay", "patchbay/app/window"}, p.ImportPath) {
			t.Errorf("%s: links OpenGL: %v", p.ImportPath, linksGL(p))
		}
	}
	for _, p := range list(t, "-tags", "headless", ".") {
		if linksGL(p) {
			t.Errorf("%s links OpenGL with -tags headless", p.ImportPath)
		}
	}
}
