package timeline

import (
	"strings"
	"testing"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
	"patchbay/ui/kit"
)

func names(a string) string {
	if a == ao.Address("alice") {
		return "alice"
	}
	return ""
}

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "", 300: "1 µs", 41 * time.Microsecond: "41 µs", 1200 * time.Microsecond: "1.2 ms", 45 * time.Millisecond: "45 ms",
		3400 * time.Millisecond: "3.4 s", 75 * time.Second: "75 s",
	} {
		if got := Took(d); got != want {
			t.Errorf("Took(%v) = %q, want %q", d, got, want)
		}
	}
}

func slot() *ao.Slot {
	return &ao.Slot{
		Number: 128,
		Message: ao.Message{From: ao.Address("alice"), ID: "ID", Data: patchdev.String("two\nlines"), Tags: []ao.Tag{
			{Name: "Action", Value: "Transfer"}, {Name: "Quantity", Value: "250"},
		}},
		Result: ao.Result{
			Duration: 41 * time.Microsecond, GasUsed: 12345, Text: "\x1b[31mred\x1b[0m plain",
			Messages: []ao.OutMessage{
				{Target: patchdev.String("P"), Tags: []ao.OutTag{{Name: patchdev.String("device"), Value: patchdev.String("patch@1.0")}}},
				{Target: patchdev.String(ao.Address("alice")), Data: patchdev.String("Debit"), Line: 33},
				{},
			},
			Trace: []ao.HandlerTrace{{Name: "transfer", Outcome: "ran", Line: 8}, {Outcome: "skipped"}},
		},
		Delivered: []ao.Delivery{{Note: "patch"}, {Note: "outside"}, {Process: "Q", Slot: 3}},
		Changes: []patchdev.Change{
			{Path: []string{"cache", "balances", ao.Address("alice")}, Old: patchdev.Int(5), New: patchdev.Int(7)},
			{Path: []string{"cache", "new"}, New: patchdev.NewTable("a", 1)},
			{Path: []string{"cache", "old"}, Old: patchdev.Bool(true)},
		},
		Warnings: []patchdev.Warning{{Path: []string{"cache", "info"}, Message: "reserved"}},
	}
}

func TestDrawSlot(t *testing.T) {
	var r kit.Row
	DrawSlot(slot(), names, true, 400, &r)
	if got := r.Text(); got != "128  ▲  41 µs  Transfer  alice → 3 out · 3 keys changed" {
		t.Errorf("%q", got)
	}
	r.Reset()
	s := slot()
	s.Result.Error = "\n  token.lua:22: attempt to compare\nstack"
	DrawSlot(s, names, false, 400, &r)
	if got := r.Text(); !strings.Contains(got, "token.lua:22: attempt to compare") || strings.Contains(got, "stack") {
		t.Errorf("%q", got)
	}
	r.Reset()
	DrawSlot(&ao.Slot{Message: ao.Message{Source: ao.FromSpawn}}, names, false, 400, &r)
	if got := r.Text(); !strings.Contains(got, "Spawn  nobody") {
		t.Errorf("%q", got)
	}
}

func all(l []Line) string {
	var b strings.Builder
	for _, x := range l {
		if x.Label != "" {
			b.WriteString(x.Label + ": ")
		}
		b.WriteString(kit.Plaintext(x.Runs) + "\n")
	}
	return b.String()
}

func TestDetails(t *testing.T) {
	s := slot()
	for name, c := range map[string]struct {
		lines []Line
		says  []string
	}{
		"outbox": {OutboxLines(s, names), []string{"patch → patch@1.0", "message → alice", "kept here", "line 33", "Data: Debit", "message → no target", "Delivered: to Q as its slot 3"}},
		"output": {OutputLines(s, names), []string{"red plain"}},
		"facts": {FactLines(s, names), []string{
			"Slot 128 · Transfer", "From: alice  " + ao.Address("alice"), "Quantity: 250", "Data: two\nlines",
			"cache/balances/alice  5 → 7", "cache/new  new 1 key", "cache/old  true removed", "reserved", "transfer  ran", "(unnamed)  skipped", "12,345",
		}},
	} {
		got := all(c.lines)
		for _, want := range c.says {
			if !strings.Contains(got, want) {
				t.Errorf("%s does not say %q:\n%s", name, want, got)
			}
		}
	}
	s.Result.Error, s.Result.Limit, s.Result.Truncated = "boom", "gas", 99
	got := all(OutputLines(s, names))
	for _, want := range []string{"boom", "endless loop", "99 more bytes"} {
		if !strings.Contains(got, want) {
			t.Errorf("output does not say %q:\n%s", want, got)
		}
	}
}

func TestANSIColours(t *testing.T) {
	l := kit.ANSI("a\x1b[31mb\x1b[1;32mc\x1b[0m\nd\x1b[38;5;200me\x1b[2Jf\x1b[")
	if len(l) != 2 || len(l[0]) != 3 || l[0][1].Color != "patchbayBad" || !l[0][2].Bold || kit.Plaintext(l[1]) != "def" {
		t.Errorf("%+v", l)
	}
	if s := kit.StripANSI("x\x1b[31my\x1b[0m\x1bz"); s != "xyz" {
		t.Errorf("%q", s)
	}
}

// What does not fit into a line is shortened to it, the longest part first: words
// keep both ends, other texts their beginning. Copying gives all.
func TestAChangeHasAShortForm(t *testing.T) {
	long := strings.Repeat("0", 31)
	json := `{"owner":"somebody","list":[1,2,3]}`
	for _, c := range []struct {
		change patchdev.Change
		cells  int
		want   string
	}{
		{patchdev.Change{Path: []string{"Anchor"}, Old: patchdev.String(long + "2"), New: patchdev.String(long + "4")}, 32, "Anchor  00000…0002 → 00000…00004"},
		{patchdev.Change{Path: []string{"cache", "balances", ao.Address("alice")}, Old: patchdev.Int(5), New: patchdev.Int(7)}, 20, "…/alice  5 → 7"},
		{patchdev.Change{Path: []string{"cache", "text"}, New: patchdev.String("a sentence of some length in it")}, 30, "…/text  new a sentence of som…"},
		{patchdev.Change{Path: []string{"cache", "json"}, New: patchdev.String(json)}, 30, `…/json  new {"owner":"somebod…`},
		{patchdev.Change{Path: []string{"cache", "json"}, New: patchdev.String(json)}, 60, `…/json  new ` + json},
		{patchdev.Change{Path: []string{"cache", strings.Repeat("long-key-", 5) + "end"}, New: patchdev.Int(631750)}, 30, "…/long-key…key-end  new 631750"},
		{patchdev.Change{Path: []string{"cache", strings.Repeat("long-key-", 5)}, Old: patchdev.String(json), New: patchdev.String(json + " ")}, 10, `…/long…key-  {"owner"… → {"owner"…`},
	} {
		l := changeLine(c.change, names)
		if got := kit.Plaintext(l.Short(c.cells)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if !strings.HasPrefix(l.Full, strings.Join(c.change.Path, "/")+"  ") {
			t.Errorf("copying gives %q", l.Full)
		}
	}
}
