local co = coroutine.create(function(a, b) print("start", a, b) local c = coroutine.yield(a + b) print("got", c) local d, e = coroutine.yield(c * 2) return d + e end) print(coroutine.resume(co, 1, 2)) print(coroutine.resume(co, 10)) print(coroutine.resume(co, 3, 4)) print(coroutine.resume(co)) print(coroutine.status(co))

local w = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) print(w(), w(), w(), w()) print(pcall(w))

print(coroutine.isyieldable(), coroutine.running())

local co co = coroutine.create(function() print(coroutine.status(co), coroutine.isyieldable()) local r, m = coroutine.running() print(r == co, m) print(coroutine.resume(co)) end) coroutine.resume(co) print(coroutine.status(co))

local main, ismain = coroutine.running() print(type(main), ismain, coroutine.status(main)) print(coroutine.resume(main)) local co = coroutine.create(function() print(coroutine.status(main)) print(coroutine.resume(main)) end) coroutine.resume(co)

print(pcall(coroutine.create, 1))

print(pcall(coroutine.wrap))

print(pcall(coroutine.resume, 1))

print(pcall(coroutine.status, {}))

print(pcall(coroutine.yield, 1))

print(pcall(coroutine.create))

print(pcall(coroutine.status))

local co = coroutine.create(function() return pcall(function() coroutine.yield("in pcall") error("after") end) end) print(coroutine.resume(co)) print(coroutine.resume(co))

local co = coroutine.wrap(function() print(pcall(function() local x = coroutine.yield(1) error("E" .. x, 0) end)) print(xpcall(function() coroutine.yield(2) error("second") end, function(m) return "H(" .. m .. ")" end)) return "done" end) print(co()) print(co("arg")) print(co())

