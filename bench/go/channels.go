package main

// pingPong: two goroutines and two unbuffered channels; a batch is one round trip.
func pingPong(batches int) int {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v + 1
		}
	}()
	v := 0
	for range batches {
		ping <- v
		v = <-pong
	}
	close(ping)
	return v
}

// stream: one sender, one receiver, one unbuffered channel; a batch is one message.
func stream(batches int) int {
	return pump(make(chan int), batches)
}

// buffered: stream, with room for 128.
func buffered(batches int) int {
	return pump(make(chan int, 128), batches)
}

func pump(ch chan int, messages int) int {
	go func() {
		for i := range messages {
			ch <- i & 1023
		}
		close(ch)
	}()
	sum := 0
	for v := range ch {
		sum += v
	}
	return sum
}

const fanInSenders = 100

// fanIn: 100 senders, one receiver, one unbuffered channel; a batch is one message from each.
func fanIn(batches int) int {
	ch := make(chan int)
	for sender := range fanInSenders {
		go func() {
			for range batches {
				ch <- sender
			}
		}()
	}
	sum := 0
	for range batches * fanInSenders {
		sum += <-ch
	}
	return sum
}

const (
	ringSize = 1000
	ringLaps = 20 // a batch, so that making the ring weighs little
)

// ring: one token round 1,000 goroutines, each joined to the next by an unbuffered channel; a batch is 20 laps.
func ring(batches int) int {
	first := make(chan int)
	in := first
	for range ringSize - 1 {
		out := make(chan int)
		go func(in <-chan int, out chan<- int) {
			for v := range in {
				out <- v + 1
			}
			close(out)
		}(in, out)
		in = out
	}
	token := 0
	for range batches * ringLaps {
		first <- token
		token = <-in + 1
	}
	close(first)
	return token
}

const sieveLimit = 2742 // 400 primes

// sieve: the daisy chain of filters from Go's tour, one goroutine a prime; a batch is one whole sieve.
func sieve(batches int) int {
	sum := 0
	for range batches {
		in := make(chan int)
		go func(out chan<- int) {
			for i := 2; i < sieveLimit; i++ {
				out <- i
			}
			close(out)
		}(in)
		for {
			prime, ok := <-in
			if !ok {
				break
			}
			sum += prime
			out := make(chan int)
			go filter(in, out, prime)
			in = out
		}
	}
	return sum
}

func filter(in <-chan int, out chan<- int, prime int) {
	for v := range in {
		if v%prime != 0 {
			out <- v
		}
	}
	close(out)
}
