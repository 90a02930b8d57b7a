// SPDX-License-Identifier: GPL-2.0
/*
 * Requests, by a table of what the spec (include/vmwalk.yaml) says of them, and the
 * ways in which one can be wrong.
 */
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#define BIT_OF(attr) (1U << VMWALK_REQ_A_##attr)

static const struct operation {
	uint8_t cmd;
	uint16_t flags;
	unsigned int needs, takes;	/* attributes, masks */
} operations[] = {
	{ VMWALK_CMD_INFO, NLM_F_ACK, 0, 0 },
	{ VMWALK_CMD_WALK, NLM_F_DUMP, BIT_OF(PID),
	  BIT_OF(START) | BIT_OF(END) | BIT_OF(FLAGS) | BIT_OF(START_TIME) },
	{ VMWALK_CMD_PTE, NLM_F_ACK, BIT_OF(PID) | BIT_OF(START), BIT_OF(START_TIME) },
	{ VMWALK_CMD_TASKS, NLM_F_DUMP, 0, 0 },
};

static const uint8_t sizes[] = {
	[VMWALK_REQ_A_PID] = 4,
	[VMWALK_REQ_A_START] = 8,
	[VMWALK_REQ_A_END] = 8,
	[VMWALK_REQ_A_FLAGS] = 4,
	[VMWALK_REQ_A_START_TIME] = 8,
	[VMWALK_REQ_A_PAD] = 0,
};

/* Where comparisons and shifts go wrong, and what is special to page tables. */
static const uint64_t edges[] = {
	0, 1, 2, 0xfff, 0x1000, 0x1001, 0x7fffffff, 0x80000000, 0xffffffff,
	0x100000000, 0x1fffff, 0x200000, 0x40000000, 0x7fffffffffff, 0x800000000000,
	0x7ffffffff000, 0xfffffffffff000, 0x100000000000000, 0x7fffffffffffffff,
	0x8000000000000000, 0xffff800000000000, 0xffffffffff600000,
	0xfffffffffffff000, 0xffffffffffffffff,
};

static uint64_t edge(struct rng *r)
{
	return edges[vmw_below(r, sizeof(edges) / sizeof(edges[0]))];
}

static uint64_t wide(struct rng *r)
{
	return (uint64_t)vmw_rng(r) << 33 ^ vmw_rng(r);
}

/* Processes that come and go, those that stay, ourselves. */
pid_t vmw_fuzz_pid(struct rng *r)
{
	pid_t pid = atomic_load(&vmw_stress->victims[vmw_below(r, VMW_VICTIMS)]);

	return pid ? pid : vmw_below(r, 4) ? getpid() : 1;
}

/* Those that ask something of extents need VMWALK_WALK_F_EXTENTS. */
static uint32_t valid_flags(struct rng *r)
{
	uint32_t flags = vmw_rng(r) & 0xff;

	if (flags & ~(uint32_t)(VMWALK_WALK_F_THREADS | VMWALK_WALK_F_ATOMIC))
		flags |= VMWALK_WALK_F_EXTENTS;
	return flags;
}

static uint64_t valid_value(struct rng *r, uint16_t attr)
{
	switch (attr) {
	case VMWALK_REQ_A_PID:
		return vmw_fuzz_pid(r);
	case VMWALK_REQ_A_START:
		return wide(r) & 0x3ffffffff000 & -(uint64_t)vmw_below(r, 2);
	case VMWALK_REQ_A_END:
		return 0x400000000000 + (wide(r) & 0x3ffffffff000);
	case VMWALK_REQ_A_FLAGS:
		return valid_flags(r);
	default:
		return 0;
	}
}

static struct fuzz_attr *add(struct fuzz_request *q, uint16_t type, uint16_t len,
			     uint64_t value)
{
	struct fuzz_attr *a = &q->attr[q->nr];

	if (q->nr == VMW_FUZZ_ATTRS)
		return a - 1;
	q->nr++;
	*a = (struct fuzz_attr){ .type = type, .len = len, .claim = len };
	memcpy(a->data, &value, sizeof(value));
	return a;
}

