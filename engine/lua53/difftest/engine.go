package difftest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// engineTime is what the clock of the engine says: 2026-01-01, in milliseconds.
const engineTime = 1767225600000

// RunEngine runs source in a new State as a file called name (without '@' or '=': a file's name) and
// returns what it printed and the message of the error that ended it, as lua5.3 would show them.
func RunEngine(name, source string) string {
	var out strings.Builder
	s := newState(&out, lua53.Limits{})
	defer s.Close()
	fn, err := s.Load(source, "@"+name, "", nil)
	if err != nil {
		return out.String() + err.Error() + "\n"
	}
	tostring := s.Globals().GetString("tostring")
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	if _, err := s.Call(ctx, fn); err != nil {
		out.WriteString(message(ctx, s, tostring, err) + "\n")
	}
	return out.String()
}

func newState(out *strings.Builder, l lua53.Limits) *lua53.State {
	return lua53.New(lua53.Options{
		Limits: l,
		Print:  func(line string) { out.WriteString(line + "\n") },
		Write:  func(text string) { out.WriteString(text) },
		Clock:  func() int64 { return engineTime },
	})
}

// message is what lua.c's message handler makes of an error.
func message(ctx context.Context, s *lua53.State, tostring lua.LValue, err error) string {
	var e *lua53.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if t, ok := e.Value.(*lua53.Table); ok && t.Metatable() != nil && t.Metatable().GetString("__tostring") != lua.LNil {
		if r, err := s.Call(ctx, tostring, t); err == nil && len(r) > 0 {
			return r[0].String()
		}
	}
	return err.Error()
}

// RunProgram runs one generated program and returns its output; a program that uses too much gives Timeout.
func RunProgram(source string) (out string) {
	var b strings.Builder
	s := newState(&b, lua53.Limits{Gas: 5_000_000})
	defer s.Close()
	return runIn(s, &b, source)
}

// RunRolledBack runs a program in a transaction, rolls it back, and runs it again: nothing of the first run may be
// left, so the output is that of RunProgram.
func RunRolledBack(source string) string {
	var b strings.Builder
	s := newState(&b, lua53.Limits{Gas: 5_000_000})
	defer s.Close()
	s.Begin()
	runIn(s, &b, source)
	s.Rollback()
	b.Reset()
	s.ResetBudget()
	s.Begin()
	out := runIn(s, &b, source)
	s.Commit()
	return out
}

func runIn(s *lua53.State, out *strings.Builder, source string) string {
	b := out
	fn, err := s.Load(source, "=p", "t", nil)
	if err != nil {
		return "LOAD " + err.Error() + "\n"
	}
	if _, err := s.Call(context.Background(), fn); err != nil {
		var e *lua53.Error
		if !errors.As(err, &e) || e.Cause != nil {
			if errors.Is(err, lua53.ErrGas) || errors.Is(err, lua53.ErrMemory) {
				return Timeout
			}
			return fmt.Sprintf("%sINTERNAL %v\n", b.String(), err)
		}
		fmt.Fprintf(b, "ERR %s\n", show(e.Value))
	}
	return b.String()
}

func show(v lua.LValue) string {
	switch v.Type() {
	case lua.LTString, lua.LTNil, lua.LTBool, lua.LTNumber:
		return v.String()
	}
	return v.Type().String()
}
