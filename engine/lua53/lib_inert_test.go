package lua53

import (
	"strings"
	"testing"
)

// TestNothingReachesTheMachine: what would touch files, processes or the environment is there and does nothing.
func TestNothingReachesTheMachine(t *testing.T) {
	t.Setenv("LUA53_SECRET", "seen")
	run, s := newLibState(t)
	defer s.Close()
	for _, tc := range []struct{ script, want string }{
		{`print(os.getenv("LUA53_SECRET"), os.getenv("HOME"))`, "nil\tnil"},
		{`print(os.execute())`, "false"},
		{`print(os.execute("true"))`, "nil\tOperation not permitted\t1"},
		{`print(os.exit == nil, os.exit(1))`, "false"},
		{`print(os.remove("x"))`, "nil\tx: Operation not permitted\t1"},
		{`print(os.rename("x", "y"))`, "nil\tx: Operation not permitted\t1"},
		{`print(pcall(os.tmpname))`, "false\tunable to generate a unique filename"},
		{`print(io.open("/etc/passwd"))`, "nil\t/etc/passwd: Operation not permitted\t1"},
		{`print(pcall(io.open, "x", "q"))`, "false\tbad argument #2 to 'io.open' (invalid mode)"},
		{`print(io.open("x", "r+b") == nil, pcall(io.open, "x", "rw"))`, "true\tfalse\tbad argument #2 to 'io.open' (invalid mode)"},
		{`print(pcall(io.lines, "/etc/passwd"))`, "false\t/etc/passwd: Operation not permitted"},
		{`print(pcall(io.input, "/etc/passwd"))`, "false\t/etc/passwd: Operation not permitted"},
		{`print(pcall(io.output, "/tmp/x"))`, "false\t/tmp/x: Operation not permitted"},
		{`print(pcall(io.popen, "ls"))`, "false\t'popen' not supported"},
		{`print(io.read(), io.read("n"), io.read("l"), #io.read("a"), io.read(5))`, "nil\tnil\tnil\t0\tnil"},
		{`print(pcall(io.read, "x"))`, "false\tbad argument #1 to 'io.read' (invalid format)"},
		{`print(io.tmpfile())`, "nil\tOperation not permitted\t1"},
		{`print(io.stdout:seek(), io.stdout:setvbuf("no"), io.stdout:flush() == io.stdout)`, "nil\ttrue\ttrue"},
		{`print(io.close())`, "nil\tcannot close standard file"},
		{`print(io.type(io.stdin), io.type(1))`, "file\tnil"},
		{`print(io.stdin:write("x"))`, "nil\tBad file descriptor\t9"},
		{`for l in io.lines() do print("never") end print("end")`, "end"},
		{`print(loadfile("/etc/passwd"))`, "nil\tcannot open /etc/passwd: No such file or directory"},
		{`print(pcall(dofile, "/etc/passwd"))`, "false\tcannot open /etc/passwd: No such file or directory"},
		{`print(package.loadlib("x", "y"))`, "nil"},
		{`print(os.setlocale("C"), os.setlocale("de_DE"), os.setlocale(nil, "numeric"))`, "C\tnil\tC"},
		{`print(os.time(), os.date("!%Y"), math.type(os.clock()))`, "0\t1970\tfloat"},
		{`print(pcall(string.dump, function() end))`, "false\tunable to dump given function"},
	} {
		got := strings.TrimSuffix(run(tc.script), "\n")
		if got != tc.want && !(strings.HasPrefix(tc.script, "print(package.loadlib") && strings.HasPrefix(got, "nil")) {
			t.Errorf("%s: %q, want %q", tc.script, got, tc.want)
		}
	}
}
