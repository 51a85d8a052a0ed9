package main

const sharedCapacity = 1024

// sharedChannel: one goroutine sends numbers to another on the other processor; a batch is one number.
func sharedChannel(batches int) int {
	ch := make(chan float64, sharedCapacity)
	go func() {
		for i := range batches {
			ch <- float64(i & 1023)
		}
	}()
	sum := 0.0
	for range batches {
		sum += <-ch
	}
	return int(sum)
}

const sharedBatchSize = 64

// sharedBatch: the same in slices of 64 numbers.
func sharedBatch(batches int) int {
	ch := make(chan []float64, sharedCapacity/sharedBatchSize)
	go func() {
		for sent := 0; sent < batches; sent += sharedBatchSize {
			values := make([]float64, min(sharedBatchSize, batches-sent))
			for i := range values {
				values[i] = float64((sent + i) & 1023)
			}
			ch <- values
		}
	}()
	sum := 0.0
	for left := batches; left > 0; {
		values := <-ch
		for _, value := range values {
			sum += value
		}
		left -= len(values)
	}
	return int(sum)
}
