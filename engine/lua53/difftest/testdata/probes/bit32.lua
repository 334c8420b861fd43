print(bit32.band(), bit32.band(0xff, 0x0f), bit32.bor(), bit32.bor(1, 2, 4), bit32.bxor(), bit32.bxor(5, 3), bit32.bnot(0), bit32.bnot(0xffffffff), bit32.btest(1, 2), bit32.btest(3, 2), bit32.btest())

print(bit32.lshift(1, 4), bit32.lshift(1, 32), bit32.lshift(1, -1), bit32.rshift(16, 4), bit32.rshift(-1, 1), bit32.rshift(1, -4), bit32.arshift(-1, 4), bit32.arshift(0x80000000, 31), bit32.arshift(8, 2), bit32.arshift(1, -3), bit32.arshift(0x80000000, 40), bit32.arshift(8, 40))

print(bit32.lrotate(1, 1), bit32.lrotate(0x80000000, 1), bit32.rrotate(1, 1), bit32.lrotate(0x12345678, 4), bit32.rrotate(0x12345678, 4), bit32.lrotate(0x12345678, 32), bit32.lrotate(0x12345678, -4), bit32.rrotate(0x12345678, 36))

print(bit32.extract(0xabcd, 4), bit32.extract(0xabcd, 4, 8), bit32.extract(-1, 0, 32), bit32.extract(0x80000000, 31), bit32.replace(0, 15, 4, 4), bit32.replace(0xffff, 0, 4, 8), bit32.replace(0, -1, 0, 32), bit32.replace(0, 3, 1))

print(pcall(bit32.extract, 1, 32))

print(pcall(bit32.extract, 1, -1))

print(pcall(bit32.extract, 1, 0, 0))

print(pcall(bit32.extract, 1, 0, 33))

print(pcall(bit32.extract, 1, 31, 2))

print(pcall(bit32.replace, 1, 1, 32))

print(pcall(bit32.replace, 1, 1, 0, 0))

print(bit32.band(-1), bit32.band(2^32), bit32.band(2^32 + 5), bit32.band("0xff"), bit32.band(1.0), bit32.bor(-2^31), pcall(bit32.band, 1.5))

print(pcall(bit32.band, "x"))

print(pcall(bit32.band, {}))

print(pcall(bit32.bnot))

print(pcall(bit32.lshift, 1))

print(pcall(bit32.band, 2^63))

print(pcall(bit32.band, 1e100))

print(bit32.lshift(0x12345678, 4), bit32.lshift(0x12345678, 8), bit32.rshift(0x12345678, 4), bit32.lshift(0xffffffff, 31), bit32.rshift(0xffffffff, 31), bit32.lshift(5, 0), bit32.lshift(5, 1000), bit32.rshift(5, 1000), bit32.lshift(5, -1000))

print(pcall(bit32.lshift, 1, 1.5))
