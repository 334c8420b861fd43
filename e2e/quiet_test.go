package e2e

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestNothingButWhatIsAskedFor runs the program with the window in it, but without
// one, in the locales of containers and cron: it prints what was asked for and
// nothing on stderr.
func TestNothingButWhatIsAskedFor(t *testing.T) {
	for _, lang := range []string{"LANG=C.UTF-8", "LANG=C", "LANG=", "LC_ALL=POSIX", "LC_ALL=C.utf8", "LANG=en_US.UTF-8", "LANG=de_DE.UTF-8"} {
		t.Run(lang, func(t *testing.T) {
			cmd := exec.Command(binary(t), "version")
			for _, kv := range os.Environ() {
				if !strings.HasPrefix(kv, "LANG") && !strings.HasPrefix(kv, "LC_") {
					cmd.Env = append(cmd.Env, kv)
				}
			}
			cmd.Env = append(cmd.Env, lang)
			var out, complaints strings.Builder
			cmd.Stdout, cmd.Stderr = &out, &complaints
			if err := cmd.Run(); err != nil || out.Len() == 0 || complaints.Len() > 0 {
				t.Errorf("%v; stdout %q, stderr %q", err, out.String(), complaints.String())
			}
		})
	}
}
