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

ready:	.ascii	"vmas 1 1\nready\n"
ready_end:

	.section .note.GNU-stack, "", @progbits