void vmw_fuzz_valid(struct rng *r, struct fuzz_request *q)
{
	/* TASKS looks at every process there is: seldom. */
	const struct operation *op = &operations[vmw_below(r, 32) ? vmw_below(r, 3) : 3];
	unsigned int attrs = op->needs | (op->takes & vmw_rng(r));

	*q = (struct fuzz_request){ .cmd = op->cmd, .version = 1, .flags = op->flags };
	for (uint16_t a = 1; a <= VMWALK_REQ_A_START_TIME; a++)
		if (attrs >> a & 1)
			add(q, a, sizes[a], valid_value(r, a));
}

static void mutate_attr(struct rng *r, struct fuzz_request *q, struct fuzz_attr *a)
{
	uint64_t value;

	switch (vmw_below(r, 8)) {
	case 0:
		*a = q->attr[--q->nr];
		break;
	case 1:
		*add(q, a->type, a->len, 0) = *a;
		break;
	case 2:
		a->type = vmw_below(r, 4) ? vmw_below(r, 12) : vmw_rng(r);
		break;
	case 3:
		a->len = vmw_below(r, VMW_FUZZ_DATA);
		a->claim = a->len;
		break;
	case 4:
		a->claim = vmw_below(r, 2) ? vmw_below(r, 64) - 4 : vmw_rng(r);
		break;
	case 5:
		value = edge(r);
		memcpy(a->data, &value, sizeof(value));
		break;
	case 6:
		a->data[vmw_below(r, 8)] ^= 1U << vmw_below(r, 8);
		break;
	default:
		a->type ^= vmw_below(r, 2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		break;
	}
}

static void mutate_header(struct rng *r, struct fuzz_request *q)
{
	switch (vmw_below(r, 7)) {
	case 0:
		q->flags = vmw_rng(r);
		break;
	case 1:
		q->cmd = vmw_below(r, 2) ? vmw_below(r, VMWALK_CMD_MAX + 3) : vmw_rng(r);
		break;
	case 2:
		q->version = vmw_rng(r);
		break;
	case 3:
		q->trailing = vmw_below(r, 64);
		break;
	case 4:
		q->claim = (int)vmw_below(r, 64) - 32;
		break;
	case 5:
		q->control = vmw_below(r, NLMSG_MIN_TYPE);
		break;
	default:
		q->flags ^= NLM_F_DUMP;
		break;
	}
}

void vmw_fuzz_mutate(struct rng *r, struct fuzz_request *q)
{
	unsigned int type;

	if (!vmw_below(r, 3)) {
		mutate_header(r, q);
	} else if (!q->nr || !vmw_below(r, 4)) {
		type = vmw_below(r, VMWALK_REQ_A_MAX + 3);
		add(q, type, type < sizeof(sizes) ? sizes[type] : 4, edge(r));
	} else {
		mutate_attr(r, q, &q->attr[vmw_below(r, q->nr)]);
	}
}

static void append(struct vmw_msg *m, const void *data, size_t len)
{
	memcpy(m->bytes + m->h.nlmsg_len, data, len);
	m->h.nlmsg_len += len;
}

void vmw_fuzz_encode(struct rng *r, const struct fuzz_request *q, struct vmw_msg *m)
{
	static const char zeros[NLA_ALIGNTO];
	struct genlmsghdr *g;

	vmw_msg_start(m, q->cmd, q->flags);
	g = NLMSG_DATA(&m->h);
	g->version = q->version;
	if (q->control)
		m->h.nlmsg_type = q->control;
	for (unsigned int i = 0; i < q->nr; i++) {
		const struct fuzz_attr *a = &q->attr[i];
		struct nlattr h = { .nla_len = NLA_HDRLEN + a->claim, .nla_type = a->type };

		append(m, &h, sizeof(h));
		append(m, a->data, a->len);
		append(m, zeros, NLA_ALIGN(a->len) - a->len);
	}
	for (unsigned int i = 0; i < q->trailing; i++)
		append(m, &(char){ vmw_rng(r) }, 1);
}

void vmw_fuzz_noise(struct rng *r, struct vmw_msg *m)
{
	unsigned int len = vmw_below(r, 64) ? vmw_below(r, 128) : vmw_below(r, 60000);

	vmw_msg_start(m, vmw_below(r, VMWALK_CMD_MAX + 2), vmw_rng(r));
	for (unsigned int i = 0; i < len; i++)
		append(m, &(char){ vmw_below(r, 3) ? vmw_below(r, 12) : vmw_rng(r) }, 1);
}
