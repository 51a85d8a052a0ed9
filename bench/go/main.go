// The Go side of Weft's benchmarks: one binary, a subcommand for each question, the same work as the TypeScript
// of the same name in ../src/questions. GOMAXPROCS comes from the environment.
//
//	bench <question> <milliseconds> <samples>
//
// prints one line of JSON: {"batches": n, "checksum": c, "samples": [nanoseconds per operation, ...],
// "shares": [...]}
// (`parked` takes a count instead and prints bytes).
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"time"
)

// A question does `batches` batches of operations and answers a checksum, which the harness compares with the
// one that every other contestant got: that is how "the same work" is more than a promise.
type question struct {
	operations int // per batch
	run        func(batches int) int
}

var questions = map[string]question{
	"ping-pong":           {1, pingPong},
	"stream":              {1, stream},
	"buffered":            {1, buffered},
	"fan-in":              {fanInSenders, fanIn},
	"ring":                {ringLaps * ringSize, ring},
	"spawn-join":          {1, spawnJoin},
	"spawn-1000":          {1000, spawnThousand},
	"select-2":            {2, select2},
	"select-8":            {8, select8},
	"select-64":           {64, select64},
	"try-select":          {1, trySelect},
	"timers":              {timerCount, timers},
	"cancel-tree":         {treeSize, cancelTree},
	"sieve":               {1, sieve},
	"semaphore":           {1, semaphore},
	"semaphore-contended": {contendedUsers, semaphoreContended},
	"mutex":               {1, mutex},
	"mutex-contended":     {contendedLockers, mutexContended},
	"mutex-mixed":         {contendedLockers, mutexMixed},
	"atomic-counter":      {adders, atomicCounter},
	"shared-mutex":        {1, mutex},
	"shared-mutex-pair":   {sharedLockers, sharedMutexPair},
	"shared-channel":      {1, sharedChannel},
	"shared-batch":        {1, sharedBatch},
	"task-flood":          {floodSize, taskFlood},
	"task-thousand":       {1000, spawnThousand},
	"rows-1ms":            {longRows, rowsLong},
	"rows-100us":          {shortRows, rowsShort},
	"rows-skewed":         {skewedRows, rowsSkewed},
	"task-latency":        {1, spawnJoin},
}

type answer struct {
	Batches  int       `json:"batches"`
	Checksum int       `json:"checksum"`
	Samples  []float64 `json:"samples"`
	Shares   []float64 `json:"shares"` // of the time, in which a sample had a processor
}

func main() {
	if len(os.Args) >= 2 && os.Args[1] == "version" {
		fmt.Println(runtime.Version())
		return
	}
	if len(os.Args) < 3 {
		fail("usage: bench <question> <milliseconds> <samples> | bench parked <count> | bench version; questions: %v", names())
	}
	first, err := strconv.Atoi(os.Args[2])
	if err != nil || first <= 0 {
		fail("bench: %q is not a positive number", os.Args[2])
	}
	if os.Args[1] == "parked" {
		print(parked(first))
		return
	}
	q, ok := questions[os.Args[1]]
	if !ok {
		fail("bench: no question %q; there are %v", os.Args[1], names())
	}
	samples := 5
	if len(os.Args) > 3 {
		if samples, err = strconv.Atoi(os.Args[3]); err != nil || samples <= 0 {
			fail("bench: %q is not a positive number", os.Args[3])
		}
	}
	print(measure(q, time.Duration(first)*time.Millisecond, samples))
}

// measure finds how many batches fill one sample, which is the warm-up as well, then takes the samples. A question
// whose single batch is longer than the whole budget is given one sample past it and no more.
func measure(q question, budget time.Duration, samples int) answer {
	each := budget / time.Duration(samples)
	batches := 1
	for warmed := time.Duration(0); ; {
		began := time.Now()
		q.run(batches)
		took := time.Since(began)
		warmed += took
		if took >= each || (warmed >= budget && took >= each/2) {
			batches = max(1, int(float64(batches)*float64(each)/float64(took)))
			break
		}
		if took < each/16 {
			batches *= 8
		} else {
			batches *= 2
		}
	}
	result := answer{Batches: batches}
	start := time.Now()
	for len(result.Samples) < samples && (len(result.Samples) == 0 || time.Since(start) < 2*budget) {
		cpu, began := processorTime(), time.Now()
		result.Checksum = q.run(batches)
		took := time.Since(began)
		result.Samples = append(result.Samples, float64(took.Nanoseconds())/float64(batches)/float64(q.operations))
		result.Shares = append(result.Shares, float64(processorTime()-cpu)/float64(took))
	}
	return result
}

func print(value any) {
	text, err := json.Marshal(value)
	if err != nil {
		fail("bench: %v", err)
	}
	fmt.Println(string(text))
}

func names() []string {
	all := []string{"parked"}
	for name := range questions {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(2)
}
