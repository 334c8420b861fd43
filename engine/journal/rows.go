package journal

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// Entry is a scheduled message.
type Entry struct {
	Branch, Slot int64
	Message      ao.Message
	// Script is the file of the project that the message loads, "" for others.
	Script string
	// Outcome is Computed for a slot that is to be computed; the others are known
	// beforehand (a reload of a script that a replay put in place earlier, a slot
	// that was stopped where it was imported from).
	Outcome Outcome
	// Derived: the message's id follows from its slot, so that no other message has
	// it and none needs to be looked for.
	Derived bool
}

// Next is the slot that the next message of a branch will get.
func (t *Tx) Next(branch int64) int64 {
	t.j.mu.RLock()
	defer t.j.mu.RUnlock()
	return t.j.branches[branch].Next
}

// Append schedules a message in the next slot of a branch and returns that. A
// message whose id the branch has already fails with ErrDuplicate, and the slot
// returned is that of the first; nothing is written then.
func (t *Tx) Append(e Entry) (int64, error) {
	if !e.Derived {
		slot, found, err := t.slotOf(e.Branch, e.Message.ID)
		if err != nil {
			return -1, err
		}
		if found {
			return slot, fmt.Errorf("message %s: %w (slot %d)", e.Message.ID, ErrDuplicate, slot)
		}
	}
	t.j.mu.RLock()
	b := t.j.branches[e.Branch]
	t.j.mu.RUnlock()
	if b == nil {
		return -1, fmt.Errorf("branch %d: %w", e.Branch, ErrNotFound)
	}
	slot := b.Next
	e.Slot = slot
	if err := t.PutMessage(e); err != nil {
		return -1, err
	}
	t.j.mu.Lock()
	b.Next++
	t.j.mu.Unlock()
	t.undo = append(t.undo, func() {
		t.j.mu.Lock()
		b.Next--
		t.j.mu.Unlock()
	})
	return slot, nil
}

// PutMessage writes a message at its slot, in place of the parent's where the
// slot is shared. It does not move Next.
func (t *Tx) PutMessage(e Entry) error {
	m := &e.Message
	return t.exec(t.j.stmts.addMessage, rowKey(e.Branch, e.Slot), m.ID, m.Action(),
		text(m.Root, m.Depth > 0), text(e.Script, e.Script != ""),
		int64(e.Outcome), AppendMessage(nil, m))
}

// slotOf finds a message id in a branch and what it shares with its parents.
func (t *Tx) slotOf(branch int64, id string) (int64, bool, error) {
	return t.find(id, func(b, slot int64) bool {
		if b == branch {
			return true
		}
		for _, s := range t.j.lineage(branch) {
			if s.Branch == b && slot <= s.To {
				return true
			}
		}
		return false
	})
}

// find gives the slot of the first message with this id whose place is wanted.
func (t *Tx) find(id string, wanted func(branch, slot int64) bool) (int64, bool, error) {
	if t.broken != nil {
		return 0, false, t.broken
	}
	rows, err := t.j.stmts.findID.QueryContext(t.ctx, id)
	if err != nil {
		t.broken = err
		return 0, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var key int64
		if err := rows.Scan(&key); err != nil {
			t.broken = err
			return 0, false, err
		}
		if branch, slot := splitKey(key); wanted(branch, slot) {
			return slot, true, nil
		}
	}
	if err := rows.Err(); err != nil {
		t.broken = err
		return 0, false, err
	}
	return 0, false, nil
}

// Outcome says how a slot ended.
type Outcome int64

// The outcomes. Computed ones are computed again by a replay; the others did not
// change the state and are taken from the journal.
const (
	Computed Outcome = iota
	Stopped
	Broken
	Skipped
)

// Record is what the journal keeps of a computed slot, whatever the profile.
type Record struct {
	Branch, Slot int64
	Outcome      Outcome
	// Digest is of the result without its time and gas; Engine names the version
	// of the engine that computed it.
	Digest [32]byte
	Engine string
	At     time.Time
	// View is the profile (its number) whose root Result refers to: see AppendResult.
	View      int64
	Result    []byte
	Delivered []ao.Delivery
}

