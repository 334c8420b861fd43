package journal

import (
	"context"
	"fmt"
	"os"
)

// Changed says whether another program has written since the last call, for a
// journal that is open for reading only. It costs one look at memory that SQLite
// shares between programs. A file that was deleted or replaced fails with ErrGone.
func (j *Journal) Changed(ctx context.Context) (bool, error) {
	j.watch.Lock()
	defer j.watch.Unlock()
	if st, err := os.Stat(j.path); err != nil || j.seen == nil || !os.SameFile(st, j.seen) {
		return false, fmt.Errorf("journal %s: %w", j.path, ErrGone)
	}
	if j.looks == nil {
		// The number is one connection's own.
		c, err := j.read.Conn(ctx)
		if err != nil {
			return false, fmt.Errorf("journal %s: %w", j.path, explain(err))
		}
		j.looks = c
	}
	var n int64
	if err := j.looks.QueryRowContext(ctx, "PRAGMA data_version").Scan(&n); err != nil {
		return false, fmt.Errorf("journal %s: %w", j.path, explain(err))
	}
	changed := n != j.dataVersion
	j.dataVersion = n
	return changed, nil
}

// Reload reads anew which branches there are and how far each has come, for a
// journal that is open for reading only.
func (j *Journal) Reload(ctx context.Context) error { return j.reading(ctx, j.scanBranches) }
