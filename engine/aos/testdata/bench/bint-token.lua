-- A token as they are written for aos: balances as strings of large integers, checks, a debit answer, a credit notice,
-- a patch. The benchmarks put a number for BALANCES and a Send for PATCH.
local bint = require('.bint')(256)
local utils = {
  add = function(a, b) return tostring(bint(a) + bint(b)) end,
  subtract = function(a, b) return tostring(bint(a) - bint(b)) end,
}
Balances = {}
for i = 1, BALANCES do Balances[string.format("%043d", i)] = "1000000000000" end
Handlers.add("transfer", "Transfer", function(msg)
  assert(type(msg.Recipient) == "string", "Recipient is required!")
  assert(type(msg.Quantity) == "string", "Quantity is required!")
  assert(bint.__lt(0, bint(msg.Quantity)), "Quantity must be greater than 0")
  if not Balances[msg.From] then Balances[msg.From] = "0" end
  if not Balances[msg.Recipient] then Balances[msg.Recipient] = "0" end
  if bint(msg.Quantity) <= bint(Balances[msg.From]) then
    Balances[msg.From] = utils.subtract(Balances[msg.From], msg.Quantity)
    Balances[msg.Recipient] = utils.add(Balances[msg.Recipient], msg.Quantity)
    msg.reply({ Action = "Debit-Notice", Recipient = msg.Recipient, Quantity = msg.Quantity, Data = "You sent " .. msg.Quantity })
    Send({ Target = msg.Recipient, Action = "Credit-Notice", Sender = msg.From, Quantity = msg.Quantity, Data = "You received " .. msg.Quantity })
    PATCH
  else
    msg.reply({ Action = "Transfer-Error", ["Message-Id"] = msg.Id, Error = "Insufficient Balance!" })
  end
end)
