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

// mutex: one goroutine locks and unlocks a mutex that nobody else wants; a batch is one pair.
func mutex(batches int) int {
	var mu sync.Mutex
	pairs := 0
	for range batches {
		mu.Lock()
		pairs++
		mu.Unlock()
	}
	return pairs
}

const contendedLockers = 10

// mutexContended: 10 goroutines lock a mutex, give way while they hold it, and unlock; a batch is once for each.
func mutexContended(batches int) int {
	return lockers(batches, 1)
}

// mutexMixed: the same, but they give way while they hold it in one of 100.
func mutexMixed(batches int) int {
	return lockers(batches, 100)
}

func lockers(batches, each int) int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(contendedLockers)
	inside, pairs := 0, 0
	for range contendedLockers {
		go func() {
			for i := range batches {
				mu.Lock()
				inside++
				if i%each == 0 {
					runtime.Gosched()
				}
				if inside == 1 {
					pairs++
				}
				inside--
				mu.Unlock()
			}
			wg.Done()
		}()
	}
	wg.Wait()
	return pairs
}

const sharedLockers = 2

// sharedMutexPair: two goroutines lock a mutex, add one, and unlock; a batch is once for each.
func sharedMutexPair(batches int) int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(sharedLockers)
	count := 0
	for range sharedLockers {
		go func() {
			for range batches {
				mu.Lock()
				count++
				mu.Unlock()
			}
			wg.Done()
		}()
	}
	wg.Wait()
	return count
}
