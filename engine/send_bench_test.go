package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"patchbay/engine/journal"
)

// sendPairs is how many pairs of measurements a run of BenchmarkSend takes.
const sendPairs = 5

// BenchmarkSend measures acknowledged sends a second against the bare cost of the
// same rows in the same number of synced transactions through database/sql, with
// the same settings of SQLite. The process computes meanwhile, and what of its
// results was written until the last send was acknowledged is among the rows. What
// the baseline leaves out: encoding messages and results, computing, ids, events,
// looking for the file, and everything between goroutines.
//
// Both sides of a pair are measured one after the other, so that what else the
// machine does disturbs them alike; the figures are medians over the pairs.
func BenchmarkSend(b *testing.B) {
	for _, senders := range []int{1, 64} {
		b.Run(fmt.Sprint(senders), func(b *testing.B) {
			var ratios, rates, own, bares, batches []float64
			for range b.N * sendPairs {
				p := sendPair(b, senders, 1_000*min(senders, 8))
				n := float64(p.sends)
				ratios = append(ratios, p.bare.Seconds()/p.took.Seconds())
				rates = append(rates, n/p.took.Seconds())
				own = append(own, float64(p.cpu.Microseconds())/n)
				bares = append(bares, float64(p.bareCPU.Microseconds())/n)
				batches = append(batches, n/float64(p.commits))
			}
			b.ReportMetric(median(rates), "sends/s")
			b.ReportMetric(median(ratios), "×bare")
			b.ReportMetric(slices.Min(ratios), "×bare-min")
			b.ReportMetric(median(own), "CPU-µs/send")
			b.ReportMetric(median(bares), "bare-CPU-µs/send")
			b.ReportMetric(median(batches), "sends/sync")
		})
	}
}

func median(l []float64) float64 {
	l = slices.Sorted(slices.Values(l))
	return (l[(len(l)-1)/2] + l[len(l)/2]) / 2
}

// pair is one measurement of sends and of their bare rows.
type pair struct {
	sends, commits int
	took, cpu      time.Duration
	bare, bareCPU  time.Duration
	computed       int
}

func sendPair(b *testing.B, senders, n int) pair {
	b.Helper()
	ctx := context.Background()
	path := filepath.Join(b.TempDir(), "j.db")
	e, err := Open(ctx, Options{Journal: path, NewVM: newFakes().newVM})
	if err != nil {
		b.Fatal(err)
	}
	info, err := e.Spawn(ctx, SpawnRequest{Name: "p"})
	if err != nil {
		b.Fatal(err)
	}
	out := pair{sends: n}
	e.settled(b, info.ID)
	before, cpu, begin := e.j.Stats(), cpuTime(), time.Now()
	sendTransfers(b, e, info.ID, n, senders)
	out.took, out.cpu = time.Since(begin), cpuTime()-cpu
	out.commits = int(e.j.Stats().Commits - before.Commits)
	p, _ := e.process(info.ID)
	branch, _ := e.j.Branch(p.active.Load())
	out.computed = int(branch.Computed)
	e.settled(b, info.ID)
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	out.bare, out.bareCPU = bareInserts(b, path, filepath.Join(b.TempDir(), "bare.db"), out.computed, out.commits)
	return out
}

// bareInserts writes the rows of a journal again, with nothing around it: all
// messages, and the results of so many slots.
func bareInserts(b *testing.B, from, to string, computed, commits int) (took, cpu time.Duration) {
	b.Helper()
	messages := rowsOf(b, from, "SELECT key, id, action, root, script, skip, body FROM messages WHERE key & 0xfffffffff > 0 ORDER BY key", -1)
	results := rowsOf(b, from, "SELECT key, outcome, digest, engine, at, view, result, delivered FROM results WHERE key & 0xfffffffff > 0 ORDER BY key", computed)
	folds := rowsOf(b, from, "SELECT key, hash, changes, warnings, rest, failure FROM folds WHERE key & 0xfffffffff > 0 ORDER BY key", computed)
	j, err := journal.Open(context.Background(), to, journal.Options{}) // for its schema
	if err != nil {
		b.Fatal(err)
	}
	j.Close()
	db := sql.OpenDB(dsn(to))
	defer db.Close()
	db.SetMaxOpenConns(1)
	do := func(_ sql.Result, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	for _, s := range journal.Pragmas() {
		do(db.Exec(s))
	}
	prepare := func(query string) *sql.Stmt {
		s, err := db.Prepare(query)
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	message := prepare("INSERT INTO messages(key, id, action, root, script, skip, body) VALUES(?,?,?,?,?,?,?)")
	result := prepare("INSERT INTO results(key, outcome, digest, engine, at, view, result, delivered) VALUES(?,?,?,?,?,?,?,?)")
	fold := prepare("INSERT INTO folds(key, hash, changes, warnings, rest, failure) VALUES(?,?,?,?,?,?)")
	start, begin := cpuTime(), time.Now()
	for c := range commits {
		do(db.Exec("BEGIN IMMEDIATE"))
		for _, x := range share(messages, c, commits) {
			do(message.Exec(x...))
		}
		for _, x := range share(results, c, commits) {
			do(result.Exec(x...))
		}
		for _, x := range share(folds, c, commits) {
			do(fold.Exec(x...))
		}
		do(db.Exec("COMMIT"))
	}
	return time.Since(begin), cpuTime() - start
}

// share is the c-th of n parts of a list.
func share(list [][]any, c, n int) [][]any { return list[len(list)*c/n : len(list)*(c+1)/n] }

// rowsOf reads the rows of a query, at most so many (-1: all).
func rowsOf(b *testing.B, path, query string, most int) [][]any {
	b.Helper()
	db := sql.OpenDB(dsn(path))
	defer db.Close()
	r, err := db.Query(fmt.Sprintf("%s LIMIT %d", query, most))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	columns, err := r.Columns()
	if err != nil {
		b.Fatal(err)
	}
	var out [][]any
	for r.Next() {
		row, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := r.Scan(to...); err != nil {
			b.Fatal(err)
		}
		out = append(out, row)
	}
	if err := r.Err(); err != nil {
		b.Fatal(err)
	}
	return out
}

// dsn opens a SQLite file through database/sql.
type dsn string

func (d dsn) Connect(context.Context) (driver.Conn, error) { return d.Driver().Open(string(d)) }
func (d dsn) Driver() driver.Driver                        { return &sqlite3.SQLiteDriver{} }
