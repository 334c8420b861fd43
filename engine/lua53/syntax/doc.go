// Package syntax reads Lua 5.3 source text: a lexer and a parser with exact
// byte positions and the error wording of the reference implementation
// (PUC-Rio Lua 5.3.6), a syntax tree, an outline for navigation, and a line
// lexer that colours an editor's text incrementally.
//
// The package is pure: it keeps no state between calls, starts nothing, and
// imports nothing but the standard library. Every function may be called from
// any goroutine.
package syntax
