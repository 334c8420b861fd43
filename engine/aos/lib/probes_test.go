package lib

import (
	"path/filepath"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// TestProbes calls the modules with random operands and compares what comes back
// with what the libraries in Lua printed on PUC Lua 5.3.6 (testdata/probes).
func TestProbes(t *testing.T) {
	for name, module := range map[string]string{"bint": ".bint", "json": "json"} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			var out strings.Builder
			m.s.Set(m.s.Globals(), lua.LString("print"), m.s.Function("print", func(c *lua53.Call) {
				for i := 1; i <= c.N(); i++ {
					if i > 1 {
						out.WriteByte('\t')
					}
					out.WriteString(c.ToString(c.Arg(i)))
				}
				out.WriteByte('\n')
			}))
			want := read(t, filepath.Join("probes", name+".txt"))
			count := int64(700)
			if name == "bint" {
				count = 900
			}
			fn, err := m.s.Load(read(t, filepath.Join("probes", name+".lua")), "=probes", "t", nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.s.Call(t.Context(), fn, m.l.Require(module), lua53.MakeInt(20261123), lua53.MakeInt(count)); err != nil {
				t.Fatal(err)
			}
			diff(t, out.String(), want)
		})
	}
}
