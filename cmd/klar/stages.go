package main

import (
	"context"
	"sync"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/storage"
)

// stages is the second half of a sink: one goroutine counts the visits of each batch and hands it to the writer, while
// the sink's caller reads the next batch. It ends with stop.
type stages struct {
	anonymizer *anonymize.Anonymizer
	writer     *storage.Writer
	ctx        context.Context // ends the waiting for room in the spool
	batches    chan stage
	ended      chan struct{}

	mu  sync.Mutex
	err error // the first of the writer's
}

// stage is a batch on its way, or, with done, the question whether all before it are through.
type stage struct {
	batch    anonymize.Batch
	discard  bool
	key      string
	position []byte
	done     chan<- struct{}
}

func startStages(ctx context.Context, a *anonymize.Anonymizer, w *storage.Writer) *stages {
	s := &stages{anonymizer: a, writer: w, ctx: ctx, batches: make(chan stage, 1), ended: make(chan struct{})}
	go s.run()
	return s
}

func (s *stages) run() {
	defer close(s.ended)
	for b := range s.batches {
		if b.done != nil {
			close(b.done)
			continue
		}
		hits := s.anonymizer.Count(b.batch)
		if b.discard || s.failure() != nil {
			s.anonymizer.Recycle(hits)
			continue
		}
		err := s.writer.Room(s.ctx)
		if err == nil {
			err = s.writer.Append(hits, b.key, b.position)
		}
		if err != nil {
			s.mu.Lock()
			s.err = err
			s.mu.Unlock()
		}
	}
}

func (s *stages) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// pass gives a batch on; it waits while two others are under way.
func (s *stages) pass(ctx context.Context, b stage) error {
	if err := s.failure(); err != nil {
		return err
	}
	select {
	case s.batches <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// flush waits until the writer has all batches.
func (s *stages) flush(ctx context.Context) error {
	done := make(chan struct{})
	if err := s.pass(ctx, stage{done: done}); err != nil {
		return err
	}
	select {
	case <-done:
		return s.failure()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop ends the goroutine when it has given on what it was passed.
func (s *stages) stop() {
	close(s.batches)
	<-s.ended
}