// Expect checks that a result may be written for a slot: it has to be the first
// of the branch that has none. Otherwise it fails with ErrOutOfOrder.
func (t *Tx) Expect(branch, slot int64) error {
	t.j.mu.RLock()
	defer t.j.mu.RUnlock()
	b := t.j.branches[branch]
	if b == nil {
		return fmt.Errorf("branch %d: %w", branch, ErrNotFound)
	}
	if slot != b.Computed+1 {
		return fmt.Errorf("slot %d of branch %d: %w: results up to slot %d are there", slot, branch, ErrOutOfOrder, b.Computed)
	}
	return nil
}

// PutResult writes a record; see [Tx.Expect].
func (t *Tx) PutResult(r Record) error {
	if err := t.Expect(r.Branch, r.Slot); err != nil {
		return err
	}
	t.j.mu.Lock()
	b := t.j.branches[r.Branch]
	b.Computed++
	t.j.mu.Unlock()
	t.Undo(func() {
		t.j.mu.Lock()
		b.Computed--
		t.j.mu.Unlock()
	})
	var delivered []byte
	if len(r.Delivered) > 0 {
		delivered = AppendDeliveries(nil, r.Delivered)
	}
	return t.exec(t.j.stmts.addResult, rowKey(r.Branch, r.Slot), int64(r.Outcome), r.Digest[:], r.Engine,
		r.At.UnixNano(), r.View, r.Result, delivered)
}

// Fold is what a profile made of a slot's outbox.
type Fold struct {
	View, Branch, Slot int64
	// Hash is the digest of the root afterwards.
	Hash    [32]byte
	Changes []patchdev.Change
	// Encoded is what AppendChanges makes of Changes. It is what is stored; a fold
	// that was read has Encoded only, because decoding needs the root before.
	Encoded  []byte
	Warnings []patchdev.Warning
	// Rest are the indexes in the outbox of what is no patch.
	Rest []int
	// Failure says why a real node would fail the slot, "" normally.
	Failure string
	// Root, when not nil, is stored in full beside the changes.
	Root *patchdev.Table
}

// inlineValue is up to how many bytes a value is repeated in the index of
// changes; a bigger one is read from its slot.
const inlineValue = 256

// PutFold writes a fold and indexes its changes by path.
func (t *Tx) PutFold(f Fold) error {
	key := viewKey(f.View, f.Branch, f.Slot)
	var warnings, rest []byte
	if len(f.Warnings) > 0 {
		warnings = AppendWarnings(nil, f.Warnings)
	}
	if len(f.Rest) > 0 {
		e := encoder{}
		for _, i := range f.Rest {
			e.uint(uint64(i))
		}
		rest = e.b
	}
	if err := t.exec(t.j.stmts.addFold, key, f.Hash[:], f.Encoded, warnings, rest, text(f.Failure, f.Failure != "")); err != nil {
		return err
	}
	for _, c := range f.Changes {
		path, err := t.path(c.Path)
		if err != nil {
			return err
		}
		if err := t.exec(t.j.stmts.addChange, path, key, inline(c.New)); err != nil {
			return err
		}
	}
	if f.Root != nil {
		return t.exec(t.j.stmts.addRoot, key, AppendValue(nil, f.Root))
	}
	return nil
}

// inline encodes a value for the index of changes, nil when it is too big.
func inline(v patchdev.Value) []byte {
	switch x := v.(type) {
	case patchdev.String:
		if len(x) > inlineValue {
			return nil
		}
	case *patchdev.List:
		if x.Len() > 0 {
			return nil
		}
	case *patchdev.Table:
		if x.Len() > 0 {
			return nil
		}
	}
	return AppendValue(nil, v)
}

// pathNumbers remembers the numbers of paths that were used lately.
type pathNumbers struct{ num map[string]int64 }

// maxPaths bounds pathNumbers.
const maxPaths = 1 << 16

func (t *Tx) path(path []string) (int64, error) {
	p := encodePath(path)
	if n, ok := t.j.paths.num[string(p)]; ok {
		return n, nil
	}
	var n int64
	err := t.j.stmts.findPath.QueryRowContext(t.ctx, p).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		n, err = t.insert(t.j.stmts.addPath, p)
	}
	if err != nil {
		t.broken = err
		return 0, err
	}
	if t.j.paths.num == nil || len(t.j.paths.num) >= maxPaths {
		t.j.paths.num = make(map[string]int64, 1024)
	}
	t.j.paths.num[string(p)] = n
	t.undo = append(t.undo, func() { delete(t.j.paths.num, string(p)) })
	return n, nil
}

