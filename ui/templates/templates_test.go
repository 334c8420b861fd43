package templates_test

import (
	"testing"

	"patchbay/engine/lint"
	"patchbay/engine/lua53/syntax"
	"patchbay/patchdev"
	"patchbay/ui/templates"
)

func TestTemplatesParseAndHaveNoTrap(t *testing.T) {
	list, err := templates.All()
	if err != nil || len(list) != 5 {
		t.Fatalf("%d templates, %v", len(list), err)
	}
	for _, x := range list {
		if err := syntax.Check(x.Name, x.Source); err != nil {
			t.Errorf("%s: %v", x.Name, err)
		}
		for _, f := range lint.Text(x.Name, x.Source, "aos", patchdev.Current()) {
			t.Errorf("%s:%d: %s: %s", x.Name, f.Line, f.Rule.ID, f.Message)
		}
		if len(x.Messages) == 0 || x.About == "" {
			t.Errorf("%s has no messages or no description", x.Name)
		}
	}
}
