# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2034 # what is set is read elsewhere
# Sourced: all that the lab has of its own for an architecture, by Debian's
# names for them. The building machine is amd64.

# arch_of RELEASE
arch_of() {
	case $1 in
	*-arm64) echo arm64 ;;
	*) echo amd64 ;;
	esac
}

# toolchain ARCH: sets what kbuild and others are told of a foreign one.
toolchain() {
	case $1 in
	amd64) triplet='' foreign='' kbuild='' ;;
	arm64)
		triplet=aarch64-linux-gnu foreign=arm64
		kbuild="ARCH=arm64 DEB_HOST_ARCH=arm64 DEB_BUILD_ARCH=amd64
			DEB_HOST_GNU_TYPE=$triplet CC=$triplet-gcc"
		;;
	esac
}

# machine ARCH ACCEL: sets QEMU's command with its machine and processor, as what
# its character devices kernel, tty, out and verdict are there (channels.h), the
# first words for the kernel, and the exit code of the regular end. TCG does
# string instructions item by item: without the fast ones, a kernel takes words.
machine() {
	case $1 in
	amd64)
		[ "$2" = kvm ] && cpu=host || cpu=max,-cx16,-erms,-fsrm
		emulator="qemu-system-x86_64 -accel $2"
		channels="-serial chardev:kernel -serial chardev:tty
			-device isa-debugcon,iobase=0xe9,chardev=out
			-device isa-debugcon,iobase=0xea,chardev=verdict
			-device isa-debug-exit,iobase=0xf4,iosize=4"
		console="console=ttyS0 no_timer_check" regular_end=33
		;;
	arm64)
		emulator="qemu-system-aarch64 -machine virt -accel tcg"
		cpu=cortex-a57
		channels="-serial chardev:kernel -device pci-serial,chardev=tty
			-device pci-serial,chardev=out
			-device pci-serial,chardev=verdict"
		console="console=ttyAMA0" regular_end=0
		;;
	esac
}
