package aos

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scenario is a recording of real aos, one file each: a script, the environment,
// the messages, and what came back — without roll-back, and where it differs with
// the state of failed evaluations thrown away.
type scenario struct {
	Script   string
	Process  json.RawMessage
	Messages json.RawMessage
	Expected []any
	Rollback map[string]any
	Note     string
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "golden", "*.json"))
	if err != nil || len(files) < 159 {
		t.Fatal(len(files), err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var s scenario
		if err := json.Unmarshal(data, &s); err != nil {
			t.Fatal(f, err)
		}
		name := strings.TrimSuffix(filepath.Base(f), ".json")
		t.Run(name+"/rollback", func(t *testing.T) { s.run(t, false) })
		t.Run(name+"/norollback", func(t *testing.T) { s.run(t, true) })
	}
}

// run plays a scenario and compares each result.
func (s *scenario) run(t *testing.T, noRollback bool) {
	got, err := RunMessages(context.Background(), []byte(s.Script), s.Messages, s.Process, RunOptions{NoRollback: noRollback})
	if err != nil {
		t.Fatal(err)
	}
	w := slices.Clone(s.Expected)
	for i, r := range s.Rollback {
		if n, err := strconv.Atoi(i); err == nil && !noRollback {
			w[n] = r
		}
	}
	var g []any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatal(err, string(got))
	}
	if len(g) != len(w) {
		t.Fatalf("%d results, want %d", len(g), len(w))
	}
	for i := range g {
		a, b := comparable_(g[i]), comparable_(w[i])
		if isRefusal(a) && isRefusal(b) {
			continue
		}
		if d := cmp.Diff(b, a); d != "" {
			t.Errorf("message %d (-want +got):\n%s", i, d)
		}
	}
}

func isRefusal(v any) bool {
	m, ok := v.(map[string]any)
	return ok && (m["ok"] == false || m["encodeError"] != nil)
}

var libraryLine = regexp.MustCompile(`(\[string \\?"(?:\.[a-z0-9_.-]+|json|ao)\\?"\]):\d+[:>]`)

// address is of a table, function or thread.
var address = regexp.MustCompile(`0x(?:ADDR|[0-9a-f]{8,16}\b)`)

// comparable_ brings a recorded or computed value into the form in which the
// recordings are compared.
func comparable_(v any) any {
	switch x := v.(type) {
	case string:
		return address.ReplaceAllString(libraryLine.ReplaceAllString(x, "$1:N:"), "0xADDR")
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = comparable_(e)
		}
		return out
	case map[string]any:
		if j, ok := x["$json"]; ok && len(x) == 1 {
			return map[string]any{"$json": comparable_(j)}
		}
		out := map[string]any{}
		for k, e := range x {
			out[k] = comparable_(e)
		}
		if tags, ok := out["Tags"].([]any); ok {
			out["Tags"] = sortTags(tags)
		}
		if d, ok := out["Data"].(string); ok && (strings.HasPrefix(d, "{") || strings.HasPrefix(d, "[")) {
			var j any
			if json.Unmarshal([]byte(d), &j) == nil {
				out["Data"] = map[string]any{"$json": j}
			}
		}
		return out
	}
	return v
}

// sortTags sorts what follows the fixed prefix of a message or a spawn.
func sortTags(tags []any) []any {
	prefix := 4
	for _, t := range tags {
		if m, ok := t.(map[string]any); ok && m["name"] == "Type" && m["value"] == "Process" {
			prefix = 7
		}
	}
	if len(tags) < prefix {
		prefix = 0
	}
	key := func(v any) string {
		m, _ := v.(map[string]any)
		return fmt.Sprint(m["name"], "\x00", m["value"])
	}
	slices.SortStableFunc(tags[prefix:], func(a, b any) int { return strings.Compare(key(a), key(b)) })
	return tags
}
