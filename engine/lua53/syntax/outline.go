package syntax

import "slices"

// Symbol is an entry of the outline: a function with a name, or a handler.
type Symbol struct {
	// Name is the function's name ("f", "M.f", "M:f"), or the name that
	// Handlers.add gets.
	Name string
	// Handler is "add", "append", "prepend" or "once" for a call of that
	// function of Handlers, "" for a function.
	Handler string
	// Pos is where it begins, End the place of the closing word.
	Pos, End Pos
	// Depth counts the functions around it.
	Depth int
}

// Outline lists the named functions and the handlers of a chunk in the order
// of the text.
func Outline(c *Chunk) []Symbol {
	o := outliner{}
	o.block(c.Main.Body)
	slices.SortStableFunc(o.syms, func(a, b Symbol) int {
		if a.Pos.Line != b.Pos.Line {
			return int(a.Pos.Line - b.Pos.Line)
		}
		return int(a.Pos.Col - b.Pos.Col)
	})
	return o.syms
}

type outliner struct {
	syms  []Symbol
	depth int
}

func (o *outliner) block(b *Block) {
	if b == nil {
		return
	}
	for _, s := range b.Stmts {
		o.stmt(s)
	}
}

func (o *outliner) stmt(s Stmt) {
	switch x := s.(type) {
	case *LocalStmt:
		o.exprs(x.Exprs...)
	case *LocalFunction:
		o.exprs(x.Func)
	case *Assign:
		o.exprs(x.Targets...)
		o.exprs(x.Exprs...)
	case *CallStmt:
		o.exprs(x.Call)
	case *Do:
		o.block(x.Body)
	case *While:
		o.exprs(x.Cond)
		o.block(x.Body)
	case *Repeat:
		o.block(x.Body)
		o.exprs(x.Cond)
	case *If:
		for i := range x.Conds {
			o.exprs(x.Conds[i])
			o.block(x.Then[i])
		}
		o.block(x.Else)
	case *NumFor:
		o.exprs(x.Start, x.Limit, x.Step)
		o.block(x.Body)
	case *GenFor:
		o.exprs(x.Exprs...)
		o.block(x.Body)
	case *Return:
		o.exprs(x.Exprs...)
	}
}

func (o *outliner) exprs(es ...Expr) {
	for _, e := range es {
		o.expr(e)
	}
}

func (o *outliner) expr(e Expr) {
	switch x := e.(type) {
	case *Index:
		o.exprs(x.Obj, x.Key)
	case *Call:
		o.handler(x)
		o.expr(x.Fn)
		o.exprs(x.Args...)
	case *Table:
		for _, it := range x.Items {
			o.exprs(it.Key, it.Value)
		}
	case *Binary:
		o.exprs(x.L, x.R)
	case *Unary:
		o.expr(x.X)
	case *Paren:
		o.expr(x.X)
	case *Function:
		if x.Name != "" {
			o.syms = append(o.syms, Symbol{Name: x.Name, Pos: x.Pos, End: x.End, Depth: o.depth})
		}
		o.depth++
		o.block(x.Body)
		o.depth--
	}
}

// handler notes Handlers.add("name", …) and its relatives.
func (o *outliner) handler(c *Call) {
	f, ok := c.Fn.(*Index)
	if !ok || len(c.Args) == 0 {
		return
	}
	obj, ok1 := f.Obj.(*Name)
	key, ok2 := f.Key.(*Str)
	name, ok3 := c.Args[0].(*Str)
	if !ok1 || !ok2 || !ok3 || obj.Name != "Handlers" {
		return
	}
	switch key.Value {
	case "add", "append", "prepend", "once":
		sym := Symbol{Name: name.Value, Handler: key.Value, Pos: obj.Pos, End: c.Pos, Depth: o.depth}
		if fn, ok := c.Args[len(c.Args)-1].(*Function); ok {
			sym.End = fn.End
		}
		o.syms = append(o.syms, sym)
	}
}
