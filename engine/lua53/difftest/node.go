package difftest

import "strings"

// Kind says how a Node may be reduced.
type Kind uint8

// The kinds of nodes.
const (
	Expr  Kind = iota // may be replaced by a child expression or a literal
	Stmt              // may be removed from its block, or replaced by the statements of a block in it
	Block             // a list of statements, one a line
)

// Node is a piece of a generated program: fixed text with children between. It renders as
// Text[0] Kids[0] Text[1] … Kids[n-1] Text[n]; a Block has no text.
type Node struct {
	Kind Kind
	Text []string
	Kids []*Node
}

// E makes an expression of text and *Node parts, given alternately or not.
func E(parts ...any) *Node { return build(Expr, parts) }

// S makes a statement.
func S(parts ...any) *Node { return build(Stmt, parts) }

func build(k Kind, parts []any) *Node {
	n := &Node{Kind: k, Text: []string{""}}
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			n.Text[len(n.Text)-1] += p
		case *Node:
			n.Kids = append(n.Kids, p)
			n.Text = append(n.Text, "")
		case []*Node: // an expression list
			for i, e := range p {
				if i > 0 {
					n.Text[len(n.Text)-1] += ", "
				}
				n.Kids = append(n.Kids, e)
				n.Text = append(n.Text, "")
			}
		}
	}
	return n
}

// String renders the program text.
func (n *Node) String() string {
	var b strings.Builder
	n.render(&b)
	return b.String()
}

func (n *Node) render(b *strings.Builder) {
	if n.Kind == Block {
		for _, k := range n.Kids {
			k.render(b)
			b.WriteByte('\n')
		}
		return
	}
	for i, t := range n.Text {
		b.WriteString(t)
		if i < len(n.Kids) {
			n.Kids[i].render(b)
		}
	}
}
