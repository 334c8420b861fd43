// Package locale keeps Fyne quiet where the locale is C.UTF-8, as it is in most
// containers: Fyne's own init takes that for a language and writes three lines of
// complaint to stderr, for `serve` and `run` as well, before main could say otherwise.
//
// So this is the one package with work in an init. Go runs the inits of packages
// whose imports are ready in the order of their paths (language specification,
// "Package initialization"); this one imports nothing but syscall, while Fyne
// waits for "time" and "text/template", which come later in that order. A test on the
// real program says whether it still does.
package locale

import "syscall"

func init() {
	get := func(name string) string { s, _ := syscall.Getenv(name); return s }
	if say := language(get); say != "" {
		_ = syscall.Setenv("LANGUAGE", say) // fails only for names that are none
	}
}

// language is what LANGUAGE should be for Fyne to understand the environment, ""
// when it may stay. gettext ignores LANGUAGE in the C locale, so programs that are
// started from here see no difference.
func language(get func(string) string) string {
	if get("LANGUAGE") != "" {
		return ""
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		switch v := get(name); v {
		case "":
			continue
		case "C.UTF-8", "C.utf8", "C.UTF8", "POSIX.UTF-8":
			return "en"
		default:
			return ""
		}
	}
	return ""
}
