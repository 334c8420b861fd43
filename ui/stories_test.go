package ui_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// TestStoriesAreManyAndReadable lists the stories, which are the tests in the files
// story*_test.go here and *story*_test.go of the editor, with -v, and holds them to
// what makes them stories: there are at least sixty, each is driven through the
// window as a person would, and none is longer than a page.
func TestStoriesAreManyAndReadable(t *testing.T) {
	const least, page = 60, 60
	files, err := filepath.Glob("story*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	editor, err := filepath.Glob("code/*story*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	fset := token.NewFileSet()
	for _, name := range append(files, editor...) {
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			story, ok := d.(*ast.FuncDecl)
			if !ok || story.Recv != nil || !strings.HasPrefix(story.Name.Name, "Test") {
				continue
			}
			told++
			t.Logf("%2d %s: %s", told, name, sentence(strings.TrimPrefix(story.Name.Name, "Test")))
			if lines := fset.Position(story.End()).Line - fset.Position(story.Pos()).Line; lines > page {
				t.Errorf("%s has %d lines: tell it in several", story.Name.Name, lines)
			}
		}
	}
	if told < least {
		t.Errorf("there are %d stories, want %d", told, least)
	}
}

// sentence writes a name in words.
func sentence(name string) string {
	var words []string
	for name != "" {
		end := 1
		switch r := []rune(name); {
		case len(r) > 1 && unicode.IsUpper(r[0]) && unicode.IsUpper(r[1]) && (len(r) == 2 || !unicode.IsLower(r[2])): // URL
			for end < len(r) && unicode.IsUpper(r[end]) && (end+1 == len(r) || !unicode.IsLower(r[end+1])) {
				end++
			}
			words = append(words, name[:end])
		default:
			for end < len(r) && !unicode.IsUpper(r[end]) {
				end++
			}
			words = append(words, strings.ToLower(name[:end]))
		}
		name = name[end:]
	}
	return strings.Join(words, " ")
}
