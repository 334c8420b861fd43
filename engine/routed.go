package engine

import (
	"errors"

	"patchbay/engine/ao"
	"patchbay/engine/journal"
)

// routedBefore tells where what a slot sends was delivered, for a slot that was
// computed before it was imported: the deliveries came along. What is not found was
// not delivered then, and is not now.
func (e *Engine) routedBefore(tx *journal.Tx, s *save) ([]ao.Delivery, error) {
	var out []ao.Delivery
	look := func(d *ao.Delivery, id, said string) error {
		e.mu.RLock()
		to := e.byID[d.Target]
		e.mu.RUnlock()
		if to == nil {
			return nil
		}
		slot, found, err := tx.Scheduled(to.num, id)
		if found {
			d.Process, d.Slot, d.Note = to.id, slot, said
		}
		return err
	}
	for _, c := range s.out.messages {
		d := ao.Delivery{ID: c.m.ID, Target: c.target, Slot: -1, Note: c.note}
		if c.note == noteQuiet {
			if err := look(&d, c.m.ID, c.said); err != nil {
				return nil, err
			}
		}
		out = append(out, d)
	}
	for _, c := range s.out.spawns {
		d := ao.Delivery{ID: c.m.ID, Target: c.target, Slot: -1, Note: c.note}
		e.mu.RLock()
		child := e.byID[c.m.ID]
		e.mu.RUnlock()
		if child != nil {
			d.Process, d.Slot, d.Note = child.id, 0, ""
			back := ao.Delivery{Target: s.p.id, Slot: -1}
			if err := look(&back, ao.ID("spawned", c.m.ID), ""); err != nil {
				return nil, err
			}
			if back.Slot >= 0 {
				d.Note = "Spawned: " + spawnedNote(back)
			}
		}
		out = append(out, d)
	}
	for _, a := range s.out.assigns {
		d := ao.Delivery{ID: a.message, Target: a.target, Slot: -1, Note: noteQuiet}
		if _, err := tx.Find(a.message); errors.Is(err, journal.ErrNotFound) {
			d.Note = "not assigned: no message has this id here"
		} else if err != nil {
			return nil, err
		} else if err := look(&d, a.message, "assignment"); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}
