package aos

import (
	"testing"

	"go.uber.org/goleak"
)

// No coroutine outlives its VM.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
