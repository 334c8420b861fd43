package journal

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// statements are those that every message needs, prepared on the writing
// connection.
type statements struct {
	begin, commit, rollback, savepoint, back, release *statement

	addMessage, addResult, addFold, addRoot, addChange *statement

	findID, addPath, findPath *sql.Stmt
}

// statement is one that returns no rows, prepared on the connection beneath
// database/sql: rows go in by the thousand, and half of what one costs would be
// database/sql's locks and conversions. Only the writing goroutine uses it, which
// also is the only one that uses the connection.
type statement struct {
	s    preparedExec
	args []driver.NamedValue // used again and again
}

type preparedExec interface {
	driver.Stmt
	driver.StmtExecContext
}

// exec runs the statement. Arguments are int64, string, []byte or nil.
func (s *statement) exec(args ...any) error {
	s.args = s.args[:0]
	for i, a := range args {
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	_, err := s.s.ExecContext(context.Background(), s.args)
	clear(s.args) // they are not kept alive
	return err
}

// text is a string as an argument, NULL when it is not valid.
func text(s string, valid bool) any {
	if !valid {
		return nil
	}
	return s
}

func (s *statements) direct() map[**statement]string {
	return map[**statement]string{
		&s.begin: "BEGIN IMMEDIATE", &s.commit: "COMMIT", &s.rollback: "ROLLBACK",
		&s.savepoint: "SAVEPOINT one", &s.back: "ROLLBACK TO one", &s.release: "RELEASE one",
		&s.addMessage: "INSERT INTO messages(key, id, action, root, script, skip, body) VALUES(?,?,?,?,?,?,?)",
		&s.addResult:  "INSERT OR REPLACE INTO results(key, outcome, digest, engine, at, view, result, delivered) VALUES(?,?,?,?,?,?,?,?)",
		&s.addFold:    "INSERT OR REPLACE INTO folds(key, hash, changes, warnings, rest, failure) VALUES(?,?,?,?,?,?)",
		&s.addRoot:    "INSERT OR REPLACE INTO roots(key, root) VALUES(?,?)",
		&s.addChange:  "INSERT OR REPLACE INTO changes(path, key, value) VALUES(?,?,?)",
	}
}

func (s *statements) others() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&s.findID:   "SELECT key FROM messages WHERE id=?",
		&s.addPath:  "INSERT INTO paths(path) VALUES(?)",
		&s.findPath: "SELECT num FROM paths WHERE path=?",
	}
}

// prepare prepares all of them on a connection that stays open for as long.
func (s *statements) prepare(ctx context.Context, conn *sql.Conn) error {
	for p, text := range s.others() {
		st, err := conn.PrepareContext(ctx, text)
		if err != nil {
			return fmt.Errorf("prepare %q: %w", text, explain(err))
		}
		*p = st
	}
	return conn.Raw(func(raw any) error {
		c, ok := raw.(driver.ConnPrepareContext)
		if !ok {
			return errors.New("the database driver cannot prepare statements")
		}
		for p, text := range s.direct() {
			st, err := c.PrepareContext(ctx, text)
			if err != nil {
				return fmt.Errorf("prepare %q: %w", text, explain(err))
			}
			x, ok := st.(preparedExec)
			if !ok {
				st.Close()
				return errors.New("the database driver cannot run prepared statements")
			}
			*p = &statement{s: x}
		}
		return nil
	})
}

func (s *statements) close() {
	for p := range s.others() {
		if *p != nil {
			(*p).Close()
		}
	}
	for p := range s.direct() {
		if *p != nil {
			(*p).s.Close()
		}
	}
}
