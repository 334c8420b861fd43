package lint

func patchRules() []Rule {
	return []Rule{
		{
			ID: "device-key-case", Level: Error, Title: "Device or Method written with a capital", Static: true,
			Current: "Not a patch: the message stays in the outbox and is pushed on.",
			June:    "Taken for a patch.", May: "Taken for a patch.",
			Remedy: "Write the keys device and method in lower case.",
		},
		{
			ID: "device-value", Level: Error, Title: "device or method with another value than patch@1.0 or PATCH", Static: true,
			Current: "Not a patch. A device that does not exist, such as Patch@1.0, makes every later read 500.",
			June:    "Not a patch: the message stays in the outbox, without an error.", May: "As in June.",
			Remedy: "Write device = 'patch@1.0' exactly, or method = 'PATCH' exactly.",
		},
		{
			ID: "unknown-device", Level: Error, Title: "an outbox message for a device that does not exist", Stuck: true, Static: true,
			Current: "The slot fails (device_not_loadable); every later read of the process is 500.",
			June:    "The message stays in the outbox.", May: "The message stays in the outbox.",
			Remedy: "Name only devices that nodes have, exactly as they are written.",
		},
		{
			ID: "numbered-outbox", Level: Error, Title: "a raw outbox with the keys 1 to n", Stuck: true,
			Current: "The slot fails ({badmap,…}); every read of the process is 500.", June: same, May: same,
			Remedy: `Give outbox messages of a lua@5.3a process other keys, such as "m1".`,
		},
		{
			ID: "no-patch-from", Level: Error, Title: "patch@1.0 without patch-from", Stuck: true,
			Current: "Every slot fails; every read is 500.",
			June:    "The patches are not found and stay in results/outbox.", May: "Every slot fails; every read is 500.",
			Remedy: "Set patch-from to /results/outbox in the process message.",
		},
		{
			ID: "no-patch-device", Level: Error, Title: "no patch@1.0 in the device stack",
			Current: "Patches stay in results/outbox and are never applied.", June: same, May: same,
			Remedy: "Spawn with the device stack lua@5.3a, patch@1.0.",
		},
		{
			ID: "same-place", Level: Warning, Title: "two patches of one evaluation write the same place", Static: true,
			Current: "The patch whose outbox key comes last as text wins: of twelve the ninth. With more than 32 messages the order is that of a hash map, which is repeated here: of forty the 28th.",
			June:    "With aos the last sent wins; with string keys as in current.", May: "As in June.",
			Remedy: "Send one patch an evaluation, or patches that write different places.",
		},
		{
			ID: "clear-and-set", Level: Warning, Title: "clearing a table and setting it in one evaluation", Static: true,
			Current: "Does not clear: the patches are merged with each other before they reach the state.", June: same, May: same,
			Remedy: "Clear in one message and set in the next.",
		},
		{
			ID: "empty-table", Level: Warning, Title: "{} in a patch",
			Current: "From aos an empty list, which replaces the table; from lua@5.3a an empty table, which changes nothing.",
			June:    "An empty list: it replaces the table, and cache = {} wipes the whole cache.", May: "As in June.",
			Remedy: "Do not rely on {}: overwrite the keys, or use another table.",
		},
		{
			ID: "nil-table", Level: Warning, Title: "a table whose keys are all nil", Static: true,
			Current: "It is {}: from aos it wipes the table, from lua@5.3a it changes nothing.",
			June:    "It is {}, an empty list: it wipes the table.", May: "As in June.",
			Remedy: "A key cannot be removed by nil. Write an empty string or zero, and have readers take that for gone.",
		},
		{
			ID: "unset-mark", Level: Note, Title: "__ao-unset__", Static: true,
			Current: "From aos, nodes of 2026 remove the key; the build of September 2025 and lua@5.3a store the text.",
			June:    "Stored as text.", May: "Stored as text.",
			Remedy: "Write an empty string or zero, and have readers take that for gone.",
		},
		{
			ID: "list-over-table", Level: Warning, Title: "a list replaces a table",
			Current: "The table is gone as a whole; lists are never merged.", June: same, May: same,
			Remedy: "Keep a place either a list or a table.",
		},
		{
			ID: "numbered-table", Level: Note, Title: "a table with the keys 1 to n from lua@5.3a",
			Current: "A list: it is replaced whole, never merged by number.", June: same, May: same,
			Remedy: "Use keys that are no numbers if single entries are to be patched.",
		},
		{
			ID: "mixed-table", Level: Error, Title: "list items and keys in one table, from aos", Static: true,
			Current: "aos' JSON raises an error; the result of the whole evaluation is lost.", June: "The compute never answers.", May: "The compute never answers.",
			Remedy: "Use list items or keys, not both.",
		},
		{
			ID: "data-in-patch", Level: Warning, Title: "Data in a patch", Static: true,
			Current: "The root gets a key data, which becomes the body of GET …/now.", June: same, May: same,
			Remedy: "Send data in a message of its own.",
		},
		{
			ID: "reserved-root-key", Level: Warning, Title: "a root key that the set operation takes for itself", Static: true,
			Current: "id, commitments, committers, keys, path, set, remove and verify at the root of a patch are dropped; at-slot is written again by the process.",
			June:    same, May: same,
			Remedy: "Use another name, or put the value into a table such as cache.",
		},
		{
			ID: "process-key", Level: Warning, Title: "a root key that belongs to the process", Static: true,
			Current: "at-slot, device, results and process are written by the process; results lives for one slot only.", June: same, May: same,
			Remedy: "Use another name, or put the value into a table such as cache.",
		},
		{
			ID: "root-tag", Level: Note, Title: "an action in a patch", Static: true,
			Current: "All keys of the message are written to the root: GET …/now/action (or Action, as it was written) answers it.",
			June:    "As in current, in lower case; aos' own tags too, so that /now/type becomes Message.", May: "As in June.",
			Remedy: "Patch with a message of its own that has only device and the tables to patch.",
		},
	}
}

