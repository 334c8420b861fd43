package engine

import (
	"context"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// Setting reads a named text that the journal keeps.
func (e *Engine) Setting(ctx context.Context, key string) (value string, found bool, err error) {
	return e.j.Setting(ctx, key)
}

// SetSetting writes a setting; see [Engine.Setting].
func (e *Engine) SetSetting(ctx context.Context, key, value string) error {
	return e.translate(e.j.Do(ctx, func(tx *journal.Tx) error { return tx.SetSetting(key, value) }))
}

// Accounts returns the addresses of the accounts that the journal knows, by name.
func (e *Engine) Accounts(ctx context.Context) (map[string]string, error) {
	return e.j.Accounts(ctx)
}

// Account returns the address of an account, and remembers it the first time:
// the one derived from its name (DESIGN S3).
func (e *Engine) Account(ctx context.Context, name string) (string, error) {
	list, err := e.j.Accounts(ctx)
	if err != nil {
		return "", err
	}
	if a, ok := list[name]; ok {
		return a, nil
	}
	a := ao.Address(name)
	if e.isReadOnly() {
		return a, nil
	}
	return a, e.SetAccount(ctx, name, a)
}

// SetAccount gives an account name an address.
func (e *Engine) SetAccount(ctx context.Context, name, address string) error {
	return e.translate(e.j.Do(ctx, func(tx *journal.Tx) error { return tx.SetAccount(name, address) }))
}

// SaveCopy writes everything that the journal holds into a new file, also when
// its own file was deleted or replaced under the running program.
func (e *Engine) SaveCopy(ctx context.Context, path string) error {
	return e.translate(e.j.SaveCopy(ctx, path))
}
