-- A chat room: who joined may post, everybody may read the last messages.
Members = Members or {}
Posts = Posts or {}
Posted = Posted or 0

local function show()
  Send({ device = "patch@1.0", cache = { members = Members, posts = Posts, posted = Posted } })
end

InitialSync = InitialSync or "INCOMPLETE"
if InitialSync == "INCOMPLETE" then
  show()
  InitialSync = "COMPLETE"
end

Handlers.add("join", "Join", function(msg)
  local nick = assert(msg.Tags.Nickname, "Join needs a Nickname")
  assert(#nick <= 24, "A Nickname has at most 24 letters")
  Members[msg.From] = nick
  show()
  ao.send({ Target = msg.From, Data = "Welcome, " .. nick })
end)

Handlers.add("post", "Post", function(msg)
  local nick = assert(Members[msg.From], "Join first")
  assert(type(msg.Data) == "string" and #msg.Data > 0, "A post needs Data")
  Posted = Posted + 1
  Posts["p" .. Posted] = { from = nick, text = msg.Data, at = tostring(msg.Timestamp) }
  -- Only the last fifty stay. A key is removed from the tree by an empty text.
  local old = "p" .. (Posted - 50)
  if Posts[old] then
    Posts[old] = nil
  end
  show()
end)
