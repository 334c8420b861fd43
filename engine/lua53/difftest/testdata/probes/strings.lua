print(("abc"):len(), #"a\0b", ("x"):rep(3), ("x"):rep(0), ("x"):rep(-1), ("ab"):rep(3, ","), ("").rep("", 5))

print(pcall(string.rep))

print(pcall(string.rep, "x"))

print(pcall(string.rep, "x", "y"))

print(pcall(string.rep, "x", 1.5))

print(string.rep("x", "3"), string.rep("x", 2.0), string.rep(12, 2))

print(pcall(string.rep, "x", 1 << 62))

print(pcall(string.rep, "xx", math.maxinteger))

print(string.rep("", 1 << 20))

print(("hello"):sub(2), ("hello"):sub(2, 3), ("hello"):sub(-3), ("hello"):sub(-3, -2), ("hello"):sub(0), ("hello"):sub(10), ("hello"):sub(3, 2), ("hello"):sub(-100, 100), ("hello"):sub(2, -2))

print(("hello"):sub(math.mininteger, math.maxinteger), ("hello"):sub(math.maxinteger, math.mininteger), ("hello"):sub(math.mininteger, math.mininteger), ("hello"):sub(1, math.mininteger))

print(pcall(string.sub))

print(pcall(string.sub, "x"))

print(pcall(string.sub, "x", {}))

print(pcall(string.sub, "x", 1, "z"))

print(("hello"):sub("2", "3"), ("hello"):sub(2.0), pcall(string.sub, "hello", 2.5))

print(("abc"):byte(), ("abc"):byte(2), ("abc"):byte(-1), ("abc"):byte(1, -1), ("abc"):byte(10), ("abc"):byte(0), ("\xff\0"):byte(1, 2))

print(select("#", ("abc"):byte(4)), select("#", (""):byte()), select("#", ("abc"):byte(0, 10)))

print(pcall(string.byte))

print(pcall(string.byte, "x", {}))

print(string.char(), string.char(72, 105), #string.char(0, 255))

print(pcall(string.char, 256))

print(pcall(string.char, -1))

print(pcall(string.char, "x"))

print(pcall(string.char, 65, 1.5))

print(string.char("65", 66.0))

print(("MiXed 1"):upper(), ("MiXed 1"):lower(), ("abc"):reverse(), (""):reverse(), ("\xe4\xc4"):upper() == "\xe4\xc4")

print(("x"):upper(1, 2), pcall(string.upper), pcall(string.lower, {}))

print(pcall(string.len))

print(pcall(string.reverse, nil))

print(string.len(123), string.upper(12.5))

print("a" < "b", "a" < "B", "" < "a", "a\0b" < "a\0c", "a\0" > "a", "Z" < "a", "\xff" > "a", "10" < "9")

print("a" .. 1, 1 .. 2, 1.5 .. "x", -0.0 .. "", 2^53 .. "", 1e100 .. "", 10 // 3 .. "|" .. 10 / 2)

print(pcall(function() return "a" .. nil end))

print(pcall(function() return "a" .. {} end))

print(pcall(function() return {} .. "a" end))

print(pcall(function() return print .. "a" end))

print(pcall(function() return true .. "a" end))

print("10" + 5, "0x10" + 0, "1e1" * 1, "3" // 1, "7" % "4", "2" ^ "3", -"2", -"2.0", "10" / "2", " 5 " + 1)

print(pcall(function() return "a" + 1 end))

print(pcall(function() return 1 + "a" end))

print(pcall(function() return "1" + {} end))

print(pcall(function() return -"x" end))

print(pcall(function() return "1x" * 2 end))

print("10" | 1, "0xf" & 7, "1.0" << 2, pcall(function() return "1.5" | 1 end))

print(pcall(function() return "x" | 1 end))

print(pcall(function() return 1 | {} end))

print(pcall(function() return ~"a" end), ~"0")

print(pcall(function() return 1.5 | 1 end))

print(pcall(function() return 2^63 | 1 end))

print(pcall(function() return 1 << 1.5 end))

print(1.0 | 2, 2^53 | 0)

print(("x").y, ("x").len == string.len, #"x", pcall(function() return ("x").y.z end))

print(pcall(function() ("x").y = 1 end))

print(pcall(function() return ("x")() end))

print(("%d"):format(3), ("x"):format(), pcall(("x").nope))

print(("abc"):find("b"), ("a,b,c"):gsub(",", ";"))

local s = "x" print(s:rep(3), (s .. "y"):upper(), ("a"):byte() + 1, #s:rep(10))

string.shout = function(s) return s:upper() .. "!" end print(("hi"):shout())

print(("test"):find("t", 2), ("test"):find("t", -1), ("test"):find("", 10), ("test"):find("", 5), ("test"):find(""), ("").find("", ""))

print(("a+b"):find("+", 1, true), ("a.b"):find(".", 1, true), ("a.b"):find("%."), ("abc"):find("b", 1, nil), ("abc"):find("(b)(c)"))

print(pcall(string.find))

print(pcall(string.find, "x"))

print(pcall(string.find, {}, "x"))

print(pcall(string.find, "x", {}))

print(pcall(string.find, "x", "x", {}))

print(string.find(123, 2), string.find("a", "a", "1"))

print(("hello"):find("l", math.maxinteger), ("hello"):find("l", math.mininteger), ("hello"):find("xyz", 1, true), ("hello"):find("", 6, true), ("hello"):find("", 7, true))

print(("a\0b\0c"):find("\0"), ("a\0b\0c"):find("\0", 3, true), ("a\0b"):match("%z"), ("a\0b"):gsub("%z", "0"), ("a\0b"):find("b"))

print(#("\u{48}\u{20AC}\u{10FFFF}"), "\u{7FFFFFFF}" == nil)

print("\x41\u{41}\65\z
       B")

print([[
first newline dropped]], [==[a]]b]==], #[[

]])

print('single "double"', "double 'single'", 'esc \'q\'', "tab\tend", "nl\
cont")

goto done do print("skipped") end ::done:: print(#"\z  ", "a\z
b")
