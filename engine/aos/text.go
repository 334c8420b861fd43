package aos

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func joinLines(parts []string, size int) string {
	if len(parts) == 0 {
		return ""
	}
	if len(parts) == 1 {
		return parts[0]
	}
	var b strings.Builder
	b.Grow(size)
	for i, p := range parts {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p)
	}
	return b.String()
}

// dumpStrings is Dump of a list of strings, for the Output.test of an Eval.
func dumpStrings(list []string) string {
	if len(list) == 0 {
		return "{}"
	}
	b := []byte("{\n")
	for i, s := range list {
		b = append(b, "    ["...)
		b = strconv.AppendInt(b, int64(i+1), 10)
		b = append(b, "] = "...)
		b = appendQuoted(b, s)
		if i < len(list)-1 {
			b = append(b, ',')
		}
		b = append(b, '\n')
	}
	return string(append(b, '}'))
}

// appendQuoted is string.format("%q", s).
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case ch == '"' || ch == '\\' || ch == '\n':
			b = append(b, '\\', ch)
		case ch < 32 || ch == 127:
			b = append(b, '\\')
			if i+1 < len(s) && '0' <= s[i+1] && s[i+1] <= '9' {
				b = append(b, '0'+ch/100, '0'+ch/10%10, '0'+ch%10)
			} else {
				b = strconv.AppendInt(b, int64(ch), 10)
			}
		default:
			b = append(b, ch)
		}
	}
	return append(b, '"')
}

// dumpLogs is Dump(HANDLER_PRINT_LOGS) through the global.
func (w *world) dumpLogs(c *call, logs lua.LValue) lua.LValue {
	f := w.global("Dump")
	t, ok := logs.(*table)
	if ok && f == w.fn.dump && t.Metatable() == nil {
		list := make([]string, 0, w.m.length(t))
		n := 0
		for _, v := range t.All {
			s, isStr := v.(lua.LString)
			if !isStr {
				break
			}
			list = append(list, string(s))
			n++
		}
		if n == w.m.length(t) {
			s := dumpStrings(list)
			c.Alloc(int64(len(s)))
			return lua.LString(s)
		}
	}
	return w.callField1(c, f, "global 'Dump'", inProcess, logs)
}
