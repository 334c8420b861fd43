print(math.pi, math.huge, -math.huge, math.maxinteger, math.mininteger, math.type(1), math.type(1.0), math.type("1"), math.type(nil), pcall(math.type))

print(math.floor(3.7), math.floor(-3.7), math.ceil(3.2), math.ceil(-3.2), math.floor(5), math.ceil(5), math.floor(2^70), math.ceil(-2^70), math.floor(-0.0), math.ceil(-0.5), math.floor(1e15 + 0.5), math.floor("3.7"))

print(math.floor(math.huge), math.ceil(-math.huge), math.floor(2^62), math.floor(2^63), math.floor(-2^63), math.ceil(2^53 + 0.0), pcall(math.floor))

print(pcall(math.floor, "x"))

print(pcall(math.floor, {}))

print(pcall(math.ceil, nil))

print(math.abs(-5), math.abs(5.5), math.abs(-0.0), math.abs(math.mininteger), math.abs(-2^63), math.abs("-3"), math.abs("-3.0"), pcall(math.abs))

print(math.max(1, 2, 3), math.max(1, 2.5), math.max(2, 2.0), math.max(2.0, 2), math.min(1, 2, 3), math.min(1.0, 1), math.min(-0.0, 0.0), math.max(math.huge, math.maxinteger), math.max(1), math.min("10", 9), pcall(math.max))

print(pcall(math.min))

print(pcall(math.max, 1, "x"))

print(pcall(math.max, {}, 1))

print(math.sqrt(16), math.sqrt(2), math.exp(0), math.exp(1), math.log(1), math.log(8, 2), math.log(1000, 10), math.log(27, 3), math.log(2, 4), math.log(0), math.log(100, 10.0), math.log(1024, 2.0))

print(math.sin(0), math.cos(0), math.tan(0), math.asin(1), math.acos(1), math.atan(1), math.atan(1, 2), math.atan(-1, -1), math.atan(0, -1), math.atan(-0.0, -1), math.deg(math.pi), math.rad(180))

print(string.format("%.10f %.10f %.10f %.10f", math.sin(1), math.cos(1), math.tan(1), math.exp(2.5)), string.format("%.10f", math.log(10)), string.format("%.10f", math.asin(0.5)), string.format("%.10f", math.acos(0.5)))

print(math.pow(2, 10), math.cosh(0), math.sinh(0), math.tanh(0), math.log10(1000), math.frexp(8), math.frexp(0.3), math.frexp(0), math.frexp(-5), math.ldexp(0.5, 4), math.ldexp(1, -1), math.atan2(1, 1))

print(math.frexp(math.huge), math.frexp(5e-324), math.ldexp(1, 2000), math.ldexp(1, -2000), math.ldexp("1", "3"), pcall(math.ldexp, 1, 1.5))

print(pcall(math.ldexp, 1))

print(pcall(math.frexp))

print(pcall(math.pow, 1))

print(pcall(math.cosh))

print(math.atan2 == math.atan, math.atan2(1))

print(math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(-7, -3), math.fmod(7.5, 2), math.fmod(-7.5, 2), math.fmod(5, math.huge), math.fmod(math.mininteger, -1), math.fmod(1, 0.0) ~= math.fmod(1, 0.0), math.fmod(6, 2), math.fmod(-6, 2), math.fmod(-6.0, 2))

print(pcall(math.fmod, 1, 0))

print(pcall(math.fmod, 1))

print(pcall(math.fmod, "x", 1))

print(math.fmod("7", 4), math.fmod(3, 1.5))

print(math.modf(3.7), math.modf(-3.7), math.modf(5), math.modf(math.huge), math.modf(-math.huge), math.modf(0.0), math.modf(-0.0), math.modf(2^53), math.modf("3.5"), pcall(math.modf)) local a, b = math.modf(0/0) print(a ~= a, b ~= b)

print(math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), math.tointeger("x"), math.tointeger({}), math.tointeger(2^63), math.tointeger(-2^63), math.tointeger("3.0"), math.tointeger(nil), pcall(math.tointeger))

print(math.ult(1, 2), math.ult(-1, 1), math.ult(1, -1), math.ult(0, 0), math.ult(1.0, "2"), pcall(math.ult, 1.5, 2))

print(pcall(math.ult, 1))

