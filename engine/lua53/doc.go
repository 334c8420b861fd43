// Package lua53 runs Lua 5.3 scripts, with gopher-lua's values.
//
// gopher-lua executes Lua 5.1 with one float64 number type. This package keeps
// its vocabulary of values (LValue, LString, LBool, LNil, LNumber, LFunction,
// LUserData), so that Go code written for gopher-lua can hold, make and pass
// them, and replaces what is 5.1:
//
//   - the parser and its messages: package syntax
//   - numbers: integers of 64 bits and floats (number.go); in registers they are
//     not boxed at all (val.go)
//   - tables (table.go), because gopher-lua's fill arrays up to sparse keys,
//     forget no key, and have no place where a store could be logged
//   - the machine: the syntax tree is compiled to Go closures (compile*.go)
//     which work on registers (thread.go)
//   - the standard library (base.go, package.go, coroutine.go, debuglib.go,
//     lib_*.go)
//
// The byte code of gopher-lua cannot be made exact from outside at a bearable
// price: every operator whose operands are not known, and every store that a
// roll-back must know of, costs a call into Go of about 40 ns, where PUC's
// machine needs 3. Even without that its calls and loops take 5 to 9 times PUC's
// time; this package takes 0.3 to 2 times (BenchmarkSpeed).
//
// What a State adds to Lua: exact, deterministic budgets (Limits), transactions
// (Begin, Commit, Rollback), a dirty record of tables (Mark, Dirty), and errors
// with place, variable name and traceback in PUC's wording.
//
// A State belongs to one goroutine at a time. Coroutines run on goroutines of
// their own, but strictly one after the other; Close stops them all.
package lua53
