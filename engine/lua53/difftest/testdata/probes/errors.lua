local function try(f, ...) print(select(2, pcall(f, ...))) end local t = {} try(function() return undefinedglobal.x end) try(function() return t.x.y end) try(function() return t.x.y.z end) try(function() local l; return l.x end) try(function() t.m() end) try(function() t:m() end) try(function() undefinedfn() end)

local function try(f, ...) print(select(2, pcall(f, ...))) end local t = {} try(function() t.x.y = 1 end) try(function() undefinedglobal.x = 1 end) try(function() t[nil] = 1 end) try(function() t[1][2] = 3 end) try(function() t[t].x = 1 end) try(function() local a = 1; a.x = 1 end) try(function() ("x").y.z = 1 end)

local function try(f, ...) print(select(2, pcall(f, ...))) end local t, n = {}, nil try(function() return t + 1 end) try(function() return 1 + t end) try(function() return n + 1 end) try(function() return t.x + 1 end) try(function() return 1 + t.x end) try(function() return gg + 1 end) try(function() return t.x.y + 1 end) try(function() return -t end) try(function() return -n end) try(function() return -t.foo end)

local function try(f, ...) print(select(2, pcall(f, ...))) end local t, n = {}, nil try(function() return "a" .. t end) try(function() return t .. "a" end) try(function() return "a" .. n end) try(function() return "a" .. t.x end) try(function() return "a" .. gg .. "b" end) try(function() return 1 .. print end) try(function() return "x" .. t.x.y end)

