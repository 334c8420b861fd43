package timeline

import "testing"

func TestErrorText(t *testing.T) {
	page := "\x1b[31mError\x1b[90m handling message with Action = Transfer\x1b[0m\n\x1b[32m[string \".handlers\"]:723: [string \"aos\"]:41: too much\x1b[0m\n\n" +
		"\x1b[90mstack traceback:\n\t[string \".process\"]:965: in function '.process.handle'\x1b[0m\n\n\x1b[31merror:\n\x1b[0m[string \".handlers\"]:723: [string \"aos\"]:41: too much"
	for text, want := range map[string]string{
		page:                                    "line 41: too much",
		"[string \"aos\"]:3: unexpected symbol": "line 3: unexpected symbol",
		"printed\n\n\x1b[31merror:\n\x1b[0m[string \".handlers\"]:7: oh": "oh",
		"\n\nplain\nmore":            "plain",
		"":                           "",
		"[string \".x\"]:1: ":        "[string \".x\"]:1:",
		"error: \nnot a page":        "error:",
		"[string \"other\"]:4: kept": "[string \"other\"]:4: kept",
	} {
		if got := ErrorText(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
