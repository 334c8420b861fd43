//go:build headless

// Package window is the desktop. This build leaves it out.
package window

import (
	"context"
	"fmt"

	"patchbay/app/cli"
)

// Open fails: this binary was built with -tags headless.
func Open(context.Context, cli.WindowOptions) error {
	return fmt.Errorf("%w: this patchbay was built without the window (-tags headless); use `patchbay serve PROJECT-DIR`", cli.ErrNoWindow)
}
