package node

import (
	"fmt"
	"strings"
	"testing"

	"patchbay/patchdev"
)

func show(steps []step) string {
	var out []string
	for _, s := range steps {
		t := s.name
		if s.device != "" {
			t += "~" + s.device
		}
		for _, p := range s.params {
			t += fmt.Sprintf("&%s=%v(%v)", p.key, p.val, p.val.Kind())
		}
		out = append(out, t)
	}
	return strings.Join(out, " / ")
}

func TestParsePath(t *testing.T) {
	current, old, june := patchdev.Current(), patchdev.Profile202505(), patchdev.Profile202506()
	id := strings.Repeat("a", 43)
	for _, c := range []struct {
		path string
		p    patchdev.Profile
		want string
	}{
		{"/" + id + "~process@1.0/now/cache/k", current, id + "~process@1.0 / now / cache / k"},
		{"//" + id + "~process@1.0//now/", current, id + "~process@1.0 / now"},
		{"/a%2Fb", current, "a / b"},
		{"/%7Eprocess%401.0/x", current, "~process@1.0 / x"},
		{"/compute=5/x", current, "compute&compute=5(string) / x"},
		{"/compute=5/x", old, "compute=5 / x"},
		{"/compute&slot+integer=5", current, "compute&slot=5(integer)"},
		{"/serialize~json@1.0&bundle", current, "serialize~json@1.0&bundle=true(boolean)"},
		{"/~message@1.0&a=\"x/y\"/a", current, "~message@1.0&a=x/y(string) / a"},
		{"/(a/b)/c", current, "a / b / c"},
		{"/with+space", current, "with"},
		{"/with+space", old, "error"},
		{"/with%20space", old, "with space"},
		{"/with%20space", june, "error"},
		{"/with%20space", current, "error"},
		{"/a%252Fb", old, "a / b"},
		{"/a%252Fb", current, "a%2Fb"},
		{"/%zz", current, "error"},
		{"/../x", current, ".. / x"},
		{"/" + strings.Repeat("x", 513), current, "error"},
	} {
		steps, err := parsePath(c.path, &c.p)
		got := show(steps)
		if err != nil {
			got = "error"
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s (%v)", c.p.Name, c.path, got, c.want, err)
		}
	}
}

func TestParseQuery(t *testing.T) {
	current, old := patchdev.Current(), patchdev.Profile202505()
	for _, c := range []struct {
		q    string
		p    patchdev.Profile
		key  string
		want string
	}{
		{"slot=1", current, "slot", "1(string)"},
		{"a+integer=7", old, "a", "7(integer)"},
		{"a%2Binteger=7", current, "a", "7(integer)"},
		{"a%2Binteger=7", old, "a", "error"},
		{"a+float=nan", current, "a", "error"},
		{"a+float=1.5", current, "a", "1.5(float)"},
		{"a+integer=x", current, "a", "error"},
		{"a+atom=true", current, "a", "true(boolean)"},
		{"a+toaster=1", current, "a", "error"},
		{"bundle", current, "bundle", "true(boolean)"},
		{"v=1.2", current, "v", "1.2(string)"},
		{"a.b=1", current, "a", "error"},
		{"accept=application%2Faos-2", current, "accept", "application/aos-2(string)"},
		{"x;y=1", current, "x;y", "1(string)"},
	} {
		q, err := parseQuery(c.q, &c.p)
		got := "error"
		if v, ok := find(q.all, c.key); ok && err == nil {
			got = fmt.Sprintf("%v(%v)", v, v.Kind())
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.p.Name, c.q, got, c.want)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, s := range []string{"/a/b~c&d=e", "/%2f", "/(a", "/~x&y+integer=1", "/a=\"b/c\"/d"} {
		f.Add(s, "a=b&c")
	}
	f.Fuzz(func(t *testing.T, path, query string) {
		for _, name := range patchdev.ProfileNames() {
			p, _ := patchdev.ProfileByName(name)
			steps, err := parsePath(path, &p)
			if err == nil {
				for _, s := range steps {
					if len(s.name) > maxSegment {
						t.Fatalf("segment of %d bytes", len(s.name))
					}
				}
			}
			_, _ = parseQuery(query, &p)
		}
	})
}

func TestTypedList(t *testing.T) {
	for text, want := range map[string]string{
		``:                              `[]`,
		`1, 2`:                          `[1,2]`,
		`a,b`:                           `["a","b"]`,
		`"a, b", "c"`:                   `["a, b","c"]`,
		`"(ao-type-integer) 1", ?1, ?0`: `[1,true,false]`,
		`1.5,x1`:                        `[1.5,"x1"]`,
		`"(ao-type-integer) x"`:         `error`,
		`,,`:                            `[]`,
	} {
		v, err := typed("list", text)
		got := "error"
		if err == nil {
			got = string(patchdev.AppendJSON(nil, v, patchdev.JSONOptions{}))
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
