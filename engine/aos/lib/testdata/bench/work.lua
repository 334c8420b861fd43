-- The work that is measured; bint and json are the modules under test.
local bint, json, what, count = ...
local work = {
  transfer = function(n)
    local have, other = "123456789012345678901", "5"
    for _ = 1, n do
      local q = "1000000000000"
      assert(bint.__lt(0, bint(q)))
      assert(bint.__le(bint(q), bint(have)))
      local a = tostring(bint(have) - bint(q))
      local b = tostring(bint(other) + bint(q))
      assert(a == "123456788012345678901" and b == "1000000000005")
    end
  end,
  add = function(n)
    local x, y = bint("123456789012345678901234567890"), bint(1)
    for _ = 1, n do local _ = x + y end
  end,
}
local doc = [[{"Target":"abcdefghijklmnopqrstuvwxyz0123456789_-ABCDE","Tags":[{"name":"Action","value":"Transfer"},{"name":"Quantity","value":"1000000"},{"name":"Recipient","value":"zyxwvutsrqponmlkjihgfedcba0123456789_-ABCDE"}],"n":12345,"f":1.5,"ok":true,"nested":{"list":[1,2,3,4,5,6,7,8,9,10]}}]]
function work.decode(n)
  for _ = 1, n do assert(json.decode(doc).nested.list[10] == 10) end
end
function work.encode(n)
  local v = json.decode(doc)
  for _ = 1, n do assert(#json.encode(v) == #doc) end
end
work[what](count)
