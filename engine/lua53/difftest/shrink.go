package difftest

// Shrink reduces prog while differs still says that the two sides disagree. It calls differs at most
// budget times and returns the smallest program found. prog is changed in place.
func Shrink(prog *Node, budget int, differs func(src string) bool) *Node {
	try := func() bool {
		if budget <= 0 {
			return false
		}
		budget--
		return differs(prog.String())
	}
	for changed := true; changed && budget > 0; {
		changed = false
		var walk func(n *Node)
		walk = func(n *Node) {
			if n.Kind == Block {
				changed = dropStatements(n, try) || changed
				for i := range n.Kids {
					changed = unwrap(n, i, try) || changed
				}
			} else {
				for i := range n.Kids {
					if n.Kids[i].Kind == Expr {
						changed = simplify(n, i, try) || changed
					}
				}
			}
			for _, k := range n.Kids {
				walk(k)
			}
		}
		walk(prog)
	}
	return prog
}

// dropStatements takes runs of statements out of a block, long runs first.
func dropStatements(b *Node, try func() bool) bool {
	changed := false
	for size := len(b.Kids); size >= 1; size /= 2 {
		for at := 0; at+size <= len(b.Kids); {
			old := b.Kids
			b.Kids = append(append([]*Node{}, old[:at]...), old[at+size:]...)
			if try() {
				changed = true
				continue
			}
			b.Kids = old
			at += size
		}
	}
	return changed
}

// unwrap puts the statements of a block inside statement i in its place.
func unwrap(b *Node, i int, try func() bool) bool {
	if i >= len(b.Kids) {
		return false
	}
	var inner func(n *Node) *Node
	inner = func(n *Node) *Node {
		for _, k := range n.Kids {
			if k.Kind == Block {
				return k
			}
			if in := inner(k); in != nil {
				return in
			}
		}
		return nil
	}
	body := inner(b.Kids[i])
	if body == nil {
		return false
	}
	old := b.Kids
	b.Kids = append(append(append([]*Node{}, old[:i]...), body.Kids...), old[i+1:]...)
	if try() {
		return true
	}
	b.Kids = old
	return false
}

// simplify replaces expression i of n by one of its own children or by a literal.
func simplify(n *Node, i int, try func() bool) bool {
	old := n.Kids[i]
	if len(old.Kids) == 0 {
		switch old.Text[0] {
		case "nil", "1", "x":
			return false
		}
	}
	var options []*Node
	for _, k := range old.Kids {
		if k.Kind == Expr {
			options = append(options, k)
		}
	}
	options = append(options, E("nil"), E("1"))
	for _, o := range options {
		n.Kids[i] = o
		if try() {
			return true
		}
	}
	n.Kids[i] = old
	return false
}
