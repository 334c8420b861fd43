print(os.time{year = 2000, month = 1, day = 1}, os.time{year = 2000, month = 1, day = 1, hour = 0}, os.time{year = 1970, month = 1, day = 1, hour = 0}, os.time{year = 2024, month = 2, day = 30, hour = 12, min = 61, sec = 61}, os.time{year = 2024, month = 14, day = -3})

local t = {year = 2024, month = 14, day = -3, hour = 30, min = -5, sec = 100} print(os.time(t), t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst)

print(os.date("!%Y-%m-%d %H:%M:%S", 0), os.date("!%c", 86400), os.date("!%x %X %p", 3600 * 13), os.date("!%A %B %d %j %U %w %a %b %y %Z %%", 1e9 // 1 | 0), os.date("!%D %e %F %g %G %h %I %M %n %R %t %T %u %V %W %C %r", 1234567890))

local t = os.date("!*t", 1234567890) print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst) local t = os.date("*t", 0) print(t.year, t.hour) print(os.date("!%Ec %EC %Ex %EX %Ey %EY %Od %Oe %OH %OI %Om %OM %OS %Ou %OU %OV %Ow %OW %Oy", 1234567890))

print(pcall(os.date, "%Q"))

print(pcall(os.date, "%"))

print(pcall(os.date, "%E"))

print(pcall(os.date, "%Ez"))

print(pcall(os.date, "%O"))

print(pcall(os.date, "%Oc"))

print(pcall(os.date, "%s"))

print(pcall(os.date, "%ñ"))

print(pcall(os.date, {}))

print(pcall(os.date, "%c", "x"))

print(pcall(os.date, "%c", 1.5))

print(os.date("!%H", "3600"), os.date("!", 0), os.date("!plain", 0), os.date("", 0))

print(pcall(os.time, {}))

print(pcall(os.time, {year = 2000}))

print(pcall(os.time, {year = 2000, month = 1}))

print(pcall(os.time, {year = "x", month = 1, day = 1}))

print(pcall(os.time, {year = 2000.5, month = 1, day = 1}))

print(pcall(os.time, {year = "2000", month = "1", day = "1", hour = 0}))

print(pcall(os.time, {year = 2^40, month = 1, day = 1}))

print(pcall(os.time, 1))

print(pcall(os.time, {year = 2000, month = 1, day = 1, hour = "x"}))

print(math.type(os.time()), math.type(os.clock()), type(os.date()), os.time() > 1e9, os.clock() >= 0, os.difftime(10, 5), math.type(os.difftime(1, 1)), pcall(os.difftime))

print(pcall(os.difftime, 1))

print(pcall(os.difftime, "a", 1))

print(os.getenv("SURELY_NOT_SET_ANYWHERE"))

for _, s in ipairs{0, 951782400, 4102444800, -86400, 1704067199, 1704067200, 1230768000} do print(os.date("!%Y-%m-%dT%H:%M:%S %a %j %U %W %V %G %u", s)) end

print(type(io.write), io.write("a", 1, 2.5, "\n") == io.stdout, io.type(io.stdout), io.type(42), tostring(io.stdout):match("^file %("), type(io.stderr), pcall(io.write, {}))

print(io.type({}), io.type(nil), pcall(io.type)) io.stdout:write("x", "y", "\n")

print(io.stdout:write("") == io.stdout, io.output() == io.stdout)
