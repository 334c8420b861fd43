local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end print(hex(string.pack("b", -1)), hex(string.pack("<i4", 1)), hex(string.pack(">i4", 1)), hex(string.pack("<I2", 65535)), hex(string.pack("=h", -2)), hex(string.pack("j", 1)), hex(string.pack(">d", 1)), hex(string.pack("<f", 1.5)))

local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end print(hex(string.pack("z", "hi")), hex(string.pack("s1", "hi")), hex(string.pack("<s2", "hi")), hex(string.pack("s", "x")), hex(string.pack("c5", "hi")), hex(string.pack("xx")), hex(string.pack("<i3", -2)), hex(string.pack(">i16", -2)), hex(string.pack("<I16", 300)))

local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end print(hex(string.pack("!4 b i4", 1, 2)), hex(string.pack("!8 b d", 1, 2)), hex(string.pack("!2 b i4", 1, 2)), hex(string.pack("b Xi4 b", 1, 2)), hex(string.pack("!4 b Xi4 b", 1, 2)), hex(string.pack("!b s4", 1, "ab")), hex(string.pack("< !4 b i8 b", 1, 2, 3)))

print(string.unpack("<i4", "\1\0\0\0"))

print(string.unpack(">i4", "\0\0\1\0"))

print(string.unpack("b", "\255"))

print(string.unpack("B", "\255"))

print(string.unpack("z", "hi\0rest"))

print(string.unpack("s1", "\2hi"))

print(string.unpack("<i2 <i2", "\1\0\2\0"))

print(string.unpack("c3", "abcdef"))

print(string.unpack("<d", string.pack("<d", 0.1)), string.unpack("<f", string.pack("<f", 0.1)), string.unpack("n", string.pack("n", -5)), string.unpack("j", string.pack("j", math.mininteger)), string.unpack("J", string.pack("J", -1)), string.unpack("T", string.pack("T", 100)))

print(string.unpack("<i2", "\1\0\2\0", 3), string.unpack("<i2", "\1\0\2\0", -2), pcall(string.unpack, "<i2", "\1\0", 2))

print(pcall(string.unpack, "b", "abc", 4))

print(pcall(string.unpack, "b", "abc", 5))

print(string.unpack("", "abc", 4), pcall(string.unpack, "", "abc", -5))

print(pcall(string.unpack, "i4", "abc"))

print(pcall(string.unpack, "z", "abc"))

print(pcall(string.unpack, "s1", "\5ab"))

print(pcall(string.unpack, "c10", "abc"))

print(pcall(string.unpack))

print(pcall(string.unpack, "i4"))

print(pcall(string.unpack, "i4", {}))

print(pcall(string.pack, "b", 128))

print(pcall(string.pack, "b", -129))

print(pcall(string.pack, "B", 256))

print(pcall(string.pack, "B", -1))

print(pcall(string.pack, "i2", 40000))

print(pcall(string.pack, "I2", 65536))

print(pcall(string.pack, "s1", ("x"):rep(256)))

print(pcall(string.pack, "z", "a\0b"))

print(pcall(string.pack, "c2", "abc"))

print(pcall(string.pack, "i17", 1))

print(pcall(string.pack, "i0", 1))

print(pcall(string.pack, "I99999999999", 1))

print(pcall(string.pack, "!17"))

print(pcall(string.pack, "c", "x"))

print(pcall(string.pack, "y", 1))

print(pcall(string.pack, "X"))

print(pcall(string.pack, "Xz"))

print(pcall(string.pack, "Xc1"))

print(pcall(string.pack, "X<"))

print(pcall(string.pack, "!3 i4", 1))

print(pcall(string.pack, "!8 i3", 1))

print(pcall(string.pack, "!8 Xi3"))

print(pcall(string.pack, "i4"))

print(pcall(string.pack, "i4", "x"))

print(pcall(string.pack, "i4", 1.5))

print(pcall(string.pack, "d", "x"))

print(pcall(string.pack, "z"))

print(pcall(string.pack, "s", {}))

print(pcall(string.pack))

print(pcall(string.pack, {}))

print(pcall(string.pack, "\1", 1))

print(#string.pack("i4", "12"), #string.pack("d", "1.5"), #string.pack("z", 12))

print(string.packsize("i4"), string.packsize("!8 b d"), string.packsize("bhilj"), string.packsize("fdn"), string.packsize("c10"), string.packsize("i3 x b"), string.packsize("!4 b Xi4"), string.packsize(""), string.packsize("<>=! "), string.packsize("!1 b i8"))

print(pcall(string.packsize, "s"))

print(pcall(string.packsize, "z"))

print(pcall(string.packsize, "y"))

print(pcall(string.packsize))

print(pcall(string.packsize, "c2147483647c2147483647"))

print(pcall(string.packsize, "c2147483647"))

print(pcall(string.packsize, "c1234567890123"))

print(pcall(string.unpack, "<i16", ("\1"):rep(16)))

print(string.unpack("<i16", "\1" .. ("\0"):rep(15)))

print(string.unpack("<i16", ("\255"):rep(16)))

print(pcall(string.unpack, "<I16", ("\255"):rep(16)))

print(string.unpack("<I9", ("\255"):rep(8) .. "\0"))

print(pcall(string.unpack, "<i9", ("\255"):rep(8) .. "\0"))

for i = 1, 16 do local s = string.pack("<i" .. i, -3) assert(#s == i) io.write(string.unpack("<i" .. i, s), " ") s = string.pack(">I" .. i, 100) io.write(string.unpack(">I" .. i, s), " ") end print()

print(string.unpack("<!4 b i4 z B", string.pack("<!4 b i4 z B", 7, -9, "str", 200)))

print(string.unpack(">s2 s1 s4", string.pack(">s2 s1 s4", "a", "bc", "def")))

print(string.unpack("<f", "\0\0\128\127"), string.unpack("<d", ("\0"):rep(6) .. "\240\255"))

print(string.unpack("!4 i4", "\0\0\0\0\1\0\0\0", 2))

print(string.unpack("!2 b Xh i2", "\1\0\2\0"))

print(pcall(string.unpack, "!8 Xd d", "\0\0", 2))
