print(("%d %5d|%-5d|%05d|%+d|% d"):format(1, 2, 3, 4, 5, 6), ("%i"):format(7), ("%u"):format(8), ("%d"):format(-0.0), ("%d"):format("10"), ("%d"):format(3.0))

print(pcall(string.format, "%d", 3.5))

print(pcall(string.format, "%d", "3.5"))

print(pcall(string.format, "%d", "x"))

print(pcall(string.format, "%d", 2^63))

print(pcall(string.format, "%d", {}))

print(pcall(string.format, "%d"))

print(pcall(string.format, "%d", nil))

print(("%x %X %#x %#X %o %#o %08x"):format(255, 255, 255, 255, 8, 8, 3735928559), ("%x"):format(-1), ("%o"):format(-1), ("%u"):format(-1))

print(("%.3d|%.0d|%5.3d|%-8.3d|%+.3d|%08.3d"):format(5, 0, 7, 7, 7, 7))

print(("%e %E %.2e %.0e %10.3e"):format(12345.678, 12345.678, 0.00012345, 5, -1), ("%e"):format(0), ("%e"):format(1e300))

print(("%f %.2f %.0f %5.1f %-8.3f| %+.1f %08.2f"):format(1.5, 1.005, 2.5, 3.14159, 2.71828, 1, -1.5), ("%f"):format(1e15), ("%.3f"):format(2^53), ("%.20f"):format(0.1), ("%.99f"):format(1/3))

print(("%g %g %g %g %g %g"):format(1, 1.5, 1e20, 1e-5, 100000, 1000000), ("%G"):format(1e-10), ("%.3g"):format(1234.5), ("%#g"):format(1), ("%.0g"):format(15), ("%g"):format(0), ("%g"):format(-0.0), ("%.14g"):format(0.1), ("%.17g"):format(0.1))

print(("%a %A %.2a %a %a %a"):format(1, 255.5, 1.999, 0, -0.0, 0.1), ("%a"):format(5e-324), ("%.0a"):format(1.5), ("%.1a"):format(1.96875), ("%20a|%-20a|"):format(1, 1), ("%+a"):format(2), ("%.20a"):format(1))

print(("%f %e %g %a %5.1f %05f"):format(math.huge, math.huge, math.huge, math.huge, -math.huge, math.huge), ("%F"):len(), ("%E"):format(math.huge), ("%G"):format(-math.huge), ("%+g"):format(math.huge))

print(("%c%c%c"):format(72, 105, 0):byte(1, -1))

print(("%5c|%-5c|"):format(65, 66))

print(pcall(string.format, "%c", "x"))

print(("%c"):format(65.0), #("%c"):format(256))

print(("%s %s %s %s"):format(nil, true, 12, 1.5), ("%5s|%-5s|%.2s|%5.1s|"):format("ab", "ab", "abc", "xyz"), ("%s"):format(setmetatable({}, {__tostring = function() return "META" end})))

print(pcall(string.format, "%s"))

print(pcall(string.format, "%s %s", 1))

print(pcall(string.format, "%s", setmetatable({}, {__tostring = function() return 1 end})))

print(#("%s"):format("a\0b"), pcall(string.format, "%5s", "a\0b"))

print(#("%s"):format(("x"):rep(1000)), #("%5s"):format(("x"):rep(1000)), #("%.20s"):format(("x"):rep(1000)), #("%99s"):format("x"), #("%-99s"):format("x"))

print(("%q"):format('a "quoted" \\ string\nwith\tctl\0\1\0011\r end\127'))

print(("%q"):format(""))

print(("%q"):format("\200\xff") == '"\200\xff"')

print(("%q %q %q %q"):format(1, 1.5, -1, 0.1), ("%q"):format(math.mininteger), ("%q"):format(math.maxinteger), ("%q"):format(math.huge), ("%q"):format(-math.huge), ("%q"):format(2^53), ("%q"):format(1e100))

print(("%q %q %q"):format(nil, true, false))

print(pcall(string.format, "%q", {}))

print(pcall(string.format, "%q", print))

print(pcall(string.format, "%q"))

print(("%5q"):format("x"))

print(("%%"):format(), ("100%%"):format(), ("%5%"):len(), pcall(string.format, "%5%", 1))

print(pcall(string.format, "%"))

print(pcall(string.format, "%", 1))

print(pcall(string.format, "abc%"))

print(pcall(string.format, "%5", 1))

print(pcall(string.format, "%y", 1))

print(pcall(string.format, "%F", 1))

print(pcall(string.format, "%p", 1))

print(pcall(string.format, "%n", 1))

print(pcall(string.format, "%l", 1))

print(pcall(string.format, "%hd", 1))

print(pcall(string.format, "%\1", 1))

print(pcall(string.format, "%\200", 1))

print(pcall(string.format, "%D", 1))

print(pcall(string.format, "%0123d", 1))

print(pcall(string.format, "%123d", 1))

print(pcall(string.format, "%.123d", 1))

print(pcall(string.format, "%------d", 1))

print(pcall(string.format, "%-----d", 1))

print(pcall(string.format, "%+++++++d", 1))

print(pcall(string.format, "%1.d", 1))

print(pcall(string.format, "%.f", 1.5))

print(pcall(string.format, "%-.5d", 1))

print(pcall(string.format, "%99999d", 1))

print(pcall(string.format, "%.99999f", 1))

print(#string.format("%99.99f", -1e308), #string.format("%.99f", 1))

print(pcall(string.format))

print(pcall(string.format, {}))

print(pcall(string.format, nil))

print(string.format(12), string.format(1.5))

print(string.format("%s %d %5.2f %x %q %%", "str", 42, 3.14159, 255, "q"))

print(string.format("%-10s|%10s|", "left", "right"))

print(string.format("%3d|%-3d|%03d", 5, 5, 5))

print(string.format("%d %d", math.maxinteger, math.mininteger), string.format("%x", math.mininteger), string.format("%5d", -12345), string.format("% 5d", 42), string.format("%+5d", 42), string.format("%-+5d|", 42))

print(string.format("%.3f", 0.0005), string.format("%.3f", 0.0015), string.format("%.0f", 0.5), string.format("%.0f", 1.5), string.format("%.1f", 0.25), string.format("%.1f", 0.35), string.format("%.2f", 1e10))

print(string.format("%5.1f|%5.0f|%-7.2f|%07.2f", 3.14159, 2.5, -1.5, -1.5), string.format("%#.0f %#.0e %#x %#o", 1, 1, 0, 0), string.format("%#a", 1), string.format("%#.3g", 1))

print(string.format("\0%s\0", "\0\0\1") == "\0\0\0\1\0", string.format("%s\0is\0not\0%s", "not\0be", "be") == "not\0be\0is\0not\0be", tostring(1234567890123) == '1234567890123', #tostring('\0'))

print(1e15, 1e14, 123456789012345678, 1e16, 0.1, 1/3, 100.0, 1e100, -1e-7, 2^63, -2^63, 2^24, 1e15 + 0.5, 123456.789e3)

print(3.0, 3, -0.0, 0.0, 1e0, 12345678901234, 1234567890123456, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, 3.14159265358979)

print(255 // 1, 0xff, 0xA.8p0, 0x.1p4, 0x1p-2, 0xffffffffffffffff, 1e2, .5, 3., 0x10p2, 9007199254740993, 9223372036854775807, 9223372036854775808, 1e1)

print(string.format("%.14g", 3.0), string.format("%.14g", 2^53), tostring(2^53), tostring(1e15), tostring(-1e15), 1e15 // 1, 2^31, 2^31 | 0)
