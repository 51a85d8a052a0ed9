// The ping-pong of workload.ts, with Go's own tracer: "off", "flight" or "trace" on its input, nanoseconds a round trip on its output.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/trace"
	"time"
)

const trips = 300_000

func pingPong() float64 {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v + 1
		}
	}()
	began := time.Now()
	for i := range trips {
		ping <- i
		<-pong
	}
	took := time.Since(began)
	close(ping)
	return float64(took.Nanoseconds()) / trips
}

func main() {
	runtime.GOMAXPROCS(1)
	fmt.Println("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		switch lines.Text() {
		case "flight":
			recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MaxBytes: 4 << 20})
			if err := recorder.Start(); err != nil {
				panic(err)
			}
			nanos := pingPong()
			recorder.Stop()
			fmt.Println(nanos)
		case "trace":
			if err := trace.Start(io.Discard); err != nil {
				panic(err)
			}
			nanos := pingPong()
			trace.Stop()
			fmt.Println(nanos)
		default:
			fmt.Println(pingPong())
		}
	}
}
