package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// settingsRest is how long settings gather before they are written.
const settingsRest = 200 * time.Millisecond

// Settings are words that the window remembers from one start to the next, in a
// file that is replaced as a whole: who reads it never sees a part of one. Two
// windows may be open: each writes what it changed and keeps what the other did.
//
// Get and Set never wait for the disk and may be called from any goroutine.
type Settings struct {
	path   string
	failed func(error)

	mu      sync.Mutex
	values  map[string]string
	changed map[string]string // not written yet

	wake, closing chan struct{}
	written       sync.WaitGroup
}

// OpenSettings reads the settings of a file; one that is missing or cannot be read
// holds none, and with "" they are forgotten at the end. failed, from a goroutine of its own, is told when they cannot be
// written. Close ends it.
func OpenSettings(path string, failed func(error)) *Settings {
	s := &Settings{
		path: path, failed: failed, values: readSettings(path), changed: map[string]string{},
		wake: make(chan struct{}, 1), closing: make(chan struct{}),
	}
	s.written.Go(s.write)
	return s
}

// SettingsFile is where the window's settings are kept.
func SettingsFile() (string, error) {
	data, err := DataDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(data, "settings.json"), nil
}

func readSettings(path string) map[string]string {
	values := map[string]string{}
	if text, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(text, &values)
	}
	if values == nil { // the file says null
		values = map[string]string{}
	}
	return values
}

// Get is a setting, "" when there is none.
func (s *Settings) Get(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[key]
}

// Set changes a setting.
func (s *Settings) Set(key, value string) {
	s.mu.Lock()
	old, known := s.values[key]
	if !known || old != value {
		s.values[key], s.changed[key] = value, value
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Close writes what is not written yet. Nothing may be set after it.
func (s *Settings) Close() {
	close(s.closing)
	s.written.Wait()
}

// write writes whenever something changed.
func (s *Settings) write() {
	for open := true; open; {
		select {
		case <-s.wake:
			select {
			case <-s.closing:
				open = false
			case <-time.After(settingsRest):
			}
		case <-s.closing:
			open = false
		}
		if err := s.save(); err != nil && s.failed != nil {
			s.failed(fmt.Errorf("the window's settings are not kept: %w", err))
		}
	}
}

func (s *Settings) save() error {
	s.mu.Lock()
	changed := s.changed
	s.changed = map[string]string{}
	s.mu.Unlock()
	if len(changed) == 0 || s.path == "" {
		return nil
	}
	values := readSettings(s.path)
	maps.Copy(values, changed)
	text, err := json.MarshalIndent(values, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o755); err != nil {
		return err
	}
	return replaceFile(s.path, append(text, '\n'))
}
