package syntax

// keywords are the reserved words of Lua 5.3.
var keywords = map[string]struct{}{
	"and": {}, "break": {}, "do": {}, "else": {}, "elseif": {}, "end": {}, "false": {}, "for": {},
	"function": {}, "goto": {}, "if": {}, "in": {}, "local": {}, "nil": {}, "not": {}, "or": {},
	"repeat": {}, "return": {}, "then": {}, "true": {}, "until": {}, "while": {},
}

// IsKeyword reports whether s is a reserved word.
func IsKeyword(s string) bool { _, ok := keywords[s]; return ok }

// builtinNames are the standard globals; those that are tables list their
// fields, with a space around each.
var builtinNames = map[string]string{
	"_G": "", "_ENV": "", "_VERSION": "", "self": "",
	"assert": "", "collectgarbage": "", "dofile": "", "error": "", "getmetatable": "", "ipairs": "",
	"load": "", "loadfile": "", "next": "", "pairs": "", "pcall": "", "print": "", "rawequal": "",
	"rawget": "", "rawlen": "", "rawset": "", "require": "", "select": "", "setmetatable": "",
	"tonumber": "", "tostring": "", "type": "", "xpcall": "",
	"bit32":     " arshift band bnot bor btest bxor extract lrotate lshift replace rrotate rshift ",
	"coroutine": " create isyieldable resume running status wrap yield ",
	"debug":     " debug gethook getinfo getlocal getmetatable getregistry getupvalue getuservalue sethook setlocal setmetatable setupvalue setuservalue traceback upvalueid upvaluejoin ",
	"io":        " close flush input lines open output popen read stderr stdin stdout tmpfile type write ",
	"math":      " abs acos asin atan ceil cos deg exp floor fmod huge log max maxinteger min mininteger modf pi rad random randomseed sin sqrt tan tointeger type ult ",
	"os":        " clock date difftime execute exit getenv remove rename setlocale time tmpname ",
	"package":   " config cpath loaded loadlib path preload searchers searchpath ",
	"string":    " byte char dump find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper ",
	"table":     " concat insert move pack remove sort unpack ",
	"utf8":      " char charpattern codepoint codes len offset ",
}

// IsBuiltin reports whether name is a global of the standard library.
func IsBuiltin(name string) bool { _, ok := builtinNames[name]; return ok && name != "self" }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

func isAlnum(c byte) bool { return isAlpha(c) || isDigit(c) }

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func hexValue(c byte) (uint64, bool) {
	switch {
	case c >= '0' && c <= '9':
		return uint64(c - '0'), true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return uint64(c|0x20-'a') + 10, true
	}
	return 0, false
}
