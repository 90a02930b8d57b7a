// SPDX-License-Identifier: GPL-2.0

// The deck's quiz: where does the printed address point, and what lies there?
package main

import (
	"fmt"
	"time"
)

func main() {
	a := "hoge"
	fmt.Println(&a)
	for {
		time.Sleep(time.Hour)
	}
}
