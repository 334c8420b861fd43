package templates_test

import (
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"patchbay/engine"
	"patchbay/engine/ao"
	"patchbay/engine/aos"
	"patchbay/patchdev"
	"patchbay/ui/compose"
	"patchbay/ui/templates"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a template that runs in the engine.
type bench struct {
	*engine.Engine
	t   *testing.T
	pid string
	env compose.Env
}

func start(t *testing.T, x templates.Template) *bench {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Journal: ":memory:", NewVM: func(flavour string) (ao.NewVM, bool) {
		return func(env ao.Env, limits ao.Limits) (ao.VM, error) { return aos.New(env, limits) }, flavour == "aos"
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	p, err := e.Spawn(t.Context(), engine.SpawnRequest{Name: x.Name, Script: x.Name + ".lua", Source: x.Source, Owner: ao.Address("owner")})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Engine: e, t: t, pid: p.ID}
	b.env.Process = p.ID
	for _, name := range []string{"alice", "bob", "owner"} { // as a new project has them
		b.env.Accounts = append(b.env.Accounts, compose.Account{Name: name, Address: ao.Address(name)})
	}
	return b
}

// send evaluates a message as the composer would send it.
func (b *bench) send(d compose.Draft) *ao.Slot {
	b.t.Helper()
	m, err := compose.Resolve(d, b.env)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := b.Send(b.t.Context(), b.pid, m)
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := b.Wait(b.t.Context(), b.pid, r.Slot)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// at reads a path of the cache; accounts may be named.
func at(root *patchdev.Table, path string) string {
	var v patchdev.Value = root
	for _, k := range strings.Split("cache/"+path, "/") {
		t, ok := v.(*patchdev.Table)
		if !ok {
			return "nothing"
		}
		next, ok := t.Get(k)
		if !ok {
			if next, ok = t.Get(ao.Address(k)); !ok {
				return "nothing"
			}
		}
		v = next
	}
	if s, ok := v.(patchdev.String); ok {
		for _, name := range []string{"alice", "bob", "owner"} {
			if string(s) == ao.Address(name) {
				return name
			}
		}
	}
	return fmt.Sprint(v)
}

// Each template is loaded, its saved messages do what they say, in their order, and
// nothing in it would be answered otherwise by a node of any generation.
func TestSavedMessagesOfTemplates(t *testing.T) {
	want := map[string]map[string]string{
		"token":    {"balances/owner": "1000750", "balances/bob": "250", "totalsupply": "1001000"},
		"counter":  {"count": "0"},
		"chat":     {"members/alice": "Alice", "posted": "1", "posts/p1/from": "Alice", "posts/p1/text": "Hello, world"},
		"board":    {"turn": "x", "winner": "none", "board/s5": "-", "players/x": "nobody"},
		"registry": {"names/my-name": "alice", "records/my-name": "somewhere"},
	}
	list, err := templates.All()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(want) {
		t.Errorf("%d templates", len(list))
	}
	for _, x := range list {
		for _, profile := range []string{"current", "2025-06", "2025-05"} {
			t.Run(x.Name+"/"+profile, func(t *testing.T) {
				b := start(t, x)
				p, _ := patchdev.ProfileByName(profile)
				if err := b.SetProfile(t.Context(), p); err != nil {
					t.Fatal(err)
				}
				check := func(what string, s *ao.Slot) {
					t.Helper()
					if s.Result.Failed() || s.Failure != "" {
						t.Errorf("%s fails: %s %s", what, s.Result.Error, s.Failure)
					}
					for _, w := range s.Warnings {
						t.Errorf("%s: %s at %v: %s", what, w.Rule, w.Path, w.Message)
					}
				}
				first, err := b.Slot(t.Context(), b.pid, 0)
				if err != nil {
					t.Fatal(err)
				}
				check("the script", first)
				if _, ok := first.Root.Get("cache"); !ok {
					t.Error("nothing is exposed after the start")
				}
				root := first.Root
				for _, m := range x.Messages {
					if !strings.HasPrefix(m.Name, x.Name+"/") {
						t.Errorf("%s is not in a folder of its own", m.Name)
					}
					s := b.send(m.Draft)
					check(m.Name, s)
					if len(s.Changes) == 0 && len(s.Rest) == 0 && len(s.Result.Messages) == 0 {
						t.Errorf("%s does nothing", m.Name)
					}
					root = s.Root
				}
				for path, value := range want[x.Name] {
					if got := at(root, path); got != value {
						t.Errorf("%s is %q, want %q", path, got, value)
					}
				}
				again, err := b.Verify(t.Context(), b.pid)
				if err != nil || again.First >= 0 {
					t.Errorf("a replay differs at slot %d: %v", again.First, err)
				}
			})
		}
	}
}

// What users do next, and what they must not do.
func TestTemplatesHoldTheirRules(t *testing.T) {
	list, err := templates.All()
	if err != nil {
		t.Fatal(err)
	}
	draft := func(from, action, data string, tags ...string) compose.Draft {
		d := compose.Draft{From: from, Action: action, Data: data}
		for i := 0; i+1 < len(tags); i += 2 {
			d.Tags = append(d.Tags, ao.Tag{Name: tags[i], Value: tags[i+1]})
		}
		return d
	}
	type step struct {
		draft compose.Draft
		fails string // part of the error, "" for none
	}
	ok := func(d compose.Draft) step { return step{d, ""} }
	play := func(who, square string) step { return ok(draft(who, "Play", "", "Square", square)) }
	for name, c := range map[string]struct {
		steps []step
		want  map[string]string
	}{
		"token": {[]step{
			ok(draft("bob", "Transfer", "", "Recipient", "alice", "Quantity", "1")), // has none
			{draft("owner", "Transfer", "", "Quantity", "1"), "needs a Recipient"},
			{draft("owner", "Transfer", "", "Recipient", "bob", "Quantity", "-1"), "above 0"},
			{draft("owner", "Transfer", "", "Recipient", "bob", "Quantity", "0.5"), "whole number"},
			{draft("owner", "Transfer", "", "Recipient", "bob", "Quantity", "nan"), "whole number"},
			{draft("bob", "Mint", "", "Quantity", "1"), "Only the owner"},
		}, map[string]string{"balances/owner": "1000000", "balances/bob": "nothing", "totalsupply": "1000000"}},
		"counter": {[]step{
			ok(draft("bob", "Increment", "")), ok(draft("bob", "Increment", "", "By", "41")),
			{draft("bob", "Reset", ""), "Only the owner"},
		}, map[string]string{"count": "42"}},
		"chat": {[]step{
			{draft("bob", "Post", "Hi"), "Join first"},
			ok(draft("bob", "Join", "", "Nickname", "Bob")),
			{draft("bob", "Post", ""), "needs Data"},
		}, map[string]string{"posted": "0", "members/bob": "Bob"}},
		"board": {[]step{
			play("alice", "1"),
			{draft("alice", "Play", "", "Square", "2"), "Somebody else"},
			{draft("bob", "Play", "", "Square", "1"), "taken"},
			{draft("bob", "Play", "", "Square", "10"), "1 to 9"},
			{draft("owner", "Again", ""), "Only the players"},
			play("bob", "4"),
			{draft("owner", "Play", "", "Square", "2"), "turn of x"},
			play("alice", "2"), play("bob", "5"), play("alice", "3"),
			{draft("bob", "Play", "", "Square", "6"), "game is over"},
		}, map[string]string{"winner": "x", "players/x": "alice", "players/o": "bob", "board/s3": "x"}},
		"registry": {[]step{
			ok(draft("alice", "Register", "", "Label", "Shop")),
			{draft("bob", "Register", "", "Label", "shop"), "is taken"},
			{draft("bob", "Point", "", "Label", "shop", "Value", "x"), "not yours"},
			{draft("bob", "Register", "", "Label", "a b"), "A Label has"},
		}, map[string]string{"names/shop": "alice", "records/shop": "nothing"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, x := range list {
				if x.Name != name {
					continue
				}
				b := start(t, x)
				for _, s := range c.steps {
					got := b.send(s.draft)
					if (s.fails == "") == got.Result.Failed() || !strings.Contains(got.Result.Error, s.fails) {
						t.Errorf("%s: %q, want %q", s.draft.Title(), got.Result.Error, s.fails)
					}
				}
				_, root, _ := b.Head(b.pid)
				for path, value := range c.want {
					if got := at(root, path); got != value {
						t.Errorf("%s is %q, want %q", path, got, value)
					}
				}
			}
		})
	}
}

// The chat keeps fifty posts, whatever is posted: keys do not pile up in the cache.
func TestTheChatForgets(t *testing.T) {
	list, _ := templates.All()
	b := start(t, list[2])
	b.send(compose.Draft{From: "bob", Action: "Join", Tags: []ao.Tag{{Name: "Nickname", Value: "Bob"}}})
	var last *ao.Slot
	for i := range 60 {
		last = b.send(compose.Draft{From: "bob", Action: "Post", Data: fmt.Sprint("post ", i+1)})
	}
	c, _ := last.Root.Get("cache")
	p, _ := c.(*patchdev.Table).Get("posts")
	if n := p.(*patchdev.Table).Len(); n != 50 {
		t.Errorf("%d posts are kept", n)
	}
	if got := at(last.Root, "posts/p10/text"); got != "post 60" {
		t.Errorf("p10 is %q", got)
	}
}
