package lua53

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hostile are scripts that try to use up the machine. Each runs in a process of its own, so that its memory can
// be measured. want is what the error must say; "" means that the script ends by itself.
var hostile = []struct{ name, script, want string }{
	{"endless loop", `while true do end`, `gas limit`},
	{"endless loop in pcall", `while true do pcall(function() while true do end end) end`, `gas limit`},
	{"endless loop in a coroutine", `local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end`, `gas limit`},
	{"endless loop in pcall in a coroutine", `coroutine.wrap(function() while true do pcall(error) end end)()`, `gas limit`},
	{"endless loop in a metamethod", `local t = setmetatable({}, {__index = function(t, k) while true do end end}) return t.x`, `gas limit`},
	{"endless loop in a message handler", `xpcall(error, function() while true do end end)`, `gas limit`},
	{"endless loop in a comparator", `table.sort({3, 2, 1}, function() while true do end end)`, `gas limit`},
	{"endless goto", `::a:: goto a`, `gas limit`},
	{"endless tail calls", `local function f() return f() end f()`, `gas limit`},
	{"endless repeat", `repeat until false`, `gas limit`},
	{"a loop to maxinteger", `for i = 1, math.maxinteger do end`, `gas limit`},
	{"endless iterator", `for _ in function() return 1 end do end`, `gas limit`},
	{"string doubling", `local s = "x" while true do s = s .. s end`, `object of .* limit`},
	{"string doubling in pcall", `while true do pcall(function() local s = "x" while true do s = s .. s end end) end`, `limit`},
	{"string doubling kept", `local t = {} while true do local s = "x" for i = 1, 24 do s = s .. s end t[#t + 1] = s end`, `limit of`},
	{"rep", `return ("x"):rep(1e9)`, `object of 10000000[0-9]+ bytes exceeds the limit`},
	{"rep beyond PUC's own limit", `return ("x"):rep(1e10)`, `resulting string too large`},
	{"rep kept", `local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1e6) end`, `limit of`},
	{"rep with separator", `return (""):rep(5e8, "xyz")`, `exceeds the limit`},
	{"format", `return ("%99999d"):format(1)`, `invalid format \(width or precision too long\)`},
	{"format of long strings", `local s = ("x"):rep(5e7) return ("%s%s"):format(s, s)`, `exceeds the limit`},
	{"quote", `return ("%q"):format(("\0"):rep(6e7))`, `exceeds the limit`},
	{"concat", `local s, t = ("x"):rep(1e6), {} for i = 1, 1000 do t[i] = s end return table.concat(t)`, `exceeds the limit`},
	{"concat operator", `local s = ("x"):rep(4e7) return s .. s .. s`, `exceeds the limit`},
	{"growing by one", `local s = "" while true do s = s .. "xxxxxxxxxxxxxxxx" end`, `limit of`},
	{"gsub", `return (("x"):rep(1e6):gsub(".", ("y"):rep(1e4)))`, `exceeds the limit`},
	{"gsub with a function", `return (("x"):rep(1e6):gsub(".", function() return ("y"):rep(1e4) end))`, `limit`},
	{"pack", `local s = ("x"):rep(3e7) return string.pack("sss", s, s, s)`, `exceeds the limit`},
	{"pack padding", `return string.pack("c2000000000", "x")`, `exceeds the limit`},
	{"catastrophic pattern", `return ("a"):rep(50):find(("a*"):rep(30) .. "b")`, `gas limit`},
	{"catastrophic pattern with captures", `return ("a"):rep(50):match(("(a-)"):rep(30) .. "b")`, `gas limit`},
	{"quadratic pattern", `return ("a"):rep(3e6):find(".-b")`, `gas limit`},
	{"quadratic balance", `return ("("):rep(3e6):find("%b()x")`, `gas limit`},
	{"quadratic gsub", `return ("a"):rep(1e6):gsub(".-b", "")`, `gas limit`},
	{"quadratic plain find", `local s = ("a"):rep(1e6) for i = 1, 1e9 do s:find("b", 1, true) end`, `gas limit`},
	{"back reference", `return ("a"):rep(1e5):find("(a*)%1b")`, `gas limit`},
	{"next over a list emptied from its front", `local t = {} for i = 1, 1e6 do t[i] = i end while true do t[next(t)] = nil end`, `gas limit`},
	{"next over integers emptied", `local t = {} for i = 1, 4e5 do t[i * 7] = i end while true do t[next(t)] = nil end`, `gas limit`},
	{"next over names emptied", `local t = {} for i = 1, 4e5 do t["k" .. i] = i end while true do t[next(t)] = nil end`, `gas limit`},
	{"pairs over a list emptied", `local t = {} for i = 1, 1e6 do t[i] = i end while true do for k in pairs(t) do t[k] = nil break end end`, `gas limit`},
	{"integers of one slot", `local t = {} for i = 1, 1e6 do t[i * 1048576] = i end`, `gas limit`},
	{"deep pattern", `return ("a"):rep(1e4):match(("a?"):rep(1e4))`, `pattern too complex`},
	{"huge list", `local t = {} for i = 1, 1e9 do t[i] = i end`, `limit of`},
	{"huge hash", `local t = {} for i = 1, 1e9 do t["k" .. i] = true end`, `limit of`},
	{"many tables", `local t = {} for i = 1, 1e9 do t[i] = {} end`, `limit of`},
	{"many small tables with keys", `local t = {} for i = 1, 1e9 do t[#t + 1] = {a = 1, b = 2} end`, `limit of`},
	{"many closures", `local t = {} for i = 1, 1e9 do t[i] = function() return i, t end end`, `limit of`},
	{"many strings", `local t = {} for i = 1, 1e9 do t[i] = "string number " .. i end`, `limit of`},
	{"many substrings of big strings", `local t = {} for i = 1, 1e9 do t[i] = (("x"):rep(1e6) .. i):sub(1, 3) end`, `limit of`},
	{"a chain of tables", `local t = {} while true do t = {t} end`, `limit of`},
	{"sparse integer keys", `local t = {} for i = 1, 30 do t[1 << i] = i end t[1600000] = 1 t[60000000] = 2 t[math.maxinteger] = 3 return #t`, ``},
	{"sparse keys downwards", `local t = {} for i = 3e6, 1, -1 do t[i] = i end`, `limit of`},
	{"a queue of names", `local t = {} for i = 1, 1e9 do t["k" .. i] = i t["k" .. i - 10] = nil end`, `limit of`},
	{"insert at the front", `local t = {} for i = 1, 1e9 do table.insert(t, 1, i) end`, `gas limit`},
	{"sort of a huge list", `local t = {} for i = 1, 2e6 do t[i] = i * 7919 % 1000003 end for i = 1, 1000 do table.sort(t, function(a, b) return a < b end) end`, `gas limit`},
	{"huge length", `return table.concat(setmetatable({}, {__len = function() return math.maxinteger end, __index = function() return "x" end}))`, `limit`},
	{"unpack", `return table.unpack({}, 1, 1e8)`, `too many results to unpack`},
	{"unpack often", `local t = {} for i = 1, 1e9 do t[i] = {table.unpack({}, 1, 9e5)} end`, `limit of`},
	{"move", `return table.move({}, 1, 1e12, 2)`, `gas limit`},
	{"growing varargs", `local function f(...) return f(1, ...) end f()`, `limit`},
	{"growing varargs in select", `local function f(...) if select("#", ...) > 1e6 then return 1 end return f(1, ...) end return f()`, `limit`},
	{"deep recursion", `local function f() return 1 + f() end return f()`, `stack overflow`},
	{"deep recursion with many locals", `local function f(a, b, c, d, e) local x, y, z = a, b, c return 1 + f(x, y, z, d, e) end return f()`, `stack overflow`},
	{"deep pcall", `local function f() return pcall(f) end return f()`, ``},
	{"deep metamethods", `local mt = {} mt.__index = function(t, k) return setmetatable({}, mt)[k] .. "" end return setmetatable({}, mt).x`, `overflow`},
	{"deep tostring", `local t = setmetatable({}, {}) getmetatable(t).__tostring = function() return tostring(t) end return tostring(t)`, `overflow`},
	{"deep gsub", `local function f(s) return (s:gsub(".", f)) end return f("x")`, `overflow`},
	{"deep sort", `local function f(a, b) table.sort({1, 2}, f) return true end table.sort({1, 2}, f)`, `overflow`},
	{"deep load", `local function f() return load("local f = ... return 1 + f()")(f) end return f()`, `overflow`},
	{"a million coroutines", `local t = {} for i = 1, 1e6 do t[i] = coroutine.create(function() coroutine.yield() end) coroutine.resume(t[i]) end`, `limit`},
	{"a million coroutines in pcall", `local t, n = {}, 0 for i = 1, 1e6 do t[i] = coroutine.wrap(function() coroutine.yield() end) if not pcall(t[i]) then n = n + 1 end end assert(n == 1e6 - 4096)`, `*`},
	{"a million coroutines not kept", `for i = 1, 1e6 do coroutine.wrap(function() coroutine.yield() end)() end`, `limit`},
	{"a million finished coroutines", `for i = 1, 1e6 do coroutine.wrap(function() end)() end`, `*`},
	{"coroutines in coroutines", `local function f() return coroutine.wrap(f)() end return f()`, `.`},
	{"huge source", `local f = load(("x = 1\n"):rep(1e7))`, `limit`},
	{"nested source", `return load(("("):rep(1e6))`, ``},
	{"nested tables in source", `return load("return " .. ("{"):rep(1e6))`, ``},
	{"long expression", `return load("return 1" .. (" + 1"):rep(2e5))`, ``},
	{"long concatenation", `return load("return 'a'" .. (" .. 'a'"):rep(2e5))`, ``},
	{"reader without end", `return load(function() return "x = 1 " end)`, `limit`},
	{"utf8 of many", `local t = {} for i = 1, 9e5 do t[i] = 0x10FFFF end for i = 1, 1e9 do local s = utf8.char(table.unpack(t)) end`, `limit`},
	{"upper", `local s = ("x"):rep(6e7) for i = 1, 1e9 do s = s:upper():lower() end`, `limit`},
	{"reverse", `local s = ("x"):rep(6e7) for i = 1, 1e9 do s = s:reverse() end`, `limit`},
	{"gmatch", `local s = ("x "):rep(3e7) for w in s:gmatch("%w+") do end`, `limit`},
	{"many patterns", `for i = 1, 1e9 do (""):find(("a%d"):rep(300) .. i) end`, `limit`},
	{"comparison of long strings", `local a, b = ("x"):rep(6e7) .. "a", ("x"):rep(6e7) .. "b" for i = 1, 1e9 do local _ = a < b end`, `limit`},
	{"equality of long strings", `local a, b = ("x"):rep(3e7) .. "a", ("x"):rep(3e7) .. "b" for i = 1, 1e9 do local _ = a == b end`, `limit`},
	{"long keys", `local t, s = {}, ("x"):rep(3e7) for i = 1, 1e9 do t[s .. i % 3] = 1 end`, `limit`},
	{"errors with huge messages", `while true do pcall(error, ("x"):rep(6e7)) end`, `limit`},
}

