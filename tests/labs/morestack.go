// SPDX-License-Identifier: GPL-2.0

// A goroutine whose stack becomes too small: where is its variable then?
package main

import (
	"fmt"
	"os"
	"unsafe"
)

func enter() {
	os.Stdin.Read(make([]byte, 1))
}

// Takes 1 KiB of stack a level.
//
//go:noinline
func descend(levels int) byte {
	var frame [1024]byte

	frame[levels] = 1
	if levels > 1 {
		return frame[levels] + descend(levels-1)
	}
	fmt.Println("deep down")
	enter()
	return frame[0]
}

func main() {
	var a [16]byte

	here := func() uintptr { return uintptr(unsafe.Pointer(&a)) }
	old := here()
	fmt.Printf("a %#x\n", old)
	enter()
	for levels := 8; levels <= 32; levels *= 4 {
		descend(levels)
	}
	fmt.Printf("old %#x new %#x\n", old, here())
	enter()
}
