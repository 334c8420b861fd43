package ui

// Tell shows what the program has to say about the machine or the project: a
// script that cannot be read, a port that was taken. It stays among the problems.
func (w *Window) Tell(text string) { w.status.fail(text) }
