package compose

import (
	"fmt"
	"strings"
	"testing"

	"patchbay/engine/ao"
)

// summary is a draft with all that an import may get wrong.
func summary(d Draft, open []string) string {
	s := d.Title()
	if d.Target != "" {
		s += " to " + d.Target
	}
	if d.Data != "" {
		s += " data " + d.Data
	}
	if len(open) > 0 {
		s += " open " + strings.Join(open, ", ")
	}
	return s
}

// What authors paste: from shells, from cmd.exe, from the network tab of a browser,
// from HyperBEAM's own examples, from a front end's source.
func TestImportsOfAllShapes(t *testing.T) {
	other := ao.ID("other")
	push := "http://127.0.0.1:8734/" + other + "~process@1.0/push"
	for _, c := range []struct{ in, want string }{
		// what the output goes into is no part of the request
		{"curl -s " + push + " -d '{\"Action\":\"A\"}' | jq .", ": A to " + other},
		{"curl -s " + push + " -d '{\"Action\":\"A\"}' > out.json 2>&1", ": A to " + other},
		{"curl -s -d '{\"Action\":\"A\"}' " + push + " && echo done; exit", ": A to " + other},
		{"curl -d '{\"Action\":\"A\"}' " + push + "\ncurl -d '{\"Action\":\"B\"}' http://x", ": A to " + other},
		// before the command
		{"# send it\nTOKEN=x curl -d '{\"Action\":\"A\"}' " + push, ": A to " + other},
		{"% curl -d '{\"Action\":\"A\"}' " + push, ": A to " + other},
		// options
		{"curl -sSX POST " + push + " -sd '{\"Action\":\"A\"}'", ": A to " + other},
		{"curl -sLXPOST -u me:you --max-time 3 -o out " + push + " --json '{\"Action\":' --json '\"A\"}'", ": A to " + other},
		{"curl --location --request POST '" + push + "' \\\r\n--header 'Content-Type: application/json' \\\r\n--data '{\r\n  \"Action\": \"A\"\r\n}'", ": A to " + other},
		{"curl \"" + push + "\" -d \"{\\\"Action\\\":\\\"It's \\$5\\\"}\"", ": It's $5 to " + other},
		{"curl " + push + " -d @- <<'EOF'\n{\"Action\":\"A\"}\nEOF", ": A to " + other},
		// cmd.exe
		{"curl " + push + " ^\r\n  -d \"{\\\"Action\\\":\\\"A\\\"}\"", ": A to " + other},
		{"curl ^\"" + push + "^\" ^\n  -H ^\"content-type: application/json^\" ^\n  --data-raw ^\"^{^\\^\"Action^\\^\":^\\^\"A^\\^\"^}^\"", ": A to " + other},
		// tags in the query, in headers, in a form; the body is Data then
		{"curl '" + push + "?Action=Transfer&Recipient=bob&Quantity+integer=5&bundle'", ": Transfer Recipient=bob Quantity=5 to " + other},
		{"curl " + push + "?action=Info&Memo=a%20b+c", ": Info Memo=a b c to " + other},
		{"curl -G " + push + " -d Action=Info --data-urlencode 'Memo=hi there & bye'", ": Info Memo=hi there & bye to " + other},
		{"curl " + push + " -H 'Action: Transfer' -H 'Quantity: 5' -H 'accept: */*' -H 'content-type: text/plain' -d 'hello'", ": Transfer Quantity=5 to " + other + " data hello"},
		{"curl -XPOST " + push + " -H 'Action: Transfer' -H 'Sec-Fetch-Mode: cors'", ": Transfer to " + other},
		{"curl " + push + " -d 'Action=Transfer&Quantity=5' -d Memo=x", ": Transfer Quantity=5 Memo=x to " + other},
		{"curl '" + push + "?Action=Note' -d '[1, 2]'", ": Note to " + other + " data [1, 2]"},
		// aoconnect
		{"const res = await dryrun({ process: '" + other + "', Owner: '1234', tags: [{ name: 'Action', value: 'A' },], });", ": A to " + other},
		{"import { message, result } from '@permaweb/aoconnect';\nconst { a, b } = config;\nconst msg = {\n  process: '" + other + "',\n  tags: [{ name: 'Action', value: 'A' }],\n};\nawait message(msg);", ": A to " + other},
		{"message({ process: p, tags: [\n  { name: 'Action', value: 'A' },\n  ...extraTags,\n], ...rest })", ": A open tags (...extraTags), ...rest"},
		{"const base = [{ name: 'Action', value: 'A' }];\nmessage({ process: p, tags: [...base, { name: 'X', value: '1' }] })", ": A X=1"},
		{"const base = { data: 'hi' };\nmessage({ ...base, tags: [{ name: 'Action', value: 'A' }] })", ": A data hi"},
		{"message({ tags: [{ name: 'Action', value: 'A' }, memo && { name: 'Memo', value: memo }].filter(Boolean) })", ": A open tags (memo && { name: 'Memo', value: memo })"},
		{"message({ tags: [{ name: 'Action', value: 'A' as string }, new Tag('B', 'C')] })", ":  open Action ('A' as string), tags (new Tag('B', 'C'))"},
		{"message({ tags: toTags.map((t) => t), data: JSON.stringify(payload) })", ":  open the tags (toTags.map((t) => t)), Data (JSON.stringify(payload))"},
		{"message({ tags: [{ name: 'a' }].map(f), data: 'x' })", ":  data x open the tags ([{ name: 'a' }].map(f))"},
		{`[{"name":"Action","value":"A"},{"name":"X","value":"1"}]`, ": A X=1"},
		// Lua, as it is copied here and typed at aos' prompt
		{"Send({ Target = \"" + other + "\", Action = \"A\", Quantity = 5, [\"X-Y\"] = 'z', Data = [[a\nb]] })", ": A Quantity=5 X-Y=z to " + other + " data a\nb"},
		{"-- ask\nlocal r = ao.send{Target = ao.id, Tags = {Action = 'A', Big = 9007199254740993}, Flag = true}.receive()", ": A Big=9007199254740993 Flag=true"},
		{"Send({ Target = Token, Tags = { { name = 'Action', value = 'A' }, { name = 'N', value = tostring(n) } } })", ": A N= open N (computed)"},
		{`{"Action":"Eval","Data":"x = 1; Send({ Target = ao.id })"}`, ": Eval data x = 1; Send({ Target = ao.id })"},
	} {
		d, open, err := parse(c.in, testEnv)
		if err != nil {
			t.Errorf("%s\n%v", c.in, err)
		} else if got := summary(d, open); got != c.want {
			t.Errorf("%s\ngave %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestImportsThatAreRefusedSayWhatToDo(t *testing.T) {
	read := "http://127.0.0.1:8734/" + ao.ID("token") + "~process@1.0/now/cache/balances"
	for in, says := range map[string]string{
		"curl http://x -d @messages/a.json":            "the body is in the file messages/a.json, which is not read here: paste its contents in place of @messages/a.json",
		"curl http://x --json @a.json":                 "paste its contents in place of @a.json",
		"curl http://x --data-urlencode Data@a.txt":    "in the file a.txt",
		"cat a.json | curl http://x -d @-":             "paste what that gives in place of @-",
		"curl http://x -d @-":                          "paste what that gives in place of @-",
		"curl http://x -F file=@a.png":                 "send JSON with --data",
		"curl " + read:                                 "reads from a process and sends it no message: look for the key in the cache tree",
		"curl '" + read + "?bundle'":                   "look for the key in the cache tree",
		"curl http://x -d hello":                       "the body is not JSON: expected --data '{ … }' with the message",
		"curl http://x -d '{\"Action\":\"A\"} x'":      `after it comes "x"`,
		"const p = await spawn({ module: m, signer })": "Process › New process… makes one here",
		"import { result } from 'a'\nlet { Messages } = await result({ message: id, process: p })": "result sends no message: import the call of message, dryrun or request",
		"await message(msg)":                                  "the message is in msg, which is not in the text",
		"message({ process: 'p' tags: [] })":                  `line 1: expected a comma or '}', found "tags: [] })"`,
		"message({\n tags: [{ name: 'A' value: 'x' }] })":     "line 2: expected a comma",
		"Send({ Target = 'x' Action = 'y' })":                 "the Lua cannot be read: line 1: '}' expected near 'Action'",
		"Handlers.add('a', 'A', function(m) ao.send({}) end)": "the Lua sends nothing by itself: paste the call alone",
	} {
		if d, err := Parse(in, testEnv); err == nil || !strings.Contains(fmt.Sprint(err), says) {
			t.Errorf("%s\ngave %+v, %v\nwant %s", in, d, err, says)
		}
	}
}
