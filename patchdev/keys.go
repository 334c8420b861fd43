package patchdev

import "strings"

// isIDKey says whether a key has the length of an id: such keys are never
// folded and a path that begins with one means a stored message (spec
// hyperbeam-http §2.2).
func isIDKey(k string) bool { return len(k) == 43 || len(k) == 42 || len(k) == 32 }

// Fold is the lower-case form of a key; ids are left as they are.
func Fold(k string) string {
	if isIDKey(k) {
		return k
	}
	for i := 0; i < len(k); i++ {
		if k[i] >= 'A' && k[i] <= 'Z' {
			return strings.ToLower(k)
		}
	}
	return k
}

// isPrivate says whether a key never leaves a node: it begins with "priv".
func isPrivate(k string) bool { return strings.HasPrefix(k, "priv") }

// settable says whether a root key of a patch is written at all: the set
// operation drops its own control names (spec hyperbeam-http §4.2).
func settable(k string) bool {
	switch k {
	case "id", "commitments", "committers", "keys", "path", "set", "remove", "verify", "set-mode":
		return false
	}
	return true
}

// Reserved says whether a path segment is a function of message@1.0, which
// shadows a key of that name when it is asked for directly (spec §2.3).
func Reserved(k string) bool {
	switch k {
	case "id", "keys", "set", "remove", "get", "path", "commit", "commitments", "committed",
		"committers", "verify", "index", "info":
		return true
	}
	return false
}

// Framing says whether a key names a header that a user must never set,
// because it frames the answer or speaks for the server (DESIGN S19).
func Framing(k string) bool {
	var buf [keyRoom]byte
	low := appendLower(buf[:0], k)
	switch string(low) {
	case "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer",
		"date", "server", "host", "set-cookie", "set-cookie2", "cookie", "location", "refresh",
		"content-security-policy", "content-security-policy-report-only", "alt-svc", "clear-site-data",
		"www-authenticate", "proxy-authenticate", "service-worker-allowed", "service-worker",
		"content-encoding", "x-content-type-options", "cache-control", "content-range", "accept-ranges",
		"strict-transport-security", "content-disposition", "content-location", "link", "sourcemap", "x-sourcemap",
		"x-frame-options", "timing-allow-origin", "origin-agent-cluster", "document-policy", "permissions-policy",
		"expect-ct", "nel", "report-to", "reporting-endpoints", "speculation-rules", "vary", "age", "expires",
		"etag", "last-modified", "proxy-connection", "via", "retry-after", "content-language", "warning",
		"patchbay-lint", "patchbay-reason", "referrer-policy", "supports-loading-mode", "no-vary-search",
		"set-login", "activate-storage-access", "signature", "signature-input", "content-digest":
		return true
	}
	for _, p := range [...]string{"access-control-", "cross-origin-", "proxy-", "sec-", ":"} {
		if len(low) >= len(p) && string(low[:len(p)]) == p {
			return true
		}
	}
	return false
}

// keyRoom is the length up to which appendLower needs no memory of its own.
const keyRoom = 48

// appendLower appends strings.ToLower(k) to b. Every key of every patch is compared
// with names in lower case, and most keys of messages have capitals.
func appendLower(b []byte, k string) []byte {
	for i := 0; i < len(k); i++ {
		if k[i] >= 0x80 {
			return append(b, strings.ToLower(k)...)
		}
	}
	for i := 0; i < len(k); i++ {
		c := k[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

// namedKey says whether some rule knows the key by its name.
func namedKey(k string) bool {
	switch k {
	case "device", "method", "status", "body", "body-keys", "signature", "data", "content-type", "ao-types", "at-slot",
		"now", "compute", "latest", "slot", "schedule", "push", "snapshot", "as", "init", "results", "process":
		return true
	}
	return Reserved(k) || Framing(k) || len(k) >= 4 && strings.EqualFold(k[:4], "priv")
}

// knownDevices are the devices that a node of 2025 has preloaded.
func knownDevice(name string) bool {
	switch name {
	case "message@1.0", "structured@1.0", "flat@1.0", "httpsig@1.0", "json@1.0", "ans104@1.0", "json-iface@1.0",
		"process@1.0", "patch@1.0", "lua@5.3a", "stack@1.0", "scheduler@1.0", "push@1.0", "multipass@1.0",
		"meta@1.0", "hyperbuddy@1.0", "cacheviz@1.0", "cache@1.0", "cron@1.0", "dedup@1.0", "router@1.0",
		"relay@1.0", "test-device@1.0", "local-name@1.0", "lookup@1.0", "name@1.0", "manifest@1.0", "monitor@1.0",
		"node-process@1.0", "p4@1.0", "simple-pay@1.0", "faff@1.0", "poda@1.0", "snp@1.0", "volume@1.0",
		"wasi@1.0", "wasm-64@1.0", "delegated-compute@1.0", "genesis-wasm@1.0", "compute@1.0", "profile@1.0",
		"query@1.0", "apply@1.0", "auth-hook@1.0", "cookie@1.0", "cu@1.0", "green-zone@1.0", "greenzone@1.0", "hook@1.0",
		"http-auth@1.0", "secret@1.0", "trie@1.0", "whois@1.0", "arweave@2.9-pre", "copycat@1.0", "gzip@1.0", "tx@1.0":
		return true
	}
	return false
}

// KnownDevice says whether nodes have a device of that name. Names are compared
// as written: `Patch@1.0` is not a device.
func KnownDevice(name string) bool { return knownDevice(name) }
