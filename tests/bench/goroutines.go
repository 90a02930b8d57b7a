// SPDX-License-Identifier: GPL-2.0

// 10,000 goroutines, each with a stack that has grown, and a heap.
package main

import (
	"fmt"
	"os"
	"sync"
)

func deep(n int, at *sync.WaitGroup) byte {
	var frame [256]byte

	if n > 0 {
		return deep(n-1, at) + frame[n]
	}
	at.Done()
	select {}
}

func main() {
	var started sync.WaitGroup
	var keep [][]byte

	for i := 0; i < 10000; i++ {
		started.Add(1)
		go deep(i%16, &started)
		if i%3 != 0 {
			keep = append(keep, make([]byte, 1+i*7%9000))
		}
	}
	started.Wait()
	fmt.Println("ready")
	os.Stdin.Read(keep[0])
}