func requestRules() []Rule {
	return []Rule{
		{
			ID: "unsigned-message", Level: Warning, Title: "a message without signature over HTTP",
			Current: "400, Message is not valid.", June: "500.", May: "500.",
			Remedy: "Sign with a wallet in production. Patchbay believes unsigned JSON so that you can try things.",
		},
		{
			ID: "unbundled-links", Level: Warning, Title: "nested tables in JSON without bundle",
			Current: `Nested tables are "key+link" ids.`, June: "Nested tables are inline.", May: "Nested tables are inline.",
			Remedy: "Add ?bundle to serialize~json@1.0, or accept-bundle=true to require-codec.",
		},
		{
			ID: "list-as-object", Level: Note, Title: "JSON of a list that is asked for directly",
			Current: `An object by number, {"1":…,"2":…}, not an array.`, June: same, May: same,
			Remedy: "Read the JSON of the parent, in which lists are arrays.",
		},
		{
			ID: "accept-list", Level: Note, Title: "an Accept header that names JSON among other types",
			Current: "Not taken for JSON: only a whole Accept of application/json is.",
			June:    "Not taken for JSON; application/json alone is 500.", May: "Not taken for JSON; application/json alone hangs up.",
			Remedy: "Ask with /serialize~json@1.0, or with require-codec=application/json on nodes from September 2025.",
		},
		{
			ID: "request-keys", Level: Note, Title: "~json@1.0/serialize in two segments",
			Current: "The keys of the request (accept, host, method, …) are in the object.",
			June:    "host, method, accept-bundle and an empty body are in the object; the value of a leaf is lost.", May: "host and method are in the object.",
			Remedy: "Ask with /serialize~json@1.0 in one segment.",
		},
	}
}
