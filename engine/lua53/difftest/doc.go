// Package difftest holds engine/lua53 against the lua5.3 program (PUC 5.3.6, Debian package lua5.3).
//
// Two proofs live here. The corpus (testdata/probes) is over a thousand small programs with the answers that
// lua5.3 gave, recorded by the command record; the tests compare them without the program. The
// fuzzer (Generate, Shrink, command fuzz) makes up programs, runs them on both sides and reduces what
// differs to a few lines. What may differ, and why, is in known.go.
//
// Nothing here is used by the product.
package difftest
