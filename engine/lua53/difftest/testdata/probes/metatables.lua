local mt = {} for _, n in ipairs{"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat"} do mt["__" .. n] = function(a, b) return n .. ":" .. type(a) .. "," .. type(b) end end local o = setmetatable({}, mt) print(o + 1, 1 - o, o * o, o / 2, 2 % o, o ^ 2, o // 1, o & 1, 1 | o, o ~ 1, o << 1, 1 >> o, o .. "x", "x" .. o, 1 .. o)

local mt = {__unm = function(a, b) return "unm", rawequal(a, b) end, __bnot = function(a, b) return "bnot" end, __len = function(a) return "len" end, __call = function(self, ...) return "call", select("#", ...), ... end} local o = setmetatable({}, mt) print(-o, ~o, #o, o(1, nil))

local mt = {__eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end, __le = function(a, b) return a.v <= b.v end} local function N(v) return setmetatable({v = v}, mt) end print(N(1) == N(1), N(1) == N(2), N(1) ~= N(1), N(1) < N(2), N(1) <= N(1), N(2) > N(1), N(1) >= N(2), N(1) == 1, rawequal(N(1), N(1)))

local mt = {__lt = function(a, b) return a.v < b.v end} local function N(v) return setmetatable({v = v}, mt) end print(N(1) <= N(2), N(2) <= N(1), N(1) >= N(1), pcall(function() return N(1) <= 5 end))

local mt = {__lt = function(a, b) return "truthy" end, __le = function(a, b) return nil end, __eq = function() return 5 end} local a, b = setmetatable({}, mt), setmetatable({}, mt) print(a < b, a <= b, a == b, a < 1, 1 < a, "x" <= a, a == 1)

local a = setmetatable({}, {__eq = function() return true end}) local b = setmetatable({}, {__eq = function() return false end}) local c = {} print(a == b, b == a, a == c, c == a, c == b, a == a, a ~= c)

local t = setmetatable({}, {__index = {x = 1, y = {z = 2}}}) print(t.x, t.y.z, t.nope, rawget(t, "x")) t.x = 5 print(t.x, rawget(t, "x")) t.x = nil print(t.x)

local t = setmetatable({}, {__index = function(t, k) return k .. "!" end}) print(t.a, t[1], t[true and "k"], #t, t[1.5])

local log = {} local t = setmetatable({}, {__newindex = function(t, k, v) log[#log + 1] = tostring(k) rawset(t, k, v) end}) t.a = 1 t.a = 2 t.b = nil t[1] = 1 print(table.concat(log, ","), t.a)

local store = {} local t = setmetatable({}, {__newindex = store, __index = store}) t.x = 1 print(rawget(t, "x"), store.x, t.x) t[1] = "one" print(#t, #store, t[1])

local A = {} A.__index = A function A.new(x) return setmetatable({x = x}, A) end function A:get() return self.x end local B = setmetatable({}, {__index = A}) B.__index = B function B.new(x) local o = A.new(x) return setmetatable(o, B) end function B:get2() return self:get() * 2 end local b = B.new(21) print(b:get(), b:get2(), getmetatable(b) == B)

local t = setmetatable({}, {__call = function(self, a, b) return a, b, self ~= nil end}) print(t(1, 2), (t(3)), pcall(t, 4, 5)) local u = setmetatable({}, {__call = t}) print(pcall(u, 1))

local c = setmetatable({}, {__concat = function(a, b) return (type(a) == "table" and "T" or a) .. "+" .. (type(b) == "table" and "T" or b) end}) print(c .. "x", "x" .. c, c .. c, 1 .. c, "a" .. "b" .. c, c .. "a" .. "b", "a" .. c .. "b")

print(#setmetatable({1, 2, 3}, {__len = function() return 42 end}), #setmetatable({}, {__len = function() return nil end}), select("#", #setmetatable({}, {__len = function() return 1, 2 end})))

local t = setmetatable({}, {__tostring = function() return "TS" end, __name = "N"}) print(t, tostring(t), "%s" and ("%s|%5s"):format(t, t)) print(pcall(function() return "a" .. t end))

local t = setmetatable({}, {__metatable = false}) print(getmetatable(t), pcall(setmetatable, t, nil))

local t = setmetatable({1, 2, 3}, {__index = function(_, i) if i <= 5 then return i * 100 end end}) for i, v in ipairs(t) do io.write(i, "=", v, " ") end print(#t, table.concat(t, ","))

local p = setmetatable({}, {__pairs = function(t) local i = 0 return function() i = i + 1 if i <= 3 then return i, i * i end end end}) for k, v in pairs(p) do io.write(k, ":", v, " ") end print()

local mt = {__index = function(t, k) return function(self, ...) return k, ... end end} local o = setmetatable({}, mt) print(o:anything(1, 2), o.field(o, 3), o["x y"](o))

local proxy = setmetatable({}, {__index = _G, __newindex = function(_, k, v) rawset(_G, k, v) end}) proxy.zz = 5 print(zz, proxy.zz, proxy.print == print)

local t = setmetatable({}, {__add = function(a, b) return 1, 2, 3 end}) print(t + t, (t + t), {t + t, t + t}[2]) 

local t = setmetatable({}, {__add = function(a, b) return 1, 2, 3 end}) print(select("#", t + t), #{t + t})

local a = setmetatable({}, {__add = function() return "a" end}) local b = setmetatable({}, {__add = function() return "b" end}) print(a + b, b + a, a + 1, 1 + b, "x" + a)

local a = setmetatable({}, {__add = false}) local b = setmetatable({}, {__add = function() return "b" end}) print(pcall(function() return a + b end)) print(pcall(function() return b + a end))

local s = setmetatable({}, {__index = function(t, i) return i end}) print(s[1], s[-1], s[2^53], s[1e100], s[0/0 ~= 0/0]) s[1] = "set" print(s[1])

local q = setmetatable({}, {__div = function(a, b) return "div" end, __idiv = function() return "idiv" end}) print(q / 1, q // 1, 1 / q, 1 // q, pcall(function() return q + 1 end))

getmetatable("").__add = function(a, b) return "sadd" end print("x" + "y", "1" + "2", "x" + 1) getmetatable("").__add = nil

getmetatable("").__call = function(s, x) return s .. x end print(("a")("b")) getmetatable("").__call = nil print(pcall(function() return ("a")("b") end))

getmetatable("").__index = function(s, k) if type(k) == "number" then return s:sub(k, k) end return string[k] end print(("hello")[1], ("hello"):upper())

debug.setmetatable(10, {__index = function(n, k) return k .. n end, __call = function(n, x) return n * x end, __len = function() return "numlen" end}) local n = 5 print(n.foo, n(3), #n, (2).bar) debug.setmetatable(10, nil) print(pcall(function() return n.foo end))

debug.setmetatable(nil, {__index = function() return nil end}) print(undefined.x.y.z) debug.setmetatable(nil, nil) print(pcall(function() return undefined.x end))

debug.setmetatable(print, {__index = {name = "fn"}, __concat = function() return "fcat" end}) print(print.name, print .. "x") debug.setmetatable(print, nil)

debug.setmetatable(true, {__not = function() end, __add = function(a, b) return "badd" end}) print(true + 1, not true) debug.setmetatable(true, nil)

local weak = setmetatable({}, {__mode = "k"}) weak[weak] = 1 print(weak[weak], getmetatable(weak).__mode)

local t = setmetatable({}, {__gc = function() end}) print(getmetatable(t).__gc ~= nil)

local d = 0 local t = setmetatable({}, {__index = function(t, k) d = d + 1 if d < 5 then return t[k] end return "end" .. d end}) print(t.x)

local cnt = 0 local mt = {__index = function(t, k) cnt = cnt + 1 return nil end} local t = setmetatable({}, mt) local x = t.a or t.b or "def" print(x, cnt) x = t.c and 1 print(x, cnt) if t.d then end print(cnt) t.e = t.e or 1 print(cnt)

local order = {} local function mk(n) return setmetatable({}, {__add = function(a, b) order[#order + 1] = "add" .. n return mk and mk(n) end}) end local a, b = mk(1), mk(2) local _ = a + b, b + a print(table.concat(order, " "))

local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, (rawget(t, k) or 0) + v) end}) t.a, t.b, t.a = 1, 2, 3 print(t.a, t.b)

local t = setmetatable({10, 20}, {__index = table}) t:insert(30) print(t:concat(" "), t:unpack()) print(t:remove(1), #t)

local P = {} P.__index = P P.__lt = function(a, b) return a.n < b.n end P.__le = function(a, b) return a.n <= b.n end local t = {} for i = 5, 1, -1 do t[#t + 1] = setmetatable({n = i}, P) end table.sort(t) for i, v in ipairs(t) do io.write(v.n, " ") end print(t[1] <= t[2], t[2] >= t[3])
