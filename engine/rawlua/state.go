package rawlua

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/patchdev"
)

// On a node the state of a raw process is a message, and Lua gets a copy of it:
// compute receives that message as base, and the table which it returns is the
// state after the slot, to which the patch device then applies the outbox. So
//
//   - keys that compute leaves in base are the process's root keys,
//   - what a slot patched is in base at the next slot,
//   - base is a new table in every slot: functions, metatables and keys that are
//     no strings do not survive in it (globals do), and
//   - a table that is returned in base's place leaves nothing of the old state.
//
// The state here is the one that a node with profile `current` would have.

// machineKey says whether a key is one of those that the process writes itself around every slot.
func machineKey(k string) bool {
	switch k {
	case "results", "at-slot", "device", "commitments", "previous-device", "input-prefix", "previous-input-prefix", "":
		return true
	}
	return strings.HasPrefix(k, "priv")
}

// firstState is the state message before slot 0: the tags of the process message
// in lower case, and that message itself as `process`.
func (vm *VM) firstState() *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	for _, tag := range vm.env.Tags {
		b.Set(strings.ToLower(tag.Name), patchdev.String(tag.Value))
	}
	b.Set("process", vm.processMessage())
	b.Set("initialized", patchdev.String("true"))
	b.Set("at-slot", patchdev.Int(-1))
	return b.Table()
}

// processMessage is the process's own message.
func (vm *VM) processMessage() *patchdev.Table {
	b := patchdev.EmptyTable().Edit()
	for _, tag := range vm.env.Tags {
		b.Set(strings.ToLower(tag.Name), patchdev.String(tag.Value))
	}
	b.Set("id", patchdev.String(vm.env.ID))
	b.Set("commitments", signed(vm.env.ID, vm.env.Owner))
	return b.Table()
}

// signed is the commitment of a signer to a message, from which scripts take who
// sent it.
func signed(id, signer string) *patchdev.Table {
	if id == "" {
		id = "unsigned"
	}
	return patchdev.NewTable(id, patchdev.NewTable(
		"commitment-device", "httpsig@1.0", "type", "rsa-pss-sha512", "alg", "rsa-pss-sha512", "committer", signer,
	))
}

// left reads what compute left in the table that it returned: the next state, and
// the members in which it differs from the state that compute was given.
func (vm *VM) left(returned *table) (*patchdev.Table, []patchdev.Member, error) {
	b := patchdev.EmptyTable().Edit()
	for k, v := range returned.All {
		key, ok := keyText(k)
		if !ok {
			return nil, nil, fmt.Errorf("base: the key %s %s", vm.s.ToString(k), patchdev.BadKey)
		}
		if machineKey(key) {
			continue
		}
		value, err := vm.value(v, []*table{returned})
		if err != nil {
			if pe, ok := err.(*pathError); ok {
				pe.path = append([]string{key}, pe.path...)
			}
			return nil, nil, fmt.Errorf("base%w", err)
		}
		b.Set(key, patchdev.Normal(value, vm.stack))
	}
	now := b.Table()
	next := vm.state.Edit()
	var members []patchdev.Member
	for _, c := range rootKeys(vm.state, now) {
		members = append(members, c)
		if c.Value == nil {
			next.Delete(c.Key)
		} else {
			next.Set(c.Key, c.Value)
		}
	}
	if _, ok := now.Get("process"); !ok {
		vm.warn("another-state", 0, "compute returned a table without base's keys: what the state held, and what was patched, is gone")
		next.Set("process", vm.processMessage()) // the process device sees to that
	}
	next.Set("at-slot", patchdev.Int(vm.slot))
	return next.Table(), members, nil
}

// rootKeys lists the root keys in which two states differ.
func rootKeys(was, now *patchdev.Table) []patchdev.Member {
	var out []patchdev.Member
	for k, v := range now.All() {
		if old, ok := was.Get(k); !ok || !patchdev.Equal(old, v) {
			out = append(out, patchdev.Member{Key: k, Value: v})
		}
	}
	for k := range was.All() {
		if _, ok := now.Get(k); !ok && !machineKey(k) {
			out = append(out, patchdev.Member{Key: k})
		}
	}
	return out
}

// patched is a state after the patch device took its messages out of the outbox,
// and the state before the slot where a node fails it.
func (vm *VM) patched(state *patchdev.Table, outbox []patchdev.Entry) *patchdev.Table {
	a := patchdev.Apply(state, outbox, vm.stack)
	if a.Err != nil {
		return vm.state
	}
	return a.Root.Set("at-slot", patchdev.Int(vm.slot))
}

// baseTable makes the table that compute gets.
func (vm *VM) baseTable() *table {
	base, ok := vm.lib.ToLua(vm.state).(*table)
	if !ok {
		base = vm.s.NewTable()
	}
	vm.s.SetString(base, "results", lua.LNil)
	return base
}

// stackOf reads from a process's tags how its outbox is applied.
func stackOf(tags map[string]string) patchdev.ApplyOptions {
	o := patchdev.StackOptions("lua@5.3a", func(name string) (string, bool) {
		v, ok := tags[name]
		return v, ok
	})
	o.Profile = patchdev.Current()
	return o
}
