-- A plain JSON in Lua, on string patterns: the yardstick of the Go module.
local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
local back = { n = "\n", r = "\r", t = "\t", b = "\b", f = "\f" }

local encode
local kinds = {
  ["nil"] = function() return "null" end,
  boolean = tostring,
  number = function(v) return string.format("%.14g", v) end,
  string = function(v)
    return '"' .. v:gsub('[%c"\\]', function(c) return escapes[c] or string.format("\\u%04x", c:byte()) end) .. '"'
  end,
  table = function(v)
    local out = {}
    if v[1] ~= nil or next(v) == nil then
      for i = 1, #v do out[i] = encode(v[i]) end
      return "[" .. table.concat(out, ",") .. "]"
    end
    for k, x in pairs(v) do out[#out + 1] = encode(k) .. ":" .. encode(x) end
    return "{" .. table.concat(out, ",") .. "}"
  end,
}

function encode(v) return kinds[type(v)](v) end

local value

local function text(s, i)
  local from = i
  while true do
    local j = s:find('["\\]', i)
    if s:byte(j) == 34 then
      local raw = s:sub(from, j - 1)
      if raw:find("\\", 1, true) then
        raw = raw:gsub("\\u(%x%x%x%x)", function(h) return utf8.char(tonumber(h, 16)) end)
        raw = raw:gsub("\\(.)", function(c) return back[c] or c end)
      end
      return raw, j + 1
    end
    i = j + 2
  end
end

function value(s, i)
  i = s:find("%S", i)
  local c = s:sub(i, i)
  if c == '"' then return text(s, i + 1) end
  if c == "{" then
    local out = {}
    i = s:find("%S", i + 1)
    while s:sub(i, i) ~= "}" do
      local k
      k, i = text(s, i + 1)
      out[k], i = value(s, s:find(":", i, true) + 1)
      i = s:find("[,}]", i)
      if s:sub(i, i) == "," then i = s:find("%S", i + 1) end
    end
    return out, i + 1
  end
  if c == "[" then
    local out, n = {}, 0
    i = s:find("%S", i + 1)
    while s:sub(i, i) ~= "]" do
      n = n + 1
      out[n], i = value(s, i)
      i = s:find("[,%]]", i)
      if s:sub(i, i) == "," then i = i + 1 end
    end
    return out, i + 1
  end
  local word, stop = s:match("^([%w%.%+%-]+)()", i)
  if word == "true" then return true, stop end
  if word == "false" then return false, stop end
  if word == "null" then return nil, stop end
  return tonumber(word), stop
end

return { encode = encode, decode = function(s) return (value(s, 1)) end }
