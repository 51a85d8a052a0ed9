//go:build unix

package main

import (
	"runtime"
	"syscall"
	"time"
)

// processorTime is what the process has used so far, on all cores.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// peakMemory is the most memory that the process ever held, in bytes.
func peakMemory() int {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int(usage.Maxrss)
	}
	return int(usage.Maxrss) * 1024
}
