package code

import (
	"sync"
	"time"

	"patchbay/ui/code/text"
)

// draftEvery is how long after a change the draft is written, so that a crash loses at most a second of typing. A draft of many
// megabytes, which takes long to write, waits four times as long as the last write took: else the disk would do nothing else.
const draftEvery = 700 * time.Millisecond

// DraftStore keeps unsaved texts by file name. SaveDraft is called through [Options.Async], never twice at a time for one editor;
// DiscardDraft likewise, when the file is saved.
type DraftStore interface {
	SaveDraft(name string, s text.Snapshot) error
	DiscardDraft(name string) error
}

type draftState struct {
	version uint64 // that is saved, as a draft or as the file
	pending bool   // a change waits
	since   time.Time
	writing bool
	discard bool
	err     error
	took    time.Duration // by the last write
	store   sync.Mutex    // held while the store works, so that an older text never lands on a newer one
}

// draftTick writes the draft when a change has waited long enough. One write at a time: a slow disk delays drafts, not keys.
func (e *Editor) draftTick(now time.Time) {
	d := &e.draft
	if e.opt.Drafts == nil || d.writing {
		return
	}
	if !e.buf.Modified() {
		d.version, d.pending = e.buf.Version(), false
		if d.discard {
			e.discardDraft()
		}
		return
	}
	if e.buf.Version() == d.version {
		return
	}
	if !d.pending {
		d.pending, d.since = true, now
		return
	}
	if now.Sub(d.since) >= max(draftEvery, 4*d.took) {
		e.SaveDraft()
	}
}

// SaveDraft starts to write the draft if there is something unsaved, without waiting for the next tick.
func (e *Editor) SaveDraft() {
	d := &e.draft
	if e.opt.Drafts == nil || d.writing || !e.buf.Modified() || e.buf.Version() == d.version {
		return
	}
	snap, name, store := e.buf.Snapshot(), e.opt.Name, e.opt.Drafts
	d.writing, d.pending, d.discard = true, false, true
	var err error
	began := e.opt.Now()
	e.opt.Async(func() {
		d.store.Lock()
		defer d.store.Unlock()
		err = store.SaveDraft(name, snap)
	}, func() {
		d.took = e.opt.Now().Sub(began)
		d.writing, d.err = false, err
		if err == nil {
			d.version = snap.Version
		}
	})
}

func (e *Editor) discardDraft() {
	d := &e.draft
	d.version, d.pending = e.buf.Version(), false
	if e.opt.Drafts == nil || !d.discard {
		return
	}
	if d.writing { // the tick after the write does it
		return
	}
	d.discard = false
	name, store := e.opt.Name, e.opt.Drafts
	d.writing = true
	var err error
	e.opt.Async(func() {
		d.store.Lock()
		defer d.store.Unlock()
		err = store.DiscardDraft(name)
	}, func() { d.writing, d.err = false, err })
}

// FlushDraft writes the draft before it returns, if there is something unsaved: for the moment when the window closes and no
// goroutine will be left to do it. A write that is under way is waited for.
func (e *Editor) FlushDraft() error {
	d := &e.draft
	if e.opt.Drafts == nil || !e.buf.Modified() || !d.writing && e.buf.Version() == d.version {
		return nil
	}
	d.store.Lock()
	defer d.store.Unlock()
	d.version, d.pending, d.discard = e.buf.Version(), false, true
	return e.opt.Drafts.SaveDraft(e.opt.Name, e.buf.Snapshot())
}

// DraftError gives what went wrong with the last draft, to be shown once; nil when all is well.
func (e *Editor) DraftError() error { return e.draft.err }
