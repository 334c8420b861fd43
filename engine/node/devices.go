package node

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"patchbay/patchdev"
)

// serialize makes the JSON of serialize~json@1.0 (spec hyperbeam-http §6.2). In
// two segments, `~json@1.0/serialize`, the keys of the request come along as they
// do on a real node (§6.5, hyperbeam-2025-09 §2).
func (x *exec) serialize(a at, i int) (at, error) {
	bundle := !x.p.Links
	if v, ok := x.param(i, "bundle"); ok && x.p.Links {
		on, isBool := v.(patchdev.Bool)
		if !isBool {
			return at{}, crash("bundle has a text as its value, where the node wants an atom: write ?bundle, or bundle+atom=true")
		}
		bundle = bool(on)
	}
	if a.proc == nil && a.v != nil && !patchdev.ValidText(a.v) {
		return at{}, crash("a string is not UTF-8, which JSON cannot carry ({invalid_byte,…}): encode bytes as base64 or hex")
	}
	apart := x.steps[i].device == ""
	if _, isList := a.v.(*patchdev.List); isList {
		x.hint = listLint
	}
	if apart {
		x.hint = requestLint
	}
	if apart && !x.p.RequireCodec && a.proc != nil && a.proc.slot >= 0 {
		return at{}, crash(snapshotBytes)
	}
	table, isTable := a.v.(*patchdev.Table)
	if isTable && a.proc == nil && !apart {
		if why := unreadable(table, x.p); why != "" {
			return at{}, crash(why)
		}
		return at{ready: &ready{"application/json", x.s.bodies.json(x, table, bundle)}}, nil
	}
	t, err := x.whole(a)
	if err != nil {
		return at{}, err
	}
	if why := unreadable(t, x.p); why != "" && a.proc == nil {
		return at{}, crash(why)
	}
	if apart {
		t = patchdev.Merge(t, x.requestKeys())
	}
	return at{ready: &ready{"application/json", x.s.bodies.json(x, t, bundle)}}, nil
}

// snapshotBytes is why nodes up to June 2025 fail on the JSON of a whole state that
// they have stored: with it goes the snapshot of the Lua machine.
const snapshotBytes = "the stored state holds a snapshot of the Lua state, whose bytes JSON cannot carry ({invalid_byte,…}): ask for a key below it"

// unreadable says why a node cannot write a table out at all (spec §2.3).
func unreadable(t *patchdev.Table, _ *patchdev.Profile) string {
	for _, k := range []string{"ao-types", "commitments"} {
		if v, ok := t.Get(k); ok && v.Kind() == patchdev.KindString {
			return fmt.Sprintf("the table has a key %s, which a node takes for its own: name the key otherwise", k)
		}
	}
	return ""
}

// deserialize reads the JSON body of the request as a message.
func (x *exec) deserialize(a at) (at, error) {
	if t, ok := a.v.(*patchdev.Table); ok {
		if body, ok := t.Get("body"); ok {
			if s, ok := body.(patchdev.String); ok {
				v, err := patchdev.ParseJSON([]byte(s))
				if err != nil {
					return at{}, &failure{kind: silent, status: 500, reason: err.Error()}
				}
				return at{v: v}, nil
			}
		}
	}
	v, err := patchdev.ParseJSON(x.s.bodyOf(x.r))
	if err != nil {
		return at{}, &failure{kind: silent, status: 500, reason: err.Error()}
	}
	return at{v: v}, nil
}

