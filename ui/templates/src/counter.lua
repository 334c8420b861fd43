-- The smallest process with a state: it counts.
Count = Count or 0

local function show()
  Send({ device = "patch@1.0", cache = { count = Count } })
end

InitialSync = InitialSync or "INCOMPLETE"
if InitialSync == "INCOMPLETE" then
  show()
  InitialSync = "COMPLETE"
end

Handlers.add("increment", "Increment", function(msg)
  Count = Count + (tonumber(msg.Tags.By) or 1)
  show()
  ao.send({ Target = msg.From, Data = tostring(Count) })
end)

Handlers.add("reset", "Reset", function(msg)
  assert(msg.From == Owner, "Only the owner may reset")
  Count = 0
  show()
end)
