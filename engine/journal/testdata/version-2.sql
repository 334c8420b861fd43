-- Schema 2 as it was released, with a process and two messages.
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
	created INTEGER NOT NULL, pending INTEGER NOT NULL DEFAULT 0, salt INTEGER NOT NULL DEFAULT 0, UNIQUE(process, name));
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
INSERT INTO migrations(version, program, applied) VALUES(1, 'test', 1795446659060);
INSERT INTO migrations(version, program, applied) VALUES(2, 'test', 1795446659061);
INSERT INTO processes(num, pid, name, owner, script, flavour, module, tags, created, removed, active) VALUES(1, 'YAIWFT-p4Lplf9a6sjkANKHX3-zcLLadGpMrk1QwrMA', 'old', '', '', 'aos', '', x'010101410162', 5, 0, 1);
INSERT INTO branches(num, process, name, parent, fork, own, quiet, created, pending, salt) VALUES(1, 1, 'main', 0, -1, 0, -1, 5, 0, 1);
INSERT INTO messages(key, id, action, root, script, skip, body) VALUES(68719476736, 'first', '', NULL, NULL, 0, x'01056669727374026d65000000000000000000010566697273740000000000000000');
INSERT INTO messages(key, id, action, root, script, skip, body) VALUES(68719476737, 'second', '', NULL, NULL, 0, x'01067365636f6e64026d6500000000000000000001067365636f6e640000000000000000');
PRAGMA application_id=1349804904;
PRAGMA user_version=2;
