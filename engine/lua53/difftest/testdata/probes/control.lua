for i = 1, 5 do if i % 2 == 0 then goto continue end io.write(i, " ") ::continue:: end print()

do local i = 1 ::top:: if i <= 3 then io.write(i, " ") i = i + 1 goto top end print() end

for i = 1, 3 do for j = 1, 3 do if j == 2 then goto next_i end io.write(i, j, " ") end ::next_i:: end print()

do goto l1 ::l0:: print("l0") goto l2 ::l1:: print("l1") goto l0 ::l2:: print("l2") end

local t = {} do local k = 0 ::a:: local x = k t[#t + 1] = function() x = x + 1 return x end k = k + 1 if k < 3 then goto a end end print(t[1](), t[1](), t[2](), t[3]())

while true do if true then goto out end end ::out:: print("out")

repeat local x = 1 if x then break end until x == 2 print("r") local i = 0 repeat local done = i >= 3 i = i + 1 until done print(i)

local i = 0 while i < 10 do i = i + 1 if i == 3 then goto cont end if i == 6 then break end io.write(i, " ") ::cont:: end print()

local a, b, c = 1 print(a, b, c) local a, b = 1, 2, 3 print(a, b) local a, b = (function() return 1, 2, 3 end)() print(a, b) local a, b, c = 0, (function() return 1, 2 end)() print(a, b, c) local a, b = ((function() return 1, 2 end)()) print(a, b)

local a, b = 1, 2 a, b = b, a print(a, b) local t = {1, 2} t[1], t[2] = t[2], t[1] print(t[1], t[2]) local i = 1 i, t[i] = i + 1, 20 print(i, t[1], t[2])

local function f(n) return n, n * 2 end local x, y = f(1), f(2) print(x, y) x, y = f(3) print(x, y) x, y = f(f(4)) print(x, y) print(f(1), f(2)) print((f(1)), f(2)) print({f(1), f(2)}[3] == nil)

local t = {} t.a, t.b = (function() return 1 end)() print(t.a, t.b) local function n() end local v = n() print(v, (n())) print(n()) print(type(n()) == nil)

local function v(...) local a, b = ... return select("#", ...), a, b, ... end print(v()) print(v(nil)) print(v(1, 2, 3)) print((v(1, 2))) local t = {v(5)} print(#t) print(v(v(1)))

local function f(...) return ... end print(f(1, nil, 3)) print(f(f(), f())) print(select("#", f())) print(select("#", f(nil))) print(f(1, 2), 3) print((f(1, 2)))

local function g(a, ...) local arg = {n = select("#", ...), ...} return a, arg.n, arg[1] end print(g()) print(g(1)) print(g(1, nil)) print(g(1, 2, 3))

local function cnt(...) return select("#", ...) end print(cnt(table.unpack({}, 1, 200))) print(cnt(table.unpack({1, 2, 3}))) local function tail(n, ...) if n == 0 then return ... end return tail(n - 1, n, ...) end print(tail(5))

local function loop(n) if n == 0 then return "tail ok" end return loop(n - 1) end print(loop(100000))

local fns = {} for i = 1, 3 do fns[i] = function() i = i + 1 return i end end print(fns[1](), fns[1](), fns[2](), fns[3]()) local function counter() local c = 0 return function() c = c + 1 return c end, function() return c end end local inc, get = counter() inc() inc() print(get())

local fns = {} local i = 1 while i <= 3 do local j = i fns[i] = function() j = j + 10 return j end i = i + 1 end print(fns[1](), fns[1](), fns[2](), fns[3]()) for k, v in ipairs{"a", "b"} do fns[k] = function() return k .. v end end print(fns[1](), fns[2]())

local fns = {} local i = 0 repeat local x = i fns[#fns + 1] = function() x = x + 1 return x end i = i + 1 until x >= 2 print(#fns, fns[1](), fns[1](), fns[3]())

local a = 1 local function f() return a end a = 2 print(f()) do local a = 3 print(f(), a) end local a = 4 print(f(), a)

local function fact(n) if n <= 1 then return 1 end return n * fact(n - 1) end print(fact(20), fact(21), fact(25.0)) local fib = setmetatable({}, {__index = function(t, n) local v = n < 2 and n or t[n - 1] + t[n - 2] t[n] = v return v end}) print(fib[80])

local f = function() return f end print(f()) local function g() return g end print(g() == g) local h h = function() return h end print(h() == h)

local x = 10 do local x = x + 1 print(x) local x = x * 2 print(x) end print(x) local x = x .. "s" print(x)

print(nil and 1, false and 1, 1 and 2, nil or 1, false or nil, 1 or 2, not nil, not 0, nil and nil or 3, false == nil, 1 and nil, nil or false, not not 1)

print(1 < 2 and "yes" or "no", nil == false, 1 == "1", "a" == "a", {} == {}, 0 == -0, 0.0 == -0.0, 1/0 == math.huge, 2 < 10, "2" < "10", not 1 == 2, not (1 == 2))

local a = {} local function f(k) a[#a + 1] = k return k end local t = {[f(1)] = f(2), f(3), [f(4)] = f(5)} print(table.concat(a, " ")) a = {} local x = f(1) + f(2) * f(3) - f(4) print(table.concat(a, " ")) a = {} local _ = f(1) < f(2), f(3) .. f(4) .. f(5) print(table.concat(a, " "))

local a = {} local function f(k) a[#a + 1] = k return k end local t = setmetatable({}, {__newindex = function(_, k, v) a[#a + 1] = "set" .. k end}) t[f("a")], t[f("b")] = f("x"), f("y") print(table.concat(a, " "))

local t = {} function t.a() return "a" end function t:b() return self == t end t.c = {} function t.c.d(x) return x end function t.c:e(y) return self == t.c, y end print(t.a(), t:b(), t.b(t), t.c.d(1), t.c:e(2))

local s = 0 for i = 10, 1, -3 do s = s + i end print(s) for i = 1, 3 do local i = i * 2 io.write(i, " ") end print(i) for _ = 1, 2 do io.write("x") end print()

for k, v in next, {1, 2} do io.write(k, v, " ") end for w in string.gmatch("a b", "%a") do io.write(w) end for a, b, c in (function() local n = 0 return function() n = n + 1 if n < 3 then return n, n * 2, n * 3 end end end)() do io.write(a, b, c, " ") end print()

local t = setmetatable({}, {__call = function(self, _, i) i = (i or 0) + 1 if i <= 3 then return i end end}) for i in t do io.write(i, " ") end print()

if 0 then print("0 is true") end if "" then print("'' is true") end if nil then elseif false then else print("else") end if 1 == 2 then elseif 2 == 2 then print("elseif") else end

local a <const> = 5

;;; local a = 1; ; print(a);

print((("x")):rep(2), #"abc" + 1, -2 ^ 2, 2 ^ -1, not nil == true, 1 .. 2 .. 3, "a" .. 1 + 2 .. "b")

print(1 --[[inline]] + --[==[ multi
line ]==] 2) -- trailing

local function f(t) return t.x end print(f{x = 1}, f{["x"] = 2}, type"s", #"str", ("x"):rep(2), type{}, type[[long]])

local s = [==[
]]]=]==] print(s, #s) print([[a
b]], "a\
b", 'x\z
      y')

print(0xff, 0XA, 1e2, 1E-2, .5, 5., 3e+1, 0x.p1 == nil)

print(#"\u{7FF}", "\065\10\x0A" == "A\n\n", '\'', "\"", "\\", "\a" == "\7", "a\z   b")

local a = {1, 2, 3, nil} local b = {n = 1, 2; 3, } print(#a, b[1], b[2], b.n) local c = {{1}, {2, {3}}} print(c[2][2][1]) local d = {["key with space"] = 1, [1] = "x", [2.0] = "y", [-1] = "z"} print(d["key with space"], d[1], d[2], d[-1])

local and1 = 1 local _end = 2 local _ = 3 local a1_ = 4 print(and1, _end, _, a1_)

local function outer() local x = 0 local function a() x = x + 1 return x end local function b() x = x * 10 return x end return a, b end local a, b = outer() print(a(), b(), a(), b())

local t = {} for i = 1, 3 do t[i] = {} for j = 1, 3 do t[i][j] = function() return i * 10 + j end end end print(t[1][1](), t[2][3](), t[3][1]())

do local a = 1 local b = 2 function glob() a = a + b return a end end print(glob(), glob()) glob = nil print(glob)

local function multi() return 1, 2, 3 end local t = {multi(), multi()} print(#t) print(multi(), 10) print(10, multi()) print((multi())) local a, b, c, d = multi() print(a, b, c, d) if multi() then print("first only") end print(multi() + multi()) return multi()

local t = {f = function(self, ...) return select("#", ...), ... end} print(t:f(), t:f(1), t:f(nil, nil), t.f(1, 2))

local r = {} for i = 1, 10 do if i == 3 then goto skip elseif i == 7 then break end r[#r + 1] = i ::skip:: end print(table.concat(r, ","))

do local k = 1 ::again:: k = k * 2 if k < 100 then goto again end print(k) end do goto e; ::e:: end do ::x:: end ::x2:: print("labels")

local function f() goto r ::q:: do return "q" end ::r:: goto q end print(f())

for i = 1, 2 do local x <const> = 1 end

local x = 5 local function getx() return x end local function setx(v) x = v end setx(6) print(x, getx()) x = 7 print(getx()) local y = {} y.z = x x = 8 print(y.z)

local function p(a, b, a2) a, b = b, a return a, b, a2 end print(p(1, 2)) local function q(a) a = a or "default" return a end print(q(), q(false), q(0)) local function r(a, a) return a end print(r(1, 2))

local t = {1, 2, 3} local i = 1 t[i], i = i + 10, 3 print(t[1], t[3], i) local a = {} a.x, a = 1, {y = 2} print(a.x, a.y) do local a, b = 1; a, b, a = 5, 6, 7 print(a ~= nil, b) end
