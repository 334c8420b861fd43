package syntax

// Pos is a place in a source: Line and Col count from 1, Col in bytes.
type Pos struct {
	Line, Col int32
}

// Expr is an expression: *Nil, *True, *False, *Num, *Str, *Vararg, *Function,
// *Name, *Index, *Call, *Table, *Binary, *Unary, *Paren.
type Expr interface {
	Position() Pos
	expr()
}

// Position returns where the node begins; for operators and indexing, where
// the operator is, as that is the place that messages name.
func (p Pos) Position() Pos { return p }

// Local is a declared local variable, parameter or loop variable. The parser
// resolves every use of the name to it.
type Local struct {
	Name string
	Pos  Pos
	// Captured: used by a function inside of the one that declares it.
	Captured bool
	// Assigned: assigned anywhere but in its declaration.
	Assigned bool
	// Slot is free for the compiler that works on the tree.
	Slot int
	// Func is the function that declares it.
	Func *Function
}

// The expressions.
type (
	// Nil is the literal nil.
	Nil struct{ Pos }
	// True is the literal true.
	True struct{ Pos }
	// False is the literal false.
	False struct{ Pos }
	// Num is a numeral.
	Num struct {
		Pos
		Value Number
		// Wide, in a chunk that was parsed for luerl, says that it is an integer beyond
		// 64 bits, of which Value holds what PUC makes: a float, or what is left after
		// wrapping around.
		Wide Wide
	}
	// Str is a string literal, unescaped.
	Str struct {
		Pos
		Value string
	}
	// Vararg is "...".
	Vararg struct{ Pos }
	// Name is a use of a variable. Local is nil for a global, which is a field
	// of the variable Env.
	Name struct {
		Pos
		Name  string
		Local *Local
		// Upvalue: Local belongs to a function around this one.
		Upvalue bool
		// Env is the local _ENV that a global refers to; nil: the chunk's.
		Env *Local
		// EnvUpvalue: Env belongs to a function around this one.
		EnvUpvalue bool
	}
	// Index is Obj[Key] and Obj.Key (Key is a *Str then).
	Index struct {
		Pos
		Obj, Key  Expr
		StoreLine int32 // of an assignment's target: the line of the assignment's end
	}
	// Call is Fn(Args...), or Fn:Method(Args...).
	Call struct {
		Pos        // of the opening parenthesis or the argument
		Begin  Pos // of the expression that is called; its line is the one that messages name
		Fn     Expr
		Method string // "" for a plain call
		Args   []Expr
	}
	// Table is a constructor.
	Table struct {
		Pos
		Items []Item
	}
	// Item is an entry of a constructor; Key is nil for a list item.
	Item struct {
		Key, Value Expr
	}
	// Binary is L Op R.
	Binary struct {
		Pos
		Op      Op
		L, R    Expr
		EndLine int32 // of the last token of R
	}
	// Unary is Op X.
	Unary struct {
		Pos
		Op Op
		X  Expr
	}
	// Paren is (X): exactly one value, and not assignable.
	Paren struct {
		Pos
		X Expr
	}
	// Function is a function body.
	Function struct {
		Pos
		Params  []*Local // self included
		Vararg  bool
		Body    *Block
		End     Pos    // of the word end
		Name    string // for the outline: "f", "t.f", "t:f", or ""
		Parent  *Function
		Upvals  []*Upvalue
		UsesEnv bool // it or a function in it uses a global
		// MaxSlots and Labels are free for the compiler.
		MaxSlots int
	}
	// Upvalue is a captured variable, in the order of first use. Local is nil
	// for the chunk's _ENV.
	Upvalue struct {
		Name  string
		Local *Local
	}
)

// Op is an operator.
type Op uint8

// The operators; OpNone is none.
const (
	OpNone Op = iota
	OpAdd
	OpSub
	OpMul
	OpMod
	OpPow
	OpDiv
	OpIDiv
	OpBAnd
	OpBOr
	OpBXor
	OpShl
	OpShr
	OpConcat
	OpEq
	OpNe
	OpLt
	OpLe
	OpGt
	OpGe
	OpAnd
	OpOr
	OpNeg
	OpNot
	OpLen
	OpBNot
)

