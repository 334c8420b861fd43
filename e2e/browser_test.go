package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"patchbay/engine/ao"
)

// chrome starts a headless browser that may only talk to this machine, or skips
// the test aloud when there is none.
func chrome(t *testing.T) context.Context {
	t.Helper()
	path := os.Getenv("CHROME")
	for _, name := range []string{"chromium", "google-chrome", "chrome-headless-shell"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		t.Skip("SKIPPED: no Chromium (make deps installs Debian's; elsewhere set CHROME)")
	}
	options := append(
		chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
	)
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	tab, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	return tab
}

// tokenCopy is the example project in a folder of its own.
func tokenCopy(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "token")
	if err := os.CopyFS(dir, os.DirFS("../assets/examples/token")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// get reads a URL and wants this status.
func get(t *testing.T, url string, status int) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != status {
		t.Fatalf("GET %s: %d, want %d\n%s", url, answer.StatusCode, status, body)
	}
	return string(body)
}

// send schedules an unsigned message through the control device.
func send(t *testing.T, base, pid string, message map[string]any) {
	t.Helper()
	body, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(base+"/"+pid+"~process@1.0/push", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("push: %d %s", answer.StatusCode, text)
	}
}

var page = template.Must(template.New("page").Parse(`<!doctype html><title>front end</title>
<p id="value">…</p><p id="missing">…</p><p id="preflight">…</p><p id="json">…</p>
<p id="bundled">…</p><p id="opened">…</p><p id="event">…</p><p id="written">…</p>
<script>
const url = {{.URL}};
const show = (id, text) => { document.getElementById(id).textContent = text; };
fetch(url).then(r => r.text()).then(t => show("value", t), e => show("value", "failed: " + e));
fetch(url + "-missing", {method: "HEAD"}).then(r => show("missing", r.status), e => show("missing", "failed: " + e));
fetch(url, {headers: {"x-anything": "1"}}).then(r => show("preflight", r.status), e => show("preflight", "failed: " + e));
fetch({{.Table}}).then(r => r.json()).then(j => show("json", "balances" in j || "balances+link" in j ? "object" : JSON.stringify(j)), e => show("json", "failed: " + e));
fetch({{.Table}} + "?bundle").then(r => r.json()).then(j => show("bundled", typeof j.balances), e => show("bundled", "failed: " + e));
const events = new EventSource({{.Events}});
events.onopen = () => {
  show("opened", "yes");
  // A page on this machine may write: it is the author's own front end.
  fetch({{.Push}}, {method: "POST", headers: {"content-type": "application/json"}, body: {{.Message}}})
    .then(r => show("written", r.status), e => show("written", "failed: " + e));
};
events.onerror = () => show("opened", "failed");
events.addEventListener("slot", e => { show("event", "slot"); events.close(); });
</script>`))

// TestBrowserReadsAKeyFromAnotherOrigin is a front end on its own port that
// reads a balance with fetch, as one on the web would read it from a node, follows
// the events of the process, and sends a message.
func TestBrowserReadsAKeyFromAnotherOrigin(t *testing.T) {
	tab := chrome(t)
	server := run(t, os.Environ(), "serve", "--port", "0", tokenCopy(t))
	_, pid, _ := strings.Cut(server.Line("process "), " ")
	base := "http://" + strings.TrimPrefix(server.Line("listening on "), "http://")

	alice, dave := ao.Address("alice"), ao.Address("dave")
	send(t, base, pid, map[string]any{"From": alice, "Action": "Transfer", "Tags": map[string]string{"Recipient": dave, "Quantity": "42"}})
	url := base + "/" + pid + "~process@1.0/now/cache/balances/" + dave
	if got := get(t, url, http.StatusOK); got != "54" {
		t.Fatalf("over HTTP: %q, want 12 + 42", got)
	}

	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("content-type", "text/html; charset=utf-8")
		_ = page.Execute(w, map[string]string{
			"URL":     url,
			"Table":   base + "/" + pid + "~process@1.0/now/cache/serialize~json@1.0",
			"Events":  base + "/~patchbay@1.0/events?process=" + pid + "&path=cache/balances",
			"Push":    base + "/" + pid + "~process@1.0/push",
			"Message": fmt.Sprintf(`{"From":%q,"Action":"Transfer","Tags":{"Recipient":%q,"Quantity":"1"}}`, alice, ao.Address("bob")),
		})
	}))
	defer front.Close()

	if err := chromedp.Do(tab, chromedp.Navigate(front.URL)); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"value": "54", "missing": "404", "preflight": "200", "json": "object", "bundled": "object", "opened": "yes", "written": "200", "event": "slot"} {
		got, err := chromedp.Run(tab, chromedp.Poll[string](
			fmt.Sprintf(`document.getElementById(%q).textContent != "…" && document.getElementById(%q).textContent`, id, id),
			chromedp.WithPollingTimeout(patience),
		))
		if err != nil || got != want {
			t.Errorf("#%s shows %q, %v; want %q", id, got, err, want)
		}
	}
	if shot, err := chromedp.Run(tab, chromedp.FullScreenshot(100)); err == nil {
		_ = os.MkdirAll("artifacts", 0o755)
		_ = os.WriteFile("artifacts/browser.png", shot, 0o644)
	}
	if err := server.Quit(); err != nil {
		t.Fatalf("the server did not end well: %v", err)
	}
}
