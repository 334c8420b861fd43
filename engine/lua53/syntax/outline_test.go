package syntax

import (
	"fmt"
	"strings"
	"testing"
)

func TestOutline(t *testing.T) {
	c, err := Parse("x", `local function a() end
M = { f = function() end }
function M.b.c:d()
  local e = function() end
end
Handlers.add("transfer", Handlers.utils.hasMatchingTag("Action", "Transfer"), function(m)
end)
Handlers.once('x', f)
local handlers = function() return function() end end`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range Outline(c) {
		got = append(got, fmt.Sprintf("%s%s %d-%d %d", s.Handler, s.Name, s.Pos.Line, s.End.Line, s.Depth))
	}
	want := "a 1-1 0|f 2-2 0|M.b.c:d 3-5 0|e 4-4 1|addtransfer 6-7 0|oncex 8-8 0|handlers 9-9 0"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}
