package node

import (
	"net/http"
	"testing"

	"pgregory.net/rapid"

	"patchbay/patchdev"
)

// The short way of leaf reads answers what the general way answers.
func TestFastIsSame(t *testing.T) {
	src := token()
	s, err := New(Options{Source: src})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(patchdev.ProfileNames()).Draw(t, "profile")
		p, _ := patchdev.ProfileByName(name)
		src.mu.Lock()
		src.profile = p
		src.mu.Unlock()
		b := patchdev.EmptyTable().Edit()
		for range rapid.IntRange(1, 6).Draw(t, "n") {
			k := rapid.OneOf(plainKey, rapid.SampledFrom([]string{"id", "keys", "device", "Foo", "foo", "priv_x", "body", "ao-result", "info", "a:b", alice})).Draw(t, "k")
			b.Set(k, tame(2).Draw(t, "v"))
		}
		src.setRoot(testPID, patchdev.NewTable("cache", b.Table(), "slot", 7, "type", "x", "results", patchdev.NewTable("a", 1), "Top", "t"))
		var key string
		if rapid.Bool().Draw(t, "there") {
			key, _ = b.Table().At(rapid.IntRange(0, b.Len()-1).Draw(t, "i"))
		} else {
			key = rapid.SampledFrom([]string{"none", "FOO", "foo/bar", "k/1", "id", "keys", "k/k/k"}).Draw(t, "key")
		}
		path := "/" + testPID + rapid.SampledFrom([]string{"~process@1.0/now/cache/", "/now/cache/", "~process@1.0/compute/cache/", "~process@1.0/compute/", "/now/"}).Draw(t, "base") + key
		req, err := http.NewRequest(rapid.SampledFrom([]string{"GET", "HEAD"}).Draw(t, "method"), "http://127.0.0.1:1/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.RequestURI, req.Host = path, "127.0.0.1:1"
		if u, err := req.URL.Parse(path); err == nil {
			req.URL = u
		}
		fast, slow := newRecorder(), newRecorder()
		var log Access
		if !s.leafRead(fast, req, s.currentProfile(), &log) {
			return
		}
		out := s.answer(slow, req, &Access{})
		s.send(slow, req, out)
		delete(slow.h, "Content-Length") // which net/http adds itself
		if fast.body.String() != slow.body.String() || fast.code != 0 && fast.code != slow.code || slow.code != 200 || len(fast.h) != len(slow.h) {
			t.Fatalf("%s: %q %v, want %d %q %v", path, fast.body.String(), fast.h, slow.code, slow.body.String(), slow.h)
		}
		for k, v := range slow.h {
			if w := fast.h[k]; len(w) != len(v) || len(w) > 0 && w[0] != v[0] {
				t.Fatalf("%s: %s is %q, want %q", path, k, w, v)
			}
		}
	})
	src.setRoot(testPID, patchdev.NewTable("cache", patchdev.NewTable("k", 1)))
	req, err := http.NewRequest("GET", "http://127.0.0.1:1/"+testPID+"~process@1.0/now/cache/k", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.RequestURI = req.URL.Path
	if !s.leafRead(newRecorder(), req, s.currentProfile(), &Access{}) {
		t.Error("the short way is never taken")
	}
}
