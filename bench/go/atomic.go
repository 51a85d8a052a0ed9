package main

import (
	"sync"
	"sync/atomic"
)

// Of goroutines that add to one counter.
const adders = 2

// atomicCounter: two goroutines add to one atomic.Int64; a batch is one addition of each.
func atomicCounter(batches int) int {
	var counter atomic.Int64
	var wg sync.WaitGroup
	wg.Add(adders)
	for range adders {
		go func() {
			defer wg.Done()
			for range batches {
				counter.Add(1)
			}
		}()
	}
	wg.Wait()
	return int(counter.Load())
}
