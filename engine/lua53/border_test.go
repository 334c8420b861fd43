package lua53

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// TestBorders: "#" of lists with holes is what lua5.3 says, after each step.
func TestBorders(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{`a = {} for i = 1, 10 do a[i] = i end w() for i = 1, 5 do a[i] = nil end w() a[10] = nil w()`, "10 10 9"},
		{`a = {} for i = 1, 8 do a[i] = i end w() a[8] = nil w() a[4] = nil w() a[#a + 1] = 1 w()`, "8 7 3 7"},
		{`a = {1, 2, 3, 4, 5, 6, 7, 8} a[8] = nil a[7] = nil w() a[2] = nil w()`, "6 6"},
		{`a = {1, 2, 3, 4} a[4] = nil a[2] = nil w()`, "1"},
		{`a = {} a[1] = 1 a[2] = 2 a[4] = 4 w() a[3] = 3 w()`, "4 4"},
		{`a = {[1] = 1, [2] = 2, [4] = 4} w()`, "4"},
		{`a = {10, 20, 30, nil, 50, nil} w() a[5] = nil w()`, "3 3"},
		{`a = {1, nil, 3} w() a[3] = nil w()`, "3 1"},
		{`a = {} for i = 1, 16 do a[i] = i end for i = 16, 2, -2 do a[i] = nil end w()`, "1"},
		{`a = {} for i = 1, 100 do a[i] = i end for i = 50, 100 do a[i] = nil end w() a[200] = 1 w()`, "49 49"},
		{`a = {(function() return 1, 2, 2, 2, nil, nil, nil, nil, 1 end)()} w() table.insert(a, 1, 5) w()`, "9 5"},
		{`a = table.pack(1, nil, 1, nil, 1, 1, nil) a.n = nil w() a[17] = nil w()`, "6 6"},
		{`a = {7, 7, 7, 7, 7, nil, 7} w() a[3] = nil w() a[17] = nil w()`, "7 7 5"},
		{`a = {} a[2], a[3] = 2, 3 w() a[4] = 4 w() a[1] = 1 w()`, "0 4 4"},
		{`a = {x = 1} for i = 1, 4 do a[i] = i end a[2] = nil w() a[4] = nil w()`, "4 1"},
	} {
		s := New(Options{})
		got := borders(t, s, c.script)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.script, got, c.want)
		}
		s.Close()
	}
}

// borders runs a script that calls w to note #a.
func borders(t *testing.T, s *State, script string) string {
	t.Helper()
	fn, err := s.Load(`local out = {} local n = 0 function w() n = n + 1 out[n] = #a end `+script+` return table.concat(out, " ", 1, n)`, "=test", "t", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Call(context.Background(), fn)
	if err != nil {
		t.Fatal(script, err)
	}
	text, _ := res[0].(lua.LString)
	return string(text)
}

// TestBordersComeBack: what an undone transaction did to a list shows in no later "#".
func TestBordersComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	steps := func(n int) string {
		var b strings.Builder
		for range n {
			switch k := 1 + r.IntN(12); r.IntN(7) {
			case 0:
				fmt.Fprintf(&b, "a[%d] = 1 w() ", k*37) // what is followed has chains, too
			case 1:
				fmt.Fprintf(&b, "a.k%d = 1 a.k%d = nil w() ", k, 1+r.IntN(12))
			case 2, 3:
				fmt.Fprintf(&b, "a[%d] = nil w() ", k)
			case 4:
				fmt.Fprintf(&b, "a[%d] = 1 w() ", k)
			default:
				b.WriteString("a[#a + 1] = 1 w() ")
			}
		}
		return b.String()
	}
	for range 300 {
		first, undone, last := "a = {} "+steps(12), steps(12), steps(12)
		plain, other := New(Options{}), New(Options{})
		borders(t, plain, first)
		borders(t, other, first)
		other.Begin()
		borders(t, other, undone)
		other.Rollback()
		if a, b := borders(t, plain, last), borders(t, other, last); a != b {
			t.Errorf("%s\nundone %s\nthen %s\n%s, want %s", first, undone, last, b, a)
		}
		plain.Close()
		other.Close()
	}
}

// TestSparseKeysAreCheap: a key more in a big table with holes does not copy what is
// followed of it.
func TestSparseKeysAreCheap(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	borders(t, s, `a = {} for i = 1, 50000 do a[i * 1000] = i end`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const keys = 100
	for i := range keys {
		s.Begin()
		borders(t, s, fmt.Sprintf("a[%d] = 1", 60_000_000+i*1000))
		s.Commit()
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / keys; each > 200_000 {
		t.Errorf("%d bytes a key", each)
	}
}

// TestSparseOrder: pairs goes over a table of integers as lua5.3 does.
func TestSparseOrder(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	fn, err := s.Load(`local t, out = {}, {}
		local function show() local k = {} for i in pairs(t) do k[#k + 1] = i end
			local n, j = {}, next(t) while j do n[#n + 1], j = j, next(t, j) end
			assert(table.concat(n, ",") == table.concat(k, ","))
			out[#out + 1] = table.concat(k, " ") end
		for _, k in ipairs{10, 20, 5, 3, 1, 2, 1000, 7, 15} do t[k] = k end show()
		for _, k in ipairs{3, 1, 20} do t[k] = nil end show()
		for _, k in ipairs{4, -1, 0, 100, 50, 1700000000, 3, 1} do t[k] = k end show()
		t = {[8] = 1, [1] = 1, [4] = 1, [10] = 1, [2] = 1, [9] = 1} show()
		return table.concat(out, "; ")`, "=test", "t", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.Call(context.Background(), fn)
	if err != nil {
		t.Fatal(err)
	}
	const want = "1 2 3 5 7 1000 20 10 15; 2 5 7 1000 10 15; 0 1 2 3 4 5 7 1000 10 1700000000 50 100 -1 15; 8 1 10 4 9 2"
	if got, _ := res[0].(lua.LString); string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}
