package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

func TestSettingsAreThereAtTheNextStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "settings.json")
	fail := func(err error) { t.Error(err) }
	s := OpenSettings(path, fail)
	if v := s.Get("theme"); v != "" {
		t.Errorf("theme %q in no file", v)
	}
	s.Set("theme", "dark")
	s.Set("theme", "light")
	s.Set("tour", "seen")
	s.Set("tour", "")
	if v := s.Get("theme"); v != "light" {
		t.Errorf("theme %q before it is written", v)
	}
	s.Close()
	s = OpenSettings(path, fail)
	defer s.Close()
	if theme, tour := s.Get("theme"), s.Get("tour"); theme != "light" || tour != "" {
		t.Errorf("theme %q, tour %q", theme, tour)
	}
}

// Two windows write by turns what each changed: neither loses what the other did,
// and a third that reads meanwhile never sees half a file.
func TestTwoWindowsKeepEachOthersSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	fail := func(err error) { t.Error(err) }
	one, two := OpenSettings(path, fail), OpenSettings(path, fail)
	one.Set("a", "1")
	if err := one.save(); err != nil {
		t.Fatal(err)
	}
	two.Set("b", "2")
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			two.Set("n", strconv.Itoa(i))
			if err := two.save(); err != nil {
				t.Error(err)
			}
		}
	})
	for range 200 {
		text, err := os.ReadFile(path)
		var values map[string]string
		if err == nil {
			err = json.Unmarshal(text, &values)
		}
		if err != nil || values["a"] != "1" {
			t.Fatalf("%v: %q", err, text)
		}
	}
	wg.Wait()
	one.Close()
	two.Close()
	all := readSettings(path)
	if all["a"] != "1" || all["b"] != "2" || all["n"] != "199" {
		t.Errorf("%v", all)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSettingsThatCannotBeKeptAreTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("null"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told []error
	s := OpenSettings(filepath.Join(path, "settings.json"), func(err error) { told = append(told, err) })
	s.Set("theme", "dark")
	s.Close()
	if len(told) != 1 {
		t.Errorf("told %v", told)
	}
	s = OpenSettings(path, nil) // of another program: holds nothing, and is replaced
	s.Set("theme", "dark")
	s.Close()
	if got := readSettings(path); got["theme"] != "dark" {
		t.Errorf("%v", got)
	}
}

func TestSettingsWithoutAFileAreForgotten(t *testing.T) {
	t.Chdir(t.TempDir())
	s := OpenSettings("", func(err error) { t.Error(err) })
	s.Set("theme", "dark")
	if s.Get("theme") != "dark" {
		t.Error("forgotten at once")
	}
	s.Close()
	if files, err := os.ReadDir("."); err != nil || len(files) != 0 {
		t.Errorf("%v %v", files, err)
	}
}
