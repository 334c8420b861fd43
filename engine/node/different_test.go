package node

import (
	"slices"
	"strings"
	"testing"

	"patchbay/patchdev"
)

// Why a recorded answer is another here. The first four are what a deliberate
// difference may be (issue 5); ofNode is a value that belongs to the node that was
// recorded and can be no other's; the last is a decision of DESIGN.
const (
	poisons = "poisoned process: every read of it is 500 for good, which the profiles of 2025 do not repeat (DESIGN S12); a lint"
	crashes = "crash: "
	hangsUp = "broken connection: the node hung up, never answered or broke the framing of its answer"
	ofNode  = "of the recording node: "
	settled = "settled: "
)

// ranElsewhere marks the processes of the aos module, which the stand-in for Lua
// cannot run.
const ranElsewhere = "the real aos module"

// deliberate names the recorded answers that are another here, with the reason.
// A name that ends in * is the beginning of names. TestDeliberate holds that each
// entry is needed.
var deliberate = []struct {
	gens  string // generations by name, "" for all
	cases []string
	why   string
}{
	{"2025-05 2025-06", []string{
		"form-array-outbox*", "form-numbered-outbox*", "keys-unicode-*", "luaerror-*", "single-floatkey*", "single-inf", "single-ninf",
		"single-nan*", "special2-priv-*", "special-ao-types", "special-body", "special-content-type", "special-method", "special-path", "values-now-cache-maxint", "values-now-cache-big",
	}, poisons},
	{"2025-05", []string{"form-no-patch-from-results"}, poisons},
	{"2025-06", []string{"special-id"}, poisons},

	{"", []string{"single-multiline-parent", "n26-newline-1-bundle"}, hangsUp + ": a newline in a header; here the member is a part"},
	{"2025-09", []string{"n26-cache-accept-axios", "n26-cache-accept-codec-json", "n26-accept-codec-query", "n26-cache-rc-unknown", "n26-cache-bundle-only"}, hangsUp + ": a newline in a header; here the member is a part"},
	{"2025-09", []string{"keys-unicode-parent", "keys-now-cache-rcb"}, hangsUp + ": keys that are no header names"},
	{"2025-09", []string{"n26-cache-rc-flat", "n26-cache-rc-structured"}, hangsUp + ": a second answer within the first"},
	{"2025-05", []string{"special2-priv_x-json", "special2-signature-parent"}, crashes + "its store mixed up two processes, keys of one in the answer of the other"},
	{"2025-09", []string{"*-rc-ans104", "nested-accept-ans104"}, ofNode + "a data item under the node's signature"},
	{"", []string{"meta-info", "meta-info-serialize-json", "meta-build", "n26-meta-info", "n26-meta-preloaded"}, ofNode + "its options, devices and version"},
	{"2025-09", []string{"meta-info-json"}, ofNode + "its options, devices and version"},
	{"2025-09", []string{"n26-sched-status"}, ofNode + "its processes"},
	{"2025-05", []string{"nested-bare", "nested-schedule"}, ofNode + "its process message holds the module as a part"},
	{"2025-06", []string{"form-no-patch-from-results"}, crashes + "the patch device took the whole state for its outbox, and the results are those of slot 0"},
	{"2025-05 2025-06", []string{"nested-scheduler-slot"}, hangsUp + ": 32 zero bytes in a header, which is left out here"},

	{"", []string{"special2-location-parent"}, settled + "a script never sets location (DESIGN S19)"},
	{"2025-05 2025-06", []string{"special2-set-cookie-parent"}, settled + "a script never sets cookies (DESIGN S19)"},
	{"", []string{"single-func"}, settled + "functions are not values here; the table that holds one is as recorded"},
	{"2025-09", []string{"n26-path-latest-before", "n26-slash-device"}, settled + "newer than the recorded build (DESIGN S11)"},
	{"2025-09", []string{"n26-path-compute-before"}, settled + "a local engine computes at once, so compute is never stale (spec hyperbeam-http §8)"},
	{"2025-09", []string{"n26-unsigned-push-json-codec", "n26-unsigned-schedule-json"}, settled + "unsigned JSON is believed, with a patchbay-lint header (DESIGN S11, S13)"},
}

// different says why an answer is deliberately another than the recorded one,
// "" when it must be equal.
func different(gen string, g *golden) string {
	switch {
	case strings.Contains(g.Lua, "aos-2-pure"):
		return ranElsewhere // replayed by TestGoldenThroughTheEngine
	case strings.Contains(g.Lua, "hyper-aos"):
		return "hyper-aos itself is not run here"
	case g.Response.Error != "":
		return hangsUp
	}
	for _, d := range deliberate {
		if d.gens != "" && !strings.Contains(d.gens, gen) {
			continue
		}
		if slices.ContainsFunc(d.cases, func(name string) bool {
			if end, ok := strings.CutPrefix(name, "*"); ok {
				return strings.HasSuffix(g.Case, end)
			}
			if start, ok := strings.CutSuffix(name, "*"); ok {
				return strings.HasPrefix(g.Case, start)
			}
			return name == g.Case
		}) {
			return d.why
		}
	}
	return ""
}

// TestDeliberate holds that no answer is called deliberately different that is
// equal, and that no entry of the table is left over.
func TestDeliberate(t *testing.T) {
	addr, sw := goldenServer(t)
	used := map[string]bool{}
	for _, gen := range generations {
		p, _ := patchdev.ProfileByName(gen.profile)
		cases := readGolden(t, gen.name)
		for i := range cases {
			g := &cases[i]
			why := different(gen.name, g)
			if why == "" || why == ranElsewhere || g.Response.Error != "" || strings.Contains(g.Lua, "hyper-aos") {
				continue
			}
			used[why] = true
			m, err := recorded(p, g)
			if err != nil {
				t.Fatal(err)
			}
			sw.use(m, g)
			got, err := exchange(addr, g)
			if err == nil && compare(g, got) == "" {
				t.Errorf("%s %s is equal, and called different: %s", gen.name, g.Case, why)
			}
		}
	}
	for _, d := range deliberate {
		if !used[d.why] {
			t.Errorf("no answer is different for the reason: %s", d.why)
		}
	}
}
