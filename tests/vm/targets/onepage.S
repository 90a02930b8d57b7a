/* SPDX-License-Identifier: GPL-2.0 */
/* FLAGS: -Wl,-z,noseparate-code,--build-id=none */
/*
 * The smallest process: it gives back everything but the one page that its
 * code is in, says so, and waits. Nothing here uses a stack. The flags put the
 * ELF headers and the code into one page.
 */
#include <asm/unistd.h>

	.text
	.globl	_start
_start:
#if defined(__x86_64__)
	lea	_start(%rip), %rdi
	and	$-4096, %rdi
	add	$4096, %rdi
	movabs	$0x7ffffffff000, %rsi
	sub	%rdi, %rsi
	mov	$__NR_munmap, %eax
	syscall
	test	%eax, %eax
	jnz	fail

	mov	$1, %edi
	lea	ready(%rip), %rsi
	mov	$(ready_end - ready), %edx
	mov	$__NR_write, %eax
	syscall
wait:
	mov	$__NR_pause, %eax
	syscall
	jmp	wait
fail:
	mov	$1, %edi
	mov	$__NR_exit, %eax
	syscall
#elif defined(__aarch64__)
	adrp	x0, _start
	add	x0, x0, #4096
	mov	x1, #1 << 48
	sub	x1, x1, x0
	mov	x8, #__NR_munmap
	svc	#0
	cbnz	x0, fail

	mov	x0, #1
	adr	x1, ready
	mov	x2, #(ready_end - ready)
	mov	x8, #__NR_write
	svc	#0
wait:
	mov	x0, #0
	mov	x1, #0
	mov	x2, #0
	mov	x3, #0
	mov	x8, #__NR_ppoll
	svc	#0
	b	wait
fail:
	mov	x0, #1
	mov	x8, #__NR_exit
	svc	#0
#endif

ready:	.ascii	"vmas 1 1\nready\n"
ready_end:

	.section .note.GNU-stack, "", @progbits