const hostileEnv = "LUA53_HOSTILE_SCRIPT"

// TestMain runs one hostile script and ends when the environment names one.
func TestMain(m *testing.M) {
	if src := os.Getenv(hostileEnv); src != "" {
		debug.SetMemoryLimit(900 << 20) // as every program that runs scripts should
		s := New(Options{})
		fn, err := s.Load(src, "=hostile", "t", nil)
		if err == nil {
			_, err = s.Call(context.Background(), fn)
		}
		s.Close()
		if err != nil {
			os.Stdout.WriteString(err.Error())
			var e *Error
			if errors.As(err, &e) && e.Line == 0 {
				os.Stdout.WriteString(" (without a line)")
			}
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestHostileScripts: each ends, says what was exceeded and where, and the process stays below 1 GiB.
func TestHostileScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a process a script")
	}
	if raced {
		t.Skip("SKIPPED with the race detector, whose memory would be measured; make unit runs it once more without")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, self)
			cmd.Env = append(os.Environ(), hostileEnv+"="+h.script)
			out, err := cmd.CombinedOutput()
			if ctx.Err() != nil {
				t.Fatalf("no end after a minute")
			}
			if err != nil {
				t.Fatalf("the process died: %v\n%s", err, tail(out))
			}
			got := string(out)
			switch {
			case h.want == "*":
			case h.want == "" && got != "":
				t.Errorf("error %s", tail(out))
			case h.want != "" && !regexp.MustCompile(h.want).MatchString(got):
				t.Errorf("error %q, want %s", tail(out), h.want)
			case strings.Contains(got, "limit") && !strings.HasPrefix(got, "hostile:1:") && !strings.Contains(h.script, "return "):
				// A function called by return has no caller any more.
				t.Errorf("error %q does not say where", tail(out))
			}
			if ru, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" {
				rss := ru.Maxrss >> 10
				if rss >= 1024 {
					t.Errorf("%d MiB of memory", rss)
				}
				t.Logf("%d MiB, %v: %s", rss, cmd.ProcessState.UserTime().Round(time.Millisecond), tail(out))
			}
		})
	}
}

func tail(b []byte) string {
	if len(b) > 300 {
		b = b[:300]
	}
	return string(b)
}
