package alert

// source returns what is remembered under a key. A new one may push out one that was quiet for long.
func (w *Windows) source(key sourceKey) *source {
	s := w.last
	if s == nil || s.key != key { // requests come in bursts
		s = w.sources[key]
	}
	if s != nil {
		s.used = true
	} else {
		for len(w.sources) > 0 && w.full() {
			w.forgetOne()
		}
		s = &source{key: key}
		s.buckets = s.own[:0]
		w.sources[key] = s
		w.attach(s)
	}
	w.last = s
	return s
}

// full reports whether a bound is reached.
func (w *Windows) full() bool {
	return len(w.sources) >= w.most.sources || w.buckets >= w.most.buckets || w.values >= w.most.values
}

// forgetOne lets go of a source that was not used since the last time that all were looked at. Those that were, it looks at
// later again: so none has to be moved when it is used.
func (w *Windows) forgetOne() {
	for w.oldest.used {
		w.oldest.used = false
		w.oldest = w.oldest.next // and so it is the newest
	}
	w.forget(w.oldest)
}

// forget lets go of a source.
func (w *Windows) forget(s *source) {
	w.detach(s)
	delete(w.sources, s.key)
	w.buckets -= len(s.buckets)
	for i := range s.buckets {
		w.values -= cap(s.buckets[i].seen)
	}
	if w.last == s {
		w.last = nil
	}
}

// attach puts a source at the end of the ring.
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
