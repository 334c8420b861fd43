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
	}, Data: `{"to":"{{bob}}","keep":"{{this}}"}`}, testEnv)
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
	if want := `{"to":"` + ao.Address("bob") + `","keep":"{{this}}"}`; m.Data != patchdev.Value(patchdev.String(want)) {
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
		"{\n\"a\": 1,\n}": "(line 3)", "[1,": "looks like JSON but is not",
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
