// SPDX-License-Identifier: GPL-2.0

// A Go program with C in it that says of some addresses what they are, as
// go_addr.go and malloc.c do.
package main

/*
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct taken {
	uintptr_t small, large;
};

static struct taken taken[4];
static pthread_barrier_t barrier;

static void *take(void *arg)
{
	struct taken *t = arg;

	t->small = (uintptr_t)memset(malloc(1000), 1, 1000);
	t->large = (uintptr_t)memset(malloc(1 << 20), 1, 1 << 20);
	pthread_barrier_wait(&barrier);
	for (;;)
		pause();
}

static void take_all(void)
{
	pthread_t thread;

	pthread_barrier_init(&barrier, NULL, 5);
	for (int i = 0; i < 4; i++)
		if (pthread_create(&thread, NULL, take, &taken[i]))
			abort();
	pthread_barrier_wait(&barrier);
}

static uintptr_t small(int i) { return taken[i].small; }
static uintptr_t large(int i) { return taken[i].large; }
*/
import "C"

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"
	"unsafe"
)

var keep []interface{}

func goid() string {
	var buf [64]byte

	n := runtime.Stack(buf[:], false)
	return string(bytes.Fields(buf[:n])[1])
}

//go:noinline
func makeRoom(n int) byte {
	var room [8192]byte

	room[n&8191] = 1
	return room[n>>1&8191]
}

func stay(told chan bool) {
	var here [64]byte

	here[0] = makeRoom(len(keep))
	fmt.Printf("stack %#x %s main.stay.here\n", uintptr(unsafe.Pointer(&here)),
		goid())
	told <- true
	C.pause()
	here[1] = 1
}

func main() {
	var b [1]byte
	told := make(chan bool)

	debug.SetGCPercent(-1)
	C.take_all()
	for i := C.int(0); i < 4; i++ {
		fmt.Printf("arena %#x\nmmapped %#x\n", uintptr(C.small(i)+9),
			uintptr(C.large(i)+100000))
	}
	object := new([100]byte)
	keep = append(keep, object)
	fmt.Printf("heap %#x 112 noscan\n", uintptr(unsafe.Pointer(object)))
	/* Each blocks in C, on a thread of its own. */
	for i := 0; i < 4; i++ {
		go stay(told)
		<-told
	}
	fmt.Println("ready")
	os.Stdin.Read(b[:])
	for {
		time.Sleep(time.Hour)
	}
}
