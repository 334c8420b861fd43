package lua53

import (
	"context"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

func TestMakeRecords(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	s.Begin()
	list := s.MakeRecords(lua.LString("name"), lua.LString("value"), [][2]lua.LValue{{lua.LString("a"), MakeInt(1)}, {lua.LString("b"), lua.LNil}})
	s.SetString(s.Globals(), "T", list)
	fn, err := s.Load(`local a, b = T[1], T[2]
a.name, a.more, b.value = "c", 2, 3
local out = #T .. a.name .. a.value .. a.more .. b.name .. b.value
for k in pairs(b) do out = out .. k end
a.value = nil
return out .. tostring(a.value) .. tostring(b.value)`, "=t", "t", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Call(context.Background(), fn)
	if err != nil || got[0] != lua.LString("2c12b3namevaluenil3") {
		t.Fatal(got, err)
	}
	s.Rollback()
	if s.Globals().GetString("T") != lua.LNil {
		t.Fatal("rolled back")
	}
}
