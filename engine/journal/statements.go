package journal

import (
	"context"
	"database/sql"
	"fmt"
)

// statements are those that every message needs, prepared on the writing
// connection.
type statements struct {
	begin, commit, rollback, savepoint, back, release *sql.Stmt

	addMessage, findID, addResult, addFold, addRoot, addPath, findPath, addChange *sql.Stmt
}

func (s *statements) all() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&s.begin: "BEGIN IMMEDIATE", &s.commit: "COMMIT", &s.rollback: "ROLLBACK",
		&s.savepoint: "SAVEPOINT one", &s.back: "ROLLBACK TO one", &s.release: "RELEASE one",
		&s.addMessage: "INSERT INTO messages(key, id, action, root, script, skip, body) VALUES(?,?,?,?,?,?,?)",
		&s.findID:     "SELECT key FROM messages WHERE id=?",
		&s.addResult:  "INSERT OR REPLACE INTO results(key, outcome, digest, engine, at, view, result, delivered) VALUES(?,?,?,?,?,?,?,?)",
		&s.addFold:    "INSERT OR REPLACE INTO folds(key, hash, changes, warnings, rest, failure) VALUES(?,?,?,?,?,?)",
		&s.addRoot:    "INSERT OR REPLACE INTO roots(key, root) VALUES(?,?)",
		&s.addPath:    "INSERT INTO paths(path) VALUES(?)",
		&s.findPath:   "SELECT num FROM paths WHERE path=?",
		&s.addChange:  "INSERT OR REPLACE INTO changes(path, key, value) VALUES(?,?,?)",
	}
}

func (s *statements) prepare(ctx context.Context, conn *sql.Conn) error {
	for p, text := range s.all() {
		st, err := conn.PrepareContext(ctx, text)
		if err != nil {
			return fmt.Errorf("prepare %q: %w", text, explain(err))
		}
		*p = st
	}
	return nil
}

func (s *statements) close() {
	for p := range s.all() {
		if *p != nil {
			(*p).Close()
		}
	}
}
