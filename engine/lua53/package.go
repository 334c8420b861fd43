package lua53

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openPackage makes require and the table package. Modules come from
// package.preload, or from searchers that the script adds; there are no files, but
// the searchers for them say where they did not find one, as everywhere.
func (s *State) openPackage() {
	p := s.Library("package", []Reg{
		{"loadlib", func(c *Call) {
			c.Str(1)
			c.PushNil()
			c.PushString("dynamic libraries not enabled; check your Lua installation")
			c.PushString("absent")
		}},
		{"searchpath", packageSearchPath},
	})
	s.SetString(p, "config", lua.LString("/\n;\n?\n!\n-\n"))
	s.SetString(p, "cpath", lua.LString("/usr/local/lib/lua/5.3/?.so;/usr/local/lib/lua/5.3/loadall.so;./?.so"))
	s.SetString(p, "path", lua.LString("/usr/local/share/lua/5.3/?.lua;/usr/local/share/lua/5.3/?/init.lua;"+
		"/usr/local/lib/lua/5.3/?.lua;/usr/local/lib/lua/5.3/?/init.lua;./?.lua;./?/init.lua"))
	s.SetString(p, "loaded", s.loaded)
	s.SetString(p, "preload", s.preload)
	searchers := s.NewTable()
	s.Append(searchers, s.Function("searcher", searchPreload))
	s.Append(searchers, s.Function("searcher", func(c *Call) { searchFiles(c, p, "path", c.Str(1)) }))
	s.Append(searchers, s.Function("searcher", func(c *Call) { searchFiles(c, p, "cpath", c.Str(1)) }))
	s.Append(searchers, s.Function("searcher", func(c *Call) {
		if root, _, ok := strings.Cut(c.Str(1), "."); ok {
			searchFiles(c, p, "cpath", root)
		}
	}))
	s.SetString(p, "searchers", searchers)
	s.SetString(s.globals, "require", s.Function("require", func(c *Call) { s.require(c, p) }))
}

// Preload makes a module available to require.
func (s *State) Preload(name string, open func(*Call)) {
	s.SetString(s.preload, name, s.Function(name, open))
}

// Loaded is package.loaded.
func (s *State) Loaded() *Table { return s.loaded }

func packageSearchPath(c *Call) {
	name, path := c.Str(1), c.Str(2)
	sep, rep := c.OptStr(3, "."), c.OptStr(4, "/")
	if sep != "" {
		name = strings.ReplaceAll(name, sep, rep)
	}
	c.PushNil()
	notFound(c, name, path)
}

// searchFiles is the searcher for a path in a field of package.
func searchFiles(c *Call, pkg *Table, field, name string) {
	path, ok := c.s.text(pkg.getStr(field))
	if !ok {
		c.Errorf("'package.%s' must be a string", field)
	}
	notFound(c, strings.ReplaceAll(name, ".", "/"), path)
}

// notFound pushes which files of a path do not exist: all of them.
func notFound(c *Call, name, path string) {
	var b strings.Builder
	for t := range strings.SplitSeq(path, ";") {
		if t != "" {
			b.WriteString("\n\tno file '" + strings.ReplaceAll(t, "?", name) + "'")
		}
		c.Alloc(int64(len(t) + len(name)))
	}
	c.PushString(b.String())
}

func searchPreload(c *Call) {
	name := c.Str(1)
	if f := c.s.preload.getStr(name); !f.isNil() {
		c.push(f)
		return
	}
	c.PushString("\n\tno field package.preload['" + name + "']")
}

func (s *State) require(c *Call, pkg *Table) {
	name := c.Str(1)
	if v := s.loaded.getStr(name); v.truthy() {
		c.push(v)
		return
	}
	searchers, ok := pkg.getStr("searchers").table()
	if !ok {
		c.Errorf("'package.searchers' must be a table")
	}
	var msg strings.Builder
	for i := int64(1); ; i++ {
		search := searchers.getInt(i)
		if search.isNil() {
			c.Errorf("module '%s' not found:%s", name, msg.String())
		}
		res := c.call(search, strVal(name))
		if len(res) > 0 && isFunction(res[0]) {
			extra := vNil
			if len(res) > 1 {
				extra = res[1]
			}
			v := c.call1(res[0], strVal(name), extra)
			if !v.isNil() {
				s.setStr(s.loaded, lua.LString(name), v)
			} else if s.loaded.getStr(name).isNil() {
				s.setStr(s.loaded, lua.LString(name), vTrue)
			}
			c.push(s.loaded.getStr(name))
			return
		}
		if len(res) > 0 {
			if t, ok := c.s.text(res[0]); ok {
				msg.WriteString(t)
			}
		}
	}
}
