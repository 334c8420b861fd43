-- Calls every function of .bint with random operands of all kinds and prints what
-- comes back. bint.txt is what lua-bint itself printed on PUC Lua 5.3.6.
local load_bint, seed, count = ...
local names = {
  "zero", "one", "fromuinteger", "frominteger", "frombase", "fromstring", "fromle", "frombe", "new", "tobint", "parse", "touinteger",
  "tointeger", "tonumber", "tobase", "tole", "tobe", "iszero", "isone", "isminusone", "isbint", "isintegral", "isnumeric", "type", "isneg",
  "ispos", "iseven", "isodd", "maxinteger", "mininteger", "inc", "dec", "abs", "floor", "ceil", "bwrap", "brol", "bror", "trunc", "max", "min",
  "__add", "__sub", "__mul", "__eq", "eq", "udivmod", "udiv", "umod", "tdivmod", "tdiv", "tmod", "idivmod", "__idiv", "__div", "__mod", "ipow",
  "upowmod", "__pow", "__shl", "__shr", "__band", "__bor", "__bxor", "__bnot", "__unm", "ult", "ule", "__lt", "__le", "__tostring", "_inc",
  "_dec", "_abs", "_unm", "_bnot", "_shlone", "_shrone", "_add", "_sub", "_band", "_bor", "_bxor", "_assign", "_shlwords", "_shrwords",
}
local function rnd(n)
  seed = seed * 6364136223846793005 + 1442695040888963407
  return (seed >> 33) % n + 1
end
local function digits(n)
  local t = {}
  for i = 1, n do t[i] = tostring(rnd(10) - 1) end
  return table.concat(t)
end
local kinds = {
  function(b) return b(digits(rnd(30))) end,
  function(b) return b("-" .. digits(rnd(60))) end,
  function(b) return b(rnd(20) - 10) end,
  function(b) return b.frombase(digits(rnd(60)), 16) end,
  function(b) return b.maxinteger() end,
  function(b) return b.mininteger() end,
  function() return rnd(20) - 10 end,
  function() return rnd(1 << 30) * rnd(1 << 30) end,
  function() return math.mininteger end,
  function() return math.maxinteger end,
  function() return (rnd(40) - 20) / 2 end,
  function() return rnd(1000) * 2.0 ^ (rnd(140) - 20) end,
  function() return rnd(300) - 150 end,
  function() return digits(rnd(25)) end,
  function() return "-" .. digits(rnd(8)) end,
  function() return "0x" .. string.format("%x", rnd(1 << 30)) end,
  function() return "0b101" end,
  function() return "1.5" end,
  function() return " 7 " end,
  function() return "zz" end,
  function() return "" end,
  function() return "1e3" end,
  function() return "+12" end,
  function() return nil end,
  function() return false end,
}
local function show(v)
  local mt = getmetatable(v)
  if type(v) == "table" and mt then return "b" .. mt.bits .. ":" .. tostring(v) .. "[" .. #v .. "]" end
  if v ~= v then return "nan" end
  if type(v) == "string" then return string.format("%q", v) end
  return tostring(v)
end
for n = 1, count do
  local wordbits = ({ 32, 32, 32, 16, 8 })[rnd(5)]
  local b = load_bint(({ 64, 96, 128, 256, 512 })[rnd(5)], wordbits)
  local name = names[rnd(#names)]
  local args, argc = {}, ({ zero = 0, one = 0, upowmod = 3 })[name] or 2
  for i = 1, argc do args[i] = kinds[rnd(#kinds)](b) end
  if name == "tobase" or name == "frombase" then
    args[2], args[3], argc = ({ nil, 2, 10, 16, 36, 37, 7 })[rnd(7)], ({ nil, true, false })[rnd(3)], 3
  end
  if name == "_shlwords" or name == "_shrwords" then args[2] = rnd(b.bits // wordbits + 1) - 1 end
  if name:find("^_[a-z]") and getmetatable(args[1]) ~= b then args[1] = b(7) end
  local shown = {}
  for i = 1, argc do shown[i] = show(args[i]) end
  local r = table.pack(pcall(b[name], table.unpack(args, 1, argc)))
  if not r[1] then r[2] = tostring(r[2]):gsub("^.-:%d+: ", "@") end
  for i = 1, r.n do r[i] = show(r[i]) end
  print(n, b.bits .. "/" .. wordbits, name, table.concat(shown, ", "), table.concat(r, " "))
end