// hyperbuddy answers what explorers and the on-line lamps of front ends ask.
func (x *exec) hyperbuddy(a at, i int) (at, error) {
	switch x.steps[i].name {
	case "format":
		t, err := x.whole(a)
		if err != nil {
			return at{}, err
		}
		if want := x.text(i, "format"); want == "request" || want == "all" {
			t = patchdev.NewTable("base", t, "request", x.requestKeys())
		}
		return at{ready: &ready{"", formatMessage(nil, t, 0)}}, nil
	case "metrics":
		return at{ready: &ready{"text/plain; version=0.0.4", x.s.metrics()}}, nil
	case "index", "dashboard":
		return at{ready: &ready{"text/html", x.s.frontPage("HyperBEAM")}}, nil
	case "console":
		return at{ready: &ready{"text/html", x.s.frontPage("HyperBEAM HTTP Console")}}, nil
	case "bundle.js":
		return at{ready: &ready{"application/javascript", nil}}, nil
	case "styles.css":
		return at{ready: &ready{"text/css", nil}}, nil
	}
	return x.messageKey(a, i)
}

// formatMessage prints a message as format~hyperbuddy@1.0 does: for people.
func formatMessage(dst []byte, t *patchdev.Table, depth int) []byte {
	pad := strings.Repeat("  ", depth)
	id := patchdev.LinkID(t)
	dst = append(dst, fmt.Sprintf("%sMessage [*U: %s..%s] {\n", pad, id[:5], id[len(id)-5:])...)
	for k, v := range t.All() {
		dst = append(dst, fmt.Sprintf("%s  %s => ", pad, k)...)
		dst = formatValue(dst, v, depth+2)
		dst = append(dst, '\n')
	}
	return append(dst, pad+"}"...)
}

func formatValue(dst []byte, v patchdev.Value, depth int) []byte {
	switch v := v.(type) {
	case patchdev.String:
		return append(dst, v...)
	case patchdev.Atom:
		return append(dst, v...)
	case *patchdev.Table:
		if v.Len() == 0 {
			return append(dst, "#{}"...)
		}
		return formatMessage(append(dst, '\n'), v, depth)
	case *patchdev.List:
		pad := strings.Repeat("  ", depth)
		deep := false
		for _, e := range v.All() {
			deep = deep || e.Kind() == patchdev.KindTable || e.Kind() == patchdev.KindList
		}
		if !deep {
			dst = append(dst, '[')
			for i, e := range v.All() {
				if i > 0 {
					dst = append(dst, ',')
				}
				if s, ok := e.(patchdev.String); ok {
					dst = append(dst, fmt.Sprintf("<<%q>>", string(s))...)
				} else {
					dst = formatValue(dst, e, depth)
				}
			}
			return append(dst, ']')
		}
		dst = append(dst, fmt.Sprintf("List [%d] {\n", v.Len())...)
		for i, e := range v.All() {
			dst = append(dst, fmt.Sprintf("%s  %d => ", pad, i+1)...)
			dst = append(formatValue(dst, e, depth+2), '\n')
		}
		return append(dst, pad+"}"...)
	default:
		return patchdev.AppendJSON(dst, v, patchdev.JSONOptions{FloatPoint: true})
	}
}

// meta answers what the node says of itself.
func (x *exec) meta(i int) (at, error) {
	switch x.steps[i].name {
	case "info":
		if x.r.Method == "POST" {
			return at{}, saying(400, "a local node takes no settings over HTTP")
		}
		return at{v: x.s.info(x)}, nil
	case "build":
		return at{v: patchdev.NewTable(
			"node", "Patchbay", "version", x.s.version, "source", x.s.version, "source-short", x.s.version, "build-time", int64(0),
		)}, nil
	}
	return at{}, missing(x.absent(x.steps[i].name))
}