// Stmt is a statement: *Local…, see below.
type Stmt interface {
	Position() Pos
	stmt()
}

// Block is a list of statements with a scope.
type Block struct {
	Stmts []Stmt
	// HasLabels: a label is among the statements.
	HasLabels bool
}

// The statements.
type (
	// LocalStmt is local a, b = …
	LocalStmt struct {
		Pos
		Locals []*Local
		Exprs  []Expr
	}
	// LocalFunction is local function f.
	LocalFunction struct {
		Pos
		Local *Local
		Func  *Function
	}
	// Assign is a, b = …; also function a.b.c() … end.
	Assign struct {
		Pos
		Targets []Expr // *Name or *Index
		Exprs   []Expr
	}
	// CallStmt is a call for its effects.
	CallStmt struct {
		Pos
		Call *Call
	}
	// Do is do … end.
	Do struct {
		Pos
		Body *Block
	}
	// While is while Cond do … end.
	While struct {
		Pos
		Cond Expr
		Body *Block
	}
	// Repeat is repeat … until Cond; Cond sees the body's locals.
	Repeat struct {
		Pos
		Body *Block
		Cond Expr
	}
	// If is if … then … elseif … else … end; Else may be nil.
	If struct {
		Pos
		Conds []Expr
		Then  []*Block
		Else  *Block
	}
	// NumFor is for v = Start, Limit, Step do … end; Step may be nil.
	NumFor struct {
		Pos
		Var                *Local
		Start, Limit, Step Expr
		Body               *Block
		DoLine             int32 // of the word do
	}
	// GenFor is for a, b in … do … end.
	GenFor struct {
		Pos
		Vars  []*Local
		Exprs []Expr
		Body  *Block
		// InLine is the line of the first token behind the word in.
		InLine int32
	}
	// Return is return …
	Return struct {
		Pos
		Exprs []Expr
	}
	// Break is break.
	Break struct{ Pos }
	// Goto is goto Name.
	Goto struct {
		Pos
		Label *Label
		Name  string
	}
	// Label is ::Name::.
	Label struct {
		Pos
		Name string
		// Block is the block it stands in, Index its place there.
		Block *Block
		Index int
		// Used: a goto jumps to it.
		Used bool
	}
)

func (*Nil) expr()      {}
func (*True) expr()     {}
func (*False) expr()    {}
func (*Num) expr()      {}
func (*Str) expr()      {}
func (*Vararg) expr()   {}
func (*Name) expr()     {}
func (*Index) expr()    {}
func (*Call) expr()     {}
func (*Table) expr()    {}
func (*Binary) expr()   {}
func (*Unary) expr()    {}
func (*Paren) expr()    {}
func (*Function) expr() {}

func (*LocalStmt) stmt()     {}
func (*LocalFunction) stmt() {}
func (*Assign) stmt()        {}
func (*CallStmt) stmt()      {}
func (*Do) stmt()            {}
func (*While) stmt()         {}
func (*Repeat) stmt()        {}
func (*If) stmt()            {}
func (*NumFor) stmt()        {}
func (*GenFor) stmt()        {}
func (*Return) stmt()        {}
func (*Break) stmt()         {}
func (*Goto) stmt()          {}
func (*Label) stmt()         {}

// Chunk is a parsed source.
type Chunk struct {
	// Name is the chunk's name as messages show it.
	Name string
	// Main is the function that the chunk is: without parameters, vararg.
	Main *Function
	// Functions are all functions of the chunk, Main first.
	Functions []*Function
	// Foreign are string literals with bytes beyond ASCII written as such, Wide the
	// integer numerals that 64 bits do not hold, Gotos the goto statements: what
	// other implementations of Lua read differently.
	Foreign, Wide, Gotos []Pos
}

// Error is a syntax error. Msg is the whole message in PUC's form, with chunk
// name and line: `[string "x"]:3: unexpected symbol near 'y'`.
type Error struct {
	Msg string
	// Line and Col (from 1, in bytes) are where the offending token begins,
	// EndCol is behind its end, on the same line.
	Line, Col, EndCol int
	// Incomplete: the error is the end of the text, so more text could make it
	// right, as an interactive prompt wants to know.
	Incomplete bool
}

func (e *Error) Error() string { return e.Msg }
