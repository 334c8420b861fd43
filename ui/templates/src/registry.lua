-- A registry of names: the first to ask for a name owns it.
Names = Names or {}
Records = Records or {}

local function show()
  Send({ device = "patch@1.0", cache = { names = Names, records = Records } })
end

InitialSync = InitialSync or "INCOMPLETE"
if InitialSync == "INCOMPLETE" then
  show()
  InitialSync = "COMPLETE"
end

local function nameOf(msg)
  local name = string.lower(assert(msg.Tags.Label, "Label is missing"))
  assert(string.match(name, "^[a-z0-9-]+$") and #name <= 32, "A Label has a-z, 0-9 and -, at most 32")
  return name
end

Handlers.add("register", "Register", function(msg)
  local name = nameOf(msg)
  assert(not Names[name], name .. " is taken")
  Names[name] = msg.From
  show()
  ao.send({ Target = msg.From, Data = name .. " is yours" })
end)

Handlers.add("point", "Point", function(msg)
  local name = nameOf(msg)
  assert(Names[name] == msg.From, name .. " is not yours")
  Records[name] = assert(msg.Tags.Value, "Value is missing")
  show()
end)

Handlers.add("lookup", "Lookup", function(msg)
  local name = nameOf(msg)
  ao.send({ Target = msg.From, Label = name, Owner = Names[name], Value = Records[name] })
end)
