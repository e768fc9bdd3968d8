package memo

import (
	"sync"
	"testing"
)

// spread makes a key of a number, as a hash would.
func spread(n uint64) uint64 {
	n *= 0x9E3779B97F4A7C15
	return n ^ n>>32
}

func TestTheLatestAnswerIsRemembered(t *testing.T) {
	c := New[uint64](64)
	for n := range uint64(10_000) {
		if _, ok := c.Get(spread(n)); ok {
			t.Fatalf("question %d has an answer before it was put", n)
		}
		c.Put(spread(n), n)
		if v, ok := c.Get(spread(n)); !ok || v != n {
			t.Fatalf("question %d: got %d, %v", n, v, ok)
		}
	}
}

func TestAnAnswerIsReplacedByItsSuccessor(t *testing.T) {
	c := New[int](4)
	for v := range 10 {
		c.Put(7, v)
		c.Put(7|1<<63, -v) // the same row, another first place
	}
	if v, _ := c.Get(7); v != 9 {
		t.Errorf("got %d, want 9", v)
	}
	if v, _ := c.Get(7 | 1<<63); v != -9 {
		t.Errorf("got %d, want -9", v)
	}
}

func TestSizeIsBoundedAndUsed(t *testing.T) {
	for size, want := range map[int]int{-1: 4, 0: 4, 4: 4, 5: 8, 64: 64, 100: 128} {
		c := New[uint64](size)
		for n := range uint64(20 * want) {
			c.Put(spread(n), n)
		}
		kept := 0
		for n := range uint64(20 * want) {
			if v, ok := c.Get(spread(n)); ok {
				kept++
				if v != n {
					t.Errorf("size %d: question %d has the answer of another", size, n)
				}
			}
		}
		if kept > want || kept < want*3/4 {
			t.Errorf("size %d: %d answers kept, want %d", size, kept, want)
		}
	}
}

// TestFourKeysOfARowStay has a row hold as many answers as it has places, whichever their first one.
func TestFourKeysOfARowStay(t *testing.T) {
	c := New[uint64](1024)
	for n := range uint64(4) {
		c.Put(5|n<<10, n) // all have the first place 0
	}
	for n := range uint64(4) {
		if v, ok := c.Get(5 | n<<10); !ok || v != n {
			t.Errorf("answer %d: got %d, %v", n, v, ok)
		}
	}
}

func TestGetAllocatesNothing(t *testing.T) {
	c := New[[16]string](64)
	c.Put(1, [16]string{"a"})
	if n := testing.AllocsPerRun(100, func() { c.Get(1); c.Get(2) }); n != 0 {
		t.Errorf("Get allocates %v times", n)
	}
}

// TestConcurrentUse is for the race detector, and for answers that would belong to another question.
func TestConcurrentUse(t *testing.T) {
	c := New[uint64](16)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range uint64(2000) {
				n := i % 40
				c.Put(spread(n), n)
				if v, ok := c.Get(spread(n)); ok && v != n {
					t.Errorf("question %d has the answer %d", n, v)
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkGet(b *testing.B) {
	c := New[[6]uint64](1 << 16)
	for n := range uint64(1 << 14) {
		c.Put(spread(n), [6]uint64{n})
	}
	b.ReportAllocs()
	for n := uint64(0); b.Loop(); n++ {
		c.Get(spread(n & (1<<14 - 1)))
	}
}

func BenchmarkPut(b *testing.B) {
	c := New[[6]uint64](1 << 16)
	for n := uint64(0); b.Loop(); n++ {
		c.Put(spread(n), [6]uint64{n})
	}
}