local function try(f, ...) print(select(2, pcall(f, ...))) end local t, n = {}, nil try(function() return #n end) try(function() return #5 end) try(function() return #t.x end) try(function() return #gg end) try(function() return #print end) try(function() return #true end)

local function try(f, ...) print(select(2, pcall(f, ...))) end local t, n = {}, nil try(function() return t < t end) try(function() return n < 1 end) try(function() return 1 < n end) try(function() return "a" < 1 end) try(function() return t <= 1 end) try(function() return 1 > t end) try(function() return 1 >= "x" end) try(function() return print < print end) try(function() return true < true end) try(function() return coroutine.create(print) < 1 end)

local function try(f, ...) print(select(2, pcall(f, ...))) end local t, n = {}, nil try(function() return t & 1 end) try(function() return 1 | n end) try(function() return 1.5 & 1 end) try(function() return "a" & 1 end) try(function() return t.x ~ 1 end) try(function() return ~t end) try(function() return 1 << {} end) try(function() return 2^64 >> 1 end) try(function() return "1.5" & 1 end) try(function() local s = "x" return s | 1 end) try(function() return gg & 1 end)

local function try(f, ...) print(select(2, pcall(f, ...))) end local t, n = {}, nil try(function() n() end) try(function() t() end) try(function() t.x() end) try(function() t.x.y() end) try(function() gg() end) try(function() gg.x() end) try(function() t:nope() end) try(function() ("x"):nope() end) try(function() (1)() end) try(function() ("x")() end) try(function() t[1]() end) try(function() t["a b"]() end) try(function() (function() end)()() end) try(function() local a = {b = {}} a.b.c.d() end)

local function try(f, ...) print(select(2, pcall(f, ...))) end local up = nil try(function() up() end) try(function() up.x = 1 end) try(function() return up + 1 end) try(function() return up .. "x" end) try(function() return up.x.y end) local tb = {} try(function() tb.x.y() end) try(function() return tb[1] + 1 end) try(function() return tb[up].x end) local k = "key" try(function() return tb[k].x end) try(function() return tb[k]() end) try(function() tb[k] .. "x" = 1 end)

local function try(f, ...) print(select(2, pcall(f, ...))) end local up, tb, k = nil, {}, "key" try(function() return tb[k].x end) try(function() return tb[k]() end) try(function() return tb[k] + 1 end) try(function() local key = "z" return tb[key].x end) try(function() local key = "z" return tb[key]() end) try(function() return tb.a.b.c end) try(function() return tb[1].x end) try(function() return tb[1.5].x end) try(function() return tb[true].x end) try(function() return tb["str"].x end)

local function f(a, b) return a + b end print(pcall(f, 1)) print(pcall(f, {}, 1)) print(pcall(f, "x", 1)) print(pcall(f, 1, "y")) local function g(x) return x.y.z end print(pcall(g, {})) print(pcall(g)) local function h(...) local a, b = ... return a < b end print(pcall(h, 1, {}))

local function f(a) local b = a.c; return b.d end print(pcall(f, {})) print(pcall(function() local a <close> = 1 end == nil)) 

print(pcall(function() local t = setmetatable({}, {__index = function(t, k) error("idx " .. k) end}) return t.foo end)) print(pcall(function() local t = setmetatable({}, {__index = function(t, k) error("idx " .. k, 2) end}) return t.foo end)) print(pcall(function() local t = setmetatable({}, {__add = 1}) return t + 1 end)) print(pcall(function() local t = setmetatable({}, {__call = 1}) return t() end)) print(pcall(function() local t = setmetatable({}, {__index = 1}) return t.x end))

print(pcall(function() local t = setmetatable({}, {__newindex = 1}) t.x = 1 end)) print(pcall(function() local t = setmetatable({}, {__concat = true}) return t .. "x" end)) print(pcall(function() local t = setmetatable({}, {__len = "x"}) return #t end)) print(pcall(function() local t = setmetatable({}, {__unm = {}}) return -t end)) print(pcall(function() local t = setmetatable({}, {__lt = 5}) return t < t end)) print(pcall(function() local a, b = setmetatable({}, {__eq = 5}), setmetatable({}, {__eq = 5}) return a == b end))

error("top level")

error({code = 2})

error(setmetatable({}, {__tostring = function() return "custom object" end}))

error()

error(nil)

error("no position", 0)

error("level two", 2)

local x = nil x.y = 1

local t = {} t.a.b.c = 1

local function f() return nil + 1 end f()

function globalfn() undefinedthing.x = 1 end globalfn()

local a = "x" + 1

local a = {} .. "x"

local t = {} t:method()

string.rep()

("x"):rep({})

("x"):bad()

math.floor({})

setmetatable(1, 2)

print(#nil)

for i = 1, "x" do end

for x in 5 do end

for x in nil do end

for k, v in {} do end

return 1 < "x"

x = = 1

if

print("unfinished

goto nowhere

break

local function f() error("deep") end local function g() f() end local function h() g() end h()

assert(false)

assert(nil, "assert message")

assert(false, {1})

assert(1 == 2, "1 ~= 2")

local ok, e = pcall(error, "msg", 1) print(ok, e) local ok, e = pcall(error, "msg", 2) print(ok, e) local ok, e = pcall(error, "msg", 3) print(ok, e)

local function f() local function g() error("x", 2) end g() end print(pcall(f)) print(pcall(function() error("y", 1) end)) print(pcall(function() error("z", 50) end))

print(pcall(string.rep)) print(pcall(("x").rep, "x", {})) local rep = string.rep print(pcall(function() rep() end)) print(pcall(function() local t = {r = string.rep} t.r() end)) print(pcall(function() local t = {r = string.rep} t:r() end)) print(pcall(function() local s = "x" s:rep({}) end)) print(pcall(function() string.rep({}) end)) print(pcall(function() ("x"):rep() end))

print(pcall(function() local s = string; s.format("%d", "x") end)) print(pcall(function() return ("%d"):format("x") end)) print(pcall(function() return ("%d"):format({}) end)) print(pcall(function() io.write({}) end)) print(pcall(function() io.stdout:write({}) end)) print(pcall(function() io.stdout.write(1) end)) print(pcall(function() ({}).x.y() end))

print(pcall(setmetatable)) print(pcall(function() setmetatable() end)) print(pcall(function() setmetatable({}) end)) print(pcall(function() local sm = setmetatable sm(1) end)) print(pcall(function() table.concat() end)) print(pcall(function() table.concat({{}}) end)) print(pcall(function() tostring() end)) print(pcall(function() ipairs() end)) print(pcall(function() next({}, "zz") end))

local function deep(n) if n == 0 then error("bottom") end deep(n - 1) end print(pcall(deep, 50)) local co = coroutine.create(function() local x = nil; x.y = 1 end) print(coroutine.resume(co)) print(coroutine.status(co)) local w = coroutine.wrap(function() error("in wrap") end) print(pcall(w)) print(pcall(w)) local w2 = coroutine.wrap(function() error({}) end) print(type(select(2, pcall(w2))))

local function r() return r() + 1 end local ok, e = pcall(r) print(ok, (e:gsub("%(.*", ""))) 

local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return t[k .. "x"] end local ok, e = pcall(function() return t.a end) print(ok)

local t = setmetatable({}, {}) getmetatable(t).__index = t local ok, e = pcall(function() return t.a end) print(ok, e) getmetatable(t).__newindex = t print(pcall(function() t.a = 1 end))

print(select(2, pcall(function()
  local a = {}
  a.b = {
    c = 1 + nil,
  }
end)))

print(select(2, pcall(function()
  local x =
    1 +
    2 +
    {}
  return x
end)))

print(select(2, pcall(function()
  foo(
    1,
    2
  )
end)))

print(select(2, pcall(function()
  local t = {}
  t
    .x
    .y
    .z = 1
end)))

print(select(2, pcall(function()
  return string
    .rep
    ()
end)))

local function lines(f) local ok, e = pcall(f) return e end
print(lines(function()
  local a = 1
  local b = nil

  return a < b
end))

print(pcall(load("local a = {}\nlocal b = a.x.y", "@my.lua"))) print(pcall(load("return nil .. 'x'", "=(eval)"))) print(pcall(load("x.y.z = 1", "return x"))) print(pcall(load("\n\n\nnope()", "multi\nline")))

print(xpcall(function() local x = nil; return x.y end, function(m) return "handled: " .. m end)) print(xpcall(function() error("e1") end, function(m) error("e2") end)) print(select("#", xpcall(function() error() end, function(...) return ... end)))

local debugtb = debug.traceback("msg") print(debugtb:match("^msg\nstack traceback:\n") ~= nil) print(debug.traceback({}) ~= nil, type(debug.traceback()), debug.traceback(nil) ~= nil, debug.traceback(12):match("^12\n") ~= nil)

print(debug.getinfo(1, "l").currentline, debug.getinfo(1, "S").short_src, debug.getinfo(1, "S").what, debug.getinfo(print).what, debug.getinfo(print, "S").short_src, debug.getinfo(1000))

local function f() return debug.getinfo(1, "n").name, debug.getinfo(1, "S").linedefined, debug.getinfo(2, "l").currentline end print(f())

local function f(a, b, ...) end local i = debug.getinfo(f, "u") print(i.nparams, i.isvararg, i.nups) print(debug.getinfo(f, "S").source:sub(1, 1), debug.getinfo(f, "f").func == f) print(pcall(debug.getinfo, 1, "X")) print(pcall(debug.getinfo, "x"))

local a = setmetatable({}, {__name = "MyType"}) print(pcall(function() return a + 1 end)) print(pcall(function() return a < a end)) print(pcall(function() return a < 1 end)) print(pcall(function() return #a, a() end)) print(pcall(string.rep, a)) print(pcall(function() return a .. "x" end)) print(pcall(ipairs, nil)) print(pcall(math.floor, a))

local t = {} print(pcall(function() t.x.y.z() end)) print(pcall(function() t.f(t.g.h) end)) print(pcall(function() return t.a + t.b end)) print(pcall(function() return t.a .. t.b end)) print(pcall(function() return (t.a) + 1 end)) print(pcall(function() return (t.a).x end)) print(pcall(function() local u = t.a; return u.x end)) print(pcall(function() return t.a[1] end)) print(pcall(function() return t[1][1] end))

local a, b, c = 1 print(pcall(function() return a.x.y end)) print(pcall(function() return b.x end)) print(pcall(function() a() end)) print(pcall(function() a.b.c = 1 end)) print(pcall(function() a.b = 1 end)) print(pcall(function() local v = a.b end)) print(pcall(function() return (a).b.c end)) print(pcall(function() return #a end)) print(pcall(function() return -{} end))

local function va(...) return (...).x end print(pcall(va)) print(pcall(va, 1)) local function vb(...) local t = {...} return t[1].x end print(pcall(vb)) local function vc(...) return select(2, ...) + 1 end print(pcall(vc, 1)) print(pcall(function() return f1().x end)) print(pcall(function() local function f1() end return f1().x end)) print(pcall(function() local function f1() end return f1() + 1 end)) print(pcall(function() local function f1() end f1()() end))

if nil + 1 then end

while {} < 1 do end

repeat until 1 .. nil

return -{}

local t <const> = 1

x = 1 x() 

local a = 1 a.b()

a.b.c = 1

(nil)()

(function() error("anon") end)()

local t = {f = function() error("field fn") end} t.f()

local co = coroutine.wrap(function() error("from coroutine") end) co()

return (nil).x

local function f(x) return x.name.first end f({})
