package journal

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// applicationID marks our files ("Ptch").
const applicationID = 0x50746368

// Version is the schema that this program writes.
const Version = 2

// A row of messages, results, folds, roots and changes belongs to a slot of a
// branch; both are one integer, so that a branch's rows lie side by side and a
// new one goes to the end.
const (
	slotBits   = 36
	branchBits = 19
	maxSlot    = 1<<slotBits - 1
)

func rowKey(branch, slot int64) int64 { return branch<<slotBits | slot }

func splitKey(key int64) (branch, slot int64) { return key >> slotBits, key & maxSlot }

// viewKey is a row's key within one profile.
func viewKey(profile, branch, slot int64) int64 {
	return profile<<(slotBits+branchBits) | rowKey(branch, slot)
}

// migrations bring a file from one version to the next; the i-th makes version
// i+1. A migration that was released is never edited.
var migrations = [Version]string{`
CREATE TABLE migrations(version INTEGER PRIMARY KEY, program TEXT NOT NULL, applied INTEGER NOT NULL);
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE accounts(name TEXT PRIMARY KEY, address TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE processes(
	num INTEGER PRIMARY KEY, pid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, owner TEXT NOT NULL,
	script TEXT NOT NULL, flavour TEXT NOT NULL, module TEXT NOT NULL, tags BLOB NOT NULL,
	created INTEGER NOT NULL, removed INTEGER NOT NULL DEFAULT 0, active INTEGER NOT NULL DEFAULT 0);
-- own is the first slot whose results are not those of the parent; up to quiet
-- nothing is delivered when a slot is computed; pending marks a branch that is still being written and counts for nothing.
CREATE TABLE branches(
	num INTEGER PRIMARY KEY AUTOINCREMENT, process INTEGER NOT NULL REFERENCES processes(num), name TEXT NOT NULL,
	parent INTEGER NOT NULL DEFAULT 0, fork INTEGER NOT NULL, own INTEGER NOT NULL,
	quiet INTEGER NOT NULL,
	created INTEGER NOT NULL, pending INTEGER NOT NULL DEFAULT 0, UNIQUE(process, name));
-- key is branch<<36 | slot in this and the following tables.
CREATE TABLE messages(
	key INTEGER PRIMARY KEY, id TEXT NOT NULL, action TEXT NOT NULL, root TEXT, script TEXT,
	skip INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL);
CREATE INDEX messages_id ON messages(id);
CREATE INDEX messages_root ON messages(root) WHERE root IS NOT NULL;
CREATE INDEX messages_script ON messages(key) WHERE script IS NOT NULL;
CREATE TABLE results(
	key INTEGER PRIMARY KEY, outcome INTEGER NOT NULL, digest BLOB NOT NULL, engine TEXT NOT NULL,
	at INTEGER NOT NULL, view INTEGER NOT NULL, result BLOB NOT NULL, delivered BLOB);
CREATE TABLE profiles(num INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- key is profile<<55 | branch<<36 | slot in the tables that depend on the profile.
CREATE TABLE folds(
	key INTEGER PRIMARY KEY, hash BLOB NOT NULL, changes BLOB, warnings BLOB, rest BLOB, failure TEXT);
CREATE TABLE roots(key INTEGER PRIMARY KEY, root BLOB NOT NULL);
CREATE TABLE paths(num INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
-- value is NULL when it is too big to repeat here: then it is in the fold.
CREATE TABLE changes(path INTEGER NOT NULL, key INTEGER NOT NULL, value BLOB, PRIMARY KEY(path, key)) WITHOUT ROWID;
CREATE TABLE operations(
	num INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL, inverse TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE snapshots(name TEXT PRIMARY KEY, created INTEGER NOT NULL, places TEXT NOT NULL) WITHOUT ROWID;
`, `
-- salt goes into the ids of messages, so that they differ between the branches of a
-- process and are the same after an import, where num is another.
ALTER TABLE branches ADD COLUMN salt INTEGER NOT NULL DEFAULT 0;
UPDATE branches SET salt=num;
`}

// uri names a file for SQLite, whatever its path is made of.
func uri(path, mode string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") { // a drive letter
		p = "/" + p
	}
	u := url.URL{Scheme: "file", Path: p, RawQuery: "mode=" + mode}
	return u.String()
}

type rowQuerier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// version returns the schema version of an open database, and refuses what is
// not ours.
func version(ctx context.Context, q rowQuerier) (int, error) {
	var app, schema int32
	var tables int
	if err := q.QueryRowContext(ctx, "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)").Scan(&app, &schema, &tables); err != nil {
		return 0, explain(err)
	}
	if app == 0 && tables > 0 {
		return 0, ErrForeign
	}
	switch {
	case app != 0 && app != applicationID:
		return 0, ErrForeign
	case schema > Version:
		return 0, fmt.Errorf("%w (its schema is %d, this program knows %d)", ErrNewer, schema, Version)
	}
	return int(schema), nil
}

// migrate brings the schema up to date in one transaction.
func migrate(ctx context.Context, conn *sql.Conn, program string, now time.Time) error {
	from, err := version(ctx, conn)
	if err != nil {
		return err
	}
	if from == Version {
		return nil
	}
	exec := func(s string, args ...any) {
		if err == nil {
			_, err = conn.ExecContext(ctx, s, args...)
		}
	}
	exec("BEGIN IMMEDIATE")
	for v := from; v < Version; v++ {
		exec(migrations[v])
		exec("INSERT INTO migrations(version, program, applied) VALUES(?,?,?)", v+1, program, now.UnixMilli())
	}
	exec(fmt.Sprintf("PRAGMA application_id=%d", applicationID))
	exec(fmt.Sprintf("PRAGMA user_version=%d", Version))
	exec("COMMIT")
	if err != nil {
		_, _ = conn.ExecContext(ctx, "ROLLBACK")
		return fmt.Errorf("bring the schema from version %d to %d: %w", from, Version, explain(err))
	}
	return nil
}
