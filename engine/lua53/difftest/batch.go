package difftest

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Timeout is the output of a program that ran too long on one side; such programs prove nothing.
const Timeout = "TIMEOUT\n"

// driver runs many programs in one process of lua5.3, each with globals of its own. A program comes as its
// length on a line and its bytes; its output goes out between marks.
const driver = `
local function copy(t) local r = {} for k, v in pairs(t) do r[k] = v end return r end
local real = {load = load, pcall = pcall, write = io.write, hook = debug.sethook}
while true do
  local n = io.read("n")
  if not n then break end
  io.read("l")
  local src = io.read(n)
  local out, timeout, size = {}, 0, 0
  local env = copy(_G)
  for _, lib in ipairs{"string", "table", "math", "utf8", "coroutine", "os", "debug"} do env[lib] = copy(_G[lib]) end
  env._G = env
  env.load = function(s, name, mode, ...)
    if select("#", ...) > 0 then return real.load(s, name, mode, ...) end
    return real.load(s, name, mode, env)
  end
  local tostring, concat, select = tostring, table.concat, select
  env.print = function(...)
    local t = {}
    for i = 1, select("#", ...) do t[i] = tostring((select(i, ...))) end
    out[#out + 1] = concat(t, "\t") .. "\n"
    size = size + #out[#out]
    if size > 4000000 then timeout = timeout + 1 error("TIMEOUT", 0) end
  end
  local f, e = real.load(src, "=p", "t", env)
  if not f then
    out = {"LOAD ", e, "\n"}
  else
    math.randomseed(1)
    real.hook(function() timeout = timeout + 1 if timeout > 50 then os.exit(3) end error("TIMEOUT", 0) end, "", 400000)
    local ok, e = real.pcall(f)
    real.hook()
    if not ok then
      local k = type(e)
      out[#out + 1] = "ERR " .. ((k == "table" or k == "function" or k == "thread" or k == "userdata") and k or tostring(e)) .. "\n"
    end
  end
  if timeout > 0 then out = {"TIMEOUT\n"} end
  real.write("\1\n", concat(out), "\2\n")
end
`

// RunBatch runs the programs in one process of lua5.3 and returns their outputs.
func (r *Reference) RunBatch(sources []string) ([]string, error) {
	var in bytes.Buffer
	for _, s := range sources {
		fmt.Fprintf(&in, "%d\n%s", len(s), s)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.path, "-e", driver)
	cmd.Stdin = &in
	cmd.Env = []string{"TZ=UTC", "LC_ALL=C"}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	parts := strings.Split(string(out), "\x01\n")[1:]
	if err != nil && len(sources) == 1 {
		return []string{Timeout}, nil
	}
	if err != nil || len(parts) != len(sources) {
		return nil, fmt.Errorf("lua5.3 answered %d of %d programs: %w %s", len(parts), len(sources), err, errs.String())
	}
	for i, p := range parts {
		p, ok := strings.CutSuffix(p, "\x02\n")
		if !ok {
			return nil, fmt.Errorf("lua5.3's answer to program %d is cut off", i)
		}
		parts[i] = p
	}
	return parts, nil
}
