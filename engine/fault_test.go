package engine

// runHelper runs this test binary as a helper process when it is asked to.
func runHelper() bool { return false }
