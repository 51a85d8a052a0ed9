package main

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// spawnJoin: start a goroutine and wait for its result, one after the other; a batch is one of them.
func spawnJoin(batches int) int {
	sum := 0
	for i := range batches {
		result := make(chan int, 1)
		go func() { result <- i & 1023 }()
		sum += <-result
	}
	return sum
}

// spawnThousand: 1,000 goroutines under a WaitGroup; a batch is all of them.
func spawnThousand(batches int) int {
	sum := make([]int, 1000)
	for range batches {
		var wg sync.WaitGroup
		for i := range 1000 {
			wg.Add(1)
			go func() {
				sum[i] += i
				wg.Done()
			}()
		}
		wg.Wait()
	}
	total := 0
	for _, part := range sum {
		total += part
	}
	return total
}

const timerCount = 100_000

// timers: 100,000 goroutines that each sleep for 1 to 10 ms; a batch is all of them.
func timers(batches int) int {
	woken := make([]int, timerCount)
	for range batches {
		var wg sync.WaitGroup
		wg.Add(timerCount)
		for i := range timerCount {
			go func() {
				time.Sleep(time.Duration(1+i%10) * time.Millisecond)
				woken[i]++
				wg.Done()
			}()
		}
		wg.Wait()
	}
	total := 0
	for _, times := range woken {
		total += times
	}
	return total
}

const treeSize = 10_000

// cancelTree: a tree of 10,000 contexts, ten children each, and a goroutine waiting for each; the root is cancelled
// and all of them end. A batch is the whole tree.
func cancelTree(batches int) int {
	cancelled := make([]int, treeSize)
	for range batches {
		nodes := make([]context.Context, treeSize)
		var cancel context.CancelFunc
		nodes[0], cancel = context.WithCancel(context.Background())
		cancels := make([]context.CancelFunc, treeSize)
		var wg sync.WaitGroup
		wg.Add(treeSize)
		for i := range treeSize {
			if i > 0 {
				nodes[i], cancels[i] = context.WithCancel(nodes[(i-1)/10])
			}
			go func() {
				<-nodes[i].Done()
				cancelled[i]++
				wg.Done()
			}()
		}
		runtime.Gosched() // once round the run queue, so that all of them wait before the root is cancelled
		cancel()
		wg.Wait()
		for _, release := range cancels[1:] {
			release()
		}
	}
	total := 0
	for _, times := range cancelled {
		total += times
	}
	return total
}

type memory struct {
	Count int     `json:"count"`
	Heap  float64 `json:"heap"` // bytes per goroutine: heap and stacks
	Peak  int     `json:"peak"` // bytes of the whole process
}

// parked: goroutines that all wait to receive from one channel.
func parked(count int) memory {
	ch := make(chan int)
	sum := 0
	before := inUse()
	for range count {
		go func() { sum += <-ch }()
	}
	// A goroutine that has not run yet is not parked. Gosched goes once round the run queue.
	for range 3 {
		runtime.Gosched()
	}
	time.Sleep(100 * time.Millisecond)
	after := inUse()
	return memory{Count: count, Heap: float64(after-before) / float64(count), Peak: peakMemory()}
}

func inUse() int {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapInuse + stats.StackInuse)
}
