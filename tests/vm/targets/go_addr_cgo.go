// SPDX-License-Identifier: GPL-2.0

// A Go program with C in it that says of some addresses what they are, as
// go_addr.go and malloc.c do; and of threads:
//
//	pthread ADDR TID	on the stack of that thread, which C code has made
//	g0 ADDR TID		on that of one which Go has made, and which is in C code
package main

/*
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct taken {
	uintptr_t small, large;
};

struct place {
	uintptr_t addr;
	int tid;
};

static struct taken taken[4];
static struct place made[4], entered[4];
static pthread_barrier_t barrier;

static void tell(struct place *p, void *here)
{
	p->addr = (uintptr_t)here;
	__atomic_store_n(&p->tid, gettid(), __ATOMIC_RELEASE);
}

static void stay_there(int i)
{
	char here;

	tell(&entered[i], &here);
	for (;;)
		pause();
}

static int entered_by(int i) { return __atomic_load_n(&entered[i].tid, __ATOMIC_ACQUIRE); }
static uintptr_t entered_at(int i) { return entered[i].addr; }
static int made_by(int i) { return made[i].tid; }
static uintptr_t made_at(int i) { return made[i].addr; }

static void *take(void *arg)
{
	struct taken *t = arg;

	tell(&made[t - taken], &t);
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

func stay(i C.int, told chan bool) {
	var here [64]byte

	here[0] = makeRoom(len(keep))
	fmt.Printf("stack %#x %s main.stay.here\n", uintptr(unsafe.Pointer(&here)),
		goid())
	told <- true
	C.stay_there(i)
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
		fmt.Printf("pthread %#x %d\n", uintptr(C.made_at(i)), C.made_by(i))
	}
	object := new([100]byte)
	keep = append(keep, object)
	fmt.Printf("heap %#x 112 noscan\n", uintptr(unsafe.Pointer(object)))
	/* Each blocks in C, on a thread of its own. */
	for i := C.int(0); i < 4; i++ {
		go stay(i, told)
		<-told
		for C.entered_by(i) == 0 {
			time.Sleep(time.Millisecond)
		}
		fmt.Printf("g0 %#x %d\n", uintptr(C.entered_at(i)), C.entered_by(i))
	}
	fmt.Println("ready")
	os.Stdin.Read(b[:])
	for {
		time.Sleep(time.Hour)
	}
}
