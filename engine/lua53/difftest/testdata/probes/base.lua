-- Probes: each paragraph is a program of its own. Its output and error are recorded from lua5.3.

print(_VERSION, type(_G), _G._G == _G)

print(type(nil), type(1), type("x"), type({}), type(print), type(coroutine.create(print)), type(true))

print(pcall(type))

print(tostring(nil), tostring(true), tostring(12), tostring(1.5), tostring("x"))

print(pcall(tostring))

print(tostring(setmetatable({}, {__tostring = function() return "T!" end})))

print(pcall(tostring, setmetatable({}, {__tostring = function() return 1 end})))

print(pcall(tostring, setmetatable({}, {__tostring = function() return {} end})))

print((tostring(setmetatable({}, {__name = "My.Type"})):gsub("0x%x+", "ADDR")))

print((tostring(setmetatable({}, {__name = 12})):gsub("0x%x+", "ADDR")))

print(tonumber("10"), tonumber("0x10"), tonumber("  12  "), tonumber("1e1"), tonumber("1 2"), tonumber(""), tonumber(" "))

print(tonumber("0x"), tonumber("0x1p4"), tonumber("0x.8"), tonumber("0x8."), tonumber("1e"), tonumber("e1"), tonumber("."), tonumber(".5"), tonumber("5."))

print(tonumber("inf"), tonumber("nan"), tonumber("0xinf"), tonumber("1_0"), tonumber("1\0"), tonumber("\t\n 7 \v\f\r"))

print(tonumber("9223372036854775807"), tonumber("9223372036854775808"), tonumber("-9223372036854775808"), tonumber("-9223372036854775809"))

print(tonumber("0xffffffffffffffff"), tonumber("0x1ffffffffffffffff"), tonumber("0x7fffffffffffffff"), tonumber("-0x8000000000000000"))

print(tonumber("1e308"), tonumber("1e309"), tonumber("-1e309"), tonumber("4.9e-324"), tonumber("1e-400"))

print(tonumber("10", 2), tonumber("zz", 36), tonumber("ZZ", 36), tonumber("-ff", 16), tonumber("8", 8), tonumber("7", 8), tonumber(" 11 ", 2))

print(tonumber("1" .. string.rep("0", 30), 2), tonumber("ffffffffffffffffffff", 16), tonumber("", 10), tonumber("-", 10), tonumber("1.0", 10))

print(pcall(tonumber, 10, 10))

print(pcall(tonumber, "10", 1))

print(pcall(tonumber, "10", 37))

print(pcall(tonumber, {}, 10))

print(pcall(tonumber))

print(tonumber({}), tonumber(nil), tonumber(true), tonumber(print))

print(pcall(tonumber, "10", "x"))

print(pcall(tonumber, "10", 2.5))

print(rawequal(1, 1.0), rawequal("a", "a"), rawequal({}, {}), rawequal(0/0, 0/0), rawequal(-0.0, 0))

print(pcall(rawequal, 1))

print(rawlen({1, 2, 3}), rawlen("abc"), pcall(rawlen, 1))