local mt = {__add = function(a, b) return coroutine.yield("add") end, __index = function(t, k) return coroutine.yield("index " .. k) end, __newindex = function(t, k, v) coroutine.yield("newindex") end, __call = function(self, x) return coroutine.yield("call" .. x) end, __eq = function() return coroutine.yield("eq") end, __lt = function() return coroutine.yield("lt") end, __len = function() return coroutine.yield("len") end, __concat = function() return coroutine.yield("concat") end, __unm = function() return coroutine.yield("unm") end} local co = coroutine.wrap(function() local a, b = setmetatable({}, mt), setmetatable({}, mt) print(a + b) print(a.foo) a.x = 1 print(a(7)) print(a == b, a < b, a <= b) print(#a) print(a .. b) print(-a) return "fin" end) local v = co() while v ~= "fin" do io.write(tostring(v), " ") v = co("r") end print(v)

local co = coroutine.wrap(function() for k, v in (function() return function(_, i) i = i + 1 coroutine.yield("it" .. i) if i < 3 then return i end end, nil, 0 end)() do coroutine.yield("body" .. k) end return "end" end) for i = 1, 6 do io.write(co(), " ") end print()

local co = coroutine.create(function() error({code = 7}) end) local ok, e = coroutine.resume(co) print(ok, type(e), e.code, coroutine.status(co)) print(coroutine.resume(co))

local co = coroutine.create(function() error("msg") end) print(coroutine.resume(co)) local co = coroutine.create(function() error() end) print(coroutine.resume(co)) local co = coroutine.create(function() local x = nil + 1 end) print(coroutine.resume(co))

local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end local s = 0 for v in gen(10) do s = s + v end print(s)

local function perm(a, n) n = n or #a if n <= 1 then coroutine.yield(a) else for i = 1, n do a[n], a[i] = a[i], a[n] perm(a, n - 1) a[n], a[i] = a[i], a[n] end end end for p in coroutine.wrap(function() perm{1, 2, 3} end) do io.write(table.concat(p), " ") end print()

local co1, co2 co1 = coroutine.create(function() print("1a", coroutine.status(co2)) coroutine.resume(co2) print("1b", coroutine.status(co2)) end) co2 = coroutine.create(function() print("2a", coroutine.status(co1)) print(coroutine.resume(co1)) coroutine.yield() end) coroutine.resume(co1) print(coroutine.status(co1), coroutine.status(co2))

local co = coroutine.create(function(...) print(select("#", ...), ...) local n = select("#", coroutine.yield()) print(n) local n = select("#", coroutine.yield(nil, nil)) print(n) end) print(coroutine.resume(co, nil, nil)) print(coroutine.resume(co, nil)) print(coroutine.resume(co))

local co = coroutine.wrap(function() local function inner() coroutine.yield("deep") return "inner ret" end return inner() end) print(co()) print(co())

local co = coroutine.wrap(function() return coroutine.yield(coroutine.yield(1)) end) print(co()) print(co(2)) print(co(3))

local co = coroutine.create(print) print(coroutine.resume(co, "called", "print")) print(coroutine.status(co)) local co = coroutine.create(coroutine.yield) print(coroutine.resume(co, 1, 2)) print(coroutine.resume(co, 3)) print(coroutine.status(co))

local co = coroutine.wrap(pcall) print(co(function() return coroutine.yield("x") end)) print(co("back"))

local co = coroutine.create(function() local t = setmetatable({}, {__tostring = function() return "ts" end}) coroutine.yield(tostring(t)) table.sort({3, 2, 1}, function(a, b) return a < b end) coroutine.yield(("x"):gsub("x", function() return "y" end)) end) print(coroutine.resume(co)) print(coroutine.resume(co))

print(coroutine.resume(coroutine.create(function() table.sort({3, 2, 1}, function(a, b) coroutine.yield() end) end)))

print(coroutine.resume(coroutine.create(function() ("x"):gsub("x", function() coroutine.yield() end) end)))

local t = {} for i = 1, 100 do t[i] = coroutine.create(function() coroutine.yield(i) return i * 2 end) end local s = 0 for r = 1, 2 do for i = 1, 100 do local _, v = coroutine.resume(t[i]) s = s + v end end print(s)

local co = coroutine.wrap(function() local a <const> = 1 end) 

local function producer() return coroutine.create(function() for _, v in ipairs{"a", "b", "c"} do coroutine.yield(v) end return nil end) end local function filter(p) return coroutine.create(function() while true do local _, v = coroutine.resume(p) if not v then return nil end coroutine.yield(v:upper()) end end) end local f = filter(producer()) while true do local _, v = coroutine.resume(f) if not v then break end io.write(v, " ") end print()

local x = 0 local co = coroutine.wrap(function() while true do x = x + 1 coroutine.yield() end end) co() co() co() print(x) local up = {} local c2 = coroutine.wrap(function() for i = 1, 3 do up[#up + 1] = function() return i end coroutine.yield() end end) c2() c2() c2() print(up[1](), up[2](), up[3]())

local co = coroutine.create(function() goto a ::b:: do return "ret" end ::a:: coroutine.yield("y") goto b end) print(coroutine.resume(co)) print(coroutine.resume(co))

local r = {} local co = coroutine.wrap(function(...) local a = {...} while true do r[#r + 1] = table.concat(a, ",") a = {coroutine.yield(#a)} end end) print(co(1, 2), co(3), co(), co(4, 5, 6)) print(table.concat(r, ";"))

local co = coroutine.create(function() local ok, e = pcall(coroutine.yield, "from pcall yield") print(ok, e) return "z" end) print(coroutine.resume(co)) print(coroutine.resume(co, "val"))

local co = coroutine.wrap(function() local ok, v = pcall(pcall, function() return coroutine.yield("nested") end) print(ok, v) return select(2, xpcall(coroutine.yield, print, "xp")) end) print(co()) print(co(1)) print(co("res"))

local co = coroutine.create(function() local co2 = coroutine.wrap(function() coroutine.yield(1) error("inner") end) co2() co2() end) print(coroutine.resume(co))

local co co = coroutine.wrap(function() return pcall(co) end) print(co())

local f = coroutine.wrap(function() error("wrapped") end) print(pcall(function() f() end)) local g = coroutine.wrap(function() local t = nil; t.x = 1 end) print(pcall(g))

print(select("#", coroutine.resume(coroutine.create(function() return end))))

print(select("#", coroutine.resume(coroutine.create(function() return nil, nil end))))

local co = coroutine.create(function() for i in coroutine.wrap(function() for j = 1, 3 do coroutine.yield(j) end end) do coroutine.yield(i * 10) end end) for i = 1, 4 do print(coroutine.resume(co)) end

local t = setmetatable({}, {__pairs = function() return coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i, i * i) end end) end}) for k, v in pairs(t) do io.write(k, "=", v, " ") end print()

local co = coroutine.create(function() return load("coroutine.yield('in load') return 'l'")() end) print(coroutine.resume(co)) print(coroutine.resume(co)) local co = coroutine.create(function() return select(2, load("return coroutine.yield(5)")()) end) print(coroutine.resume(co))

local co = coroutine.create(function(n) local function rec(i) if i == 0 then coroutine.yield("bottom") return 0 end return 1 + rec(i - 1) end return rec(n) end) print(coroutine.resume(co, 100)) print(coroutine.resume(co))