// info is ~meta@1.0/info. Option names have underscores in 2025 and dashes
// later; both are answered.
func (s *Server) info(x *exec) *patchdev.Table {
	devices := make([]patchdev.Value, 0, 16)
	for _, d := range []string{
		"cacheviz@1.0", "hyperbuddy@1.0", "json@1.0", "lua@5.3a", "message@1.0", "meta@1.0", "patch@1.0",
		"process@1.0", "push@1.0", "scheduler@1.0", "stack@1.0",
	} {
		name, _, _ := strings.Cut(d, "@")
		devices = append(devices, patchdev.NewTable("name", d, "module", patchdev.Atom("dev_"+name)))
	}
	port := 0
	if _, p, ok := strings.Cut(x.r.Host, ":"); ok {
		port, _ = strconv.Atoi(p)
	}
	t := patchdev.NewTable(
		"address", s.address, "port", port, "initialized", patchdev.Bool(true), "mode", "local",
		"preloaded_devices", patchdev.Numbered(patchdev.NewList(devices...)),
	)
	if !x.p.RequireCodec {
		t = t.Set("preloaded-devices", patchdev.Numbered(patchdev.NewList(devices...)))
	}
	return t
}

// metrics is the little of Prometheus text that front ends look for.
func (s *Server) metrics() []byte {
	up := s.clock().Sub(s.started).Seconds()
	return fmt.Appendf(nil, "# TYPE process_uptime_seconds gauge\n# HELP process_uptime_seconds Seconds since the node started.\nprocess_uptime_seconds %d\n"+
		"# TYPE cowboy_requests_total counter\n# HELP cowboy_requests_total Requests answered.\ncowboy_requests_total %d\n", int64(up), s.requests.Load())
}

// schedulerKey resolves ~scheduler@1.0 and what a process hands on to it.
func (x *exec) schedulerKey(a at, i int) (at, bool, error) {
	pid := x.text(i, "target")
	if a.proc != nil {
		pid = a.proc.info.ID
	}
	switch x.steps[i].name {
	case "status":
		var ids []patchdev.Value
		for _, p := range x.s.source.Processes() {
			ids = append(ids, patchdev.String(p.ID))
		}
		return at{v: patchdev.NewTable("address", x.s.address, "processes", patchdev.NewList(ids...), "cache-control", "no-store")}, true, nil
	case "schedule", "slot":
		info, ok := x.s.source.Process(pid)
		if !ok {
			return at{}, true, missing(fmt.Sprintf("there is no process %q", pid))
		}
		x.pid = pid
		w := &view{x: x, info: info, slot: -1}
		if x.steps[i].name == "slot" {
			next, err := x.slotInfo(w)
			return next, true, err
		}
		if x.writes(i) {
			next, err := x.postSchedule(w, i)
			return next, true, err
		}
		next, err := x.schedule(pid, i)
		return next, true, err
	}
	return at{}, false, nil
}

// cacheviz draws a message as a graph of at most 250 nodes.
func (x *exec) cacheviz(a at, i int) (at, error) {
	t, err := x.whole(a)
	if err != nil {
		return at{}, err
	}
	switch x.steps[i].name {
	case "index":
		return at{ready: &ready{"text/html", x.page(a, t)}}, nil
	case "json":
		var nodes, links []patchdev.Value
		var walk func(id, label string, v patchdev.Value)
		walk = func(id, label string, v patchdev.Value) {
			if len(nodes) >= 250 {
				return
			}
			if l, ok := v.(*patchdev.List); ok {
				v = patchdev.Numbered(l)
			}
			t, ok := v.(*patchdev.Table)
			if !ok {
				nodes = append(nodes, patchdev.NewTable("id", id, "label", label, "type", "simple", "data", tagText(v)))
				return
			}
			nodes = append(nodes, patchdev.NewTable("id", id, "label", label, "type", "composite"))
			for k, v := range t.All() {
				child := id + "/" + k
				if len(nodes) < 250 {
					links = append(links, patchdev.NewTable("source", id, "target", child, "label", k))
				}
				walk(child, k, v)
			}
		}
		walk("/", "/", t)
		doc := patchdev.NewTable("nodes", patchdev.NewList(nodes...), "links", patchdev.NewList(links...))
		return at{ready: &ready{"application/json", patchdev.AppendJSON(nil, doc, patchdev.JSONOptions{})}}, nil
	}
	return x.messageKey(a, i)
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
