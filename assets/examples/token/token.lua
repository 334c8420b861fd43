-- A token whose balances anybody can read over HTTP.
--
-- What a process wants to show it sends to the patch device: the keys of that
-- message become part of the process's state tree, and a HyperBEAM node answers
-- GET /<process-id>~process@1.0/now/cache/balances/<address> straight from it.
--
-- Change a line, press Run (Ctrl+R), send a Transfer, and watch the tree.

Balances = Balances or {
  ["C0JLokp5FggkDUBAHCKOGeBWLrIxx5dk6LCXR1rcAYE"] = 500000,  -- owner
  ["WEz72WgdrpRvO-Y2rvyToZ1nLecltjiJBTw3bBLQZvk"] = 1000000, -- alice
  ["_eYPhe9aPt40YybSqsjtB0IH7SIjmfFkr58ccqIk1ZY"] = 1000,    -- bob
  ["qw5qSfBgPE5kGVSMTLwzQpeFI3BY9dyMZ1Xup_ea3R0"] = 98000,   -- carol
  ["6dbY6oTX54exIOntwphgZvGozfFVwRviWs0KaL1L1fM"] = 12,      -- dave
}

if not TotalSupply then
  TotalSupply = 0
  for _, balance in pairs(Balances) do
    TotalSupply = TotalSupply + balance
  end
end

-- Show everything once, when the process starts.
InitialSync = InitialSync or "INCOMPLETE"
if InitialSync == "INCOMPLETE" then
  Send({ device = "patch@1.0", cache = {
    balances = Balances,
    totalsupply = TotalSupply,
  }})
  InitialSync = "COMPLETE"
end

-- Transfer: moves Quantity from the sender to Recipient.
Handlers.add("transfer", "Transfer", function(msg)
  local from = msg.From
  local to = msg.Tags.Recipient
  local amount = tonumber(msg.Tags.Quantity)

  assert(to, "Transfer needs a Recipient")
  assert(amount and amount > 0, "Quantity must be a number above 0")

  if Balances[from] and Balances[from] >= amount then
    Balances[from] = Balances[from] - amount
    Balances[to] = (Balances[to] or 0) + amount

    -- Show the new balances.
    Send({ device = "patch@1.0", cache = { balances = Balances } })
    ao.send({ Target = from, Data = "Transfer successful" })
  else
    ao.send({ Target = from, Data = "Insufficient balance" })
  end
end)

-- Balance: answers with the balance of Recipient, or of the sender.
Handlers.add("balance", "Balance", function(msg)
  local account = msg.Tags.Recipient or msg.From
  ao.send({ Target = msg.From, Account = account, Data = tostring(Balances[account] or 0) })
end)

-- Mint: the owner of the process makes new tokens.
Handlers.add("mint", "Mint", function(msg)
  assert(msg.From == Owner, "only the owner can mint")
  local amount = tonumber(msg.Tags.Quantity)
  assert(amount and amount > 0, "Quantity must be a number above 0")
  local to = msg.Tags.Recipient or msg.From

  Balances[to] = (Balances[to] or 0) + amount
  TotalSupply = TotalSupply + amount
  Send({ device = "patch@1.0", cache = { balances = Balances, totalsupply = TotalSupply } })
  ao.send({ Target = msg.From, Data = "Minted " .. msg.Tags.Quantity })
end)
