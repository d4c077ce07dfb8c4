// Package parallel does the same work on many things, on all processors.
//
// Results are left by index in a slice of the caller's, so that what comes out
// never depends on which was done first.
package parallel

import (
	"runtime"
	"sync"
)

// Each calls work for 0 to n-1, on as many goroutines as there are processors,
// and returns when all calls have.
func Each(n int, work func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int, 64)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
