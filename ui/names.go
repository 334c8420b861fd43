package ui

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"patchbay/engine/ao"
)

// maxName is how many bytes a process's name may have: it becomes a file's name.
const maxName = 60

// checkName says what is wrong with the name of a new process, "" when nothing is.
// Its script is called the same.
func (w *Window) checkName(n string) string {
	if bad := w.checkRename(n); bad != "" {
		return bad
	}
	for _, s := range w.scripts {
		if strings.EqualFold(s, n+".lua") {
			return "There is a script " + s + " already: choose another name, or delete the file first."
		}
	}
	return ""
}

// checkRename says what is wrong with another name for a process, "" when nothing is.
func (w *Window) checkRename(n string) string {
	switch n = strings.TrimSpace(n); {
	case n == "":
		return "The process needs a name."
	case len(n) > maxName:
		return fmt.Sprintf("The name has %d bytes: at most %d, because the script's file is called the same.", len(n), maxName)
	case !utf8.ValidString(n):
		return "The name is no valid text."
	case strings.HasPrefix(n, "."), strings.HasSuffix(n, "."), strings.HasPrefix(n, "-"):
		return "A name neither begins with a dot or a dash nor ends with a dot."
	case ao.IsID(n):
		return "That looks like a process id. Choose a short name."
	}
	for _, r := range n {
		if strings.ContainsRune(`/\:*?"<>|{}`, r) {
			return "A name is also a file's name, so it cannot have " + string(r) + "."
		}
		if unicode.IsControl(r) || r == utf8.RuneError {
			return "A name has letters, digits, spaces, dashes and dots."
		}
	}
	if deviceName.MatchString(n) {
		return "Windows keeps the name " + n + " for a device. Choose another one."
	}
	for _, p := range w.d.Engine.Processes() {
		if strings.EqualFold(p.Name, n) {
			return "There is a process called " + p.Name + " already."
		}
	}
	for _, a := range w.d.Project.Accounts() {
		if a.Name == n {
			return n + " is an account: a message to it could not tell which of the two is meant."
		}
	}
	return ""
}

var deviceName = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)
