-- A plain big integer in Lua, eight words of 32 bits: the yardstick of the Go module.
local B = {}
B.__index = B
local N, MASK = 8, 0xffffffff

local function make(w) return setmetatable(w, B) end

local function neg(x)
  local z, carry = {}, 1
  for i = 1, N do
    local v = (~x[i] & MASK) + carry
    z[i], carry = v & MASK, v >> 32
  end
  return make(z)
end

local function from(v)
  if getmetatable(v) == B then return v end
  local z = {}
  if math.type(v) == "integer" then
    local fill = v < 0 and MASK or 0
    for i = 1, N do z[i] = i < 3 and (v >> (32 * (i - 1))) & MASK or fill end
    return make(z)
  end
  assert(type(v) == "string" and v:find("^[+-]?%d+$"), "no integer")
  for i = 1, N do z[i] = 0 end
  for i = v:find("%d"), #v, 9 do
    local part = v:sub(i, i + 8)
    local carry, power = tonumber(part), math.tointeger(10 ^ #part)
    for k = 1, N do
      local t = z[k] * power + carry
      z[k], carry = t & MASK, t >> 32
    end
  end
  if v:sub(1, 1) == "-" then return neg(z) end
  return make(z)
end

function B.__add(x, y)
  x, y = from(x), from(y)
  local z, carry = {}, 0
  for i = 1, N do
    local t = x[i] + y[i] + carry
    z[i], carry = t & MASK, t >> 32
  end
  return make(z)
end

function B.__sub(x, y) return x + neg(from(y)) end

local function compare(x, y)
  x, y = from(x), from(y)
  local nx, ny = x[N] >> 31, y[N] >> 31
  if nx ~= ny then return nx > ny and -1 or 1 end
  for i = N, 1, -1 do
    if x[i] ~= y[i] then return x[i] < y[i] and -1 or 1 end
  end
  return 0
end

function B.__lt(x, y) return compare(x, y) < 0 end
function B.__le(x, y) return compare(x, y) <= 0 end

function B.__tostring(x)
  local sign, w, out = "", {}, {}
  if x[N] >> 31 == 1 then sign, x = "-", neg(x) end
  for i = 1, N do w[i] = x[i] end
  local top = N
  repeat
    local rest = 0
    for i = top, 1, -1 do
      local t = rest << 32 | w[i]
      w[i], rest = t // 1000000000, t % 1000000000
    end
    while top > 0 and w[top] == 0 do top = top - 1 end
    out[#out + 1] = string.format(top > 0 and "%09d" or "%d", rest)
  until top == 0
  for i = 1, #out // 2 do out[i], out[#out + 1 - i] = out[#out + 1 - i], out[i] end
  return sign .. table.concat(out)
end

return setmetatable({ __lt = B.__lt, __le = B.__le }, { __call = function(_, v) return from(v) end })
