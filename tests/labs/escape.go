// SPDX-License-Identifier: GPL-2.0

// Two times new(int), and the compiler decides where they are. An address that is
// made a number does not keep its variable alive, so printing it changes nothing.
package main

import (
	"fmt"
	"os"
	"unsafe"
)

var keep *int

//go:noinline
func stays() uintptr {
	p := new(int)
	*p = 1
	return uintptr(unsafe.Pointer(p))
}

//go:noinline
func escapes() uintptr {
	p := new(int)
	*p = 2
	keep = p
	return uintptr(unsafe.Pointer(p))
}

func main() {
	fmt.Printf("stays %#x\nescapes %#x\n", stays(), escapes())
	os.Stdin.Read(make([]byte, 1))
}
