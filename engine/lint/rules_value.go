package lint

func valueRules() []Rule {
	return []Rule{
		{
			ID: "big-integer", Level: Error, Title: "an integer of more than 15 digits", Static: true,
			Current: "Cannot be stored: every read of the process is 500, for good. 999999999999999 is the greatest that works.",
			June:    same, May: same,
			Remedy: "Send amounts as strings.",
		},
		{
			ID: "rounded-number", Level: Warning, Title: "a whole number of 15 digits or more from aos", Static: true,
			Current: "aos' JSON keeps 14 digits and the node holds a float: 9007199254740993 becomes 9.007199254741e15.", June: same, May: same,
			Remedy: "Send amounts as strings.",
		},
		{
			ID: "not-a-number", Level: Error, Title: "NaN or infinity", Static: true,
			Current: "Every read of the process is 500 with an empty body, for good. From aos the result of the evaluation is lost.",
			June:    "Every read of the process is 500, for good.", May: "As in June.",
			Remedy: "Check divisions before you send their results.",
		},
		{
			ID: "boolean", Level: Note, Title: "a boolean", Static: true,
			Current: `Asked for directly true or false as text; in JSON the string "true" with an ao-types member beside it.`,
			June:    "Asked for directly 500; in JSON a boolean.", May: `Asked for directly 500; as a header "true" with quotes; in JSON a boolean.`,
			Remedy: "Send a string, or 0 and 1.",
		},
		{
			ID: "float", Level: Note, Title: "a number with a fraction", Static: true,
			Current: "Asked for directly, and as a header, in twenty digits: 0.5 is 5.00000000000000000000e-01; 10/2 from lua@5.3a too.",
			June:    same, May: same,
			Remedy: "Send the text that readers are to see, or read JSON.",
		},
		{
			ID: "function-value", Level: Warning, Title: "a function in a patch", Static: true,
			Current: "From lua@5.3a an empty page when asked for directly, and absent from the table; aos cannot encode it, and the whole result is lost.",
			June:    "From lua@5.3a empty when asked for directly, and absent from the table; from aos as in current.", May: "As in June.",
			Remedy: "Leave functions out of what you patch.",
		},
		{
			ID: "text-in-source", Level: Warning, Title: "text outside ASCII in the source of a lua@5.3a process", Static: true,
			Current: "The load of a node takes bytes for characters, so that what is loaded holds such text encoded twice: #'é' is 4.", June: same, May: same,
			Remedy: "Take text from messages, or make it of bytes: string.char(195, 169).",
		},
		{
			ID: "empty-string", Level: Note, Title: "an empty string", Static: true,
			Current: "Asked for directly, the answer is an HTML page.", June: "Asked for directly, the answer is an HTML page.", May: "An empty body.",
			Remedy: "Read it through the JSON of its parent, or send a word that stands for nothing.",
		},
		{
			ID: "control-characters", Level: Warning, Title: "a newline, another control character or outer spaces in a member", Static: true,
			Current: "The parent's plain answer, and its require-codec JSON too, is broken HTTP.", June: "The parent's plain answer is broken HTTP.", May: "As in June.",
			Remedy: "Read the key itself or serialize~json@1.0, or send the text encoded.",
		},
		{
			ID: "not-utf8", Level: Warning, Title: "a string that is not UTF-8", Static: true,
			Current: "500 for the JSON of every table above it.", June: same, May: same,
			Remedy: "Send bytes as base64 or hex.",
		},
		{
			ID: "long-member", Level: Note, Title: "a string of more than 4096 bytes", Static: true,
			Current: "Moves from the headers of its parent into a multipart body.", June: same, May: same,
			Remedy: "Read the key itself or JSON.",
		},
		{
			ID: "header-size", Level: Warning, Title: "a table whose members need more than 12 KiB of headers", Static: true,
			Current: "The plain answer, and require-codec JSON too, has them all as headers; fetch in Node refuses 16 KiB, many clients 100 headers.",
			June:    "The plain answer has them all as headers.", May: "As in June.",
			Remedy: "Read single keys, or serialize~json@1.0.",
		},
	}
}

