-- Decodes random documents, good and bad, encodes what comes out and prints both.
-- json.txt is what aos' own library printed on PUC Lua 5.3.6.
local json, seed, count = ...
local function rnd(n)
  seed = seed * 6364136223846793005 + 1442695040888963407
  return (seed >> 33) % n + 1
end
local bits = {
  "{", "}", "[", "]", ",", ":", " ", "\n", "\t", '"', '"a"', '"b\\n"', '"\\u0041"', '"\\ud83d\\ude00"', '"\\ud800\\u0041"', '"\\uDBFF\\uffff"',
  "1", "-2.5", "1e3", "0x1F", "01", "-", "1.2.3", "true", "false", "null", "nul", "tru", "\1", '"\1"', "\\", "12345678901234567890",
  "9223372036854775807", "1e999", "{}", "[]", '"k":', '"k" : 1', '{"a":1}', "[1,2]", "\255", '"\\x"', '"\\', "/", '"\\/"', "\v", "1\v", "nan",
  "inf", '"a":null', '"a":1,',
}
local leaves = { "1", "-7", "2.5", '"x"', '"y\\t"', "true", "null", "0.1", "123456789012345", '""' }
local function gen(depth)
  local k = rnd(10)
  if k == 1 then return bits[rnd(#bits)] end
  if depth <= 0 or k < 5 then return leaves[rnd(#leaves)] end
  local t = {}
  local n = rnd(4) - 1
  if k < 8 then
    for i = 1, n do t[i] = gen(depth - 1) end
    return "[" .. table.concat(t, ({ ",", " , ", ",\n" })[rnd(3)]) .. (rnd(10) == 1 and "," or "") .. "]"
  end
  for i = 1, n do t[i] = '"' .. ({ "a", "b", "c" })[rnd(3)] .. '":' .. gen(depth - 1) end
  return "{" .. table.concat(t, ",") .. (rnd(10) == 1 and "," or "") .. (rnd(40) == 1 and "" or "}")
end
local function show(v)
  if type(v) == "table" then
    local keys = {}
    for k in pairs(v) do keys[#keys + 1] = k end
    table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
    for i, k in ipairs(keys) do keys[i] = tostring(k) .. "=" .. show(v[k]) end
    return "{" .. #v .. ":" .. table.concat(keys, ",") .. "}"
  end
  if type(v) == "string" then return string.format("%q", v) end
  return (math.type(v) or "") .. tostring(v)
end
for n = 1, count do
  local doc
  if rnd(2) == 1 then
    doc = gen(4)
  else
    local t = {}
    for i = 1, rnd(8) do t[i] = bits[rnd(#bits)] end
    doc = table.concat(t)
    if rnd(3) == 1 then doc = "[" .. doc .. "]" end
  end
  local ok, v = pcall(json.decode, doc)
  local encoded = ""
  if ok then
    local ok, e = pcall(json.encode, v)
    encoded = ok and #e or e:gsub("^.-:%d+: ", "@")
  else
    v = v:gsub("^.-:%d+: ", "@")
  end
  print(n, string.format("%q", doc), ok, show(v), encoded)
end
