package compose

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// What Draft.As says about Data.
const (
	AsJSON = "json" // must be JSON to be sent
	AsText = "text" // is not looked at
)

// CheckData says what is wrong with Data that looks like JSON, "" when it is
// JSON or plainly text. Data is sent as it stands either way.
func CheckData(s string) string {
	t := strings.TrimSpace(s)
	if t == "" || t[0] != '{' && t[0] != '[' || strings.HasPrefix(t, "{{") {
		return ""
	}
	bad := jsonError(s)
	if bad == "" {
		return ""
	}
	return "Data looks like JSON but is not: " + bad + ". It would be sent as text."
}

// jsonError says why a text is no JSON, with line and column; "" when it is.
func jsonError(s string) string {
	var v json.RawMessage
	err := json.Unmarshal([]byte(s), &v)
	if err == nil {
		return ""
	}
	if strings.TrimSpace(s) == "" {
		return "it is empty"
	}
	var se *json.SyntaxError
	if !errors.As(err, &se) {
		return strings.TrimPrefix(err.Error(), "json: ")
	}
	at := max(0, min(int(se.Offset)-1, len(s)))
	before := s[:at]
	line := 1 + strings.Count(before, "\n")
	col := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf("line %d, column %d: %s", line, col, strings.TrimPrefix(se.Error(), "json: "))
}

// isJSON says whether a text is a JSON object or list.
func isJSON(s string) bool {
	t := strings.TrimSpace(s)
	return t != "" && (t[0] == '{' || t[0] == '[') && json.Valid([]byte(t))
}

// formatJSON indents JSON, or leaves all spaces out; ok is false when it is none.
func formatJSON(s string, indent bool) (out string, ok bool) {
	var b bytes.Buffer
	var err error
	if indent {
		err = json.Indent(&b, []byte(strings.TrimSpace(s)), "", "  ")
	} else {
		err = json.Compact(&b, []byte(s))
	}
	return b.String(), err == nil
}
