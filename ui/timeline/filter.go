package timeline

import (
	"fmt"
	"strings"

	"patchbay/engine/ao"
	"patchbay/ui/kit"
	"patchbay/ui/theme"
)

// MaxHits is how many slots a filter shows; it stops looking then.
const MaxHits = 5000

// find begins to look for what the filter means, through all slots of the process,
// newest first. What is found is shown as it comes.
func (l *List) find() {
	if l.stop != nil {
		l.stop()
		l.stop = nil
	}
	l.hits, l.note, l.upTo = nil, "", l.o.Source.Head()
	if !l.filtering() {
		l.showNote()
		return
	}
	match := matcher(l.query, l.failed, l.o.Names)
	from := l.upTo
	l.looking = true
	l.stop = l.o.Source.Search(from, 0, match, func(hits []*ao.Slot, at int64) bool {
		l.hits = append(l.hits, hits...)
		if len(l.hits) >= MaxHits {
			l.hits = l.hits[:MaxHits]
			l.note = fmt.Sprintf("The newest %d that match; narrow the filter for older ones.", MaxHits)
			l.Refresh()
			return false
		}
		l.note = fmt.Sprintf("%s so far; %d %% looked at", count(len(l.hits), "slot", "slots"), 100*(from-at+1)/(from+1))
		l.Refresh()
		return true
	}, func(err error) {
		l.looking = false
		switch {
		case err != nil:
			l.note = "Not all slots could be read: " + err.Error()
		case len(l.hits) < MaxHits:
			l.note = ""
		}
		l.Refresh()
	})
}

// fresh adds slots that were computed since the search began.
func (l *List) fresh() {
	for n := l.upTo + 1; n <= l.o.Source.Head(); n++ {
		s := l.o.Source.Slot(n)
		if s == nil {
			break // it is fetched, and comes with another refresh
		}
		l.upTo = n
		if matcher(l.query, l.failed, l.o.Names)(s) {
			l.hits = append([]*ao.Slot{s}, l.hits...)
		}
	}
}

// showNote tells how many slots match.
func (l *List) showNote() {
	text := l.note
	if text == "" && l.filtering() {
		text = fmt.Sprintf("%d of %s", len(l.hits), count(int(l.o.Source.Head()+1), "slot", "slots"))
	}
	l.noteLabel.SetRuns(kit.Run{Text: text, Color: theme.Dim, Size: theme.SizeCaption})
	if l.noteBox.Hidden != (text == "") {
		l.noteBox.Hidden = text == ""
		l.content.Refresh()
	}
}

// Note is what is said about the filter, "" without one.
func (l *List) Note() string { return l.noteLabel.Text() }

// matcher says whether a slot is meant by a filter: all its words are in what is
// shown of it, in its sender, id, tags, error or output. It may run on any goroutine.
func matcher(query string, failed bool, names Names) func(*ao.Slot) bool {
	words := strings.Fields(strings.ToLower(query))
	return func(s *ao.Slot) bool {
		if failed && !s.Result.Failed() {
			return false
		}
		if len(words) == 0 {
			return true
		}
		what, changed := Summary(s, names)
		var b strings.Builder
		fmt.Fprintf(&b, "#%d %s %s %s %s %s %s %s", s.Number, Title(s), what, changed, s.Message.From, s.Message.ID, s.Result.Error, kit.StripANSI(s.Result.Text))
		for _, t := range s.Message.Tags {
			b.WriteString(" " + t.Name + "=" + t.Value)
			if len(t.Value) == 43 {
				b.WriteString(" " + t.Name + "=" + names.of(t.Value))
			}
		}
		text := strings.ToLower(b.String())
		for _, w := range words {
			if !strings.Contains(text, w) {
				return false
			}
		}
		return true
	}
}
