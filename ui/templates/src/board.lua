-- A board game for two: tic-tac-toe. Squares are numbered 1 to 9; who plays first is x.
Board = Board or { s1 = "-", s2 = "-", s3 = "-", s4 = "-", s5 = "-", s6 = "-", s7 = "-", s8 = "-", s9 = "-" }
Players = Players or { x = "nobody", o = "nobody" }
Turn = Turn or "x"
Winner = Winner or "none"

local lines = {
  { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 }, { 1, 4, 7 }, { 2, 5, 8 }, { 3, 6, 9 }, { 1, 5, 9 }, { 3, 5, 7 },
}

local function show()
  Send({ device = "patch@1.0", cache = { board = Board, players = Players, turn = Turn, winner = Winner } })
end

InitialSync = InitialSync or "INCOMPLETE"
if InitialSync == "INCOMPLETE" then
  show()
  InitialSync = "COMPLETE"
end

local function won(sign)
  for _, l in ipairs(lines) do
    if Board["s" .. l[1]] == sign and Board["s" .. l[2]] == sign and Board["s" .. l[3]] == sign then
      return true
    end
  end
  return false
end

local function full()
  for i = 1, 9 do
    if Board["s" .. i] == "-" then
      return false
    end
  end
  return true
end

Handlers.add("play", "Play", function(msg)
  assert(Winner == "none", "The game is over: " .. Winner)
  local square = tonumber(msg.Tags.Square)
  assert(square and square >= 1 and square <= 9 and square == math.floor(square), "Square is a number from 1 to 9")
  local key = "s" .. math.floor(square)
  assert(Board[key] == "-", "The square is taken")
  local other = Turn == "x" and "o" or "x"
  if Players[Turn] == "nobody" then
    assert(Players[other] ~= msg.From, "Somebody else has to play against you")
    Players[Turn] = msg.From
  end
  assert(Players[Turn] == msg.From, "It is the turn of " .. Turn)
  Board[key] = Turn
  if won(Turn) then
    Winner = Turn
  elseif full() then
    Winner = "draw"
  end
  Turn = other
  show()
end)

Handlers.add("again", "Again", function(msg)
  assert(Winner ~= "none" or msg.From == Players.x or msg.From == Players.o, "Only the players may end a game")
  for i = 1, 9 do
    Board["s" .. i] = "-"
  end
  Players.x, Players.o, Turn, Winner = "nobody", "nobody", "x", "none"
  show()
end)
