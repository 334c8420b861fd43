package difftest

import "regexp"

// Difference is a way in which the engine may answer otherwise than lua5.3.
type Difference struct {
	Name   string
	Reason string
	re     *regexp.Regexp
	to     string
}

// Known are the differences that Fold hides: what both sides print is brought to one form.
var Known = []Difference{
	{
		"stack overflow", "PUC names its C limits and the stack's size; here the depth is a limit of the State",
		regexp.MustCompile(`(stack overflow|error in error handling|C stack overflow)[^\n"]*`), "stack overflow",
	},
	{
		"the sign of NaN", "Lua does not define it: PUC prints what the C library and the processor left there",
		regexp.MustCompile(`-nan\b`), "nan",
	},
	{
		"addresses", "tables and functions are numbered in the order in which they are first shown, so that runs can be replayed",
		regexp.MustCompile(`(table|function|thread|userdata|My\.Type): (builtin: )?(0x[0-9a-f]+|ADDR)`), "$1: ADDR",
	},
	{
		"addresses in pieces", "the same, when a program takes the text apart",
		regexp.MustCompile(`x[0-9a-f]{6,}\b`), "ADDR",
	},
}

// Unfolded are the known differences that no text can hide. The generator keeps away from them as far as it can; what
// is left of them among the findings of a long run is not a fault.
var Unfolded = []Difference{
	{Name: "length of a table with holes and keys that are no integers, or after nil was stored for a key that a list without holes has not", Reason: "any border is right (manual §3.4.7); PUC's depends on the sizes of its parts, which are followed for tables of integers from the first hole on"},
	{Name: "equality of closures", Reason: "PUC may give the same function for two evaluations of one function expression (its cache); here each is a new one"},
	{Name: "order of pairs", Reason: "undefined in Lua; here keys come in the order of their insertion, but in PUC's for tables of integers with holes"},
	{Name: "debug.setupvalue of a variable that is never assigned", Reason: "such variables are captured by value, so only that closure sees the new value"},
	{Name: "yield inside a metamethod that a library function calls", Reason: "PUC says 'attempt to yield across a C-call boundary'; here only sort, gsub and __pairs do"},
	{Name: "last digit of sin, cos, tan, asin, acos, atan, cosh, sinh, tanh", Reason: "Go's and glibc's differ by a unit in the last place, rarely visible in 14 digits"},
	{Name: "a, t[f()], t = … where f assigns t", Reason: "the manual leaves the order of a multiple assignment open (§3.3.3); PUC copies t after the key, here it is read before"},
	{Name: "the name of a library function in an argument error when a global is the same function", Reason: "PUC takes the first that its order of package.loaded gives; here the one used last"},
	{Name: "__gc and weak tables", Reason: "the collector is Go's"},
}

// Fold brings an output to the form in which known differences do not show.
func Fold(out string) string {
	for _, d := range Known {
		out = d.re.ReplaceAllString(out, d.to)
	}
	return out
}

// knownProbes are the probes of the corpus that answer otherwise, with the reason.
var knownProbes = map[string]string{
	"load:29": "the traceback in the message comes from lua.c's message handler, which load keeps while it calls the reader",
	"load:31": "the traceback in the message comes from lua.c's message handler, which load keeps while it calls the reader",
}
