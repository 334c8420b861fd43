// Package lua53 runs Lua 5.3 scripts on gopher-lua's values.
//
// gopher-lua executes Lua 5.1 with one float64 number type. This package keeps
// its values (LValue, LString, LTable, LFunction, LUserData), so that Go code
// written for gopher-lua can hold, build and pass them, and replaces what is
// 5.1: the parser (package syntax), the number model (number.go), the compiler
// and evaluator (compile*.go: the syntax tree becomes Go closures over unboxed
// registers), and the standard library (lib_*.go, base.go). gopher-lua's own
// byte code cannot be made exact from outside at a bearable price: a range
// check or a store barrier costs a call into Go, 35 ns, where PUC needs 4.
//
// What a State adds to Lua: exact, deterministic budgets (Limits), transactions
// (Begin, Commit, Rollback), a dirty record of tables (Mark, Dirty), and errors
// with place, variable name and traceback in PUC's wording.
//
// A State belongs to one goroutine at a time. Coroutines run on goroutines of
// their own, but strictly one after the other; Close stops them all.
package lua53
