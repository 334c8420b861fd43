//go:build race

package lua53

// raced says that the race detector is on, which multiplies memory and time.
const raced = true
