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
	list := s.MakeRecords("name", "value", [][2]lua.LValue{{lua.LString("a"), MakeInt(1)}, {lua.LString("b"), lua.LNil}})
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

// TestLateLists holds the lists of MakeRecords and NewInts, which are made when
// somebody looks, against ordinary tables with the same in them: whatever a script
// does first, it must see and leave the same, also when it is rolled back after.
func TestLateLists(t *testing.T) {
	const plain = `A = {{name = "a", value = 1}, {name = "b"}} B = {1, 2, 3, 4, 5, 6, 7, 4294967295}`
	const show = `
local function show(v, seen)
  if type(v) ~= "table" then return math.type(v) and tostring(v) .. math.type(v) or tostring(v) end
  if seen[v] then return "again" end
  seen[v] = true
  local out = {}
  for k, x in next, v do out[#out + 1] = tostring(k) .. "=" .. show(x, seen) end
  return "{" .. table.concat(out, " ") .. "}" .. rawlen(v) .. show(getmetatable(v), seen)
end
return show(A, {}) .. show(B, {})`
	first := map[string]string{
		"nothing":          ``,
		"length":           `N = #A + #B`,
		"an item":          `N = A[2].name .. B[8]`,
		"no item":          `N = tostring(A[3]) .. tostring(A[0]) .. tostring(B[9]) .. tostring(A.x) .. tostring(B[1.5])`,
		"float key":        `N = B[8.0] .. A[1.0].name`,
		"pairs":            `N = "" for k, v in pairs(B) do N = N .. k .. v end for k in pairs(A) do N = N .. k end`,
		"ipairs":           `N = "" for k, v in ipairs(B) do N = N .. k .. v end for k in ipairs(A) do N = N .. k end`,
		"next":             `N = next(B) .. next(A)`,
		"next of a key":    `N = next(B, 8) or next(A, 1)`,
		"rawget":           `N = rawget(B, 2) .. rawget(A, 1).name .. rawlen(A) .. rawlen(B)`,
		"overwrite":        `A[1], B[1] = 5, "x"`,
		"append":           `A[#A + 1] = 1 table.insert(B, 9)`,
		"insert":           `table.insert(A, 1, 0) table.insert(B, 1, 0)`,
		"remove":           `N = tostring(table.remove(A)) ~= nil table.remove(B)`,
		"removed in front": `table.remove(A, 1) table.remove(B, 1)`,
		"beyond the end":   `A[5] = 1 B[20] = 2`,
		"string keys":      `A.x, B.x = 1, 2`,
		"string keys, nil": `A.x, B.x = nil, nil`,
		"both":             `A.x = 1 A[3] = 2 B.x = 3 B[9] = 4`,
		"a hole":           `A[1], B[4] = nil, nil`,
		"emptied":          `A[2], A[1] = nil, nil for i = 8, 1, -1 do B[i] = nil end`,
		"inner":            `A[1].name = "z" A[2].value = A A[1].value = nil`,
		"metatable":        `setmetatable(A, {__index = function(_, k) return k end}) setmetatable(B, getmetatable(A)) N = A[1].name .. A[7] .. B[9]`,
		"unpack":           `N = select("#", table.unpack(A)) + select("#", table.unpack(B))`,
		"concat":           `N = table.concat(B, ",")`,
		"sort":             `table.sort(B, function(x, y) return x > y end) table.sort(A, function(x, y) return x.name > y.name end)`,
		"plain sort":       `table.sort(B)`,
		"move":             `table.move(A, 1, 2, 3) table.move(B, 2, 8, 1)`,
		"collected":        `collectgarbage() N = #A`,
		"held elsewhere":   `C = {A, B} C[1][1].name = "q" N = C[2] == B and C[1] == A`,
		"as keys":          `C = {[A] = 1, [B] = 2} N = C[A] + C[B]`,
		"coroutine":        `N = coroutine.wrap(function() for i, v in ipairs(B) do coroutine.yield(v) end end)() + #A`,
	}
	for name, code := range first {
		t.Run(name, func(t *testing.T) {
			run := func(late, watched, back bool) (string, int64) {
				s := New(Options{})
				defer s.Close()
				do := func(src string) lua.LValue {
					fn, err := s.Load(src, "=t", "t", nil)
					if err != nil {
						t.Fatal(err)
					}
					got, err := s.Call(context.Background(), fn)
					if err != nil {
						t.Fatal(err)
					}
					return append(got, lua.LNil)[0]
				}
				s.Begin()
				if late {
					s.SetString(s.Globals(), "A", s.MakeRecords("name", "value", [][2]lua.LValue{{lua.LString("a"), MakeInt(1)}, {lua.LString("b"), lua.LNil}}))
					s.SetString(s.Globals(), "B", s.NewInts(nil, []int64{1, 2, 3, 4, 5, 6, 7, 1<<32 - 1}))
				} else {
					do(plain)
				}
				s.Commit()
				if watched {
					for _, name := range []string{"A", "B"} {
						tb := s.Globals().GetString(name).(*Table)
						s.Dirty(tb, s.Mark())
					}
				}
				s.Begin()
				do(code)
				n := s.Globals().GetString("N").String()
				if back {
					s.Rollback()
				} else {
					s.Commit()
				}
				text := do(show).String()
				do("collectgarbage()")
				return n + " " + text, s.HeapUsed()
			}
			for _, back := range []bool{false, true} {
				want, _ := run(false, false, back)
				for _, watched := range []bool{false, true} {
					if got, _ := run(true, watched, back); got != want {
						t.Errorf("rolled back %v, watched %v:\n%s\nwant:\n%s", back, watched, got, want)
					}
				}
			}
			// What is accounted for does not depend on who looked when.
			_, before := run(true, false, true)
			if _, after := run(true, true, true); after != before {
				t.Errorf("%d bytes, when watched %d", before, after)
			}
		})
	}
}

func TestRecordsAndWords(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	rows := [][2]lua.LValue{{lua.LString("a"), MakeInt(1)}}
	list := s.MakeRecords("name", "value", rows)
	rows[0][0] = lua.LString("changed by the caller")
	if got, ok := list.Records("name", "value"); !ok || len(got) != 1 || got[0][0] != lua.LString("a") {
		t.Fatal(got, ok)
	}
	if _, ok := list.Records("key", "value"); ok {
		t.Fatal("other keys")
	}
	if list.Len() != 1 {
		t.Fatal(list.Len())
	}
	if _, ok := list.Records("name", "value"); ok {
		t.Fatal("somebody looked, and can have changed it")
	}
	words := [8]int64{1, 2, 3, 4, 5, 6, 7, 8}
	ints := s.NewInts(nil, words[:])
	var got [8]int64
	if !ints.ReadInts(got[:]) || got != words || ints.ReadInts(make([]int64, 9)) {
		t.Fatal(got)
	}
	for _, odd := range []int64{-1, 1 << 32} { // no words
		words[3] = odd
		ints := s.NewInts(nil, words[:])
		if !ints.ReadInts(got[:]) || got != words || ints.GetInt(4) != MakeInt(odd) {
			t.Fatal(got)
		}
	}
}
