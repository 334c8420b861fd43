package cli

import (
	"context"
	"fmt"
	"strings"

	"patchbay/engine/ao"
	"patchbay/engine/aos"
	"patchbay/engine/rawlua"
	"patchbay/patchdev"
)

// rawTag says whether an environment is that of a process which a node runs itself.
func rawTag(env ao.Env) bool {
	for _, t := range env.Tags {
		if strings.EqualFold(t.Name, "execution-device") {
			return t.Value == "lua@5.3a"
		}
	}
	return false
}

// runRaw runs the messages through a raw process whose module is the script, and
// prints for each what compute left in base.results, in the shape of the results
// of an aos process: {"ok": true, "response": RESULTS} or {"ok": false, "response":
// TEXT}. Floats keep their point. The process message, item 0, is evaluated as on
// a node: without the module's text as its data.
func runRaw(ctx context.Context, r *aos.Run, script string, limits ao.Limits, noRollback bool) ([]byte, error) {
	env := r.Env
	env.Source = script
	if limits.Output == 0 {
		limits.Output = -1
	}
	var opts []rawlua.Option
	if noRollback {
		opts = append(opts, rawlua.NoRollback())
	}
	vm, err := rawlua.New(env, limits, opts...)
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	out := []byte{'['}
	for i := range r.Messages {
		m := &r.Messages[i]
		if i == 0 {
			withoutModule(m, script)
		}
		res, err := vm.Evaluate(ctx, m, int64(i))
		if err != nil {
			return nil, fmt.Errorf("item %d: %w", i, err)
		}
		said := patchdev.NewTable("ok", !res.Failed(), "response", res.Error)
		if !res.Failed() {
			said = said.Set("response", res.Results)
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = patchdev.AppendJSON(append(out, "\n  "...), said, patchdev.JSONOptions{FloatPoint: true})
	}
	if len(r.Messages) > 0 {
		out = append(out, '\n')
	}
	return append(out, "]\n"...), nil
}

// withoutModule takes the module's text out of the process message.
func withoutModule(m *ao.Message, script string) {
	for i, f := range m.Fields {
		if f.Name == "Data" && f.Value == patchdev.Value(patchdev.String(script)) {
			m.Fields = append(m.Fields[:i:i], m.Fields[i+1:]...)
			return
		}
	}
}