print(pcall(math.ult))

math.randomseed(42) print(math.random(), math.random(10), math.random(5, 6), math.random(0, 0), math.random(-5, 5)) math.randomseed(42) print(math.random()) math.randomseed(1) print(math.random(1, 100)) math.randomseed(-7.5) print(math.random(100))

math.randomseed(123) for i = 1, 20 do io.write(math.random(1000), " ") end print() print(math.random(math.mininteger, -1) < 0, math.random(math.maxinteger) > 0)

print(pcall(math.random, 0))

print(pcall(math.random, 2, 1))

print(pcall(math.random, 1, 2, 3))

print(pcall(math.random, math.mininteger, math.maxinteger))

print(pcall(math.random, 1.5))

print(pcall(math.random, "x"))

print(math.random(3.0) <= 3)

print(pcall(math.randomseed))

print(pcall(math.randomseed, "x"))

print(7 // 2, -7 // 2, 7 // -2, -7 // -2, 7.0 // 2, -7 // 2.0, 7 % 3, -7 % 3, 7 % -3, -7 % -3, 7.5 % 2, -7.5 % 2, 7.5 % -2, 5 % math.huge, -5 % math.huge, 5 % -math.huge, -5 % -math.huge)

print(pcall(function() return 1 // 0 end))

print(pcall(function() return 1 % 0 end))

print(1 // 0.0, -1 // 0.0, 0 / 0 ~= 0 / 0, 1 / 0, -1 / 0, 1 % 0.0 ~= 1 % 0.0, 1.0 // 0, math.mininteger // -1, math.mininteger % -1, 0.0 / 1, -0.0 / 1)

print(2^10, 2^0.5, 2^-1, (-2)^2, -2^2, 2^3^2, 0^0, 10 / 2, 3 / 2, 1e308 * 10, -1e308 * 10, 5 // 0.3, 1 - 0.9, 3 * 1.0, 3 - 3.0, 2^53 + 1)

print(math.maxinteger + 1 == math.mininteger, math.maxinteger * 2, math.mininteger - 1, -math.mininteger, math.maxinteger + 1.0, math.maxinteger // -1, math.maxinteger * math.maxinteger, 1 << 63, (1 << 63) - 1)

print(1 << 0, 1 << 64, 1 << 63, 1 >> 1, -1 >> 1, -1 >> 63, -1 << 1, 1 << -1, 2 >> -1, 1 << 100, 1 >> math.mininteger, ~0, ~5, 5 & 3, 5 | 3, 5 ~ 3, -1 & 0xff, 1 << math.maxinteger, 1 << math.mininteger)

print(1 == 1.0, 1 < 1.5, 2^53 == 2^53 + 1, (2^53 | 0) + 1 == 2^53 + 1, math.maxinteger < math.huge, math.maxinteger + 0.0 == math.maxinteger, math.maxinteger + 0.0 == 2^63, math.mininteger + 0.0 == math.mininteger, math.maxinteger < 2^63, math.maxinteger <= 2^63, math.maxinteger >= 2^63, -1 < 0.5)

print(0/0 == 0/0, 0/0 < 1, 0/0 > 1, 0/0 <= 0/0, not (0/0 == 0/0), 1 < 0/0, math.maxinteger < 0/0, math.maxinteger > 0/0, 9007199254740993 < 9007199254740992.0, 9007199254740993 == 9007199254740992.0, 9007199254740993 > 9007199254740992.0)

print(pcall(function() return 1 < "2" end))

print(pcall(function() return {} < {} end))

print(pcall(function() return nil < 1 end))

print(pcall(function() return "a" < 1 end))

print(pcall(function() return print < print end))

print(pcall(function() return true <= false end))

print(pcall(function() return {} >= 1 end))

print("a" <= "b", pcall(function() return "a" >= 1 end))

print(3 | 0.0, 3.0 & 1, "3" | 0, 2.0 ~ 1, ~3.0, 1 << 2.0, pcall(function() return 3.1 | 0 end))

print(pcall(function() return math.huge | 0 end))

print(pcall(function() return (0/0) | 0 end))

print(pcall(function() return "0x1p70" | 0 end))

print(100000000000000, 1e14, 10000000000000000, 1e16, 123456789012, 2^63, -(2^63), 1e15, 0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffffffff)

print(0x1p4, 0x.8, 0xA, 0Xa, 0x1P-1, 1E5, 1e+5, 1e-5, 3e0, 0x0.1E, 0xA23p-4, 0X1.921FB54442D18P+1)

for i = 1, 3 do io.write(i, " ") end for i = 3, 1, -1 do io.write(i, " ") end for i = 1, 2, 0.5 do io.write(i, " ") end for i = 1.0, 3 do io.write(i, " ") end for i = 1, 0 do io.write("never") end for i = 1, 3.9 do io.write(i, " ") end print()

local n = 0 for i = math.maxinteger - 1, math.maxinteger do n = n + 1 if n > 4 then break end io.write(i, " ") end n = 0 for i = math.mininteger, math.mininteger + 1 do io.write(i, " ") end for i = math.mininteger + 1, math.mininteger, -1 do n = n + 1 if n > 4 then break end io.write(i, " ") end for i = 1, math.huge do if i > 3 then break end io.write(i, " ") end for i = 3, -math.huge, -1 do if i < 1 then break end io.write(i, " ") end for i = 1, -math.huge do io.write("never") end print()

local n = 0 for i = math.maxinteger - 2, math.huge, 2 do n = n + 1 if n > 4 then break end io.write(i, " ") end for i = 1, 0/0 do io.write("nan") end for i = 0.1, 0.35, 0.1 do io.write(i, " ") end for i = -1, -3, -1 do io.write(i, " ") end for i = 1, 10, 4 do io.write(i, " ") end for i = 1, 2^53 do if i > 2 then break end io.write(i, " ") end print()

print(pcall(function() for i = "a", 2 do end end)) print(pcall(function() for i = 1, "x" do end end)) print(pcall(function() for i = 1, 2, {} do end end)) print(pcall(function() for i = 1, nil do end end)) print(pcall(function() for i = 1, "2" do end end)) print(pcall(function() for i = "1", 2 do end end)) print(pcall(function() for i = 1, 2, "1" do end end))

for i = 1, 3 do local j = i i = 10 io.write(j, i, " ") end for i = 1, 3, 1.0 do io.write(i, " ") end for i = 3, 1 do io.write("x") end for i = -3, -1 do io.write(i, " ") end for i = 1, 1 do io.write("one ") end for i = 1e15, 1e15 + 1 do io.write(i, " ") end print()

local n = 0 for i = 1, 3, 0 do n = n + 1 if n > 5 then break end end print(n) n = 0 for i = 1, 0, 0 do n = n + 1 if n > 5 then break end end print(n) n = 0 for i = 1.0, 3, 0 do n = n + 1 if n > 5 then break end end print(n) n = 0 for i = 1.0, 0, 0 do n = n + 1 if n > 5 then break end end print(n)

print(-3 % 5, -3.0 % 5, 3 % -5, 5.3 % -2, -5.3 % 2, 0.0 % 5, -0.0 % 5, 1e308 % 3, 5 % 5, -5 % 5, 5 % -5, 2^53 % 3, math.mininteger % 3, math.maxinteger % -3, math.mininteger // 3, math.maxinteger // -2)

print(8 // 3 * 3 + 8 % 3, -8 // 3 * 3 + -8 % 3, 2^2^3, -2^2, not nil == true, 1 .. 2 == "12", "a" .. "b" == "ab" and 1 or 2, 1 + 2 < 4, 2 * 3 + 4 * 5, (2 + 3) * 4, 7 & 3 | 8, 1 | 2 ~ 3 & 4, 1 << 2 + 1, "5" + 1 .. "")

print(5 // 1.0, 5.5 // 1, -5.5 // 1, 1e300 // 1e-300, 0.0 // 1, -0.0 // 1, 3 // math.huge, -3 // math.huge, 3 // -math.huge, math.huge // 1, -math.huge // 1, 1 // -math.huge, 2^63 // 1, 2^53 // 1 | 0)

print(string.format("%.17g", 0.1 + 0.2), string.format("%.17g", 1e23), string.format("%.17g", 2^0.5), string.format("%.17g", 10^-5), string.format("%.17g", 3^40), string.format("%.17g", math.pi * 1e10), 1e23, 5e-324 / 2, 2^1023 * 2)
