package text

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/mattn/go-runewidth"
)

// PieceKind says how a piece of a line is drawn.
type PieceKind uint8

// The kinds of pieces. Plain is printable ASCII of one cell each; Glyph is one character beyond ASCII, one or two cells wide;
// Tab is empty space; Label stands for something invisible (a control character, a byte that is not UTF-8, a character that
// changes the direction of text) and is spelled out, so that a script holds nothing that cannot be seen.
const (
	Plain PieceKind = iota
	Glyph
	Tab
	Label
)

// Piece is part of a line on the grid of cells: its bytes [From, To), where it starts and how many cells it takes.
type Piece struct {
	From, To    int
	Cell, Width int
	Kind        PieceKind
}

// Ruler measures lines in cells of a monospaced grid: tabs reach to the next stop, East Asian wide characters and emoji take two
// cells, a character with its combining marks is one. The zero value has tab stops every 4 cells. It remembers long lines and
// belongs to one goroutine.
type Ruler struct {
	// TabWidth is the distance of tab stops in cells; 0 is 4.
	TabWidth int

	long      []*longLine // measured lately, the last one last
	longBytes int
}

// longLine holds what is known of a line too long to be measured again at each keystroke.
type longLine struct {
	line  string
	plain bool
	marks []mark // piece starts, about every markEvery bytes
	done  bool   // marks reach the end
}

type mark struct{ col, cell int }

const (
	longAt    = 4096
	markEvery = 1024
	longKept  = 64
	// The lines themselves are kept alive: an edited line of megabytes leaves a copy at each keystroke.
	longBytesKept = 16 << 20
)

func (r *Ruler) tab() int {
	if r.TabWidth <= 0 {
		return 4
	}
	return r.TabWidth
}

// plain reports whether every byte is one cell.
func (r *Ruler) plain(line string) (bool, *longLine) {
	if len(line) < longAt {
		return isPlain(line), nil
	}
	l := r.longLine(line)
	return l.plain, l
}

// longLine finds what is known of a long line. Lines are told apart by where their bytes are, which lines of a buffer keep until
// they are edited: comparing megabytes at each keystroke would be felt.
func (r *Ruler) longLine(line string) *longLine {
	for i := len(r.long) - 1; i >= 0; i-- {
		if l := r.long[i]; len(l.line) == len(line) && unsafe.StringData(l.line) == unsafe.StringData(line) {
			return l
		}
	}
	l := &longLine{line: line, plain: isPlain(line), marks: []mark{{}}}
	r.long = append(r.long, l)
	r.longBytes += len(line)
	drop := 0
	for drop < len(r.long)-1 && (len(r.long)-drop > longKept || r.longBytes > longBytesKept) {
		r.longBytes -= len(r.long[drop].line)
		drop++
	}
	r.long = slices.Delete(r.long, 0, drop)
	return l
}

