package patchdev

import "fmt"

// lintIdle warns of patches that no device takes.
func lintIdle(outbox []Entry, o ApplyOptions) []Warning {
	var out []Warning
	for _, e := range outbox {
		if !isPatch(e.Fields, o.Profile) {
			continue
		}
		rule, why := "no-patch-device", "the process has no patch@1.0 in its device stack, so it stays in results/outbox"
		if !o.NoDevice {
			rule, why = "no-patch-from", "the process has no patch-from: /results/outbox, so the device never sees it"
		}
		out = append(out, Warning{Slot: o.Slot, Rule: rule, Line: e.Line, Message: fmt.Sprintf("patch %q is not applied: %s", e.Key, why)})
	}
	return out
}

func lintRest(rest []Entry, o ApplyOptions) []Warning { return lintNearPatches(rest, o) }

// lintNearPatches warns of messages that look like patches and are none.
func lintNearPatches(rest []Entry, o ApplyOptions) []Warning {
	near := o.Profile
	near.AnyCasePatch = true
	var out []Warning
	for _, e := range rest {
		if isPatch(e.Fields, near) {
			out = append(out, Warning{Slot: o.Slot, Rule: "device-key-case", Line: e.Line, Message: fmt.Sprintf("outbox message %q is not a patch: write the key device (or method) in lower case", e.Key)})
		}
	}
	return out
}

func lint(_ []Entry, _ []Change, _ ApplyOptions) []Warning { return nil }
