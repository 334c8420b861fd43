print(load("return 1 + 1")())

print(load("syntax error here"))

print(load("x ="))

print(load("return", "=name"))

print(load("error('x')", "@file.lua"))

print(pcall(load("error('x')", "@file.lua")))

print(pcall(load("error('x')", "=chunk")))

print(pcall(load("error('x')")))

print(pcall(load("\n\nerror('x')", "a string\nwith lines")))

print(pcall(load("error('x')", string.rep("long", 50))))

print(pcall(load("error('x')", "@" .. string.rep("long/", 30))))

print(pcall(load("error('x')", "=" .. string.rep("long/", 30))))

local parts = {"return ", "4", "2", nil} local i = 0 print(load(function() i = i + 1 return parts[i] end)())

local i = 0 print(load(function() i = i + 1 if i == 1 then return "return 7" elseif i == 2 then return "" else error("called after end") end end)())

print(load(function() return {} end))

print(load(function() error("in reader") end))

print(load(function() return nil end))

print(pcall(load, 12))

print(pcall(load, nil))

print(pcall(load, {}))

print(load("return ...")(1, 2, 3))

print(select("#", load("return ...")()))

print(load("\27Lua"))

print(load("\27Lua", "b", "t"))

print(load("return 1", "t", "b"))

print(load("return 1", "=t", "bt")())

print(load("return 1", "=t", "t")())

print(load("x = 1; return x", "=e", "t", {})())

print(x)

local env = {} load("a, b = 1, 2", "=e", "t", env)() print(env.a, env.b, a)

print(load("return _ENV", "=e", "t", 12)())

print(pcall(load("return x", "=e", "t", 12)))

print(pcall(load("return x", "=e", "t", nil)))

local f = load("local a <const> = 1") print(f) print(load("goto x")) print(load("break")) print(load("::a:: ::a::"))

print(load("for i = 1 do end")) print(load("for i in 1")) print(load("if x then")) print(load("while true do")) print(load("repeat")) print(load("function f(")) print(load("local function"))

print(load("x = }"))

print(load("x = 'abc"))

print(load("x = \"abc\ndef\""))

print(load("x = [[abc"))

print(load("--[[ abc"))

print(load("x = [=[ ]]"))

print(load("x = '\\q'"))

print(load("x = '\\300'"))

print(load("x = '\\xZZ'"))

print(load("x = '\\u{110000000}'"))

print(load("x = '\\u{zz}'"))

print(load("x = '\\u123'"))

print(load("x = '\\u{12'"))

print(load("x = 1e"))

print(load("x = 0x"))

print(load("x = 1..2"))

print(load("x = 3x"))

print(load("x = 0xep1"))

print(load("x = 1.2.3"))

print(load("return = 1")) print(load("local 1 = 2")) print(load("f() = 1")) print(load("x, f() = 1, 2")) print(load("a.b:c = 1")) print(load("(a) = 1")) print(load("(a).b = 1 return 1", "=x") ~= nil)

print(load("x ~ = 1"))

print(load("x != 1"))

print(load("x = a b"))

print(load("@"))

print(load("x = $"))

print(load("\1"))

print(load("x = '\0'") ~= nil)

print(load("return return"))

print(load("return 1 x = 2"))

print(load("do return end x = 1") ~= nil)

print(load("return;") ~= nil)

print(load("return;;"))

print(load("for i = 1, 2, 3, 4 do end")) print(load("for a.b = 1, 2 do end")) print(load("for 1 in x do end")) print(load("local x = ")) print(load("x.1 = 2")) print(load("x:y"))  print(load("x.")) print(load("x["))

print(load("f{"))

print(load("f("))

print(load("f(1,"))

print(load("{1}"))

print(load("'x'"))

print(load("1"))

print(load("x"))

print(load("x.y"))

print(load("(x)"))

print(load("local function f() return 1 end end")) print(load("if 1 then else elseif 2 then end")) print(load("\n\n\nfunction f() \n x = \n end"))

print(load("function f() \n\n if x then \n\n")) print(load("\n\nwhile x do \n for i=1,2 do \n end")) print(load("x = {1,\n2\n3}")) print(load("f(1,\n2\n3)"))

print(load("goto continue; local a; ::continue:: print(a)")) print(load("do goto l1 end; do ::l1:: end")) print(load("goto l1; local aa ::l1:: ::l2:: print(3)")) print(load("repeat if x then goto cont end; local xuxu = 10; ::cont:: until xuxu < x"))

print(load("x = function() return ... end"))

print(load("function f(a, ..., b) end"))

print(load("function f(..., a) end"))

print(load("function f(a,) end"))

print(load("function f(1) end"))

print(load("local function a.b() end")) print(load("function a.b.c:d.e() end")) print(load("function a:b:c() end"))

print(load("#!shebang\nreturn 1"))

print(load("\xEF\xBB\xBFreturn 1"))

print(load("return 1 --[==[ comment ]] ]==] + 2")())

print(load("return --[[x]] 5")())

print(load("--x\nreturn 6")())

print(load("return 7 --")())

print(load("return '\\z   \n  abc\\x41\\65\\u{48}\\065'")())

print(load("return '\\\r\n'")() == "\n", load("return 'a\\\nb'")() == "a\nb")

print(#load("return [[\r\n\r\na\r\n]]")())

print(load("return 'a\\10b\\0c'")() == "a\nb\0c", load("return '\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'")() == "\7\8\12\10\13\9\11\\'\"")

print(load("return " .. string.rep("(", 150) .. "1" .. string.rep(")", 150))())

print((select(2, load("return " .. string.rep("(", 300) .. "1" .. string.rep(")", 300)))))

print((select(2, load("x = " .. string.rep("{", 250)))))

print((select(2, load(string.rep("do ", 250)))))

local s = "local a1" for i = 2, 201 do s = s .. ", a" .. i end print(load(s))

print(pcall(string.dump, print))

print(pcall(string.dump))

print(pcall(dofile, "/nonexistent/x.lua"))

print(loadfile("/nonexistent/x.lua") == nil)

local function f() local a = 1 return load("return a", "=x", "t", {a = 2})() end print(f())

local s = "return {" .. string.rep("1,", 1000) .. "}" print(#load(s)())

print(load("return 0x7fffffffffffffff + 1 == math.mininteger, 1 // 1, 3 % -2, 2^2, 7 // 2.0")())

a = 1 local f = load("a = a + 1 return a") print(f(), f(), a)

do local _ENV = {load = load, print = print} y = 1 print(load("return y")()) end

local function f(...) local _ENV = ... return x end print(f({x = 10}))

local _ENV <nope> = 1

print(pcall(function() local _ENV = nil; return x end)) print(pcall(function() local _ENV = 5; x = 1 end)) print(pcall(function() local _ENV; print(1) end))

local function mk(env) local _ENV = env return function() cnt = (cnt or 0) + 1 return cnt end end local f, e = nil, {} f = mk(e) f() f() print(e.cnt)

setmetatable(_G, {__index = function(_, n) return "dyn_" .. n end, __newindex = function(t, n, v) rawset(t, n, v and v * 2) end}) print(undefinedvar) newvar = 21 print(newvar)
