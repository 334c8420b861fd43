package lint

import (
	"patchbay/engine/lua53/syntax"
	"patchbay/patchdev"
)

// rawRules are about the Lua of raw processes, which nodes run in luerl (spec
// aos-runtime §13). They are raised by engine/rawlua, and some while typing.
func rawRules() []Rule {
	const luerl = "Nothing unusual: luerl's integers have no bounds. But one of more than 15 digits cannot be stored (big-integer)."
	return []Rule{
		{
			ID: "wide-integer", Level: Error, Title: "an integer beyond 64 bits in a raw process", Static: true,
			Current: luerl, June: same, May: same,
			Remedy: "Patchbay ends the evaluation there, for it has 64-bit integers. Keep such amounts as strings, or compute with floats (2^64, 1e20).",
		},
		{
			ID: "bad-arithmetic", Level: Error, Title: "a division by zero, or another result that is no finite number, in a raw process", Stuck: true,
			Current: "The slot fails (badarith), whatever pcall is around it, and every later read with it.", June: same, May: same,
			Remedy: "Check divisors before you divide.",
		},
		{
			ID: "raw-goto", Level: Warning, Title: "goto in a raw process", Static: true,
			Current: "luerl reads goto, but may not be able to run it: the whole script then fails to load.", June: same, May: same,
			Remedy: "Use nested ifs, or a function with return.",
		},
		{
			ID: "another-state", Level: Warning, Title: "compute returned another table than base",
			Current: "The table that compute returns is the process's whole state: what base held, and was patched, is gone.", June: same, May: same,
			Remedy: "Write into base and return base.",
		},
	}
}

// rawText finds what luerl reads differently in a raw script.
func (s *scanner) rawText(c *syntax.Chunk) {
	if s.flavour != patchdev.Raw {
		return
	}
	for _, p := range c.Foreign {
		s.raise("text-in-source", p, nil, "text outside ASCII in a source that a node loads is encoded twice")
	}
	for _, p := range c.Wide {
		s.raise("wide-integer", p, nil, "an integer beyond 64 bits, which nodes have and Patchbay has not")
	}
	for _, p := range c.Gotos {
		s.raise("raw-goto", p, nil, "a node's Lua may not be able to run goto")
	}
}