// encodePath joins keys so that a path sorts before those that it begins.
func encodePath(path []string) []byte {
	n := len(path)
	for _, k := range path {
		n += len(k)
	}
	out := make([]byte, 0, n)
	for _, k := range path {
		for i := 0; i < len(k); i++ {
			switch k[i] {
			case 0:
				out = append(out, 1, 1)
			case 1:
				out = append(out, 1, 2)
			default:
				out = append(out, k[i])
			}
		}
		out = append(out, 0)
	}
	return out
}

// View returns the number of a profile, giving it one the first time.
func (t *Tx) View(profile string) (int64, error) {
	var n int64
	err := t.row("SELECT num FROM profiles WHERE name=?", []any{&n}, profile)
	if !errors.Is(err, sql.ErrNoRows) {
		return n, err
	}
	if err := t.sql("INSERT INTO profiles(name) VALUES(?)", profile); err != nil {
		return 0, err
	}
	return n, t.row("SELECT num FROM profiles WHERE name=?", []any{&n}, profile)
}

// SetSetting writes a setting.
func (t *Tx) SetSetting(key, value string) error {
	return t.sql("INSERT INTO settings(key, value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", key, value)
}

// SetAccount writes the address of an account.
func (t *Tx) SetAccount(name, address string) error {
	return t.sql("INSERT INTO accounts(name, address) VALUES(?,?) ON CONFLICT(name) DO UPDATE SET address=excluded.address", name, address)
}

// Operation is something that a user did and may undo. Inverse is what takes it
// back; the engine knows what is in it.
type Operation struct {
	Num     int64
	At      time.Time
	Text    string
	Inverse json.RawMessage
	// Undone: it was taken back already.
	Undone bool
}

// AddOperation remembers an operation.
func (t *Tx) AddOperation(o Operation) error {
	return t.sql("INSERT INTO operations(at, text, inverse, undone) VALUES(?,?,?,?)", o.At.UnixMilli(), o.Text, string(o.Inverse), o.Undone)
}

// SetUndone marks an operation as taken back.
func (t *Tx) SetUndone(num int64) error {
	return t.sql("UPDATE operations SET undone=1 WHERE num=?", num)
}

// LastOperation returns the newest operation that was not undone.
func (t *Tx) LastOperation() (Operation, error) {
	var o Operation
	var at int64
	var inverse string
	err := t.row("SELECT num, at, text, inverse FROM operations WHERE NOT undone ORDER BY num DESC LIMIT 1", []any{&o.Num, &at, &o.Text, &inverse})
	if errors.Is(err, sql.ErrNoRows) {
		return o, ErrNotFound
	}
	o.At, o.Inverse = time.UnixMilli(at), json.RawMessage(inverse)
	return o, err
}

// AddSnapshot remembers places under a name that is free.
func (t *Tx) AddSnapshot(name string, created time.Time, places json.RawMessage) error {
	var n int
	if err := t.row("SELECT count(*) FROM snapshots WHERE name=?", []any{&n}, name); err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("snapshot %q: %w", name, ErrNameTaken)
	}
	return t.sql("INSERT INTO snapshots(name, created, places) VALUES(?,?,?)", name, created.UnixMilli(), string(places))
}

// Scheduled finds a message of a process by its id, in any of its branches.
func (t *Tx) Scheduled(process int64, id string) (slot int64, found bool, err error) {
	return t.find(id, func(branch, _ int64) bool {
		b, ok := t.j.Branch(branch)
		return ok && b.Process == process
	})
}

// Delivered counts the messages that were scheduled on account of a root message.
func (t *Tx) Delivered(root string) (int, error) {
	var n int
	err := t.row("SELECT count(*) FROM messages WHERE root=?", []any{&n}, root)
	return n, err
}

// Find returns the first scheduled message with an id.
func (t *Tx) Find(id string) (Entry, error) {
	if t.broken != nil {
		return Entry{}, t.broken
	}
	e, err := find(t.ctx, t.j.conn, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		t.broken = err
	}
	return e, err
}

// Branch describes a branch as the transaction sees it.
func (t *Tx) Branch(num int64) (Branch, bool) { return t.j.Branch(num) }
