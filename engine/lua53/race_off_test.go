//go:build !race

package lua53

const raced = false
