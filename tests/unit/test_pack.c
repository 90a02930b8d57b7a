// SPDX-License-Identifier: GPL-2.0
/* Numbers and frames, packed and unpacked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <linux/vmwalk.h>

#include "model/pack.h"

static const uint64_t numbers[] = {
	0, 1, 127, 128, 16383, 16384, UINT32_MAX, 1ULL << 63, UINT64_MAX,
};

#define NR (sizeof(numbers) / sizeof(numbers[0]))

static void of_all_sizes(void **state)
{
	struct vmw_pack p = { 0 };
	struct vmw_unpack u;
	uint64_t value;

	(void)state;
	for (int round = 0; round < 100; round++)
		for (size_t i = 0; i < NR; i++)
			vmw_pack_number(&p, numbers[i]);
	u = (struct vmw_unpack){ p.data, p.data + p.len };
	for (int round = 0; round < 100; round++)
		for (size_t i = 0; i < NR; i++) {
			assert_true(vmw_unpack_number(&u, &value));
			assert_int_equal(value, numbers[i]);
		}
	assert_false(vmw_unpack_number(&u, &value));
	vmw_pack_deinit(&p);
}

static bool unpacks(const uint8_t *bytes, size_t len)
{
	struct vmw_unpack u = { bytes, bytes + len };
	uint64_t value;

	return vmw_unpack_number(&u, &value);
}

static void what_is_no_number(void **state)
{
	const uint8_t all[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				0xff, 0x01 };
	const uint8_t more[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				 0xff, 0xff, 0x02 };
	const uint8_t longer[] = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
				   0x80, 0x80, 0x80, 0x00 };

	(void)state;
	assert_true(unpacks(all, sizeof(all)));
	assert_false(unpacks(more, sizeof(more)));
	assert_false(unpacks(longer, sizeof(longer)));
	assert_false(unpacks(all, sizeof(all) - 1));
	assert_false(unpacks(all, 0));
}

/* Forwards, backwards, on other nodes, and none between. */
static void frames(void **state)
{
	const uint64_t last = (1ULL << VMWALK_FRAME_SHIFT) - 1;
	const uint64_t is[] = {
		VMWALK_FRAME(100, 0), VMWALK_FRAME(103, 0),
		VMWALK_FRAME(7, 0), 0, VMWALK_FRAME(9, 1),
		VMWALK_FRAME(last, VMWALK_FRAME_NO_NODE),
		VMWALK_FRAME(1, VMWALK_FRAME_NO_NODE), VMWALK_FRAME(1, 0), 0,
		VMWALK_FRAME(last, 0), VMWALK_FRAME(2, 4),
	};
	const size_t nr = sizeof(is) / sizeof(is[0]);
	uint64_t next = 0, frame;
	struct vmw_pack p = { 0 };
	struct vmw_unpack u;

	(void)state;
	for (size_t i = 0; i < nr; i++)
		vmw_pack_frame(&p, &next, is[i], i + 1);
	u = (struct vmw_unpack){ p.data, p.data + p.len };
	next = 0;
	for (size_t i = 0; i < nr; i++) {
		assert_true(vmw_unpack_frame(&u, &next, &frame, i + 1));
		assert_int_equal(frame, is[i]);
	}
	assert_ptr_equal(u.at, u.end);
	vmw_pack_deinit(&p);
}

/* A node beyond what a frame has room for; just within. */
static void what_is_no_frame(void **state)
{
	uint64_t next = 0, frame;
	struct vmw_unpack u;

	(void)state;
	for (uint64_t more = 0; more < 2; more++) {
		struct vmw_pack p = { 0 };

		vmw_pack_number(&p, 2);
		vmw_pack_number(&p, VMWALK_FRAME_NO_NODE + more);
		u = (struct vmw_unpack){ p.data, p.data + p.len };
		assert_int_equal(vmw_unpack_frame(&u, &next, &frame, 1), !more);
		vmw_pack_deinit(&p);
	}
}

/* Those that go on take a byte each. */
static void frames_that_follow(void **state)
{
	struct vmw_pack p = { 0 };
	uint64_t next = 0;
	size_t len;

	(void)state;
	vmw_pack_frame(&p, &next, VMWALK_FRAME(1000, 2), 5);
	len = p.len;
	vmw_pack_frame(&p, &next, VMWALK_FRAME(1005, 2), 5);
	assert_int_equal(p.len, len + 1);
	vmw_pack_deinit(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_all_sizes),
		cmocka_unit_test(what_is_no_number),
		cmocka_unit_test(frames),
		cmocka_unit_test(what_is_no_frame),
		cmocka_unit_test(frames_that_follow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
