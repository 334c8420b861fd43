package journal

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
)

// What nobody waits for may rest, but what depends on it comes after it, and Close
// writes all of it.
func TestLazyOnesKeepTheirPlace(t *testing.T) {
	j := open(t, Memory, Options{})
	hold, held := make(chan struct{}), make(chan struct{})
	go j.Submit(func(*Tx) error { close(held); <-hold; return nil }, func(error) {})
	<-held
	var mu sync.Mutex
	var order []string
	var told int
	note := func(name string) (func(*Tx) error, func(error)) {
		return func(*Tx) error {
				mu.Lock()
				defer mu.Unlock()
				order = append(order, name)
				return nil
			}, func(err error) {
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				told++
			}
	}
	for _, name := range []string{"lazy 1", "lazy 2", "urgent 3", "lazy 4", "lazy 5", "urgent 6", "lazy 7"} {
		fn, done := note(name)
		if name[0] == 'l' {
			j.SubmitLazy(fn, done)
		} else {
			j.Submit(fn, done)
		}
	}
	close(hold)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if want := []string{"lazy 1", "lazy 2", "urgent 3", "lazy 4", "lazy 5", "urgent 6", "lazy 7"}; !slices.Equal(order, want) || told != len(want) {
		t.Errorf("%d told, in the order %q", told, order)
	}
	fn, _ := note("late")
	if err := j.DoQuick(t.Context(), fn); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

// However many ask and whenever it is closed, everybody gets an answer.
func TestEverybodyIsAnswered(t *testing.T) {
	for range 20 {
		j := open(t, Memory, Options{})
		p := addProcess(t, j, "one")
		var senders sync.WaitGroup
		var mu sync.Mutex
		sent := int64(0)
		begun := make(chan struct{}, 8)
		for s := range 8 {
			senders.Go(func() {
				for n := 0; ; n++ {
					if n == 3 {
						begun <- struct{}{}
					}
					_, err := send(j, p.Active, fmt.Sprint(s, "-", n))
					if errors.Is(err, ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					sent++
					mu.Unlock()
				}
			})
		}
		<-begun
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		senders.Wait()
		if b, _ := j.Branch(p.Active); b.Next != sent {
			t.Fatalf("%d messages were acknowledged, %d are scheduled", sent, b.Next)
		}
	}
}
