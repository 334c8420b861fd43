-- A chat room: who joined may post, everybody may read the last posts over HTTP.
Members = Members or {}
Posts = Posts or {} -- the last ones, by the keys p1 to p50
Posted = Posted or 0

local keep = 50

local function show()
  Send({ device = "patch@1.0", cache = { members = Members, posts = Posts, posted = Posted } })
end

InitialSync = InitialSync or "INCOMPLETE"
if InitialSync == "INCOMPLETE" then
  Send({ device = "patch@1.0", cache = { posted = Posted } }) -- the tables come with their first entry
  InitialSync = "COMPLETE"
end

Handlers.add("join", "Join", function(msg)
  local nick = assert(msg.Tags.Nickname, "Join needs a Nickname")
  assert(#nick >= 1 and #nick <= 24, "A Nickname has 1 to 24 letters")
  Members[msg.From] = nick
  Send({ device = "patch@1.0", cache = { members = Members } })
  msg.reply({ Data = "Welcome, " .. nick })
end)

Handlers.add("post", "Post", function(msg)
  local nick = assert(Members[msg.From], "Join first")
  assert(type(msg.Data) == "string" and #msg.Data > 0, "A post needs Data")
  assert(#msg.Data <= 2000, "A post has at most 2000 letters")
  Posted = Posted + 1
  -- A key cannot be taken out of the cache again, so the oldest post's is used anew.
  Posts["p" .. ((Posted - 1) % keep + 1)] = { from = nick, text = msg.Data, at = tostring(msg.Timestamp), number = Posted }
  show()
  msg.reply({ Data = "Post " .. Posted })
end)
