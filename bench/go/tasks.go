package main

import "sync"

const floodSize = 100_000

// taskFlood: 100,000 goroutines that give a number, all at once; a batch is all of them.
func taskFlood(batches int) int {
	results := make([]int, floodSize)
	total := 0
	for range batches {
		var wg sync.WaitGroup
		wg.Add(floodSize)
		for i := range floodSize {
			go func() {
				results[i] = i & 1023
				wg.Done()
			}()
		}
		wg.Wait()
		for _, result := range results {
			total += result
		}
	}
	return total
}
