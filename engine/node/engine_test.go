//go:build cgo

package node

import (
	"context"
	"os"
	"strings"
	"testing"

	"patchbay/engine"
	"patchbay/engine/ao"
	"patchbay/engine/aos"
	"patchbay/engine/rawlua"
	"patchbay/patchdev"
)

// engineSource shows a real engine as app does.
type engineSource struct{ *engine.Engine }

func (s engineSource) Send(ctx context.Context, pid string, m ao.Message) (Receipt, error) {
	r, err := s.Engine.Send(ctx, pid, m)
	return Receipt{Slot: r.Slot, ID: r.ID}, err
}

func (s engineSource) Spawn(ctx context.Context, r SpawnRequest) (ao.ProcessInfo, error) {
	return s.Engine.Spawn(ctx, engine.SpawnRequest{Name: r.Name, Source: r.Source, Owner: r.Owner, Tags: r.Tags, Message: r.Message})
}

func (s engineSource) Subscribe(process string) Events {
	return s.Engine.Subscribe(engine.SubscribeOptions{Process: process})
}

// computed makes the process of a recording in a real engine, which runs its Lua.
func computed(t *testing.T, p patchdev.Profile, g *golden) Source {
	e, err := engine.Open(t.Context(), engine.Options{Profile: p, NewVM: func(flavour string) (ao.NewVM, bool) {
		if flavour == "aos" {
			return func(env ao.Env, limits ao.Limits) (ao.VM, error) { return aos.New(env, limits) }, true
		}
		return func(env ao.Env, limits ao.Limits) (ao.VM, error) { return rawlua.New(env, limits) }, true
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	if g.ID == "" {
		return engineSource{e}
	}
	var tags []ao.Tag
	add := func(k, v string) { tags = append(tags, ao.Tag{Name: k, Value: v}) }
	var script []byte
	if !ranAOS(g) {
		if script, err = os.ReadFile("testdata/" + g.Lua[strings.LastIndexByte(g.Lua, '/')+1:]); err != nil {
			t.Fatal(err)
		}
		add("execution-device", "lua@5.3a")
	}
	if strings.Contains(g.Extra, "execution-device") {
		add("device-stack", "lua@5.3a")
	}
	if strings.Contains(g.Extra, "patch-from") {
		add("device-stack", "lua@5.3a, patch@1.0")
	} else {
		add("patch-from", "/results/outbox")
	}
	if strings.Contains(g.Extra, "patch-to") {
		add("patch-to", "/state")
	}
	if _, err := e.Spawn(t.Context(), engine.SpawnRequest{ID: g.ID, Owner: recordedNode, Source: string(script), Tags: tags}); err != nil {
		t.Fatal(err)
	}
	for _, m := range g.sent() {
		if _, err := e.Send(t.Context(), g.ID, ao.Message{From: recordedNode, Data: patchdev.String(m[1]), Tags: []ao.Tag{{Name: "Action", Value: m[0]}}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := e.WaitScheduled(t.Context(), g.ID); err != nil {
		t.Fatal(err)
	}
	return engineSource{e}
}

// TestGoldenThroughTheEngine replays the recordings of reads once more with the
// real engine and its Lua in place of the stand-in. Answers that show the process
// message itself are left out: this one has the tags that the engine gives it.
func TestGoldenThroughTheEngine(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	addr, sw := goldenServer(t)
	for _, gen := range generations {
		t.Run(gen.name, func(t *testing.T) {
			p, _ := patchdev.ProfileByName(gen.profile)
			cases := readGolden(t, gen.name)
			compared, equal := 0, 0
			for i := range cases {
				g := &cases[i]
				if why := different(gen.name, g); why != "" && (!ranAOS(g) || g.Response.Error != "") || g.ID == "" || !strings.HasSuffix(g.Lua, "mini.lua") && !strings.HasSuffix(g.Lua, "err.lua") && !ranAOS(g) || showsProcess(g) {
					continue
				}
				t.Run(g.Case, func(t *testing.T) {
					sw.use(computed(t, p, g), g)
					got, err := exchange(addr, g)
					compared++
					if err != nil {
						t.Logf("%v", err)
						return
					}
					if d := compare(g, got); d != "" {
						t.Logf("%s %s: %s", g.Request.Method, strings.ReplaceAll(g.Request.Path, g.ID+"~process@1.0", "P"), d)
						return
					}
					equal++
				})
			}
			t.Logf("%s: %d of %d equal (%.1f %%)", gen.name, equal, compared, 100*float64(equal)/float64(compared))
			if float64(equal) < 0.97*float64(compared) {
				t.Errorf("only %d of %d equal", equal, compared)
			}
		})
	}
}

// ranAOS says whether the recorded process was the real aos module.
func ranAOS(g *golden) bool { return strings.Contains(g.Lua, "aos-2-pure") }

// showsProcess says whether an answer is made of the process message or of a
// write, whose message differs.
func showsProcess(g *golden) bool {
	path, _, _ := strings.Cut(g.Request.Path, "?")
	path = strings.Trim(strings.ReplaceAll(strings.TrimPrefix(path, "/"), g.ID, "P"), "/")
	for _, end := range []string{"P", "P~process@1.0", "/now", "/compute", "/now/keys", "/now/serialize~json@1.0", "/now/~json@1.0/serialize", "/schedule", "/now/keys/serialize~json@1.0", "compute&slot=0", "/compute=1", "compute&action=Eval", "/now/device"} {
		if path == end || strings.HasSuffix(path, end) {
			return true
		}
	}
	if ranAOS(g) && (strings.Contains(path, "/results") || strings.HasSuffix(path, "/from-image")) {
		return true // printed text holds addresses, results what only a WASM module leaves
	}
	return g.Request.Method == "POST" || strings.Contains(path, "schedule")
}
