// SPDX-License-Identifier: GPL-2.0

// A Go program that says of some addresses what they are, and then is still:
//
//	stack ADDR GOID [VAR]	on the stack of that goroutine; "main.f.v" begins there
//	slot ADDR		on a stack that was left since: it had to grow
//	heap ADDR SIZE SCAN	in an object of a span of such; "scan" or "noscan"
//	symbol ADDR NAME
//	thread ADDR TID GOID	that thread waits on the goroutine's stack, which has ADDR
//
// And once something comes from standard input, of "later" alone:
//
//	grown GOID		its stack was 64 KiB, and is 256 KiB or more
//	gone GOID		it was there before
//	come GOID		it was not
//
//	go_addr few|many N|heap MIB|deep KIB|churn|later
package main

import (
	"bytes"
	"fmt"
	"io/ioutil"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

type node struct {
	next *node
	pad  [6]uint64
}

var (
	global  = [64]byte{1}
	keep    []interface{}
	started sync.WaitGroup
	say     sync.Mutex
	forever = make(chan bool)
)

func goid() string {
	var buf [64]byte

	n := runtime.Stack(buf[:], false)
	return string(bytes.Fields(buf[:n])[1])
}

func claim(format string, args ...interface{}) {
	say.Lock()
	fmt.Printf(format+"\n", args...)
	say.Unlock()
}

// Uses up @kib of stack, tells an address at the end and stays there.
//
//go:noinline
func descend(kib int, said *bool) byte {
	var frame [1024]byte

	frame[kib&1023] = 1
	if kib > 0 {
		return descend(kib-1, said) + frame[0]
	}
	if said != nil {
		frame[3] = makeRoom(kib)
		claim("stack %#x %s main.descend.frame", uintptr(unsafe.Pointer(&frame)), goid())
	}
	started.Done()
	<-forever
	return frame[1]
}

// Once it has grown, the address it had is in a stack that nobody uses.
//
//go:noinline
func grow() {
	var here [16]byte
	said := true
	old := uintptr(unsafe.Pointer(&here))

	here[1] = makeRoom(len(keep))
	claim("slot %#x", old)
	descend(64, &said)
}

// What fmt needs of stack is there before an address is taken: later it would move.
//
//go:noinline
func makeRoom(n int) byte {
	var room [8192]byte

	room[n&8191] = 1
	return room[n>>1&8191]
}

//go:noinline
func stay(tell bool) {
	var here [64]byte

	if tell {
		here[0] = makeRoom(len(keep))
		claim("stack %#x %s main.stay.here", uintptr(unsafe.Pointer(&here)), goid())
	}
	started.Done()
	<-forever
}

func objects() {
	n := &node{}
	bytes100 := new([100]byte)
	big := make([]byte, 1<<20)
	pointers := make([]*node, 10000)

	keep = append(keep, n, bytes100, big, pointers)
	claim("heap %#x 64 scan", uintptr(unsafe.Pointer(&n.pad[5])))
	claim("heap %#x 112 noscan", uintptr(unsafe.Pointer(&bytes100[99])))
	claim("heap %#x 1048576 noscan", uintptr(unsafe.Pointer(&big[999999])))
	claim("heap %#x 81920 scan", uintptr(unsafe.Pointer(&pointers[9999])))
	claim("symbol %#x main.global", uintptr(unsafe.Pointer(&global[9])))
}

func many(n, told int) {
	started.Add(n)
	for i := 0; i < n; i++ {
		go stay(i%((n+told-1)/told) == 0)
	}
	started.Wait()
}

// A thread that waits in the kernel has the stack of the goroutine that called it.
//
//go:noinline
func block(fd int, tid chan int) {
	var here, b [64]byte

	runtime.LockOSThread()
	here[0] = makeRoom(len(keep))
	thread := syscall.Gettid()
	claim("thread %#x %d %s", uintptr(unsafe.Pointer(&here)), thread, goid())
	tid <- thread
	syscall.Read(fd, b[:])
	here[1] = b[0]
}

// Returns when that thread waits for what never comes.
func blocked() {
	var fds [2]int
	tid := make(chan int)

	if err := syscall.Pipe(fds[:]); err != nil {
		panic(err)
	}
	go block(fds[0], tid)
	path := fmt.Sprintf("/proc/self/task/%d/syscall", <-tid)
	waits := fmt.Sprintf("%d %#x ", syscall.SYS_READ, fds[0])
	for {
		now, err := ioutil.ReadFile(path)
		if err != nil {
			panic(err)
		}
		if strings.HasPrefix(string(now), waits) {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// Uses up @kib of stack, and when woken @more.
//
//go:noinline
func deeper(kib, more int, wake chan bool) byte {
	var frame [1024]byte

	frame[kib&1023] = 1
	if kib > 0 {
		return deeper(kib-1, more, wake) + frame[0]
	}
	started.Done()
	if wake == nil {
		<-forever
	}
	<-wake
	return deeper(more, 0, nil) + frame[1]
}

// Goroutines of which one will have a larger stack, and five will not be.
func prepare(wake, leave chan bool) {
	started.Add(6)
	go func() {
		claim("grown %s", goid())
		deeper(40, 150, wake)
	}()
	for i := 0; i < 5; i++ {
		go func() {
			claim("gone %s", goid())
			started.Done()
			<-leave
			started.Done()
		}()
	}
	started.Wait()
}

func later(wake, leave chan bool) {
	started.Add(6)
	close(wake)
	close(leave)
	started.Wait()
	started.Add(3)
	for i := 0; i < 3; i++ {
		go func() {
			claim("come %s", goid())
			started.Done()
			<-forever
		}()
	}
	started.Wait()
	for i := 0; i < 10; i++ {
		keep = append(keep, make([]byte, 3<<20))
	}
}

// Goroutines that come and go, each with a stack that grows, and garbage.
func churn() {
	for {
		var done sync.WaitGroup

		for i := 0; i < 50; i++ {
			done.Add(1)
			go func(i int) {
				work(i % 30)
				done.Done()
			}(i)
		}
		done.Wait()
	}
}

//go:noinline
func work(kib int) int {
	var frame [1024]byte

	b := make([]byte, 100*kib+1)
	frame[kib] = b[0]
	if kib > 0 {
		return work(kib-1) + int(frame[0])
	}
	return len(b)
}

func number() int {
	n := 0
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	return n
}

func main() {
	var b [1]byte
	var here [64]byte
	wake, leave := make(chan bool), make(chan bool)

	scenario := "few"
	if len(os.Args) > 1 {
		scenario = os.Args[1]
	}
	// Collections move stacks; but for churn, which has GODEBUG for that.
	if scenario != "churn" {
		debug.SetGCPercent(-1)
	}
	objects()
	many(20, 20)
	switch scenario {
	case "few":
		started.Add(1)
		go grow()
		started.Wait()
		blocked()
	case "many":
		many(number(), 50)
	case "heap":
		for i := 0; i < number(); i++ {
			for j := 0; j < 4; j++ {
				b := make([]byte, 1<<18)
				for k := 0; k < len(b); k += 4096 {
					b[k] = 1
				}
				keep = append(keep, b)
			}
		}
		objects()
	case "deep":
		said := true
		started.Add(1)
		go descend(number(), &said)
		started.Wait()
	case "churn":
		go churn()
	case "later":
		prepare(wake, leave)
	}
	here[2] = makeRoom(len(keep))
	claim("stack %#x %s main.main.here", uintptr(unsafe.Pointer(&here)), goid())
	fmt.Println("ready")
	os.Stdin.Read(b[:])
	if scenario == "later" {
		later(wake, leave)
		fmt.Println("ready")
	}
	for {
		time.Sleep(time.Hour)
		here[b[0]&63] = 1
	}
}
