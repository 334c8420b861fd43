local t = {1, 2, 3} table.insert(t, 4) table.insert(t, 1, 0) table.insert(t, 3, "x") print(table.concat(t, ","), #t)

print(pcall(table.insert, {1, 2, 3}, 5, 1))

print(pcall(table.insert, {1, 2, 3}, 0, 1))

print(pcall(table.insert, {1, 2, 3}, -1, 1))

print(pcall(table.insert, {}, 2, 1))

print(pcall(table.insert, {}, 1.5, 1))

print(pcall(table.insert, {}, "x", 1))

print(pcall(table.insert))

print(pcall(table.insert, {}))

print(pcall(table.insert, {}, 1, 2, 3))

print(pcall(table.insert, nil, 1))

print(pcall(table.insert, 12, 1))

print(pcall(table.insert, "abc", 1))

local t = {1, 2, 3} table.insert(t, 4, 4) table.insert(t, "2", "s") table.insert(t, 2.0, "f") print(table.concat(t, ",")) table.insert(t, nil) print(#t) print(select("#", table.insert(t, 1)))

local t = {1, 2, 3, 4} print(table.remove(t), table.remove(t, 1), table.concat(t, ","), table.remove(t, 3), table.remove(t, #t + 1), #t)

print(table.remove({}), table.remove({}, 0), table.remove({}, 1), pcall(table.remove, {}, 2))

print(pcall(table.remove, {1, 2, 3}, 5))

print(pcall(table.remove, {1, 2, 3}, 0))

print(pcall(table.remove, {1, 2, 3}, -1))

print(pcall(table.remove))

print(pcall(table.remove, 1))

local t = {[0] = "zero"} print(table.remove(t, 0), t[0], #t) local t = {1, 2, 3} print(table.remove(t, 4), table.remove(t, nil)) print(select("#", table.remove({})))

print(table.concat({}), table.concat({1, 2, 3}), table.concat({1, 2, 3}, "-"), table.concat({1, 2.5, "x"}, " "), table.concat({1, 2, 3}, ",", 2), table.concat({1, 2, 3}, ",", 2, 2), table.concat({1, 2, 3}, ",", 3, 2), table.concat({"a"}, ",", 1, 1))

print(pcall(table.concat, {1, {}, 3}))

print(pcall(table.concat, {1, 2}, ",", 1, 3))

print(pcall(table.concat, {true}))

print(pcall(table.concat))

print(pcall(table.concat, 1))

print(pcall(table.concat, {}, {}))

print(pcall(table.concat, {}, 1, "x"))

print(table.concat({1, 2}, 0))

print(pcall(table.concat, {print}))

print(table.concat({[math.maxinteger] = "m"}, ",", math.maxinteger, math.maxinteger))

print(table.concat({[-1] = "a", [0] = "b", [1] = "c"}, "", -1, 1))

print(pcall(table.concat, {}, ",", math.maxinteger - 1, math.maxinteger))

print(table.concat({}, "x", 0, -1))

print(table.concat(setmetatable({}, {__index = function(_, i) return "v" .. i end, __len = function() return 3 end}), ";"))

print(table.unpack({1, 2, 3}))

print(table.unpack({1, 2, 3}, 2))

print(table.unpack({1, 2, 3}, 2, 3))

print(table.unpack({1, 2}, 1, 4))

print(table.unpack({}, 1, 0))

print(select("#", table.unpack({}, 1, 3)))

print(select("#", table.unpack({n = 3}, 1, 3)))

print(pcall(table.unpack))

print(pcall(table.unpack, 1))

print(pcall(table.unpack, {}, 1, 1e8))

print(pcall(table.unpack, {}, math.mininteger, math.maxinteger))

print(pcall(table.unpack, {}, 0, math.maxinteger))

print(table.unpack({}, math.maxinteger, math.maxinteger))

print(table.unpack({}, math.maxinteger, 0))

print(pcall(table.unpack, {}, "a"))

print(table.unpack("abc"))

print(table.unpack(setmetatable({}, {__index = function(_, i) return i * 2 end, __len = function() return 4 end})))

print(pcall(table.unpack, setmetatable({}, {__len = function() return "x" end})))

print(pcall(table.unpack, setmetatable({}, {__len = function() return 1.5 end})))

local t = table.pack(1, nil, 3, nil) print(t.n, t[1], t[2], t[3], t[4], #table.pack(), table.pack().n, table.pack(nil).n)

print(table.concat(table.move({1, 2, 3}, 1, 3, 2), ","))

print(table.concat(table.move({1, 2, 3}, 2, 3, 1), ","))

print(table.concat(table.move({1, 2, 3}, 1, 3, 1, {}), ","))

print(table.concat(table.move({1, 2, 3}, 1, 0, 5), ","))

print(table.concat(table.move({1, 2, 3}, 1, 3, 3), ","))

print(pcall(table.move, {}, 1, math.maxinteger, 2))

print(pcall(table.move, {}, math.mininteger, 0, 2))

print(pcall(table.move, {}, 1, 2, math.maxinteger))

print(pcall(table.move, {}, 1))

print(pcall(table.move, 1, 1, 1, 1))

print(pcall(table.move, {}, 1, 1, 1, 2))

print(pcall(table.move, {}, 1, 2))

print(pcall(table.move, {}, "a", 2, 3))

print(pcall(table.move, {}, -1, math.maxinteger, 2))

local a = setmetatable({}, {__index = function(_, k) return k * 10 end, __newindex = function(t, k, v) rawset(t, k, v + 1) end}) table.move(a, 1, 3, 2) print(rawget(a, 1), a[2], a[3], a[4]) local t = table.move({[math.maxinteger - 1] = 1, [math.maxinteger] = 2}, math.maxinteger - 1, math.maxinteger, 1) print(t[1], t[2]) 

local log = {} local p = setmetatable({}, {__len = function() return 2 end, __index = function(_, k) log[#log + 1] = "r" .. k return k end, __newindex = function(_, k, v) log[#log + 1] = "w" .. k .. "=" .. tostring(v) end}) table.insert(p, "end") table.insert(p, 1, "front") table.remove(p) table.remove(p, 1) print(table.concat(log, " "))

local t = {5, 2, 8, 1, 9, 3} table.sort(t) print(table.concat(t, " ")) table.sort(t, function(a, b) return a > b end) print(table.concat(t, " ")) table.sort({}) table.sort({1}) local s = {"b", "a", "C", "B"} table.sort(s) print(table.concat(s, " "))

print(pcall(table.sort, {3, "x", 1}))

print(pcall(table.sort, {1, 2, nil, 4}))

print(pcall(table.sort, {{}, {}}))

print(pcall(table.sort, {true, false}))

print(pcall(table.sort))

print(pcall(table.sort, 1))

print(pcall(table.sort, {2, 1}, 1))

print(pcall(table.sort, {1}, 1))

print(pcall(table.sort, {}, "x"))

print(pcall(table.sort, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, function() return true end))

print(pcall(table.sort, {3, 2, 1}, function(a, b) error("cmp") end))

print(pcall(table.sort, {1, 2, 3}, function(a, b) return true end))

local n = 0 local t = {} for i = 1, 50 do t[i] = (i * 7919) % 101 end table.sort(t, function(a, b) n = n + 1 return a < b end) print(n, table.concat(t, " "))

local n = 0 local t = {} for i = 1, 300 do t[i] = (i * 7919) % 1009 end table.sort(t, function(a, b) n = n + 1 return a < b end) print(n) for i = 2, 300 do assert(t[i - 1] <= t[i]) end

local t = {} for i = 1, 20 do t[i] = {k = i % 3, i = i} end table.sort(t, function(a, b) return a.k < b.k end) for i = 1, 20 do io.write(t[i].k, ":", t[i].i, " ") end print()

local t = {1.5, 1, 2, 1.0, -1, 0.5, math.huge, -math.huge} table.sort(t) print(table.concat(t, " ")) local m = {} for i = 1, 5 do m[i] = setmetatable({v = 6 - i}, {__lt = function(a, b) return a.v < b.v end}) end table.sort(m) for i = 1, 5 do io.write(m[i].v, " ") end print()

local t = setmetatable({}, {__len = function() return 3 end, __index = function(_, i) return 4 - i end, __newindex = function(t, k, v) io.write(k, "=", v, " ") end}) table.sort(t) print() print(pcall(table.sort, setmetatable({}, {__len = function() return math.maxinteger end}))) print(pcall(table.sort, setmetatable({}, {__len = function() return -1 end})))

local t = {} for i = 1, 100 do t[i] = i end table.sort(t, function(a, b) return b < a end) print(t[1], t[50], t[100]) for i = 1, 100 do t[i] = "k" .. i % 10 end table.sort(t) print(t[1], t[50], t[100]) for i = 1, 100 do t[i] = 1 end table.sort(t) print(t[1], t[100])

local t = {3, 1, 2} print(pcall(table.sort, t, function(a, b) t[4] = "extra" return a < b end)) print(table.concat(t, " ")) print(pcall(coroutine.wrap(function() table.sort({2, 1}, function() coroutine.yield() end) end)))

local t = {n = 0} for i = 1, 10 do t[i] = i end for i = 1, 5 do t[i] = nil end print(t[6], t[10]) t[11] = 11 print(t[11]) t[#t + 1] = "end"

print(#{1, 2, 3}, #{n = 1}, #{}, #{nil}, #{1, nil}, #"abc", #{[1] = 1, [2] = 2})

local t = {} t[1.0] = "a" t[2^53] = "b" t[-0.0] = "z" print(t[1], t[2^53 | 0], t[0], next(t) ~= nil) t[1.5] = "f" print(t[1.5], t["1"], t[1])

local t = {} print(pcall(function() t[nil] = 1 end)) print(pcall(function() t[0/0] = 1 end)) print(t[nil], t[0/0]) print(pcall(rawset, t, nil, 1))

local t = {10, 20, 30, x = 1, [100] = 5, [-1] = 6, [1.5] = 7, [true] = 8} local n, s = 0, 0 for k, v in pairs(t) do n = n + 1 s = s + v end print(n, s)

local t = {1, 2, 3, [2] = "over", [4] = "four"} print(t[2], t[4], #t) local u = {[1] = "a", "b"} print(u[1]) local v = {f = 1, ["g"] = 2, 3; 4, [5] = 6} print(v.f, v.g, v[1], v[2], v[5])

local function three() return 1, 2, 3 end print(#{three()}, #{three(), three()}, #{(three())}, #{three(), nil}, #{nil, three()}, ({three()})[3])

local t = {} for i = 1, 1000 do t[i] = i * 2 end for i = 1000, 1, -1 do if i % 2 == 0 then table.remove(t, i) end end print(#t, t[1], t[500]) for i = 1, 10 do table.insert(t, 1, -i) end print(#t, t[1], t[10], t[11])

local t = {} t[1600000] = 1 t[60000000] = 2 t[1 << 40] = 3 t[math.maxinteger] = 4 print(t[1600000], t[60000000], t[1 << 40], t[math.maxinteger], #t) local n = 0 for k in pairs(t) do n = n + 1 end print(n)

print(table.unpack({1, 2, nil, 4}, 1, 4))

print((table.unpack({1, 2, 3})))

print({table.unpack({1, 2, 3})}[3] == nil)

local t = setmetatable({}, {__index = table}) t:insert("a") t:insert("b") print(t:concat(","), t:unpack()) print(pcall(function() t:insert() end)) print(pcall(function() t:insert(5, 1) end)) print(pcall(function() t.insert() end))

print(#{nil,nil,3}, #{nil}, #{1,nil}, #{1,nil,3}, #{nil,nil,3,nil}, #{1,2,nil,4,nil}, #{1,nil,3,nil,5,nil,nil})

print(#table.pack(1,nil,3), #table.pack(nil,nil,3), #table.pack(1,2,nil), #table.pack(nil,2,nil,4), #table.pack(nil,nil))

local function f(...) local t = {...} return #t, t[3], select("#", ...) end print(f(nil, 2)) print(f(nil, nil, 3, nil)) print(f(1, nil, 3, nil))

local t = {n = 1, nil, 2, nil} print(#t, t[2], t.n) local u = {1, x = 5, nil, 3, nil} print(#u, u[3], u.x)
