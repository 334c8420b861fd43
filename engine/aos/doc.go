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
//	machine.go            the Lua VM as this package needs it; nothing else here knows gopher-lua's calls
//	value.go              Lua values → patchdev values, as aos' JSON would carry them
//	world.go, message.go  the globals, and the table that a handler receives
//	match.go, walk.go     patterns and the walk over Handlers.list
//	outbox.go, receive.go Send, Spawn, Assign, reply, forward; coroutines
//	handle.go, result.go  one evaluation from message to ao.Result
//	vm.go, runner.go      the doors: ao.VM, and `patchbay run`
package aos
