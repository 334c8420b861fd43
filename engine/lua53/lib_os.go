package lua53

import (
	"math"
	"strings"
	"time"
)

// The os library of the sandbox. Time comes from Options.Clock, the zone is UTC; os.clock follows gas, so
// that it can be replayed. What would touch the machine says that it is not allowed, in the form in
// which PUC reports a failure.

// gasPerSecond relates os.clock to gas.
const gasPerSecond = 100_000_000

func (s *State) openOS() {
	s.Library("os", []Reg{
		{"clock", func(c *Call) { c.PushFloat(float64(c.s.GasUsed()) / gasPerSecond) }},
		{"date", osDate},
		{"difftime", osDifftime},
		{"execute", osExecute},
		{"exit", func(*Call) {}},
		{"getenv", func(c *Call) { c.Str(1); c.PushNil() }},
		{"remove", func(c *Call) { c.refuse(c.Str(1)) }},
		{"rename", func(c *Call) { name := c.Str(1); c.Str(2); c.refuse(name) }},
		{"setlocale", osSetlocale},
		{"time", osTime},
		{"tmpname", func(c *Call) { c.Errorf("unable to generate a unique filename") }},
	})
}

// refuse is how a function answers that would need the machine: nil, a message and EPERM.
func (c *Call) refuse(what string) {
	c.PushNil()
	msg := "Operation not permitted"
	if what != "" {
		msg = what + ": " + msg
	}
	c.PushString(msg)
	c.PushInt(1)
}

func osExecute(c *Call) {
	if c.NoneOrNil(1) {
		c.PushBool(false) // there is no shell
		return
	}
	c.Str(1)
	c.refuse("")
}

func osSetlocale(c *Call) {
	name := c.OptStr(1, "C")
	c.Option(2, "all", "all", "collate", "ctype", "monetary", "numeric", "time")
	switch name {
	case "", "C", "POSIX":
		c.PushString("C")
	default:
		c.PushNil()
	}
}

func osDifftime(c *Call) {
	a, b := c.Int(1), c.Int(2)
	c.PushFloat(float64(a) - float64(b))
}

// now is the time in seconds.
func (s *State) now() int64 {
	if s.opts.Clock == nil {
		return 0
	}
	return int64(math.Floor(float64(s.opts.Clock()) / 1000))
}

// maxTime is the last second whose year fits in C's struct tm.
const maxTime = 67768036191676799

func osDate(c *Call) {
	format := c.OptStr(1, "%c")
	sec := c.s.now()
	if !c.NoneOrNil(2) {
		sec = c.Int(2)
	}
	if sec > maxTime || sec < -maxTime {
		c.Errorf("time result cannot be represented in this installation")
	}
	t := time.Unix(sec, 0).UTC()
	format = strings.TrimPrefix(format, "!")
	if format == "*t" {
		tb := c.s.newTable(0, 9)
		setDateFields(c, tableVal(tb), t)
		c.push(tableVal(tb))
		return
	}
	out := buffer{c: c}
	for format != "" {
		k := strings.IndexByte(format, '%')
		if k < 0 {
			out.str(format)
			break
		}
		out.str(format[:k])
		format = format[k+1:]
		n := dateSpecLen(format)
		if n == 0 {
			format, _, _ = strings.Cut(format, "\x00")
			c.ArgErrorf(1, "invalid conversion specifier '%%%s'", format)
		}
		out.need(128)
		out.b = appendDate(out.b, format[:n], t)
		format = format[n:]
	}
	out.push()
}

func setDateFields(c *Call, t val, d time.Time) {
	set := func(name string, v val) { c.th.setIndex(t, strVal(name), v) }
	set("sec", intVal(int64(d.Second())))
	set("min", intVal(int64(d.Minute())))
	set("hour", intVal(int64(d.Hour())))
	set("day", intVal(int64(d.Day())))
	set("month", intVal(int64(d.Month())))
	set("year", intVal(int64(d.Year())))
	set("wday", intVal(int64(d.Weekday())+1))
	set("yday", intVal(int64(d.YearDay())))
	set("isdst", vFalse)
}

// osTime reads a table of date fields, which may be out of their ranges, and brings it into order.
func osTime(c *Call) {
	if c.NoneOrNil(1) {
		c.PushInt(c.s.now())
		return
	}
	t := c.arg(1)
	c.Table(1)
	field := func(name string, def, delta int64) int {
		v := c.th.index(t, strVal(name))
		n, ok := v.coerce()
		i, isInt := numberToInteger(n)
		switch {
		case !ok || !isInt:
			if !v.isNil() {
				c.Errorf("field '%s' is not an integer", name)
			}
			if def < 0 {
				c.Errorf("field '%s' missing in date table", name)
			}
			return int(def)
		case i > math.MaxInt32/2 || i < -math.MaxInt32/2:
			c.Errorf("field '%s' is out-of-bound", name)
		}
		return int(i - delta)
	}
	sec, minute, hour := field("sec", 0, 0), field("min", 0, 0), field("hour", 12, 0)
	day, month, year := field("day", -1, 0), field("month", -1, 1), field("year", -1, 1900)
	dst := c.th.index(t, strVal("isdst")).truthy()
	if dst {
		hour-- // UTC knows no summer time: mktime takes the hour off
	}
	d := time.Date(year+1900, time.Month(month+1), day, hour, minute, sec, 0, time.UTC)
	if d.Unix() > maxTime || d.Unix() < -maxTime {
		c.Errorf("time result cannot be represented in this installation")
	}
	setDateFields(c, t, d)
	c.PushInt(d.Unix())
}
