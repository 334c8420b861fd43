-- A token whose balances anybody can read over HTTP.
Balances = Balances or { [ao.env.Process.Owner] = 1000000 }
TotalSupply = TotalSupply or 1000000

local function show()
  Send({ device = "patch@1.0", cache = { balances = Balances, totalsupply = TotalSupply } })
end

-- Show everything once, when the process starts.
InitialSync = InitialSync or "INCOMPLETE"
if InitialSync == "INCOMPLETE" then
  show()
  InitialSync = "COMPLETE"
end

local function amountOf(msg)
  local amount = tonumber(msg.Tags.Quantity)
  assert(amount and amount > 0 and amount == math.floor(amount), "Quantity must be a whole number above 0")
  return math.floor(amount)
end

Handlers.add("transfer", "Transfer", function(msg)
  local to = assert(msg.Tags.Recipient, "Transfer needs a Recipient")
  local amount = amountOf(msg)
  local have = Balances[msg.From] or 0
  if have < amount then
    msg.reply({ Action = "Transfer-Error", Data = "Insufficient balance" })
    return
  end
  Balances[msg.From] = have - amount
  Balances[to] = (Balances[to] or 0) + amount
  show()
  ao.send({ Target = msg.From, Action = "Debit-Notice", Recipient = to, Quantity = tostring(amount) })
  ao.send({ Target = to, Action = "Credit-Notice", Sender = msg.From, Quantity = tostring(amount) })
end)

Handlers.add("mint", "Mint", function(msg)
  assert(msg.From == Owner, "Only the owner may mint")
  local amount = amountOf(msg)
  Balances[msg.From] = (Balances[msg.From] or 0) + amount
  TotalSupply = TotalSupply + amount
  show()
end)

Handlers.add("balance", "Balance", function(msg)
  local whose = msg.Tags.Target or msg.From
  msg.reply({ Account = whose, Balance = tostring(Balances[whose] or 0), Data = tostring(Balances[whose] or 0) })
end)
