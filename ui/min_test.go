package ui_test

import "testing"

// TestTheWindowFitsASmallScreen: with everything in it the window can still be as
// small as 1024 × 600.
func TestTheWindowFitsASmallScreen(t *testing.T) {
	a := story(t)
	a.transfer("bob", "1")
	if m := a.W.Content().MinSize(); m.Width > 1024 || m.Height > 600 {
		t.Errorf("the least size is %v", m)
	}
}
