print(utf8.char(), utf8.char(72, 228, 8364, 0x10FFFF), utf8.char(0) == "\0", #utf8.char(0x7FF), #utf8.char(0x800), #utf8.char(0xFFFF), #utf8.char(0x10000), utf8.char(0xD800) == "\xED\xA0\x80")

print(pcall(utf8.char, -1))

print(pcall(utf8.char, 0x110000))

print(pcall(utf8.char, "x"))

print(pcall(utf8.char, 1, 2, 1.5))

print(utf8.char("65", 66.0))

print(utf8.charpattern == "[\0-\x7F\xC2-\xF4][\x80-\xBF]*") for c in ("aé€😀"):gmatch(utf8.charpattern) do io.write(#c, " ") end print()

print(utf8.len(""), utf8.len("abc"), utf8.len("aé€😀"), utf8.len("\xff"), utf8.len("ab\x80c"), utf8.len("\xc3"), utf8.len("\xed\xa0\x80"), utf8.len("\xf4\x90\x80\x80"), utf8.len("\xc0\x80"), utf8.len("\xe0\x80\x80"))

print(utf8.len("aé€", 2), utf8.len("aé€", 3), utf8.len("aé€", -3), utf8.len("aé€", 1, 1), utf8.len("aé€", 1, 2), utf8.len("aé€", 4, 6), utf8.len("abc", 4), utf8.len("abc", 3, 2), utf8.len("abc", 1, -1), utf8.len("abc", -1, -1))

print(pcall(utf8.len, "abc", 5))

print(pcall(utf8.len, "abc", 0))

print(pcall(utf8.len, "abc", 1, 4))

print(pcall(utf8.len, "abc", -4))

print(pcall(utf8.len))

print(pcall(utf8.len, {}))

print(utf8.len(123), utf8.len("abc", 1, -10))

print(utf8.codepoint("abc"), utf8.codepoint("aé€😀", 1, -1))

print(utf8.codepoint("é", 1), utf8.codepoint("abc", 2, 1), utf8.codepoint("abc", -1))

print(pcall(utf8.codepoint, "abc", 4))

print(pcall(utf8.codepoint, "abc", 0))

print(pcall(utf8.codepoint, "abc", 1, 4))

print(pcall(utf8.codepoint, "\xff"))

print(pcall(utf8.codepoint, "é", 2))

print(pcall(utf8.codepoint))

print(pcall(utf8.codepoint, ""))

print(utf8.offset("aé€😀", 1), utf8.offset("aé€😀", 2), utf8.offset("aé€😀", 3), utf8.offset("aé€😀", 4), utf8.offset("aé€😀", 5), utf8.offset("aé€😀", 6), utf8.offset("aé€😀", -1), utf8.offset("aé€😀", -4), utf8.offset("aé€😀", -5), utf8.offset("aé€😀", 0), utf8.offset("aé€😀", 0, 3), utf8.offset("aé€😀", 0, 6))

print(utf8.offset("abc", 1, 4), utf8.offset("abc", 0, 4), utf8.offset("abc", -1, 2), utf8.offset("abc", 2, 2), utf8.offset("", 1), utf8.offset("", 0), utf8.offset("", -1), utf8.offset("abc", 5), utf8.offset("abc", 4), utf8.offset("abc", 3, -3))

print(pcall(utf8.offset, "abc", 1, 5))

print(pcall(utf8.offset, "abc", 1, -4))

print(pcall(utf8.offset, "é", 1, 2))

print(pcall(utf8.offset))

print(pcall(utf8.offset, "abc"))

print(pcall(utf8.offset, "é", -1, 2))

print(utf8.offset("é", 0, 2))

for p, c in utf8.codes("aé€😀") do io.write(p, ":", c, " ") end print() for p, c in utf8.codes("") do print("never") end print(pcall(utf8.codes)) print(pcall(utf8.codes, {}))

print(pcall(function() for p, c in utf8.codes("a\xffb") do io.write(p, " ") end end)) print(pcall(function() for p, c in utf8.codes("ab\xc3") do io.write(p, " ") end end)) print(pcall(function() for p, c in utf8.codes("\x80") do end end)) for p, c in utf8.codes("a\xed\xa0\x80") do io.write(p, ":", c, " ") end print()

local f, s, i = utf8.codes("ab") print(type(f), s, i, f(s, 0), f(s, 1), f(s, 2)) print(f("xyz", -5)) print(f("xyz", 100)) print(pcall(f)) print(pcall(f, "x"))

print("\u{0}\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}" == "\0\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")

print(utf8.char(table.unpack{utf8.codepoint("日本語a-4", 1, -1)}))

local s = "汉字/漢字" local t = {} for _, c in utf8.codes(s) do t[#t + 1] = utf8.char(c) end print(table.concat(t) == s, utf8.len(s), #s) for i = 1, utf8.len(s) do io.write(utf8.offset(s, i), " ") end print()
