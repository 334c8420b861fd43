print(("hello world"):match("^(%w+)"), ("hello"):match("l+"), ("hello"):match("(h)(e)(l+)"), ("hello"):match("()ll()"))

print(("key = value"):match("^(%w+)%s*=%s*(%w+)$"), ("  trim  "):match("^%s*(.-)%s*$") .. "|", ("x"):match("y"), ("abc"):match("", 2))

print(("THE (quick) fox"):find("%((%a+)%)"), ("f(a(b)c)d"):match("%b()"), ("[[x]]"):match("%b[]"), ("no"):match("%b()"), ("(("):match("%b()"), ("xx"):match("%bxx"))

print(("THE (quick) fox"):gsub("%f[%a]%a+", string.lower), ("hello"):find("%f[%z]"), ("aXb"):gsub("%f[%u]", "|"), ("foo.bar"):gsub("%f[%w]%w+", "<%0>"))

print(("abcabc"):match("(a)(b)c%1%2"), ("aa"):match("(a)%1"), ("ab"):match("(a)%1"), ("''x''"):match("(['\"])(.-)%1"), ([["it's"]]):match([[(["'])(.-)%1]]))

print(("a-b"):gsub("%-", "+"), ("a.b.c"):gsub("%.", "%%"), ("abc"):gsub("", "-"), ("abc"):gsub(".", {a = 1, b = true, c = false}), ("abc"):gsub("%w", "%0%0"))

print(("hello world"):gsub("o", "0", 1), ("hello"):gsub("l", "L", 0), ("hello"):gsub("l", "L", -1), ("hello"):gsub("x", "y"), ("abc"):gsub("b", "%%"), ("abc def"):gsub("(%w+) (%w+)", "%2 %1"))

print(("abc"):gsub("(b)", function(x) return x:upper() end), ("abc"):gsub("b", function() end), ("abc"):gsub("b", function() return false end), ("abc"):gsub("(a)(b)", function(a, b) return b .. a end), ("a"):gsub("a", function() return 12 end), ("a"):gsub("a", function() return 1.5 end))

print(pcall(string.gsub, "abc", "b", function() return {} end))

print(pcall(string.gsub, "abc", "b", function() return true end))

print(pcall(string.gsub, "abc", "b", {b = {}}))

print(pcall(string.gsub, "abc", "b"))

print(pcall(string.gsub, "abc", "b", nil))

print(pcall(string.gsub, "abc", "b", true))

print(pcall(string.gsub, "abc"))

print(pcall(string.gsub, "abc", "b", "%2"))

print(pcall(string.gsub, "abc", "(b)", "%2"))

print(pcall(string.gsub, "abc", "b", "%x"))

print(pcall(string.gsub, "abc", "b", "%"))

print(("abc"):gsub("b", "%1"), ("abc"):gsub("()b", "%1"))

print(pcall(string.find, "a", "[a"))

print(pcall(string.find, "a", "[]"))

print(pcall(string.find, "a", "[^]"))

print(pcall(string.find, "a", "[a%]"))

print(pcall(string.find, "a", "[a%"))

print(pcall(string.find, "a", "%"))

print(pcall(string.find, "a", "a%"))

print(pcall(string.find, "a", "(a"))

print(pcall(string.find, "a", "a)"))

print(pcall(string.find, "a", "("))

print(pcall(string.find, "a", ")"))

print(pcall(string.find, "a", "(()"))

print(pcall(string.find, "b", "a)"))

print(pcall(string.find, "b", "a["))

print(pcall(string.find, "a", "%1"))

print(pcall(string.find, "a", "(a)%2"))

print(pcall(string.find, "a", "(a%1)"))

print(pcall(string.find, "a", "%0"))

print(pcall(string.find, "a", "%f"))

print(pcall(string.find, "a", "%fa"))

print(pcall(string.find, "a", "%b"))

print(pcall(string.find, "a", "%bx"))

print(pcall(string.match, "x", string.rep("(", 33) .. string.rep(")", 33)))

print(select("#", string.match("x", string.rep("()", 32))))

print(pcall(string.match, string.rep("a", 300), string.rep("a?", 300) .. "b"))

print(pcall(string.match, "x", string.rep("x?", 199)))

print(pcall(string.match, string.rep("x", 250), string.rep("x?", 250)))

print(pcall(string.match, string.rep("a", 2500), ".-b"))

print(#string.rep("a", 250000):match("a*"), #string.rep("a", 250000):match(".-$"))

print(("a1b22c333"):gsub("%d+", function(d) return "<" .. #d .. ">" end), ("x^2"):find("^", 1, true), ("x^2"):find("%^"), ("x^2"):find("x^"), ("$x"):find("$x"), ("x$"):find("x$"), ("x$y"):find("x$y"))

print(("a-z"):match("[a-]+"), ("a-z"):match("[%-a]+"), ("]"):match("[]]"), ("a]"):match("[^]]"), ("^"):match("[%^]"), ("a^"):match("[a^]+"), ("-"):match("[a-]"), ("b"):match("[a-c]"), ("%"):match("[%%]"), ("-"):match("[%a-z]"))

print(("äö"):len(), ("\xe4"):match("%a"), ("\xff\xfe"):match("[\xfe-\xff]+") == "\xff\xfe", ("\x80"):match("%c"), ("\x7f"):match("%c") == "\x7f", ("a_b"):match("%w+"), ("a_b"):match("[%w_]+"))

for _, c in ipairs{"a", "c", "d", "g", "l", "p", "s", "u", "w", "x", "A", "D", "S", "W", "P"} do local n = 0 for i = 0, 255 do if string.char(i):match("%" .. c) then n = n + 1 end end io.write(c, n, " ") end print()

for w in ("one two  three"):gmatch("%a+") do io.write(w, ";") end print() for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do io.write(k, v, ";") end print() for p in ("abc"):gmatch("()") do io.write(p, ";") end print()

for w in ("abc"):gmatch("") do io.write("[", w, "]") end print() for w in ("aXbX"):gmatch("X?") do io.write("[", w, "]") end print() for a, b in ("abcd"):gmatch("(.)(.)") do io.write(a, "-", b, ";") end print() for w in ("^a^a"):gmatch("^a") do io.write(w, ";") end print()

print(pcall(string.gmatch)) print(pcall(string.gmatch, "x")) local g = ("ab"):gmatch(".") print(g(), g(), g(), g()) print(pcall(("x"):gmatch("(")))

print(("abc"):gsub("b*", "-"), ("abc"):gsub("x*", "-"), ("hello world"):gsub("o*", "x"), (""):gsub("", "x"), (""):gsub("x*", "y"), ("abc"):gsub("$", "!"), ("abc"):gsub("^", "!"), ("aaa"):gsub("^a", "b"))

print(("x = 1\ny = 2"):gsub("(%w+) = (%w+)", "%2 = %1"), ("  a b "):gsub("^%s+", ""), ("a,b,,c"):gsub(",,", ",nil,"), ("path/to/file.txt"):match("([^/]+)%.(%w+)$"), ("2024-01-15"):match("(%d+)-(%d+)-(%d+)"))

print(("aaab"):find(".-b"), ("aaab"):find("a-b"), ("aaab"):find("a-"), ("aaa"):find("a-$"), ("abc"):find("a.-c"), ("ab\nc"):find("a.*c"), ("abab"):find("(ab)*"), ("abbb"):match("ab?"), ("a?"):match("a%?"))

print(("0123456789"):match("%d%d", 5), ("0123456789"):match("^%d", 5), ("0123456789"):find("^5", 6), ("abc"):match("b", -1), ("abc"):match("c", -1), ("abc"):match("()", 4), ("abc"):match("()", 5))

print(string.gsub("hello", "", "-"))

print(string.gsub("abc", "%w", "%%%0"))

print(string.gsub("abc", ".", {a = "1", b = 2}))

print(string.gsub("$name is $age", "%$(%w+)", {name = "Bob", age = 42}))

print(string.gsub("abc", "(a)(b)(c)", "%3%2%1%0"))

print(string.gsub("abc", "a", setmetatable({}, {__index = function(t, k) return k .. k end})))

print(pcall(string.gsub, "abc", "a", "x", "y"))

print(string.gsub("abc", "[a-c]", "x", 2.0), pcall(string.gsub, "abc", "a", "x", 1.5))

print(string.match("  x", "^%s*$"), string.match("   ", "^%s*$"), string.match("0x1F", "^0[xX](%x+)$"), string.match("a.b", "^(.-)%.(.*)$"), string.match("=====", "^(=*)$"), string.match("k", "^[%a_][%w_]*$"))

print(string.find("abc", "[b-]"), string.find("a-c", "[+--]"), string.find("a]c", "[]]"), string.find("abc", "[^%a]"), string.find("ab1", "[^%a]"), string.find("\\", "[\\]"), string.find("a%c", "%%"))

print(string.rep("a", 20):match("(a*)(a*)(a*)$"))

print(string.rep("ab", 5):gsub("(a)(b)", "%2%1"))

print(("x"):rep(5):gsub("x", "%0y", 3))

print(pcall(string.gsub, "x", "x", string.rep, 1))

print(string.gsub("x y", "%w", string.upper))

print(pcall(string.gsub, "x", "x", error))

print(pcall(string.gsub, "x", "(x", "y"))

local t = {} for a, b, c in string.gmatch("1a 2b 3c", "(%d)(%a)()") do t[#t + 1] = a .. b .. c end print(table.concat(t, " "))

local function f(s, p) local i, e = string.find(s, p) if i then return string.sub(s, i, e) end end print(f("aaab", "a*"), f("aaa", "^.*$"), f("aaa", "b*"), f("aaa", "ab*a"), f("aba", "ab*a"), f("aaab", "a+"), f("aaab", "^.+$"), f("aaa", "b+"), f("aaa", "ab+a"), f("aba", "ab+a"), f("a$a", ".$"), f("a$a", ".%$"), f("a$a", ".$."), f("a$a", "$$"), f("a$b", "a$"), f("a$a", "$"), f("", "b*"), f("aaa", "bb*"), f("aaab", "a-"), f("aaa", "^.-$"), f("aabaaabaaabaaaba", "b.*b"), f("aabaaabaaabaaaba", "b.-b"), f("alo xo", ".o$"), f(" \n isto é assim", "%S%S*"), f(" \n isto é assim", "%S*$"), f(" \n isto é assim", "[a-z]*$"), f("um caracter ? extra", "[^%sa-z]"), f("", "a?"), f("á", "á?"), f("ábl", "á?b?l?"), f("  ábl", "á?b?l?"), f("aa", "^aa?a?a"), f("]]]áb", "[^]]"), f("0alo alo", "%x*"), f("alo alo", "%C+"))

print(string.gsub("alo úlo  ", " +$", ""), string.gsub("  alo alo  ", "^%s*(.-)%s*$", "%1"), string.gsub("alo  alo  \n 123\n ", "%s+", " "), string.gsub("abç d", "(.)", "%1@"), string.gsub("abçd", "(.)", "%0@", 2), string.gsub("alo alo", "()[al]", "%1"), string.gsub("abc=xyz", "(%w*)(%p)(%w+)", "%3%2%1-%0"), string.gsub("abc", "%w", "%1%0"), string.gsub("abc", "%w+", "%0%1"), string.gsub("áéí", "$", "\0óú"), string.gsub("", "^", "r"), string.gsub("", "$", "r"))

print(string.gsub("um (dois) tres (quatro)", "(%(%w+%))", string.upper), string.gsub("aaa", "^a", "b"), string.gsub("first second word", "%w+", "<%0>", 2), string.gsub("x", "x", "%%1"))
