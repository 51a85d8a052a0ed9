//go:build !unix

package main

import (
	"runtime"
	"time"
)

var started = time.Now()

// processorTime can't be told here; as if the process had run all the time.
func processorTime() time.Duration { return time.Since(started) }

// peakMemory is what the runtime got from the system: Go gives little back.
func peakMemory() int {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.Sys)
}
