package traffic

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// Curl is an exchange as a command for a shell that asks exactly the same again: with
// the same headers, and none that curl would add. Without c, what is known of it. cut
// says that the body is longer than what is kept of it.
func Curl(e Exchange, c *Captured, base string) (command string, cut bool) {
	options := []string{"-i"}
	switch e.Method {
	case http.MethodGet:
	case http.MethodHead:
		options[0] = "-I"
	default:
		options = append(options, "-X "+e.Method)
	}
	if strings.ContainsAny(e.Path, "[]{}") {
		options = append(options, "-g")
	}
	if strings.Contains(e.Path, "/.") {
		options = append(options, "--path-as-is")
	}
	if c == nil {
		if e.Origin != "" {
			options = append(options, "-H "+quote("origin: "+e.Origin))
		}
		return "curl " + strings.Join(append(options, quote(base+e.Path)), " "), false
	}
	set := func(name, value string) {
		if value == "" { // a colon would take the header away
			options = append(options, "-H "+quote(name+";"))
			return
		}
		options = append(options, "-H "+quote(name+": "+value))
	}
	if "http://"+c.Host != base {
		set("host", c.Host)
	}
	has := map[string]bool{}
	for _, f := range fields(c.Request) {
		name := strings.ToLower(f[0])
		has[name] = true
		if slices.Contains([]string{"content-length", "transfer-encoding", "connection"}, name) { // are of the connection
			continue
		}
		set(name, f[1])
		if name == "accept-encoding" {
			options = append(options, "--compressed")
		}
	}
	without := []string{"user-agent", "accept"}
	body, before := "", ""
	switch {
	case len(c.RequestBody) > 0 && text(c.RequestBody):
		body = "--data-raw " + quote(string(c.RequestBody))
	case len(c.RequestBody) > 0:
		before, body = "printf "+quote(octal(c.RequestBody))+" | ", "--data-binary @-"
	case has["content-length"] && field(c.Request, "content-length") == "0":
		body = "--data-raw ''"
	}
	if body != "" {
		without = append(without, "content-type")
	}
	for _, name := range without {
		if !has[name] {
			options = append(options, "-H "+quote(name+":"))
		}
	}
	if body != "" {
		options = append(options, body)
	}
	return before + "curl " + strings.Join(append(options, quote(base+e.Path)), " "), c.RequestSize > int64(len(c.RequestBody))
}

// text says whether a body can stand in a command.
func text(b []byte) bool { return utf8.Valid(b) && !slices.Contains(b, 0) }

// octal writes bytes for printf.
func octal(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		if c > ' ' && c < 0x7f && !strings.ContainsRune(`\%'`, rune(c)) {
			s.WriteByte(c)
		} else {
			fmt.Fprintf(&s, `\%03o`, c)
		}
	}
	return s.String()
}
