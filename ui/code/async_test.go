package code_test

import (
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"go.uber.org/goleak"

	"patchbay/ui/code"
	"patchbay/ui/code/files"
	"patchbay/ui/uitest"
)

// TestLongWorkRunsBesideTyping types while files are read, drafts written and the text checked on goroutines of their own, as in the
// real window; it is here for the race detector, and for the order in which answers come back.
func TestLongWorkRunsBesideTyping(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var wg sync.WaitGroup
	back := make(chan func(), 1000)
	async := func(work, then func()) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work()
			back <- then
		}()
	}
	dir := t.TempDir()
	path := dir + "/a.lua"
	if _, err := (files.Disk{}).Write(path, snapshotOf(token), ""); err != nil {
		t.Fatal(err)
	}
	drafts := files.NewDrafts(dir + "/drafts")
	var tabs *code.Tabs
	ui := uitest.Build(t, 900, 500, func(u *uitest.UI) fyne.CanvasObject {
		tabs = code.NewTabs(code.TabsOptions{Files: files.Disk{}, Editor: code.Options{Now: u.Clock.Now, Async: async, Drafts: drafts}})
		return tabs
	})
	drain := func() {
		for {
			select {
			case f := <-back:
				f()
			default:
				return
			}
		}
	}
	ui.OnTick(func() { drain(); tabs.Tick() })
	k := tabs.Open(path)
	ui.Type("lost?") // the file is not there yet: nothing can be typed into it
	for !k.Loaded() {
		f := <-back
		f()
	}
	wantText(t, k.Editor, token)
	for i := range 200 {
		ui.Type("x ").Wait(50 * time.Millisecond)
		if i%50 == 25 {
			k.Save()
		}
		if i%60 == 30 {
			ui.Press("Ctrl+Shift+O").Type("t").Press("Escape")
		}
	}
	wg.Wait()
	drain()
	k.Save()
	wg.Wait()
	drain()
	wg.Wait()
	drain()
	c, err := files.Disk{}.Read(path)
	if err != nil || c.Text != k.Editor.Text() || k.Editor.Modified() {
		t.Errorf("the file does not hold the text: %v, modified %v, %q", err, k.Editor.Modified(), k.Message())
	}
	if _, _, ok, _ := drafts.LoadDraft(path); ok {
		t.Error("the draft outlived the save")
	}
}
