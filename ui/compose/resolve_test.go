package compose

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

var testEnv = Env{
	Accounts:  []Account{{"alice", ao.Address("alice")}, {"bob", ao.Address("bob")}},
	Processes: []Account{{"token", ao.ID("token")}},
	Process:   ao.ID("token"),
	Last: &ao.Slot{
		Number: 4, Message: ao.Message{ID: "ID4", From: "F", Tags: []ao.Tag{{Name: "Quantity", Value: "7"}}},
		Result: ao.Result{Messages: []ao.OutMessage{{Data: patchdev.String("out"), Tags: []ao.OutTag{{Name: patchdev.String("Order"), Value: patchdev.String("o1")}}}}},
	},
}

func TestResolve(t *testing.T) {
	m, err := Resolve(Draft{From: "alice", Action: "Transfer", Tags: []ao.Tag{
		{Name: "Recipient", Value: "bob"},
		{Name: "Quantity", Value: "250"},
		{Name: "Name", Value: "bob"},
		{Name: "Word", Value: `\bob`},
		{Name: "Ref", Value: "{{last.Id}}/{{last.Slot}}/{{last.Order}}/{{last.Quantity}}"},
		{Name: "", Value: ""},
	}, Data: `{"to":"{{bob}}","keep":"\{{this}}","lua":{{1,2},{3}}}`}, testEnv)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Action": "Transfer", "Recipient": ao.Address("bob"), "Quantity": "250", "Name": "bob", "Word": "bob", "Ref": "ID4/4/o1/7",
	} {
		if got, _ := ao.TagValue(m.Tags, name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if m.From != ao.Address("alice") || m.Target != testEnv.Process {
		t.Errorf("from %s to %s", m.From, m.Target)
	}
	if want := `{"to":"` + ao.Address("bob") + `","keep":"{{this}}","lua":{{1,2},{3}}}`; m.Data != patchdev.Value(patchdev.String(want)) {
		t.Errorf("data %v", m.Data)
	}
}

func TestResolveSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		d     Draft
		field string
		says  string
	}{
		{Draft{}, "from", "alice, bob"},
		{Draft{From: "mallory"}, "from", "No account is called “mallory”"},
		{Draft{From: "alice", Target: "nowhere"}, "target", "“nowhere”"},
		{Draft{From: "alice", Tags: []ao.Tag{{Name: "A", Value: "{{no}}"}}}, "A", "no variable {{no}}"},
		{Draft{From: "alice", Tags: []ao.Tag{{Name: "A", Value: "{{open"}}}, "A", "without }}"},
		{Draft{From: "alice", Tags: []ao.Tag{{Name: " ", Value: "x"}}}, "", "needs a name"},
		{Draft{From: "alice", Data: "{{last.Nope}}"}, "data", "no tag Nope"},
	} {
		_, err := Resolve(c.d, testEnv)
		fe, ok := err.(*FieldError)
		if !ok || fe.Field != c.field || !strings.Contains(fe.Text, c.says) {
			t.Errorf("%+v: %v", c.d, err)
		}
	}
	if _, err := Resolve(Draft{From: "alice", Action: "{{last.Id}}"}, Env{Accounts: testEnv.Accounts}); err == nil || !strings.Contains(err.Error(), "send a message") {
		t.Errorf("without a slot: %v", err)
	}
}

func TestCheckData(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "hello": "", `{"a":1}`: "", "[1,2]": "", "{{alice}}": "",
		"{\n\"a\": 1,\n}": "line 3, column 1", "[1,": "looks like JSON but is not",
	} {
		if got := CheckData(in); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("CheckData(%q) = %q", in, got)
		}
	}
}

