package cli

import (
	"fmt"

	"patchbay/engine/ao"
)

// summary is a slot's outcome in a line.
func summary(s *ao.Slot) string {
	if s.Result.Failed() {
		return "error: " + oneLine(s.Result.Error)
	}
	return fmt.Sprintf("%d messages, %d keys changed, output %q", len(s.Result.Messages), len(s.Changes), oneLine(s.Result.Text))
}
