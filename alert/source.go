package alert

// source returns what is remembered under a key, as the one that was used last. A new one may push out the one that was
// quiet longest.
func (w *Windows) source(key sourceKey) *source {
	s := w.sources[key]
	if s == nil {
		for len(w.sources) > 0 && w.full() {
			w.forget(w.oldest)
		}
		s = &source{key: key}
		w.sources[key] = s
		w.attach(s)
		return s
	}
	if w.oldest.prev == s {
		return s
	}
	w.detach(s)
	w.attach(s)
	return s
}

// full reports whether a bound is reached.
func (w *Windows) full() bool {
	return len(w.sources) >= w.most.sources || w.buckets >= w.most.buckets || w.values >= w.most.values
}

// forget lets go of a source.
func (w *Windows) forget(s *source) {
	w.detach(s)
	delete(w.sources, s.key)
	w.buckets -= len(s.buckets)
	for i := range s.buckets {
		w.values -= cap(s.buckets[i].seen)
	}
}

// attach makes a source the one that was used last.
func (w *Windows) attach(s *source) {
	if w.oldest == nil {
		s.prev, s.next, w.oldest = s, s, s
		return
	}
	s.prev, s.next = w.oldest.prev, w.oldest
	s.prev.next, s.next.prev = s, s
}

// detach takes a source out of the ring.
func (w *Windows) detach(s *source) {
	if s.next == s {
		w.oldest = nil
		return
	}
	if w.oldest == s {
		w.oldest = s.next
	}
	s.prev.next, s.next.prev = s.next, s.prev
}
