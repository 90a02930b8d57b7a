// SPDX-License-Identifier: GPL-2.0
#include "genl_int.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/errno.h>
#include <netlink/socket.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#define SMALLEST_BUFFER		32768	/* bytes */

struct nl_msg *vmw_genl_request(const struct vmw_genl *genl, uint8_t cmd,
				int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, genl->family, 0,
				flags, cmd, VMWALK_GENL_VERSION)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

int vmw_genl_struct(void *dst, size_t size, size_t least,
		    const struct nlattr *attr)
{
	size_t len = attr ? nla_len(attr) : 0;

	if (len < least)
		return -EPROTO;
	memset(dst, 0, size);
	memcpy(dst, nla_data(attr), len < size ? len : size);
	return 0;
}

static void info_attr(struct vmw_info *info, struct nlattr *attr)
{
	switch (nla_type(attr)) {
	case VMWALK_INFO_A_ABI:
		info->abi = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_VERSION:
		nla_strlcpy(info->version, attr, sizeof(info->version));
		break;
	case VMWALK_INFO_A_ARCH:
		nla_strlcpy(info->arch, attr, sizeof(info->arch));
		break;
	case VMWALK_INFO_A_PAGE_SHIFT:
		info->page_shift = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_LEVEL:
		if (info->nr_levels < VMW_MAX_LEVELS)
			vmw_genl_struct(&info->levels[info->nr_levels++],
					sizeof(info->levels[0]), 0, attr);
		break;
	case VMWALK_INFO_A_HUGEPAGE:
		if (info->nr_hugepages < VMW_MAX_HUGEPAGES)
			info->hugepages[info->nr_hugepages++] =
				nla_get_u64(attr);
		break;
	case VMWALK_INFO_A_CAN:
		info->can = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_WALK_FLAGS:
		info->walk_flags = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_CHUNK:
		info->chunk = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_MESSAGE_MAX:
		info->message_max = nla_get_u32(attr);
		break;
	case VMWALK_INFO_A_ENTRY_BIT:
		if (info->nr_bits < VMW_MAX_ENTRY_BITS)
			vmw_genl_struct(&info->bits[info->nr_bits++],
					sizeof(info->bits[0]), 0, attr);
		break;
	case VMWALK_INFO_A_ATOMIC_MAX:
		info->atomic_max = nla_get_u64(attr);
		break;
	}
}

static int info_record(struct nlattr *attrs, int len, void *arg)
{
	static struct nla_policy policy[VMWALK_INFO_A_MAX + 1] = {
		[VMWALK_INFO_A_ABI] = { .type = NLA_U32 },
		[VMWALK_INFO_A_VERSION] = { .type = NLA_STRING },
		[VMWALK_INFO_A_ARCH] = { .type = NLA_STRING },
		[VMWALK_INFO_A_PAGE_SHIFT] = { .type = NLA_U32 },
		[VMWALK_INFO_A_LEVEL] = {
			.minlen = sizeof(struct vmwalk_level) },
		[VMWALK_INFO_A_HUGEPAGE] = { .type = NLA_U64 },
		[VMWALK_INFO_A_CAN] = { .type = NLA_U32 },
		[VMWALK_INFO_A_WALK_FLAGS] = { .type = NLA_U32 },
		[VMWALK_INFO_A_CHUNK] = { .type = NLA_U32 },
		[VMWALK_INFO_A_MESSAGE_MAX] = { .type = NLA_U32 },
		[VMWALK_INFO_A_ENTRY_BIT] = {
			.minlen = sizeof(struct vmwalk_entry_bit) },
		[VMWALK_INFO_A_ATOMIC_MAX] = { .type = NLA_U64 },
	};
	struct vmw_info *info = arg;
	struct nlattr *pos;
	int rem;

	if (nla_validate(attrs, len, VMWALK_INFO_A_MAX, policy))
		return -EPROTO;
	nla_for_each_attr(pos, attrs, len, rem)
		info_attr(info, pos);
	if (info->page_shift < 10 || info->page_shift > 30)
		return -EPROTO;
	return 0;
}