func keyRules() []Rule {
	return []Rule{
		{
			ID: "reserved-key", Level: Warning, Title: "a key that is a function of message@1.0", Static: true,
			Current: "id is the table's hash, keys its keys, info and index pages of the device, verify true, set and commit the whole table; get and remove are 500.",
			June:    "As in current, but info, verify and committed are 500.", May: "id, info, get, remove, verify and committed are 500; keys lists keys; index is data.",
			Remedy: "Name the key otherwise. It is in the JSON and the headers of its parent.",
		},
		{
			ID: "key-case", Level: Warning, Title: "capitals in a key", Static: true,
			Current: "Kept; MyKey is found only as MyKey.", June: "Stored in lower case, found in any case.", May: "As in June.",
			Remedy: "Write keys in lower case.",
		},
		{
			ID: "case-collision", Level: Warning, Title: "two keys that differ only in case", Static: true,
			Current: "Two keys.", June: "One key; the spelling in lower case wins.", May: "As in June.",
			Remedy: "Write keys in lower case.",
		},
		{
			ID: "id-length-key", Level: Note, Title: "a key of 32, 42 or 43 characters", Static: true,
			Current: "Taken for an id: never folded, and the beginning of a path that starts with it is a message.", June: same, May: same,
			Remedy: "Mind it with MD5 sums in hex: put a letter before them.",
		},
		{
			ID: "priv-key", Level: Error, Title: "a key named priv", Static: true,
			Current: "Every read of the process is 500, for good.", June: same, May: same,
			Remedy: "Name the key otherwise.",
		},
		{
			ID: "private-key", Level: Warning, Title: "a key that begins with priv", Static: true,
			Current: "Never leaves the node: 404, and not in the parent.", June: same, May: same,
			Remedy: "Name the key otherwise: price and principal are fine, private is not.",
		},
		{
			ID: "unreadable-parent", Level: Error, Title: "a key named ao-types or commitments", Static: true,
			Current: "500 for the parent, also as JSON.", June: same, May: same,
			Remedy: "Name the key otherwise.",
		},
		{
			ID: "device-key", Level: Error, Title: "a key named device in a table", Static: true,
			Current: "The table is read as that device: an unknown one is 500 for everything below, json@1.0 and the like change how it reads. JSON overwrites it.",
			June:    same, May: same,
			Remedy: "Name the key otherwise.",
		},
		{
			ID: "status-key", Level: Warning, Title: "a key named status", Static: true,
			Current: "A number becomes the HTTP status of the parent's answer; other text is 200 and is lost in JSON.",
			June:    "A number becomes the HTTP status of the parent's answer; other text is 500.", May: "As in June.",
			Remedy: "Name the key otherwise: state, stage.",
		},
		{
			ID: "content-type-key", Level: Note, Title: "a key named content-type", Static: true,
			Current: "Becomes the content type of the parent's answer; with body it makes a page.", June: same, May: same,
			Remedy: "Fine for pages; name it otherwise for anything else.",
		},
		{
			ID: "body-key", Level: Note, Title: "a key named body or data", Static: true,
			Current: "Becomes the body of the parent's plain answer and is no header.", June: same, May: same,
			Remedy: "Name the key otherwise, or read JSON.",
		},
		{
			ID: "framing-key", Level: Warning, Title: "a key that is an HTTP header of the server", Static: true,
			Current: "content-length ends the connection, set-cookie is 500, location and the like are sent. Patchbay never sends them.",
			June:    "content-length ends the connection; location, set-cookie and the like are sent. Patchbay never sends them.", May: "As in June.",
			Remedy: "Name the key otherwise.",
		},
		{
			ID: "odd-key", Level: Warning, Title: "a key with characters that paths or headers cannot carry", Static: true,
			Current: "~ + & = % ? and space cannot be reached by path (encoding does not help); : and space break the headers of the parent.",
			June:    "~ + & % and space cannot be reached by path; : and space break the headers of the parent.", May: "~ + & % cannot be reached by path; : and space break the headers of the parent.",
			Remedy: "Use letters, digits, dashes, underscores and dots.",
		},
		{
			ID: "slash-key", Level: Note, Title: "a slash in a key", Static: true,
			Current: "Stored as nested tables.", June: same, May: same,
			Remedy: "Write nested tables.",
		},
		{
			ID: "non-ascii-key", Level: Error, Title: "a key that is not ASCII", Static: true,
			Current: "Works in JSON; the plain parent has a header with a raw name.", June: "Every read of the process is 500, for good.", May: "As in June.",
			Remedy: "Use ASCII keys and keep other text in values.",
		},
		{
			ID: "key-type", Level: Error, Title: "a key that is neither text nor a whole number", Static: true, Stuck: true,
			Current: "A fraction as key from lua@5.3a: every read of the process is 500, for good; true and false become text. aos cannot encode either, and the whole result is lost.",
			June:    same, May: same,
			Remedy: "Make keys text with tostring.",
		},
		{
			ID: "leaking-key", Level: Warning, Title: "a key named signature or body-keys", Static: true,
			Current: "Is no part of the table's hash and may be missing from the headers.",
			June:    "Is no part of the table's hash: tables that are else equal share one stored object, so that another process's value can appear.", May: "As in June.",
			Remedy: "Use another name.",
		},
		{
			ID: "empty-key", Level: Warning, Title: "an empty key", Static: true,
			Current: "Dropped.", June: same, May: same,
			Remedy: "Give the key a name.",
		},
	}
}
