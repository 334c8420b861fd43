package lint

// Rules lists the rules in the order in which docs/lints.md has them.
func Rules() []Rule {
	return []Rule{
		{
			ID: "numbered-outbox", Title: "an outbox with the keys 1 to n",
			Current: "The slot fails ({badmap,…}); every read of the process is 500.",
			June:    "The same.", May: "The same.",
			Remedy: `Give outbox messages of a raw lua@5.3a process other keys, such as "m1".`, Stuck: true,
		},
		{
			ID: "unknown-device", Title: "an outbox message for a device that does not exist",
			Current: "The slot fails (device_not_loadable); every later read is 500.",
			June:    "The message stays in the outbox and nothing is patched.", May: "The same as June.",
			Remedy: "Write device names exactly: patch@1.0, all in lower case.", Stuck: true,
		},
		{
			ID: "no-patch-from", Title: "patch@1.0 without patch-from",
			Current: "Every slot fails; every read is 500.", June: "The patches are not found and stay in results/outbox.",
			May:    "Every slot fails; every read is 500.",
			Remedy: "Set patch-from to /results/outbox in the process message.", Stuck: true,
		},
		{
			ID: "no-patch-device", Title: "no patch@1.0 in the device stack",
			Current: "Patches stay in results/outbox and are never applied.", June: "The same.", May: "The same.",
			Remedy: "Spawn with device-stack lua@5.3a, patch@1.0.",
		},
		{
			ID: "device-key-case", Title: "Device or Method spelled with a capital",
			Current: "Not a patch: the message stays in the outbox.", June: "Taken for a patch.", May: "Taken for a patch.",
			Remedy: "Write the keys device and method in lower case.", Static: true,
		},
	}
}
