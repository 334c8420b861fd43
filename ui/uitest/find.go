package uitest

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Find gives the first visible object of a type, in drawing order; the test fails when there is none.
//
//	editor := uitest.Find[*code.Editor](ui)
func Find[T fyne.CanvasObject](u *UI) T {
	u.TB.Helper()
	all := FindAll[T](u)
	if len(all) == 0 {
		var zero T
		u.TB.Fatalf("uitest: no %T is visible", zero)
	}
	return all[0]
}

// FindAll gives all visible objects of a type, in drawing order.
func FindAll[T fyne.CanvasObject](u *UI) []T {
	var out []T
	u.visit(func(o fyne.CanvasObject, _ fyne.Position, _ rect) {
		if w, ok := o.(T); ok {
			out = append(out, w)
		}
	})
	return out
}

// Place gives where an object is on the window; ok is false when it is not visible.
func (u *UI) Place(want fyne.CanvasObject) (at fyne.Position, ok bool) {
	u.visit(func(o fyne.CanvasObject, p fyne.Position, _ rect) {
		if o == want {
			at, ok = p, true
		}
	})
	return at, ok
}

// ClickOn clicks in the middle of an object.
func (u *UI) ClickOn(o fyne.CanvasObject) *UI {
	u.TB.Helper()
	at, ok := u.Place(o)
	if !ok {
		u.TB.Fatalf("uitest: %T is not visible", o)
	}
	return u.Click(at.X+o.Size().Width/2, at.Y+o.Size().Height/2)
}

// Tap clicks on the first visible text that is exactly this one: a button, a tab, a menu item, a row.
func (u *UI) Tap(label string) *UI {
	u.TB.Helper()
	o := u.text(label)
	if o == nil {
		u.TB.Fatalf("uitest: nothing visible reads %q; there is %q", label, u.Texts())
	}
	return u.ClickOn(o)
}

func (u *UI) text(label string) fyne.CanvasObject {
	var found fyne.CanvasObject
	u.visit(func(o fyne.CanvasObject, at fyne.Position, clip rect) {
		if t, ok := o.(*canvas.Text); ok && found == nil && strings.TrimSpace(t.Text) == label {
			if mid := at.Add(fyne.NewPos(o.Size().Width/2, o.Size().Height/2)); clip.has(mid) {
				found = o
			}
		}
	})
	return found
}

// Texts gives every visible text in drawing order.
func (u *UI) Texts() []string {
	var out []string
	u.visit(func(o fyne.CanvasObject, _ fyne.Position, _ rect) {
		if t, ok := o.(*canvas.Text); ok && t.Text != "" && t.TextSize >= 1 {
			out = append(out, t.Text)
		}
	})
	return out
}

// Sees fails unless each of these is part of a visible text.
func (u *UI) Sees(parts ...string) *UI {
	u.TB.Helper()
	all := u.Texts()
	for _, p := range parts {
		if !slices.ContainsFunc(all, func(t string) bool { return strings.Contains(t, p) }) {
			u.TB.Errorf("uitest: nothing visible says %q; there is %q", p, all)
		}
	}
	return u
}

// SeesNot fails when one of these is part of a visible text.
func (u *UI) SeesNot(parts ...string) *UI {
	u.TB.Helper()
	for _, t := range u.Texts() {
		for _, p := range parts {
			if strings.Contains(t, p) {
				u.TB.Errorf("uitest: %q is visible in %q", p, t)
			}
		}
	}
	return u
}

// Focus gives an object the focus as Tab would.
func (u *UI) Focus(o fyne.Focusable) *UI {
	u.Canvas().Focus(o)
	return u
}

// Fill clicks on the entry with this placeholder (or text) and replaces what it holds.
func (u *UI) Fill(hint, s string) *UI {
	u.TB.Helper()
	for _, e := range FindAll[*widget.Entry](u) {
		if e.PlaceHolder == hint || e.Text == hint {
			u.ClickOn(e)
			return u.Press("Ctrl+A", "Backspace").Type(s)
		}
	}
	u.TB.Fatalf("uitest: no entry is called %q", hint)
	return u
}
