package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"patchbay/engine/ao"
)

// Process is a row of the list of processes.
type Process struct {
	Num      int64
	ID, Name string
	Owner    string
	Script   string
	Flavour  string
	Module   string
	Tags     []ao.Tag
	Created  time.Time
	Removed  bool
	// Active is the number of the branch that is shown and written to.
	Active int64
}

// Branch is one line of history of a process.
type Branch struct {
	Num, Process int64
	Name         string
	// Parent is the branch whose slots up to and including Fork this one shares (0: none).
	Parent, Fork int64
	// Own is the first slot whose result is not the parent's: Fork+1, or less when
	// messages of shared slots were replaced.
	Own int64
	// Quiet is the last slot that delivers nothing to other processes when it is
	// computed, because it was imported (-1: none).
	Quiet int64
	// Salt goes into the ids of messages. It differs between the branches of a
	// process; 0 lets AddBranch choose.
	Salt    int64
	Created time.Time
	// Next is the first slot that is not scheduled yet, Computed the last one up to
	// which every slot has a result (-1: none).
	Next, Computed int64
}

// branchState is what the journal remembers of a branch.
type branchState struct {
	Branch
	pending bool
}

// Segment is a range of slots, both included, that lie in one branch.
type Segment struct{ Branch, From, To int64 }

func (j *Journal) loadBranches(ctx context.Context) error {
	if !j.writable() {
		return j.reading(ctx, j.scanBranches)
	}
	// Branches that were being written when the program ended.
	for _, q := range []string{
		"DELETE FROM messages WHERE EXISTS (SELECT 1 FROM branches WHERE pending AND key>>36=num)",
		"DELETE FROM branches WHERE pending",
	} {
		var pending bool
		if err := j.conn.QueryRowContext(ctx, "SELECT EXISTS(SELECT 1 FROM branches WHERE pending)").Scan(&pending); err != nil {
			return fmt.Errorf("journal %s: %w", j.path, explain(err))
		}
		if !pending {
			break
		}
		if _, err := j.conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("journal %s: %w", j.path, explain(err))
		}
	}
	return j.reading(ctx, j.scanBranches)
}

func (j *Journal) writable() bool { return j.conn != nil && j.why == "" }

func (j *Journal) scanBranches(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx, `SELECT b.num, process, name, parent, fork, own, quiet, salt, created,
		coalesce((SELECT max(key) FROM messages WHERE key BETWEEN b.num<<36 AND (b.num<<36)+68719476735), -1),
		coalesce((SELECT max(key) FROM results WHERE key BETWEEN b.num<<36 AND (b.num<<36)+68719476735), -1)
		FROM branches b WHERE NOT pending ORDER BY num`)
	if err != nil {
		return err
	}
	defer rows.Close()
	found := map[int64]*branchState{}
	for rows.Next() {
		var s branchState
		var created, last, result int64
		if err := rows.Scan(&s.Num, &s.Process, &s.Name, &s.Parent, &s.Fork, &s.Own, &s.Quiet, &s.Salt, &created, &last, &result); err != nil {
			return err
		}
		s.Created = time.UnixMilli(created)
		s.Next = s.Fork + 1
		if last >= 0 {
			_, slot := splitKey(last)
			s.Next = max(s.Next, slot+1)
		}
		s.Computed = s.Own - 1
		if result >= 0 {
			_, s.Computed = splitKey(result)
		}
		found[s.Num] = &s
	}
	if err := rows.Err(); err != nil {
		return err
	}
	j.mu.Lock()
	j.branches = found
	j.mu.Unlock()
	return nil
}

// Branch describes a branch.
func (j *Journal) Branch(num int64) (Branch, bool) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	b, ok := j.branches[num]
	if !ok {
		return Branch{}, false
	}
	return b.Branch, true
}

// Branches lists the branches of a process, oldest first.
func (j *Journal) Branches(process int64) []Branch {
	j.mu.RLock()
	defer j.mu.RUnlock()
	var out []Branch
	for _, b := range j.branches {
		if b.Process == process && !b.pending {
			out = append(out, b.Branch)
		}
	}
	slices.SortFunc(out, func(a, b Branch) int { return int(a.Num - b.Num) })
	return out
}

