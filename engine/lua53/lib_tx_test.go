package lua53

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// newLibState is a State whose print goes to the returned function's text.
func newLibState(t interface{ Fatal(...any) }) (run func(src string) string, s *State) {
	var out strings.Builder
	s = New(Options{Print: func(l string) { out.WriteString(l + "\n") }})
	return func(src string) string {
		out.Reset()
		s.ResetBudget()
		fn, err := s.Load(src, "=t", "t", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Call(context.Background(), fn); err != nil {
			out.WriteString("error: " + err.Error() + "\n")
		}
		return out.String()
	}, s
}

// TestLibraryRollsBack: every store of the library and its own state (the generator, positions of iterators) are undone.
func TestLibraryRollsBack(t *testing.T) {
	const show = ` for k, v in pairs(T) do io.write() print(k, v) end print(#T, select(2, next(U))) `
	for _, tc := range []struct{ name, setup, change, look string }{
		{"insert", "", "table.insert(T, 9) table.insert(T, 1, 0)", show},
		{"remove", "", "table.remove(T) table.remove(T, 1)", show},
		{"remove all", "", "while #T > 0 do table.remove(T) end", show},
		{"sort", "T = {5, 3, 9, 1}", "table.sort(T)", show},
		{"sort with comparator", "T = {5, 3, 9, 1}", "table.sort(T, function(a, b) return a > b end)", show},
		{"sort that fails", "T = {5, 3, 9, 1, 4}", "local n = 0 pcall(table.sort, T, function(a, b) n = n + 1 if n > 4 then error('x') end return a < b end)", show},
		{"strings", "T = {'b', 'a', 'c'}", "table.sort(T)", show},
		{"move", "", "table.move(T, 1, 3, 2) table.move(T, 1, 2, 1, U)", show},
		{"rawset", "", "rawset(T, 'new', 1) rawset(T, 1, nil) rawset(U, 'k', 5)", show},
		{"setmetatable", "", "setmetatable(T, {__index = function() return 'mt' end})", show + " print(getmetatable(T), T.nothing)"},
		{"string keys", "", "for i = 1, 50 do T['k' .. i] = i end for i = 1, 50 do T['k' .. i] = nil end T.z = 1 T.y = 2", show + " T.y = 1 T.z = 2 " + show},
		{"gmatch", "G = ('one two three'):gmatch('%a+') print(G())", "print(G()) print(G())", "print(G(), G(), G())"},
		{"gmatch to its end", "G = ('one two'):gmatch('%a+')", "while G() do end", "print(G(), G(), G())"},
		{"random", "math.randomseed(7) print(math.random(100))", "for i = 1, 100 do math.random() end math.randomseed(8)", "print(math.random(100), math.random())"},
		{"os.time normalises", "T = {year = 2024, month = 14, day = 1}", "os.time(T)", show},
		{"string library", "", "string.extra = function() end string.len = nil", "print(string.extra, #('x'), string.len)"},
		{"utf8.codes", "for p in utf8.codes('aé') do io.write() end", "T[1] = utf8.char(233)", show},
		{"package", "", "package.preload.m = function() return 5 end require 'm'", "print(package.loaded.m, package.preload.m)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			const start = "T, U = {1, 2, 3, x = 1, y = 2}, {k = 1} "
			plain, s1 := newLibState(t)
			defer s1.Close()
			plain(start + tc.setup)
			want := plain(tc.look)

			run, s2 := newLibState(t)
			defer s2.Close()
			run(start + tc.setup)
			s2.Begin()
			if got := run(tc.change); strings.HasPrefix(got, "error") {
				t.Fatal(got)
			}
			s2.Rollback()
			if got := run(tc.look); got != want {
				t.Errorf("after roll-back:\n%s\nwithout the transaction:\n%s", got, want)
			}
		})
	}
}

// TestStringBufferPaysOnce: whatever pieces a string is built of, the account moves by its size, about, and never
// beyond the limit of an object.
func TestStringBufferPaysOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := New(Options{Limits: Limits{Object: 1 << 16}})
		defer s.Close()
		sizes := rapid.SliceOfN(rapid.IntRange(0, 3000), 0, 30).Draw(t, "sizes")
		fn := s.Function("build", func(c *Call) {
			b := buffer{c: c}
			for _, n := range sizes {
				b.str(strings.Repeat("x", n))
			}
			b.push()
		})
		if _, err := s.Call(context.Background(), s.Function("warm", func(*Call) {})); err != nil { // pays for frames
			t.Fatal(err)
		}
		before := s.AllocUsed()
		res, err := s.Call(context.Background(), fn)
		sum := 0
		for _, n := range sizes {
			sum += n
		}
		if sum > 1<<16 {
			if err == nil {
				t.Fatalf("%d bytes passed", sum)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := len(res[0].String()); got != sum {
			t.Fatalf("%d bytes, want %d", got, sum)
		}
		if used := s.AllocUsed() - before; used < int64(sum) || used > int64(sum)*4+1024 {
			t.Fatalf("accounted %d for %d bytes", used, sum)
		}
	})
}
