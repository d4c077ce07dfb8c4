package parallel_test

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"kaiho/generator/parallel"
)

func TestEachIsCalledOnceAndNoMoreThanThereAreProcessors(t *testing.T) {
	for _, n := range []int{0, 1, 3, 1000} {
		calls := make([]int, n)
		var running, most atomic.Int64
		parallel.Each(n, func(i int) {
			for now := running.Add(1); ; {
				seen := most.Load()
				if now <= seen || most.CompareAndSwap(seen, now) {
					break
				}
			}
			calls[i]++
			running.Add(-1)
		})
		for i, c := range calls {
			if c != 1 {
				t.Errorf("n=%d: %d was called %d times", n, i, c)
			}
		}
		if most.Load() > int64(runtime.GOMAXPROCS(0)) {
			t.Errorf("n=%d: %d at once", n, most.Load())
		}
	}
}

func ExampleEach() {
	words := []string{"凪", "の", "会"}
	lengths := make([]int, len(words))
	parallel.Each(len(words), func(i int) { lengths[i] = len(words[i]) })
	fmt.Println(lengths)
	// Output: [3 3 3]
}
