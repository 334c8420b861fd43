local a, t = 1, {}
local function f() a = a + 5 t = {"new"} return 1 end
print(a + f(), a, f() + a, a * f() - a, (a) + f(), a < f(), a == f(), a > f(), a ~= f(), a .. f(), -a + f(), a + (f()), f() .. a, a + 1 + f())
print(t[f()], #t) t = {} t[f()] = a print(t[1]) t.x, a = f(), 3 print(t.x, a) local i = 1 t[i], i = f(), 7 print(t[1], i)
local function g() i = 2 return "v" end t = {10, 20, 30} t[i] = g() print(t[1], t[2], t[7])
do local b = 1 local function h() b = 10 return 1 end local x = {b, h(), b} print(x[1], x[2], x[3]) print(b, h()) b = 1 print((function(...) return ... end)(b, h())) b = 1 local y, z = b, h() print(y, z) b = 1 local s = b .. h() .. b print(s) b = 1 print(b and h(), b or h(), not b == h()) end

local function lineerror(s) local f, e = load(s) if not f then return e end local ok, m = pcall(f) return (tostring(m):match(":(%d+):")) end
print(lineerror("local a\n for i=1,'a' do \n print(i) \n end"), lineerror("\n local a \n for k,v in 3 \n do \n print(k) \n end"), lineerror("\n\n for k,v in \n 3 \n do \n print(k) \n end"), lineerror("function a.x.y ()\na=a+1\nend"))
print(lineerror("a = \na\n+\n{}"), lineerror("a = \n3\n+\n(\n4\n/\nprint)"), lineerror("a = \nprint\n+\n(\n4\n/\n7\n)"), lineerror("a\n=\n-\n\nprint\n;"))
print(lineerror("a\n(\n23)\n"), lineerror("local a = {x = 13}\na\n.\nx\n(\n23\n)\n"), lineerror("local a = {x = 13}\na\n.\nx\n(\n23 + a\n)\n"))
print(lineerror("local a = 2\nreturn a\n..\n{}\n..\n'x'"), lineerror("return 1\n<\n{}"), lineerror("local t = {}\nt.x\n.y\n=\n5"), lineerror("local t\nt\n[\n1\n]\n=\n2"))
print(lineerror("local function f() error('x', 2) end\n\nf(\n)"), lineerror("\n\nlocal x = #\nnil"), lineerror("if\nnil\n..\n'x'\nthen end"), lineerror("return\nnil\n+\n1"), lineerror("local t = {\n1,\n2 + {},\n3}"))

local t = setmetatable({}, {__index = function(t, k) return k end, __newindex = function(t, k, v) rawset(t, k, v .. "!") end}) local i = 0 local function n() i = i + 1 return i end t[n()], t[n()], t[n()] = n(), n(), n() print(t[1], t[2], t[3], i)

local a = {} local function log(x) a[#a + 1] = x return x end local x = {[log(1)] = log(2), [log(3)] = log(4), log(5), log(6)} print(table.concat(a, " ")) a = {} local _ = log(1) + log(2) .. log(3) + log(4), log(5) print(table.concat(a, " "))

local i, a = 1, {} i, a[i], a[i + 1] = 5, "x", "y" print(i, a[1], a[2]) local x, y, z = 1, 2, 3 x, y, z = z, x, y print(x, y, z) do local a, b, c = (function() return 1, 2, 3 end)(), 10 print(a, b, c) end

local a = {} do local t, i = {1, 2, 3}, 1 t, i, t[i] = {"n"}, 9, "set" print(t[1], i) end local q = {} q.a, q.a = 1, 2 print(q.a) local r, r = 1, 2 print(r)

local t = {}
for _, s in ipairs{"(1+1 and t) + nil", "(0.0 and t) + nil", "(-0.0 and t)+nil", "(1/0 and t)+nil", "(0/0 and t)+nil","(1//0 and t)+nil","(2^53 and t)+nil", "(not nil and t)+nil", "(nil or t)+nil","(false or t)+nil","(nil and t)+nil","(1 or t)+nil", "(t and t)+nil","('x' and t)+nil","(~1.5 and t)+nil","(~1 and t)+nil","(1..2 and t)+nil","(#'x' and t)+nil","({} and t)+nil", "(1 and t.x.y)", "(1 and t.x)()", "('x' and t)()", "(1 and t):foo()", "t[1 and 'k'].x", "t['k'..'j'].x", "-(1 and t)", "#(1 and nil)", "(t)()", "(t.x)()", "(t:x)()", "('x')()", "(1 and 'x')()", "('x'):y()", "(1 and 'x').y.z", "t < 1", "(true and t) .. 'x'", "'x' .. (1 and t) .. 'y'"} do
 local f, e = load("local t = ... return " .. s) print(s, f and select(2, pcall(f, t)) or e) end

local t, x = {}, nil
for _, s in ipairs{"(nil and nil or t)+nil", "(x and nil or t)+nil", "(x or true) and t + 1", "((x or true) and t)+nil", "((x or 1) and t)+nil", "((x and false) or t)+nil", "((x or nil) or t)+nil", "((x and 1) and t)+nil", "(x or t)+nil", "(t and t)+nil", "not (x or t) + nil", "((nil and x) or t) + nil", "((1 or x) and t) + nil", "(x and x or t)+nil", "(t or nil)()", "((x or true) and t)()", "((x and nil) or t)()", "#((x and nil) or x)", "((x and nil) or x).y", "((x and nil) or x).y.z", "-((x or 1) and t)", "((x and nil) or t) .. 'x'", "'x' .. ((x and nil) or t)", "((x and nil) or 'str')()", "((x and nil) or 'str').x.y"} do
 local f, e = load("local t, x = ... return " .. s) print(s, f and select(2, pcall(f, t, x)) or e) end
