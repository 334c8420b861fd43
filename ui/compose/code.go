package compose

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"patchbay/engine/ao"
	"patchbay/patchdev"
)

// wire is a message as the local node takes it unsigned (DESIGN §7).
type wire struct {
	From   string   `json:"From,omitempty"`
	Target string   `json:"Target,omitempty"`
	Action string   `json:"Action,omitempty"`
	Data   string   `json:"Data,omitempty"`
	Tags   []ao.Tag `json:"Tags,omitempty"`
}

func toWire(m *ao.Message) wire {
	w := wire{From: m.From, Action: m.Action()}
	if s, ok := m.Data.(patchdev.String); ok {
		w.Data = string(s)
	}
	for _, t := range m.Tags {
		if t.Name != "Action" {
			w.Tags = append(w.Tags, t)
		}
	}
	return w
}

// Curl is a command that sends the draft to the local node.
func Curl(d Draft, e Env, base string) (string, error) {
	m, err := Resolve(d, e)
	if err != nil {
		return "", err
	}
	w := toWire(&m)
	body, err := marshal(w)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("curl -X POST '%s/%s~process@1.0/push' \\\n  -H 'content-type: application/json' \\\n  --data-raw '%s'",
		base, m.Target, strings.ReplaceAll(body, "'", `'\''`)), nil
}

func marshal(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("writing the message as JSON: %w", err)
	}
	return strings.TrimSpace(b.String()), nil
}

// AOConnect is a snippet for @permaweb/aoconnect.
func AOConnect(d Draft, e Env, base string) (string, error) {
	m, err := Resolve(d, e)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "import { connect, createSigner } from '@permaweb/aoconnect'\n\nconst { message } = connect({ MODE: 'mainnet', URL: %s })\n", js(base))
	fmt.Fprintf(&b, "const id = await message({\n  process: %s,\n  signer: createSigner(wallet),\n  tags: [\n", js(m.Target))
	for _, t := range m.Tags {
		fmt.Fprintf(&b, "    { name: %s, value: %s },\n", js(t.Name), js(t.Value))
	}
	b.WriteString("  ],\n")
	if s, ok := m.Data.(patchdev.String); ok {
		fmt.Fprintf(&b, "  data: %s,\n", js(string(s)))
	}
	b.WriteString("})")
	return b.String(), nil
}

func js(s string) string {
	out, err := marshal(s)
	if err != nil { // a string always has JSON
		return `""`
	}
	return out
}

// Lua is the call that sends the draft from another process or from aos' prompt.
func Lua(d Draft, e Env, _ string) (string, error) {
	m, err := Resolve(d, e)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Send({\n  Target = %s,\n", lua(m.Target))
	for _, t := range m.Tags {
		if ident.MatchString(t.Name) {
			fmt.Fprintf(&b, "  %s = %s,\n", t.Name, lua(t.Value))
		} else {
			fmt.Fprintf(&b, "  [%s] = %s,\n", lua(t.Name), lua(t.Value))
		}
	}
	if s, ok := m.Data.(patchdev.String); ok {
		fmt.Fprintf(&b, "  Data = %s,\n", lua(string(s)))
	}
	b.WriteString("})")
	return b.String(), nil
}

var ident = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// lua writes a string in Lua's own escapes.
func lua(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
