// SPDX-License-Identifier: GPL-2.0

// A Go program with C in it: malloc, and threads made by pthread_create.
package main

/*
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *wait_forever(void *arg)
{
	(void)arg;
	for (;;)
		pause();
}

static void *more(size_t len)
{
	pthread_t t;
	void *p = malloc(len);

	if (!p || pthread_create(&t, NULL, wait_forever, NULL))
		abort();
	return memset(p, 1, len);
}
*/
import "C"

import (
	"fmt"
	"os"
)

func main() {
	var b [1]byte

	for i := 0; i < 4; i++ {
		C.more(C.size_t(100000 << i))
	}
	fmt.Println("ready")
	os.Stdin.Read(b[:])
}
