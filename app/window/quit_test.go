//go:build !headless

package window

import (
	"testing"

	"fyne.io/fyne/v2/test"
)

// Fyne's lifecycle still has the hook that is taken from it; without it the program
// would end with a panic now and then.
func TestNothingIsSavedAtTheEnd(t *testing.T) {
	l := test.NewApp().Lifecycle()
	hooks, ok := l.(interface {
		SetOnStoppedHookExecuted(f func())
		OnStopped() func()
	})
	if !ok {
		t.Fatalf("%T has no such hook", l)
	}
	hooks.SetOnStoppedHookExecuted(func() {})
	if saveNothing(l); hooks.OnStopped() != nil {
		t.Error("something is still done at the end")
	}
}
