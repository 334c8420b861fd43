// Package aos is the world that an aos script sees: ao, Handlers, Send,
// Receive, Eval, the Inbox, print, trust, modules (spec aos-runtime, flavour L).
//
// [New] makes an [ao.VM]. What a script can look at — Handlers.list,
// ao.outbox, the message, the globals — are ordinary Lua tables, and a function
// that a script replaces is called in place of ours; everything in between is
// Go. One goroutine at a time may use a VM.
//
// The layers, from below:
//
//	machine.go                    the Lua VM as this package needs it
//	value.go                      Lua values → patchdev values, as aos' JSON would carry them, kept up to date
//	world.go, message.go          the globals, and the table that a handler receives
//	aolib.go, handlers*.go        the tables ao and Handlers
//	walk.go, receive.go           the walk over Handlers.list, its trace; coroutines
//	outbox.go, reply.go           Send, Spawn, Assign; reply and forward
//	eval.go, print.go, text.go    _eval, _boot and _default; what is printed
//	modules.go, lib/              what require gives
//	handle.go, result.go          one evaluation, from message to ao.Result
//	vm.go, history.go, runner.go  the doors: ao.VM with its roll-backs, and `patchbay run`
//
// An evaluation is a transaction of the Lua VM. Its state is thrown away when the
// result is an Error, as compute units do — but not before the first evaluation
// that had none, because until then they have nothing to go back to.
package aos
