package patchdev

// Warning says that a real node would answer something else than the script
// seems to expect. Rule is the id of a rule of package lint, which has the
// sentence for each generation of nodes and the remedy; Message says what was
// found here. Line is the line of the Send, 0 when not known.
type Warning struct {
	Slot    int64
	Path    []string
	Rule    string
	Message string
	Line    int
}
