-- lua main.lua DIR WHAT COUNT: the work with the modules in Lua; prints its CPU time.
local dir, what, count = arg[1], arg[2], math.tointeger(tonumber(arg[3]))
local bint, json = dofile(dir .. "/bint.lua"), dofile(dir .. "/json.lua")
local work = assert(loadfile(dir .. "/work.lua"))
local start = os.clock()
work(bint, json, what, count)
print(os.clock() - start)
