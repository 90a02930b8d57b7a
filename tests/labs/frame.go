// SPDX-License-Identifier: GPL-2.0

// A function looks at its own frame. On amd64 its argument, which comes in a register,
// is kept right above the return address, and below that is what rbp was.
package main

import (
	"fmt"
	"os"
	"unsafe"
)

func enter() {
	os.Stdin.Read(make([]byte, 1))
}

//go:noinline
func callee(n uint64) {
	at := unsafe.Pointer(&n)
	frame := [3]uint64{
		*(*uint64)(unsafe.Add(at, -16)),
		*(*uint64)(unsafe.Add(at, -8)),
		*(*uint64)(at),
	}
	for i, what := range []string{"rbp", "return", "argument"} {
		fmt.Printf("%#x: %-10s %#x\n", uintptr(at)+uintptr(8*i)-16, what, frame[i])
	}
	enter()
	fmt.Printf("n is %#x\n", n)
	enter()
}

// So that no call has to move the stack later.
//
//go:noinline
func room() byte {
	var room [16384]byte

	return room[len(os.Args)]
}

func main() {
	room()
	callee(0x1122334455667788)
}
