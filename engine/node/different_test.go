package node

import (
	"slices"
	"strings"
)

// deliberate names the recorded answers that are another here, with the reason.
// What a name stands for is matched by prefix when it ends in *.
var deliberate = []struct {
	gens  string // generations by name, "" for all
	cases []string
	why   string
}{
	{"", []string{"meta-info*", "meta-build", "n26-meta-info", "n26-meta-preloaded", "n26-sched-status"}, "tells the options, devices, version and processes of the recording node"},
	{"", []string{"*-location-parent", "special2-set-cookie-parent"}, "a script must never set location or cookies (DESIGN S19)"},
	{"", []string{"single-multiline-parent", "n26-newline-1-bundle"}, "a newline in a header broke the framing of the recorded answer; here the member is a part"},
	{"", []string{"single-func", "single-func-parent*"}, "functions never reach the state here: they cannot be sent"},
	{"2025-05 2025-06", []string{
		"form-array-outbox*", "form-numbered-outbox*", "form-no-patch-from-results", "keys-unicode-*", "luaerror-*", "single-floatkey*", "single-inf", "single-ninf",
		"single-nan*", "special-*", "special2-priv-*", "values-now-cache-maxint", "values-now-cache-big",
	}, "the process is poisoned for good: a lint, not repeated by the profiles of 2025 (DESIGN S12)"},
	{"2025-05 2025-06", []string{"nested-now-tilde-json"}, "the stored state had a snapshot that is not UTF-8; here states have none"},
	{"2025-05 2025-06", []string{"nested-now-keys", "nested-scheduler-slot"}, "lists the keys of the recording's process message; raw bytes in block-height"},
	{"2025-05", []string{"special2-priv_x-json", "special2-signature-parent"}, "keys of another process leaked into the recorded answer"},
	{"2025-05", []string{"nested-schedule"}, "the body lists the recording node's own signatures of assignments"},
	{"2025-05", []string{"nested-bare"}, "the recorded process message holds its module as a part"},
	{"2025-05", []string{"nested-now-accept-json"}, "Accept: application/json hung up or failed by chance in this build"},
	{"2025-09", []string{"single-floatkey*"}, "a float as key fails the evaluation: engine/rawlua"},
	{"2025-09", []string{"keys-unicode-parent", "keys-now-cache-rcb"}, "keys that are no header names broke the framing of the recorded answer"},
	{"2025-09", []string{"n26-cache-accept-axios", "n26-cache-accept-codec-json", "n26-accept-codec-query", "n26-cache-rc-unknown", "n26-cache-bundle-only"}, "a newline in a header broke the framing of the recorded answer; here the member is a part"},
	{"2025-09", []string{"*-rc-ans104", "*-rc-flat", "*-rc-structured", "nested-accept-ans104", "nested-accept-flat"}, "answers in codecs that no front end reads are not made; most broke the recorded connection"},
	{"2025-09", []string{"n26-path-latest-before", "n26-slash-device"}, "newer than the recorded build (DESIGN S11)"},
	{"2025-09", []string{"n26-path-compute-before"}, "a local engine computes at once, so compute is never stale"},
	{"2025-09", []string{"n26-query-pct-bad"}, "net/http itself refuses a malformed escape, with 400"},
	{"2025-09", []string{"n26-unsigned-push-json-codec", "n26-unsigned-schedule-json"}, "unsigned JSON is believed here, with a patchbay-lint header (DESIGN S11, S13)"},
	{"2025-09", []string{"form-forty-patches-last-rcb", "n26-twelve-2"}, "more than 32 patches are folded in the order of a hash map there, in the order of sending here, with a lint"},
	{"2025-09", []string{"keys-get-26"}, "a question mark in a key begins a query; the recorded 500 is the failure of its 404 page"},
	{"2025-09", []string{"n26-double-encode*"}, "holds link ids inside a text, which are other ids here"},
	{"2025-06", []string{"form-no-patch-from-results"}, "shows the results of slot 0, of a device that read the whole state as its outbox"},
	{"2025-05", []string{"stale-4-compute"}, "a local engine computes at once, so compute is never stale"},
}

// different says why an answer is deliberately another than the recorded one,
// "" when it must be equal.
func different(gen string, g *golden) string {
	switch {
	case strings.Contains(g.Lua, "aos-2-pure"):
		return "ran the real aos module; compared in engine/aos"
	case strings.Contains(g.Lua, "hyper-aos"):
		return "hyper-aos itself is not run here"
	case g.Response.Error != "":
		return "the node hung up or never answered"
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
