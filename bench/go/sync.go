package main

import (
	"runtime"
	"sync"
)

const semaphorePermits = 4

// semaphore: one goroutine acquires and releases one of four permits that nobody else wants, by a buffered channel,
// which is Go's own idiom; a batch is one pair.
func semaphore(batches int) int {
	sem := make(chan struct{}, semaphorePermits)
	pairs := 0
	for range batches {
		sem <- struct{}{}
		pairs++
		<-sem
	}
	return pairs + cap(sem) - len(sem)
}

const (
	contendedPermits = 8
	contendedUsers   = 64
)

// semaphoreContended: 64 goroutines over 8 permits; a batch is one acquire and release of each.
func semaphoreContended(batches int) int {
	sem := make(chan struct{}, contendedPermits)
	pairs := make([]int, contendedUsers)
	var wg sync.WaitGroup
	wg.Add(contendedUsers)
	for i := range contendedUsers {
		go func() {
			for range batches {
				sem <- struct{}{}
				runtime.Gosched()
				if len(sem) <= contendedPermits {
					pairs[i]++
				}
				<-sem
			}
			wg.Done()
		}()
	}
	wg.Wait()
	total := 0
	for _, n := range pairs {
		total += n
	}
	return total
}