print(rawlen(setmetatable({1, 2}, {__len = function() return 99 end})), #setmetatable({1, 2}, {__len = function() return 99 end}))

local t = setmetatable({}, {__index = function() return "idx" end, __newindex = function() error("no") end}) print(t.x, rawget(t, "x")) rawset(t, "x", 5) print(t.x)

print(pcall(rawget, 1, 2))

print(pcall(rawset, {}, nil, 1))

print(pcall(rawset, {}, 0/0, 1))

print(pcall(rawget, {}))

print(select("#"), select("#", nil, nil), select(2, "a", "b", "c"), select(-1, "a", "b", "c"))

print(pcall(select, 0))

print(pcall(select, -5, 1))

print(pcall(select, "x"))

print(pcall(select))

print(select(5, 1, 2))

print(select(-2, 1, 2))

print(select(2.0, 1, 2))

print(pcall(select, 1.5))

print(select('2', 'a', 'b'))

print(assert(1, 2, 3))

print(pcall(assert, false))

print(pcall(assert, nil, "msg"))

print(pcall(assert, false, {1} and 7))

print(pcall(assert))

print(select('#', assert(1, nil, nil)))

print(pcall(error))

print(pcall(error, nil))

print(pcall(error, "m"))

print(pcall(error, "m", 0))

print(pcall(error, 12))

print(pcall(error, true))

local function f() error("lvl1") end local function g() error("lvl2", 2) end print(pcall(f)) print(pcall(function() g() end))

local function f() error("two", 2) end local function g() f() end local ok, e = pcall(g) print(e)

local t = {} local ok, e = pcall(error, t) print(e == t)

print(pcall(pcall))

print(pcall(pcall, error, 1))

print(pcall(xpcall))

print(xpcall(error, function(m) return "H:" .. tostring(m) end, "boo"))

print(xpcall(function(...) return select("#", ...), ... end, print, 1, nil, 3))

print(xpcall(function() local x = nil; x() end, function(m) return (m:gsub("^.-:%d+: ", "")) end))

print(pcall(xpcall, print))

print(select("#", xpcall(function() end, print)))

print(xpcall(function() error({code = 5}) end, function(e) return e.code end))

local d = 0 print(xpcall(function() error("a") end, function(m) d = d + 1 if d < 3 then error("again") end return "done" .. d end))

print(getmetatable("").__index == string, getmetatable("abc").__name, getmetatable(1), getmetatable(nil), getmetatable(print))

print(getmetatable(setmetatable({}, {__metatable = "locked"})))

print(pcall(setmetatable, setmetatable({}, {__metatable = 1}), {}))

print(pcall(setmetatable, 1, {}))

print(pcall(setmetatable, {}, 1))

print(pcall(setmetatable, {}))

print(getmetatable(setmetatable({}, nil)))

print(pcall(getmetatable))

print(next({}))

print(next({10}))

print(next({10}, 1))

print(pcall(next, {}, "nokey"))

print(pcall(next))

print(pcall(next, 1))

print(type(next), select("#", next({})))

for k, v in pairs({10, 20, 30}) do io.write(k, "=", v, " ") end print()

for k, v in ipairs({1, 2, nil, 4}) do io.write(k, "=", v, " ") end print()

for i, v in ipairs(setmetatable({}, {__index = function(t, i) if i < 4 then return i * 10 end end})) do io.write(i, ":", v, " ") end print()

print(pcall(ipairs)) print(pcall(ipairs, nil)) print(pcall(function() for i in ipairs(nil) do end end)) print(pcall(pairs)) print(pcall(pairs, nil)) print(pcall(pairs, 1))

for k, v in pairs(setmetatable({}, {__pairs = function(t) return function(_, k) if not k then return 1, "one" end end, t, nil end})) do print(k, v) end

print(pairs(setmetatable({}, {__pairs = function() return 1, 2, 3, 4 end})))

print(select("#", pairs(setmetatable({}, {__pairs = function() end}))))

local t = {a = 1} for k in pairs(t) do t[k] = nil end print(next(t))

print(pcall(ipairs, "abc")) for i, v in ipairs("abc") do print(i, v) end

print(collectgarbage("step"), collectgarbage("isrunning"), type(collectgarbage("count")), collectgarbage(), collectgarbage("collect"))

print(pcall(collectgarbage, "bogus"))

print(collectgarbage("setpause", 100) ~= nil, collectgarbage("stop"), collectgarbage("restart"))

print(print == print, type(dofile), type(loadfile), type(require), unpack, loadstring, setfenv, getfenv, table.getn, math.mod)

print(pcall(require))

print(pcall(require, {}))

print(require("string") == string, require("_G") == _G, package.loaded.table == table, type(package.preload), type(package.path))

package.preload.mymod = function(...) return {args = select("#", ...), name = (...)} end local m = require "mymod" print(m.args, m.name, require "mymod" == m, package.loaded.mymod == m)

package.preload.nilmod = function() end print(require "nilmod", package.loaded.nilmod)

local ok, e = pcall(require, "does.not.exist") print(ok, e:match("^module 'does.not.exist' not found:"))

print(1, nil, true, "x", 2.0)

print()

print(nil)

print("a\0b")

print(pcall(print, setmetatable({}, {__tostring = function() return {} end})))

tostring = nil print(1) 

local _ENV = {print = print} print(tostring) x = 5 print(_ENV.x)