// ResultSegments says in which branches the results of the slots from..to lie, in
// order.
func (j *Journal) ResultSegments(branch, from, to int64) []Segment {
	return j.results(branch, from, to)
}

func (j *Journal) results(branch, from, to int64) []Segment {
	j.mu.RLock()
	defer j.mu.RUnlock()
	var out []Segment
	for b := j.branches[branch]; b != nil && to >= from; b = j.branches[b.Parent] {
		first := b.Own
		if b.Parent == 0 {
			first = 0
		}
		if to >= first {
			out = append(out, Segment{b.Num, max(first, from), to})
			to = first - 1
		}
		to = min(to, b.Fork)
	}
	slices.Reverse(out)
	return out
}

// lineage is the branch and its ancestors, the branch first, each with the last
// slot that it contributes.
func (j *Journal) lineage(branch int64) []Segment {
	j.mu.RLock()
	defer j.mu.RUnlock()
	var out []Segment
	to := int64(maxSlot)
	for b := j.branches[branch]; b != nil; b = j.branches[b.Parent] {
		out = append(out, Segment{b.Num, 0, to})
		to = min(to, b.Fork)
	}
	return out
}

// AddProcess adds a process with its first branch, and returns it with its
// numbers filled in. quiet is that of the branch, normally -1.
func (t *Tx) AddProcess(p Process, quiet int64) (Process, error) {
	p, err := t.AddProcessRow(p)
	if err != nil {
		return p, err
	}
	b, err := t.AddBranch(Branch{Process: p.Num, Name: "main", Fork: -1, Quiet: quiet, Created: p.Created}, false)
	if err != nil {
		return p, err
	}
	p.Active = b.Num
	return p, t.SetActive(p.Num, b.Num)
}

// AddProcessRow adds a process without any branch, and returns it with its number.
func (t *Tx) AddProcessRow(p Process) (Process, error) {
	var n int64
	switch err := t.row("SELECT num FROM processes WHERE pid=?", []any{&n}, p.ID); {
	case err == nil:
		return p, fmt.Errorf("process %s: %w", p.ID, ErrDuplicate)
	case !errors.Is(err, sql.ErrNoRows):
		return p, err
	}
	r, err := t.j.conn.ExecContext(t.ctx, "INSERT INTO processes(pid, name, owner, script, flavour, module, tags, created) VALUES(?,?,?,?,?,?,?,?)",
		p.ID, p.Name, p.Owner, p.Script, p.Flavour, p.Module, AppendTags(nil, p.Tags), p.Created.UnixMilli())
	if err == nil {
		p.Num, err = r.LastInsertId()
	}
	if err != nil {
		t.broken = err
	}
	return p, err
}

// AddBranch adds a branch. A pending one is left out of every list until
// [Tx.Finish], and is forgotten if the program ends before.
func (t *Tx) AddBranch(b Branch, pending bool) (Branch, error) {
	var n int64
	switch err := t.row("SELECT num FROM branches WHERE process=? AND name=?", []any{&n}, b.Process, b.Name); {
	case err == nil:
		return b, fmt.Errorf("branch %q: %w", b.Name, ErrNameTaken)
	case !errors.Is(err, sql.ErrNoRows):
		return b, err
	}
	r, err := t.j.conn.ExecContext(t.ctx, "INSERT INTO branches(process, name, parent, fork, own, quiet, salt, created, pending) VALUES(?,?,?,?,?,?,?,?,?)",
		b.Process, b.Name, b.Parent, b.Fork, b.Own, b.Quiet, b.Salt, b.Created.UnixMilli(), pending)
	if err == nil {
		b.Num, err = r.LastInsertId()
	}
	if err == nil && b.Salt == 0 {
		if b.Salt, err = t.freeSalt(b); err != nil {
			return b, err
		}
		_, err = t.j.conn.ExecContext(t.ctx, "UPDATE branches SET salt=? WHERE num=?", b.Salt, b.Num)
	}
	if err != nil {
		t.broken = err
		return b, err
	}
	b.Next, b.Computed = b.Fork+1, b.Own-1
	t.j.mu.Lock()
	t.j.branches[b.Num] = &branchState{Branch: b, pending: pending}
	t.j.mu.Unlock()
	t.undo = append(t.undo, func() {
		t.j.mu.Lock()
		delete(t.j.branches, b.Num)
		t.j.mu.Unlock()
	})
	return b, nil
}

