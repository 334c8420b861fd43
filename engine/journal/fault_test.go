package journal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A lock that another program holds refuses what is to be written, with the
// reason; afterwards it goes on.
func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{Busy: 20 * time.Millisecond})
	p := addProcess(t, j, "one")
	release := lockedByAnother(t, path)
	_, err := send(j, p.Active, "a")
	if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
	if l, err := j.Processes(t.Context()); err != nil || len(l) != 1 {
		t.Errorf("reads wait for the lock too: %v, %v", l, err)
	}
	release()
	if slot, err := send(j, p.Active, "a"); slot != 0 || err != nil {
		t.Errorf("afterwards: slot %d, %v", slot, err)
	}
}

// busyHelper names the file that the test binary, run as a helper, locks.
const busyHelper = "PATCHBAY_TEST_BUSY"

// lockedByAnother has another process lock a database for writing.
func lockedByAnother(t *testing.T, path string) (release func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), busyHelper+"="+path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Fatalf("the helper says %q, %v", line, err)
	}
	return func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

// runBusyHelper locks a database until its standard input ends.
func runBusyHelper() bool {
	path := os.Getenv(busyHelper)
	if path == "" {
		return false
	}
	db := connect(uri(path, "rw"), time.Second)
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		fmt.Println(err)
		return true
	}
	fmt.Println("locked")
	_, _ = io.Copy(io.Discard, os.Stdin)
	_, _ = db.Exec("ROLLBACK")
	return true
}

// What one function of a batch does wrong harms no other.
func TestFailuresStayAlone(t *testing.T) {
	j := open(t, Memory, Options{})
	p := addProcess(t, j, "one")
	boom := errors.New("boom")
	// Hold the writer, so that what follows shares a transaction.
	hold, held := make(chan struct{}), make(chan struct{})
	go j.Submit(func(*Tx) error { close(held); <-hold; return nil }, func(error) {})
	<-held
	type outcome struct {
		n   int
		err error
	}
	done := make(chan outcome, 4)
	fns := []func(*Tx) error{
		func(tx *Tx) error {
			_, err := tx.Append(Entry{Branch: p.Active, Message: message("1")})
			return err
		},
		func(tx *Tx) error {
			if _, err := tx.Append(Entry{Branch: p.Active, Message: message("2")}); err != nil {
				return err
			}
			tx.After(func() { t.Error("After of a function that failed") })
			return boom
		},
		func(tx *Tx) error {
			_, err := tx.Append(Entry{Branch: p.Active, Message: message("3")})
			return err
		},
	}
	for i, fn := range fns {
		put(t, j, &op{fn: fn, save: true, done: func(err error) { done <- outcome{i, err} }})
	}
	close(hold)
	for range fns {
		o := <-done
		if want := map[int]error{1: boom}[o.n]; !errors.Is(o.err, want) {
			t.Errorf("function %d: %v", o.n, o.err)
		}
	}
	if c := j.Stats().Commits; c != 3 { // the process, the one that held, the three together
		t.Errorf("%d commits: the three did not share one", c)
	}
	list, err := j.Entries(t.Context(), p.Active, 0, 9)
	if err != nil || len(list) != 2 || list[0].Message.ID != "1" || list[1].Message.ID != "3" {
		t.Errorf("%+v, %v", list, err)
	}
	// A mistake in the program fails what shares its transaction, and nothing else.
	if err := j.Do(t.Context(), func(*Tx) error { panic("oops") }); err == nil || !strings.Contains(err.Error(), "oops") {
		t.Error(err)
	}
	if slot, err := send(j, p.Active, "4"); slot != 2 || err != nil {
		t.Error(slot, err)
	}
}

func put(t *testing.T, j *Journal, o *op) {
	t.Helper()
	if err := j.put(t.Context(), o); err != nil {
		t.Fatal(err)
	}
}

func TestResultsComeInOrder(t *testing.T) {
	j := open(t, Memory, Options{})
	p := addProcess(t, j, "one")
	for i := range 3 {
		if _, err := send(j, p.Active, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	result := func(slot int64) error {
		return j.DoQuick(t.Context(), func(tx *Tx) error {
			return tx.PutResult(Record{Branch: p.Active, Slot: slot, At: time.UnixMilli(1), Result: []byte{1}})
		})
	}
	if err := result(1); !errors.Is(err, ErrOutOfOrder) {
		t.Error(err)
	}
	for i := range int64(2) {
		if err := result(i); err != nil {
			t.Error(err)
		}
	}
	if b, _ := j.Branch(p.Active); b.Computed != 1 || b.Next != 3 {
		t.Errorf("%+v", b)
	}
}

func TestContextEndsWaiting(t *testing.T) {
	j := open(t, Memory, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.Do(ctx, func(*Tx) error { t.Error("it was run"); return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Every older schema is brought up to date with its rows. The schemas that were
// released are in testdata and never change.
func TestMigrations(t *testing.T) {
	for v := 0; v <= Version; v++ {
		path := filepath.Join(t.TempDir(), "j.db")
		if v > 0 {
			text, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("version-%d.sql", v)))
			if err != nil {
				t.Fatal(err)
			}
			db := connect(uri(path, "rwc"), time.Second)
			if _, err := db.Exec(string(text)); err != nil {
				t.Fatal(err)
			}
			db.Close()
		}
		j := open(t, path, Options{Program: "test"})
		if v == 0 {
			addProcess(t, j, "one")
			continue
		}
		list, err := j.Processes(t.Context())
		if err != nil || len(list) != 1 || list[0].Name != "old" {
			t.Errorf("version %d: %+v, %v", v, list, err)
		}
		entries, err := j.Entries(t.Context(), list[0].Active, 0, 9)
		if err != nil || len(entries) != 2 || entries[1].Message.ID != "second" {
			t.Errorf("version %d: %+v, %v", v, entries, err)
		}
		if slot, err := send(j, list[0].Active, "new"); slot != 2 || err != nil {
			t.Errorf("version %d: slot %d, %v", v, slot, err)
		}
	}
}

// TestSchemaIsWhatWasReleased fails when a migration that was released is edited.
func TestSchemaIsWhatWasReleased(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{})
	now := schemaOf(t, path)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	released := filepath.Join(t.TempDir(), "released.db")
	text, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("version-%d.sql", Version)))
	if err != nil {
		t.Fatal(err)
	}
	db := connect(uri(released, "rwc"), time.Second)
	if _, err := db.Exec(string(text)); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if was := schemaOf(t, released); was != now {
		t.Errorf("the schema is\n%s\nbut released was\n%s", now, was)
	}
}

func schemaOf(t *testing.T, path string) string {
	t.Helper()
	db := connect(uri(path, "ro"), time.Second)
	defer db.Close()
	rows, err := db.Query("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out strings.Builder
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, strings.Join(strings.Fields(s), " "))
	}
	return out.String()
}
