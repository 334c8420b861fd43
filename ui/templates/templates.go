// Package templates holds the kinds of process that "New process" starts from:
// a script of each, and messages to try it with.
package templates

import (
	"embed"
	"fmt"

	"patchbay/engine/ao"
	"patchbay/ui/compose"
)

//go:embed src/*.lua
var sources embed.FS

// Template is one kind of process.
type Template struct {
	Name, About, Source string
	Messages            []compose.Saved
}

// All lists the templates.
func All() ([]Template, error) {
	draft := func(from, action, data string, tags ...string) compose.Draft {
		d := compose.Draft{From: from, Action: action, Data: data}
		for i := 0; i+1 < len(tags); i += 2 {
			d.Tags = append(d.Tags, ao.Tag{Name: tags[i], Value: tags[i+1]})
		}
		return d
	}
	list := []Template{
		{Name: "token", About: "Balances that move: the whole table is shown in the cache.", Messages: []compose.Saved{
			{Name: "transfer", Draft: draft("owner", "Transfer", "", "Recipient", "bob", "Quantity", "250")},
			{Name: "mint", Draft: draft("owner", "Mint", "", "Quantity", "1000")},
			{Name: "balance", Draft: draft("bob", "Balance", "")},
		}},
		{Name: "counter", About: "The smallest process with a state: it counts.", Messages: []compose.Saved{
			{Name: "increment", Draft: draft("alice", "Increment", "", "By", "1")},
			{Name: "reset", Draft: draft("owner", "Reset", "")},
		}},
		{Name: "chat", About: "A room: who joined may post, everybody may read.", Messages: []compose.Saved{
			{Name: "join", Draft: draft("alice", "Join", "", "Nickname", "Alice")},
			{Name: "post", Draft: draft("alice", "Post", "Hello, world")},
		}},
		{Name: "board", About: "A board game for two: tic-tac-toe.", Messages: []compose.Saved{
			{Name: "play", Draft: draft("alice", "Play", "", "Square", "5")},
			{Name: "answer", Draft: draft("bob", "Play", "", "Square", "1")},
			{Name: "again", Draft: draft("alice", "Again", "")},
		}},
		{Name: "registry", About: "Names with owners and records.", Messages: []compose.Saved{
			{Name: "register", Draft: draft("alice", "Register", "", "Label", "my-name")},
			{Name: "point", Draft: draft("alice", "Point", "", "Label", "my-name", "Value", "somewhere")},
			{Name: "lookup", Draft: draft("bob", "Lookup", "", "Label", "my-name")},
		}},
	}
	for i := range list {
		b, err := sources.ReadFile("src/" + list[i].Name + ".lua")
		if err != nil {
			return nil, fmt.Errorf("the template %s is missing: %w", list[i].Name, err)
		}
		list[i].Source = string(b)
		for k := range list[i].Messages {
			list[i].Messages[k].Name = list[i].Name + "/" + list[i].Messages[k].Name
		}
	}
	return list, nil
}