func TestCodeComesBackAsTheSameDraft(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-z][A-Za-z0-9-]{0,8}`)
	text := rapid.StringMatching(`[ -~éß\n'"\\]{0,20}`)
	rapid.Check(t, func(t *rapid.T) {
		d := Draft{From: rapid.SampledFrom([]string{"alice", "bob"}).Draw(t, "from"), Action: word.Draw(t, "action"), Data: text.Draw(t, "data")}
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			n := "X-" + word.Draw(t, "name")
			d.Tags = append(d.Tags, ao.Tag{Name: n, Value: text.Filter(func(s string) bool { return !strings.HasPrefix(s, `\`) && !strings.Contains(s, "{{") }).Draw(t, "value")})
		}
		if strings.Contains(d.Data, "{{") {
			return
		}
		for what, f := range map[string]func(Draft, Env, string) (string, error){"curl": Curl, "aoconnect": AOConnect} {
			code, err := f(d, testEnv, "http://127.0.0.1:8734")
			if err != nil {
				t.Fatal(err)
			}
			back, err := Parse(code, testEnv)
			if err != nil {
				t.Fatalf("%s:\n%s\n%v", what, code, err)
			}
			if what == "aoconnect" {
				back.From = d.From // a wallet signs
			}
			if !back.Equal(d) {
				t.Fatalf("%s:\n%s\ngave %+v\nwant %+v", what, code, back, d)
			}
		}
	})
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"Action":"Info"}`, ": Info"},
		{`{ Action: 'Mint', Tags: { Quantity: 5 }, // note` + "\n}", ": Mint Quantity=5"},
		{"await message({\n process: pid,\n signer: createDataItemSigner(wallet),\n tags: [{ name: 'Action', value: 'Ping' }, { name: 'N', value: \"1\" },],\n data: `hi`,\n})", ": Ping N=1"},
		{`curl -X POST http://x -d '{"Action":"A","Quantity":"3"}'`, ": A Quantity=3"},
		{`curl --data-raw="{\"Action\":\"B\"}" http://x`, ": B"},
	} {
		d, err := Parse(c.in, testEnv)
		if err != nil || d.Title() != c.want {
			t.Errorf("%s: %q, %v", c.in, d.Title(), err)
		}
	}
	for _, bad := range []string{"", "hello", "{", "curl http://x", "curl -d '{", `{"a":}`, "[1]", `{"Action":"x`, "curl -d @file http://x", "{}", strings.Repeat("{a:", 100)} {
		if d, err := Parse(bad, testEnv); err == nil {
			t.Errorf("%q was taken for %+v", bad, d)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"Action":"Info"}`)
	f.Add("curl -d '{}' x")
	f.Add("message({process:a, tags:[{name:'x',value:`y`}]})")
	f.Fuzz(func(t *testing.T, s string) { _, _ = Parse(s, testEnv) })
}

func TestLua(t *testing.T) {
	got, err := Lua(Draft{From: "alice", Action: "Transfer", Tags: []ao.Tag{{Name: "X-Note", Value: "a\"b\n"}}, Data: "hi"}, testEnv, "")
	want := "Send({\n  Target = \"" + testEnv.Process + "\",\n  Action = \"Transfer\",\n  [\"X-Note\"] = \"a\\\"b\\n\",\n  Data = \"hi\",\n})"
	if err != nil || got != want {
		t.Errorf("%s\nwant\n%s (%v)", got, want, err)
	}
}

func TestParseKnowsWhatBrowsersAndShellsWrite(t *testing.T) {
	pid := ao.ID("other")
	for _, c := range []struct{ in, want, target, data string }{
		{`$ curl -XPOST "http://x/` + pid + `~process@1.0/push" -H 'content-type: application/json' \` + "\n  -d'{\"Action\":\"A\"}'", ": A", pid, ""},
		{`curl --url https://cu/dry-run?process-id=` + pid + ` --data-raw $'{"Tags":[{"name":"Action","value":"it\'s"}],"Data":"a\nb"}' --compressed`, ": it's", pid, "a\nb"},
		{`curl.exe -d "{\"Action\":\"B\"}" http://x`, ": B", "", ""},
		{`fetch("http://x/` + pid + `~process@1.0/push", { method: "POST", body: "{\"Action\":\"C\",\"Data\":{\"x\":[1,null,true]}}" });`, ": C", pid, `{"x":[1,null,true]}`},
		{"fetch('http://x', {\n body: JSON.stringify({ Action: 'D', Quantity: 5 }, null, 2) })", ": D Quantity=5", "", ""},
		{"const P = '" + pid + "';\nlet tags = [{ name: 'Action', value: 'E' }]\nawait message({ process: P, tags, data: `for ${P}` })", ": E", pid, "for " + pid},
		{"request({ path: `/" + pid + "~process@1.0/push`, method: 'POST', 'signing-format': 'ans104', action: 'F', 'X-Y': 1.5 })", ": F X-Y=1.5", pid, ""},
		{`{"Action":"G","Data":"{{alice}}"}`, ": G", "", `\{{alice}}`},
	} {
		d, err := Parse(c.in, testEnv)
		if err != nil || d.Title() != c.want || d.Target != c.target || d.Data != c.data {
			t.Errorf("%s:\n%q to %q with %q, %v", c.in, d.Title(), d.Target, d.Data, err)
		}
	}
	_, open, err := parse("message({ process: p, tags: [{ name: 'Action', value: act() }, { name: 'Q', value: a + 'x' }], data: body })", testEnv)
	if want := "Action (act()) Q (a + 'x') Data (body)"; err != nil || strings.Join(open, " ") != want {
		t.Errorf("open %q, %v", open, err)
	}
}

// Whatever is pasted ends in a draft or in a sentence, soon.
func TestParseEnds(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"curl ", "-d ", "$'", "'", `"`, "`", "{", "}", "[", "]", "(", ")", ",", ":", ";", "\n", "\\", "message(", "fetch(", "const a = ", "a", "${a}",
		"JSON.stringify(", "String(", "tags", "name", "value", "Action", "//", "/*", "*/", "...", "Send(", "ao.send{", "await message(", "-H ", "-G ", "@-", "<<EOF\n", "EOF", "|", "^", ".filter(", "import {", "a=b&", "1", "-", "é", "\x00", " ",
	})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "pieces"), "")
		if _, err := Parse(s, testEnv); err != nil && len(err.Error()) > 300 {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

// What is escaped is sent as it was, whatever it is.
func TestEscapedTextIsSentAsItIs(t *testing.T) {
	piece := rapid.SampledFrom([]string{"{", "{{", "}}", "{{alice}}", `\`, "alice", "last.Id", " ", "x", "\n"})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
		got, err := testEnv.expand(Escape(s))
		if err != nil || got != s {
			t.Fatalf("%q escaped as %q gave %q, %v", s, Escape(s), got, err)
		}
		if got, err = testEnv.ResolveValue("To", testEnv.Literal("To", s)); err != nil || got != s {
			t.Fatalf("%q as a tag's value %q gave %q, %v", s, testEnv.Literal("To", s), got, err)
		}
	})
}

func TestFieldsRefuseWhatTheyCannotHold(t *testing.T) {
	long := strings.Repeat("x", MaxName+1)
	for _, c := range []struct {
		d     Draft
		field string
		says  string
	}{
		{Draft{From: long}, "from", "From is 1,025 bytes long"},
		{Draft{From: "al\nice"}, "from", "line end"},
		{Draft{From: "alice", Action: "a\x00"}, "action", "control character"},
		{Draft{From: "alice", Action: "\xff"}, "action", "not UTF-8"},
		{Draft{From: "alice", Target: "-1"}, "target", "There are token"},
		{Draft{From: "alice", Tags: []ao.Tag{{Name: long, Value: "1"}}}, long, "The name of tag 1 is 1,025 bytes long"},
		{Draft{From: "alice", Tags: []ao.Tag{{Name: "A", Value: "1"}, {Name: "\x01", Value: "1"}}}, "\x01", "The name of tag 2"},
		{Draft{From: "alice", Data: "{", As: AsJSON}, "data", "line 1, column 1"},
		{Draft{From: "{{last.Quantity}}"}, "from", "{{last.Quantity}} is “7”, which is no address"},
		{Draft{From: "alice", Data: "{{random.-3}}"}, "data", "write {{random.100}}"},
		{Draft{From: "alice", Data: "{{now.week}}"}, "data", "no variable {{now.week}}"},
	} {
		_, err := Resolve(c.d, testEnv)
		fe, ok := err.(*FieldError)
		if !ok || fe.Field != c.field || !strings.Contains(fe.Text, c.says) || len(fe.Text) > 700 {
			t.Errorf("%+v: %v", c.d, err)
		}
	}
	for _, c := range []struct {
		d    Draft
		says string
	}{
		{Draft{From: "alice", Data: "\xff"}, "not UTF-8"},
		{Draft{From: "alice", Tags: []ao.Tag{{Name: "A", Value: strings.Repeat("v", 4000)}}}, "A is 4,000 bytes long: a signed message takes 3072"},
		{Draft{From: "alice", Tags: []ao.Tag{{Name: "A", Value: "1"}, {Name: "A", Value: "2"}}}, "stands twice"},
		{Draft{From: "alice", Action: "x", Tags: []ao.Tag{{Name: "A", Value: "a\nb"}}}, "control characters"},
		{Draft{From: "alice", Tags: make([]ao.Tag, 0)}, ""},
	} {
		m, err := Resolve(c.d, testEnv)
		if got := Warn(c.d, m); err != nil || !strings.Contains(got, c.says) || (got == "") != (c.says == "") {
			t.Errorf("%+v: %q, %v", c.d, got, err)
		}
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("{{alice}} {{last.Id}} {{x")
	f.Add(`\{{a}} {{{bob}}} {{uuid}}`)
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = testEnv.expand(s)
		if got, err := testEnv.expand(Escape(s)); err != nil || got != s {
			t.Errorf("%q escaped gave %q, %v", s, got, err)
		}
	})
}
