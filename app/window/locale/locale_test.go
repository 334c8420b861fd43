package locale

import "testing"

func TestLanguage(t *testing.T) {
	for _, x := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{}, ""},
		{map[string]string{"LANG": "C.UTF-8"}, "en"},
		{map[string]string{"LANG": "C"}, ""}, // this one Fyne knows
		{map[string]string{"LANG": "de_DE.UTF-8"}, ""},
		{map[string]string{"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"},
		{map[string]string{"LANG": "C.UTF-8", "LC_ALL": "fr_FR.UTF-8"}, ""},
		{map[string]string{"LANG": "C.utf8", "LANGUAGE": "es"}, ""},
		{map[string]string{"LANG": "C.UTF-8", "LC_MESSAGES": "POSIX.UTF-8"}, "en"},
	} {
		if got := language(func(name string) string { return x.env[name] }); got != x.want {
			t.Errorf("%v: LANGUAGE=%q, want %q", x.env, got, x.want)
		}
	}
}