int vmw_genl_info(struct vmw_genl *genl, struct vmw_info *info,
		  struct vmw_error *err)
{
	struct vmw_exchange x = { .record = info_record, .arg = info };
	int ret = -ENOMEM;

	*info = (struct vmw_info){ 0 };
	x.request = vmw_genl_request(genl, VMWALK_CMD_INFO, 0);
	if (x.request)
		ret = vmw_exchange_run(genl->sk, &x);
	if (!ret && !info->page_shift)
		ret = -EPROTO;
	nlmsg_free(x.request);
	if (ret)
		return vmw_error_set(err, ret,
				     "vmwalk.ko does not tell what it can: %s%s%s",
				     strerror(-ret), x.text[0] ? ": " : "",
				     x.text);
	return 0;
}

static int connect_family(struct vmw_genl *genl, struct vmw_error *err)
{
	int ret;

	genl->sk = nl_socket_alloc();
	if (!genl->sk)
		return vmw_error_set(err, -ENOMEM, "no memory for a socket");
	ret = genl_connect(genl->sk);
	if (ret)
		return vmw_error_set(err, vmw_errno_of_libnl(ret),
				     "cannot open a netlink socket: %s",
				     nl_geterror(ret));
	genl->family = genl_ctrl_resolve(genl->sk, VMWALK_GENL_NAME);
	if (genl->family == -NLE_OBJ_NOTFOUND)
		return vmw_error_set(err, -ENOENT,
				     "vmwalk.ko is not loaded: run 'vmwalk load'");
	if (genl->family < 0)
		return vmw_error_set(err, vmw_errno_of_libnl(genl->family),
				     "cannot look for vmwalk.ko: %s",
				     nl_geterror(genl->family));
	ret = vmw_exchange_setup(genl->sk);
	if (ret)
		return vmw_error_set(err, ret, "cannot set up the socket: %s",
				     strerror(-ret));
	return 0;
}

/* With a fixed size libnl reports a truncated message rather than peeking. */
static int fit_buffer(struct vmw_genl *genl, struct vmw_error *err)
{
	uint32_t size = genl->info.message_max;
	int ret;

	if (size < SMALLEST_BUFFER)
		size = SMALLEST_BUFFER;
	ret = nl_socket_set_msg_buf_size(genl->sk, size);
	if (ret)
		return vmw_error_set(err, vmw_errno_of_libnl(ret),
				     "cannot receive messages of %u bytes: %s",
				     size, nl_geterror(ret));
	return 0;
}

int vmw_genl_open(struct vmw_genl **genl, struct vmw_error *err)
{
	struct vmw_genl *g = calloc(1, sizeof(*g));
	int ret;

	if (!g)
		return vmw_error_set(err, -ENOMEM, "no memory for a socket");
	ret = connect_family(g, err);
	if (!ret)
		ret = vmw_genl_info(g, &g->info, err);
	if (!ret)
		ret = fit_buffer(g, err);
	if (ret) {
		vmw_genl_close(g);
		return ret;
	}
	*genl = g;
	return 0;
}

const struct vmw_info *vmw_genl_told(const struct vmw_genl *genl)
{
	return &genl->info;
}

void vmw_genl_close(struct vmw_genl *genl)
{
	nl_socket_free(genl->sk);
	free(genl);
}

int vmw_genl_mm(struct vmwalk_mm *mm, char comm[16], struct nlattr *attr)
{
	static struct nla_policy policy[VMWALK_MM_A_MAX + 1] = {
		[VMWALK_MM_A_COMM] = { .type = NLA_STRING },
	};
	struct nlattr *tb[VMWALK_MM_A_MAX + 1];

	if (nla_parse_nested(tb, VMWALK_MM_A_MAX, attr, policy))
		return -EPROTO;
	if (tb[VMWALK_MM_A_COMM])
		nla_strlcpy(comm, tb[VMWALK_MM_A_COMM], 16);
	return vmw_genl_struct(mm, sizeof(*mm),
			       offsetof(struct vmwalk_mm, reserved),
			       tb[VMWALK_MM_A_INFO]);
}
