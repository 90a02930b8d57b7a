// SPDX-License-Identifier: GPL-2.0

// A Go program without C: goroutines, a heap with holes, then stillness.
package main

import (
	"fmt"
	"os"
	"sync"
)

func main() {
	var started sync.WaitGroup
	var keep [][]byte

	for i := 0; i < 100; i++ {
		started.Add(1)
		go func() {
			started.Done()
			select {}
		}()
	}
	for i := 0; i < 2000; i++ {
		b := make([]byte, 1+i*7%9000)
		if i%3 != 0 {
			keep = append(keep, b)
		}
	}
	started.Wait()
	fmt.Println("ready")
	os.Stdin.Read(keep[0])
}
