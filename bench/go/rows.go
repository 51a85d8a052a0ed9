package main

import "sync"

const (
	longRows   = 200
	shortRows  = 2000
	skewedRows = 2000
)

// rowsLong: rows of the Mandelbrot set, a goroutine each; a batch is all of them.
func rowsLong(batches int) int {
	return rows(batches, longRows, func(int) int { return 1000 })
}

// rowsShort: the same, a tenth as long.
func rowsShort(batches int) int {
	return rows(batches, shortRows, func(int) int { return 100 })
}

// rowsSkewed: one in a hundred takes 100 times as long as the others.
func rowsSkewed(batches int) int {
	return rows(batches, skewedRows, func(row int) int {
		if row%100 == 50 {
			return 5000
		}
		return 50
	})
}

func rows(batches, count int, width func(row int) int) int {
	sums := make([]int, count)
	total := 0
	for range batches {
		var wg sync.WaitGroup
		wg.Add(count)
		for row := range count {
			go func() {
				sums[row] = mandelbrot(row, width(row))
				wg.Done()
			}()
		}
		wg.Wait()
		for _, sum := range sums {
			total += sum
		}
	}
	return total
}

// mandelbrot: all its points are inside the set, so that each takes all steps.
func mandelbrot(row, width int) int {
	ci := 0.05 + float64(row%64)*1e-6
	sum := 0
	for column := range width {
		cr := -0.2 + float64(column%16)*1e-6
		zr, zi := 0.0, 0.0
		steps := 0
		for steps < 400 && zr*zr+zi*zi <= 4 {
			zr, zi = zr*zr-zi*zi+cr, 2*zr*zi+ci
			steps++
		}
		sum += steps
	}
	return sum
}
