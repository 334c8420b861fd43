package node

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

type sse struct {
	name, id string
	data     map[string]any
}

// listen opens an event stream; next waits for its next event.
func listen(t *testing.T, url string, headers ...string) (next func() sse, stop func()) {
	t.Helper()
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	tr := &http.Transport{}
	resp, err := (&http.Client{Transport: tr}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	r := bufio.NewReader(resp.Body)
	next = func() sse {
		var e sse
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Fatalf("stream ended: %v", err)
			}
			key, val, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			switch key {
			case "event":
				e.name = val
			case "id":
				e.id = val
			case "data":
				if err := json.Unmarshal([]byte(val), &e.data); err != nil {
					t.Fatal(err)
				}
			case "":
				if e.name != "" {
					return e
				}
			}
		}
	}
	return next, func() { resp.Body.Close(); tr.CloseIdleConnections() }
}

func TestEvents(t *testing.T) {
	src := token()
	base := start(t, Options{Source: src})
	next, stop := listen(t, base+"/~patchbay@1.0/events")
	root := src.procs[testPID].slots[1].Root
	root = patchdev.Merge(root, patchdev.NewTable("cache", patchdev.NewTable("totalsupply", 5, "balances", patchdev.NewTable(alice, 7))))
	src.setRoot(testPID, root)
	e := next()
	keys := fmt.Sprint(e.data["keys"])
	if e.name != "slot" || e.data["slot"] != 2.0 || e.data["process"] != testPID || keys != "[cache/balances/"+alice+" cache/totalsupply]" || e.id != testPID+":2" {
		t.Errorf("%+v", e)
	}
	src.mu.Lock()
	src.add(ao.ProcessInfo{ID: strings.Repeat("Q", 43), Flavour: "aos"})
	src.mu.Unlock()
	var names []string
	for range 2 {
		names = append(names, next().name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"process", "slot"}) {
		t.Errorf("%v", names)
	}
	stop()

	// Who comes back is told what it missed, once.
	for range 3 {
		root = root.Set("n", patchdev.Int(src.Scheduled(testPID)))
		src.setRoot(testPID, root)
	}
	next, stop = listen(t, base+"/~patchbay@1.0/events?process="+testPID, "Last-Event-ID", testPID+":3")
	for _, want := range []float64{4, 5} {
		if e := next(); e.data["slot"] != want {
			t.Errorf("resumed with %+v, want slot %v", e, want)
		}
	}
	src.setRoot(testPID, root.Set("n", patchdev.Int(99)))
	if e := next(); e.data["slot"] != 6.0 {
		t.Errorf("%+v", e)
	}
	stop()

	// Only what touches the path.
	next, stop = listen(t, base+"/~patchbay@1.0/events?path=cache/balances")
	defer stop()
	src.setRoot(testPID, root.Set("n", patchdev.Int(100)))
	root = patchdev.Merge(root, patchdev.NewTable("cache", patchdev.NewTable("balances", patchdev.NewTable("bob", 1))))
	src.setRoot(testPID, root)
	if e := next(); e.data["slot"] != 8.0 || fmt.Sprint(e.data["keys"]) != "[cache/balances/bob]" {
		t.Errorf("%+v", e)
	}
}

func TestEventStreamsAreBounded(t *testing.T) {
	base := start(t, Options{Source: token()})
	for range maxStreams {
		_, stop := listen(t, base+"/~patchbay@1.0/events")
		defer stop()
	}
	if resp, _ := do(t, "GET", base+"/~patchbay@1.0/events", ""); resp.StatusCode != 503 {
		t.Errorf("%d", resp.StatusCode)
	}
}