// freeSalt is the number of a new branch, or a bigger one when an imported branch of
// the process has that.
func (t *Tx) freeSalt(b Branch) (int64, error) {
	var taken int64
	err := t.row("SELECT COALESCE(MAX(salt), 0) FROM branches WHERE process=? AND num<>?", []any{&taken}, b.Process, b.Num)
	return max(b.Num, taken+1), err
}

// Finish makes a pending branch count.
func (t *Tx) Finish(branch int64) error {
	if err := t.sql("UPDATE branches SET pending=0 WHERE num=?", branch); err != nil {
		return err
	}
	t.j.mu.Lock()
	b := t.j.branches[branch]
	b.pending = false
	t.j.mu.Unlock()
	t.undo = append(t.undo, func() {
		t.j.mu.Lock()
		b.pending = true
		t.j.mu.Unlock()
	})
	return nil
}

// MoveTail takes the messages that a branch has after a slot over into another one
// that ends there, under the same slots. In the first they stay, but deliver
// nothing any more should it be computed on.
func (t *Tx) MoveTail(from, to, after int64) error {
	t.j.mu.RLock()
	a, b := t.j.branches[from], t.j.branches[to]
	t.j.mu.RUnlock()
	last := a.Next - 1
	if last <= after {
		return nil
	}
	if err := t.sql("INSERT INTO messages(key, id, action, root, script, skip, body) SELECT key-?+?, id, action, root, script, skip, body FROM messages WHERE key BETWEEN ? AND ?",
		rowKey(from, 0), rowKey(to, 0), rowKey(from, after+1), rowKey(from, last)); err != nil {
		return err
	}
	if err := t.sql("UPDATE branches SET quiet=? WHERE num=?", last, from); err != nil {
		return err
	}
	t.j.mu.Lock()
	quiet, next := a.Quiet, b.Next
	a.Quiet, b.Next = last, last+1
	t.j.mu.Unlock()
	t.undo = append(t.undo, func() {
		t.j.mu.Lock()
		a.Quiet, b.Next = quiet, next
		t.j.mu.Unlock()
	})
	return nil
}

// Drop forgets a pending branch with its messages and results. Numbers of
// branches are not used again, so what other tables hold of it harms nobody.
func (t *Tx) Drop(branch int64) error {
	lo, hi := rowKey(branch, 0), rowKey(branch, maxSlot)
	for _, q := range []string{"DELETE FROM messages WHERE key BETWEEN ? AND ?", "DELETE FROM results WHERE key BETWEEN ? AND ?"} {
		if err := t.sql(q, lo, hi); err != nil {
			return err
		}
	}
	if err := t.sql("DELETE FROM branches WHERE num=? AND pending", branch); err != nil {
		return err
	}
	t.j.mu.Lock()
	b := t.j.branches[branch]
	delete(t.j.branches, branch)
	t.j.mu.Unlock()
	t.undo = append(t.undo, func() {
		t.j.mu.Lock()
		t.j.branches[branch] = b
		t.j.mu.Unlock()
	})
	return nil
}

// SetActive says which branch of a process is shown and written to.
func (t *Tx) SetActive(process, branch int64) error {
	return t.sql("UPDATE processes SET active=? WHERE num=?", branch, process)
}

// SetRemoved takes a process out of the list or puts it back.
func (t *Tx) SetRemoved(process int64, removed bool) error {
	return t.sql("UPDATE processes SET removed=? WHERE num=?", removed, process)
}

// SetName renames a process.
func (t *Tx) SetName(process int64, name string) error {
	return t.sql("UPDATE processes SET name=? WHERE num=?", name, process)
}

// SetScript says which file of the project a process runs.
func (t *Tx) SetScript(process int64, script string) error {
	return t.sql("UPDATE processes SET script=? WHERE num=?", script, process)
}
