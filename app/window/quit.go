//go:build !headless

package window

import (
	"fyne.io/fyne/v2"
)

// Fyne 2.8.0 closes the queue of the UI goroutine when it ends, and whoever is about
// to put something into it then ends the program with a panic, now and then.

// do hops to the UI goroutine: the one place outside ui/loop.go, which gets it
// from here. What comes when that has ended runs where it is, as Fyne has it too.
func do(f func()) {
	if !queued(f) {
		f()
	}
}

// queued is fyne.Do, but for the panic.
func queued(f func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if err, is := r.(error); !is || err.Error() != "send on closed channel" {
				panic(r)
			}
			ok = false
		}
	}()
	fyne.Do(f)
	return true
}

// saveNothing keeps Fyne from saving its preferences at the end, in which nothing is
// kept here: it puts that into the queue that it is closing.
func saveNothing(l fyne.Lifecycle) {
	if l, ok := l.(interface{ SetOnStoppedHookExecuted(f func()) }); ok {
		l.SetOnStoppedHookExecuted(nil)
	}
}