// isPlain reports whether a text is printable ASCII, eight bytes at a time: none has its highest bit set, none is below space, and
// none is DEL, which would become 0x80 by adding one.
func isPlain(s string) bool {
	const ones, high, spaces = 0x0101010101010101, 0x8080808080808080, 0x2020202020202020
	i := 0
	for b := unsafe.Slice(unsafe.StringData(s), len(s)); i+8 <= len(s); i += 8 {
		if w := binary.LittleEndian.Uint64(b[i:]); (w|(w-spaces)|(w+ones))&high != 0 {
			return false
		}
	}
	for ; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// piece measures the piece that starts at col, which is cell; col must be the start of a piece.
func (r *Ruler) piece(line string, col, cell int) Piece {
	p := Piece{From: col, Cell: cell}
	c := line[col]
	switch {
	case c == '\t':
		p.To, p.Kind, p.Width = col+1, Tab, r.tab()-cell%r.tab()
		return p
	case c >= 0x20 && c < 0x7f && (col+1 == len(line) || line[col+1] < 0x80):
		end := col + 1
		for end < len(line) && line[end] >= 0x20 && line[end] < 0x7f && (end+1 == len(line) || line[end+1] < 0x80) {
			end++
		}
		p.To, p.Width = end, end-col
		return p
	case c < 0x20 || c == 0x7f:
		p.To, p.Kind = col+1, Label
	case c >= 0x80:
		if rn, n := utf8.DecodeRuneInString(line[col:]); rn == utf8.RuneError && n == 1 {
			p.To, p.Kind = col+1, Label
		} else if hidden(rn) {
			p.To, p.Kind = col+n, Label
		}
	}
	if p.Kind == Label {
		p.Width = len(LabelOf(line[p.From:p.To]))
		return p
	}
	p.Kind = Glyph
	g := graphemes.FromString(line[col:])
	g.Next()
	p.To = col + len(g.Value())
	// A hidden character inside a cluster (other than the joiners that make emoji) is split off and shown.
	for i, rn := range line[col:p.To] {
		if i > 0 && (hidden(rn) || rn == utf8.RuneError) {
			p.To = col + i
			break
		}
	}
	p.Width = clusterWidth(line[col:p.To])
	return p
}

// clusterWidth is one or two cells. What is asked to look like an emoji (a variation selector, a flag, several joined) is wide
// whatever its first character is.
func clusterWidth(s string) int {
	first, n := utf8.DecodeRuneInString(s)
	if strings.Contains(s[n:], "\ufe0f") || first >= 0x1f1e6 && first <= 0x1f1ff && len(s) > n {
		return 2
	}
	cond := runewidth.Condition{StrictEmojiNeutral: true}
	return max(1, min(2, cond.StringWidth(s)))
}

// hidden reports whether a character has no shape of its own but changes how others are read.
func hidden(r rune) bool {
	switch {
	case r >= 0x80 && r < 0xa0, r == 0xad, r == 0xfeff, r == 0x200b, r == 0x200e, r == 0x200f, r == 0x2028, r == 0x2029,
		r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0x61c:
		return true
	}
	return false
}

// LabelOf spells out what a Label piece holds, in ASCII: \0, \r, \x1b for bytes, U+202E for characters.
func LabelOf(s string) string {
	switch s {
	case "\x00":
		return `\0`
	case "\r":
		return `\r`
	case "\n":
		return `\n`
	}
	if rn, n := utf8.DecodeRuneInString(s); n == len(s) && (rn != utf8.RuneError || n > 1) && n > 1 {
		return fmt.Sprintf("U+%04X", rn)
	}
	var sb strings.Builder
	for i := 0; i < len(s); i++ {
		fmt.Fprintf(&sb, `\x%02x`, s[i])
	}
	return sb.String()
}

// Pieces yields the pieces of a line from the one that holds cell on, until yield says false.
func (r *Ruler) Pieces(line string, cell int, yield func(Piece) bool) {
	if len(line) == 0 {
		return
	}
	plain, l := r.plain(line)
	if plain {
		if from := max(0, cell); from < len(line) {
			yield(Piece{from, len(line), from, len(line) - from, Plain})
		}
		return
	}
	at := mark{}
	if l != nil {
		at = r.markBefore(line, l, func(m mark) bool { return m.cell <= cell })
	}
	for at.col < len(line) {
		p := r.piece(line, at.col, at.cell)
		at = mark{p.To, p.Cell + p.Width}
		if at.cell > cell || p.Width == 0 {
			if !yield(p) {
				return
			}
		}
	}
}

// markBefore gives the last mark for which ok holds, making marks as far as needed.
func (r *Ruler) markBefore(line string, l *longLine, ok func(mark) bool) mark {
	for !l.done && ok(l.marks[len(l.marks)-1]) {
		at := l.marks[len(l.marks)-1]
		stop := at.col + markEvery
		for at.col < stop && at.col < len(line) {
			p := r.piece(line, at.col, at.cell)
			if p.Kind == Plain && p.To > stop && at.col < stop { // cut long ASCII runs, every place in them is a piece start
				p.To, p.Width = stop, stop-p.From
			}
			at = mark{p.To, p.Cell + p.Width}
		}
		if at.col >= len(line) {
			l.done = true
			break
		}
		l.marks = append(l.marks, at)
	}
	lo, hi := 0, len(l.marks)
	for lo+1 < hi {
		if m := (lo + hi) / 2; ok(l.marks[m]) {
			lo = m
		} else {
			hi = m
		}
	}
	return l.marks[lo]
}

// from yields pieces from one that starts at or before col.
func (r *Ruler) from(line string, col int, yield func(Piece) bool) {
	plain, l := r.plain(line)
	if plain {
		if len(line) > 0 {
			yield(Piece{0, len(line), 0, len(line), Plain})
		}
		return
	}
	at := mark{}
	if l != nil {
		at = r.markBefore(line, l, func(m mark) bool { return m.col <= col })
	}
	for at.col < len(line) {
		p := r.piece(line, at.col, at.cell)
		at = mark{p.To, p.Cell + p.Width}
		if !yield(p) {
			return
		}
	}
}

// Cell gives the cell at which the character at column col starts; a column inside a character counts as its start.
func (r *Ruler) Cell(line string, col int) int {
	cell := 0
	r.from(line, col, func(p Piece) bool {
		switch {
		case col >= p.To:
			cell = p.Cell + p.Width
			return true
		case p.Kind == Plain:
			cell = p.Cell + max(0, col-p.From)
		default:
			cell = p.Cell
		}
		return false
	})
	return cell
}

// Col gives the column whose character is nearest to a place measured in cells: beyond the middle of a character it is the next.
func (r *Ruler) Col(line string, cell float32) int {
	if cell <= 0 {
		return 0
	}
	col := len(line)
	r.Pieces(line, int(cell), func(p Piece) bool {
		switch {
		case float32(p.Cell+p.Width) <= cell:
			return true
		case p.Kind == Plain:
			col = p.From + int(cell-float32(p.Cell)+0.5)
		case cell-float32(p.Cell) < float32(p.Width)/2:
			col = p.From
		default:
			col = p.To
		}
		return false
	})
	return min(col, len(line))
}

// Width is the number of cells of a line.
func (r *Ruler) Width(line string) int { return r.Cell(line, len(line)) }

// Next gives the column behind the character at col.
func (r *Ruler) Next(line string, col int) int {
	if col >= len(line) {
		return len(line)
	}
	to := len(line)
	r.from(line, col, func(p Piece) bool {
		if p.To <= col {
			return true
		}
		to = p.To
		if p.Kind == Plain {
			to = col + 1
		}
		return false
	})
	return to
}

// Prev gives the column of the character before col.
func (r *Ruler) Prev(line string, col int) int {
	if col <= 0 {
		return 0
	}
	from := 0
	r.from(line, col-1, func(p Piece) bool {
		if p.From >= col {
			return false
		}
		from = p.From
		if p.Kind == Plain {
			from = min(col, p.To) - 1
		}
		return p.To < col
	})
	return from
}
